"""A/B tests: planned, read, and said in words. tea-tasting reads the tables and does the statistics of one look."""
