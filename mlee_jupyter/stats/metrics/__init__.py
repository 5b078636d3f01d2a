"""What a metric is, what rows are scored by it, and what each row contributes to its error.

A metric is one file in `of_labels`, `of_scores` or `of_numbers` with a `METRIC` (and `VARIANTS`, where it has some),
found by walking; nothing outside of it asks for a metric by name, but for what its `traits.MetricFacts` states.
"""
