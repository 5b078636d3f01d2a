"""Runs and scores of other tools, judged: what `mlee audit` asks."""
