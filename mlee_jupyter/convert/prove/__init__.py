"""The proof: notebook and package run in processes of their own, and what they leave is held together."""
