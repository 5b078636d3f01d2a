"""Metrics that judge predicted numbers, one a file, found by walking."""
