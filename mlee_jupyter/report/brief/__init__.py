"""One page for the people who decide: what was asked, whether it is solved, how sure, what next, at what cost."""
