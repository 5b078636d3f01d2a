"""From facts to a plan: what is kept, in which stages and modules, and what becomes configuration."""
