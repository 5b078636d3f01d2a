"""Rules on choosing among many."""
