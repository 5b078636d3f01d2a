"""Metrics that judge predicted labels, one a file, found by walking."""
