"""`make bench`: figures of the product, each beside its own baseline in the same run."""
