"""A referee: what alone knows the truth, what reads a hand-over, and what is answered."""
