"""What was agreed, and what is muted."""
