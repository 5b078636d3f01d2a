"""What reads and writes one kind of record."""
