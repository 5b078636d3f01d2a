"""Rules on what was muted."""
