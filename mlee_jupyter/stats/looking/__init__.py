"""What may be shown of scores to whoever looks again and again."""
