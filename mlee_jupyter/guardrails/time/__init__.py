"""Rules on the time box."""
