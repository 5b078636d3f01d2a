"""What is planned, and what earlier plans became."""
