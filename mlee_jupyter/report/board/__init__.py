"""Evidence and findings in, one plain JSON value out."""
