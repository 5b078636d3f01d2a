"""Several columns scored on the same rows: which may be the best, how sure, and how much of it is luck."""
