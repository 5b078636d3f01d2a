"""The verbs of %mlee_experiment: one file each, found by walking."""
