"""Whether a sample stands for the rows it was drawn from."""
