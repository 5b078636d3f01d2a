"""Rules on what makes a comparison wrong."""
