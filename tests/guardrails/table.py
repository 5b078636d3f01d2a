"""Tables of named cases for one rule: what it is shown, what it must answer, and words the answer must hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from mlee_jupyter.domain import Evidence, Finding, Outcome
from mlee_jupyter.guardrails import find_rule

FINDING, OK, NOT_APPLICABLE = Outcome.FINDING, Outcome.OK, Outcome.NOT_APPLICABLE
IGNORED = Outcome.IGNORED
Case = tuple[Outcome, Evidence, str]


def ask(rule: str, seen: Evidence) -> Finding:
    return find_rule(rule).check(seen)


def cases(table: Mapping[str, Case]) -> Any:
    """Run a test once for every case; a table without all three answers is no table."""
    return pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in table.items()])


def hold(rule: str, case: Case) -> Finding:
    """The answer, after holding it against the case."""
    outcome, seen, words = case
    answer = ask(rule, seen)
    assert answer.outcome is outcome, f"{answer.message} | {answer.remedy}"
    assert words in f"{answer.message} | {answer.remedy}"
    return answer
