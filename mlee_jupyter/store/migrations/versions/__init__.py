"""One file a step: m001, m002, ..."""
