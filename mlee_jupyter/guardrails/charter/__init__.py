"""Rules on what was agreed before the first run."""
