"""Reading what is kept, and moving it."""
