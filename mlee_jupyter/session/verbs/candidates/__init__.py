"""What becomes of a candidate, or of one of its runs."""
