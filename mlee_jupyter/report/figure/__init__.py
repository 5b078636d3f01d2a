"""The figure: each difference to the best score, and what matters to you."""
