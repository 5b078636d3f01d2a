"""The judge: truth and predictions in, what the data can carry out."""
