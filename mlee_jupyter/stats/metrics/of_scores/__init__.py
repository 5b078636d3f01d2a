"""Metrics that judge probabilities or scores of a ranking, one a file, found by walking."""
