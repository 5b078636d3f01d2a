"""What the guardrails may know of a notebook by reading it."""
