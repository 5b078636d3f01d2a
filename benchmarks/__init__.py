"""Scripts that print tables of measurements: `python -m benchmarks.NAME`."""
