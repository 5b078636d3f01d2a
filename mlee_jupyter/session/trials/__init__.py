"""A/B tests planned and read: what `mlee ab` and `%mlee_ab` ask."""
