"""What a search that another tool kept can carry, on one screen."""
