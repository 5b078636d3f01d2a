"""How many rows a difference needs, and what given rows can show."""
