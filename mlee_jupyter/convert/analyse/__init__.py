"""What the statements of a notebook do to each other and to the world outside."""
