"""Sums over the rows of columns, of arrays in memory or of a table that stays where it is."""
