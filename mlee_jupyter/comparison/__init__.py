"""The door that needs no experiment: `compare`, and the `Comparison` it returns."""
