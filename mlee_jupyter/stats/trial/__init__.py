"""How sure a test can be, however often it is looked at: of an A/B test, or of rows that grow."""
