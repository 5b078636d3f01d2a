"""How sure an A/B test can be, however often it is looked at."""
