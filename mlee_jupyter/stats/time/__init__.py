"""How long work takes that was planned, and what more of it would bring."""
