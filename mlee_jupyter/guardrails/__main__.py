"""`python -m mlee_jupyter.guardrails > docs/rules.md` renews the table of rules."""

from . import index

print(index(), end="")
