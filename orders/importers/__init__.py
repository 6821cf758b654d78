"""Bringing in what happened before: files of other systems, row by row, with an answer for every row."""
