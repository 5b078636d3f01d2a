"""Arrays in, numbers out: what per-row results can carry. Knows nothing of experiments."""
