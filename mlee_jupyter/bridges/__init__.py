"""What other tools keep of experiments, read as plain values; nothing of theirs is changed."""
