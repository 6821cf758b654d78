"""Pages of cases, by who works on them."""
