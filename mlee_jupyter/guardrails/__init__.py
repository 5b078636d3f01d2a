"""Guardrails: pure functions from evidence to findings, one rule a file, found by walking this folder.

A new rule is one file here, `mleNNN_its_name.py`, with its manual page as docstring, a `check` and a `RULE`.
"""

from .asking import ask, check_all, check_notebook_rules, in_force, muted, news, settled
from .discovery import find_rule, headline, index, page, rules

__all__ = [
    "ask",
    "check_all",
    "check_notebook_rules",
    "find_rule",
    "headline",
    "in_force",
    "index",
    "muted",
    "news",
    "page",
    "rules",
    "settled",
]
