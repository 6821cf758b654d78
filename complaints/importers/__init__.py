"""What the rows of other systems' files say about complaints."""
