"""Rules on the text of a notebook."""
