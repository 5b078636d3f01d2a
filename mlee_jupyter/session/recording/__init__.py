"""A run, from what it handed over to what is kept of it: read, scored, written."""
