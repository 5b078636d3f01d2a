"""What the notebook's live variables say of the test rows: training rows among them, time, groups, the population."""
