"""Rows that have scores by themselves, and who gave them."""
