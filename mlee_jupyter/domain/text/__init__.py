"""Numbers, units, times and names as text: the one place where a value becomes words, for rules, boards and doors."""
