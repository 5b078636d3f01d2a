"""Metrics that the product has not, of other kinds than the story's, to be added in a copy of it."""
