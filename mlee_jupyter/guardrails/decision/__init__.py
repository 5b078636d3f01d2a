"""Rules on the choice at the end."""
