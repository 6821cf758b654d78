"""Pages of help on the road: the desk's list, one job, the roster."""
