"""One value per row, whatever it came in: columns, labels, times, fingerprints."""
