"""What steers the time box."""
