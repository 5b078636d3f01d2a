"""The form that writes the cell which starts an experiment."""
