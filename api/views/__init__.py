"""The endpoints of version 1, by resource; and the pages about keys and about the API."""
