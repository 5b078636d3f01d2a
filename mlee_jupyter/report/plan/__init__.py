"""The plan: candidates with what they are thought to take, against the box and against what they took."""
