"""Numbers, units, states and names as text."""
