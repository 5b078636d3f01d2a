"""What a run handed over, and what of it is written."""
