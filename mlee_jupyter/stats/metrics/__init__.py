"""What a metric is, what rows are scored by it, and what each row contributes to its error."""
