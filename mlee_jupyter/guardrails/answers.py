"""The three answers a rule can give, short to write. (The fourth, ignored, is given by the user.)"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mlee_jupyter.domain import Finding, Level, Outcome, Rule

from .rule_words import one_line


def ok(rule: Rule, message: str = "", facts: Mapping[str, Any] | None = None) -> Finding:
    """The rule looked, and all is well."""
    return _answer(rule, Outcome.OK, rule.level, message, "", facts, 0.0)


def not_applicable(rule: Rule, why: str, remedy: str) -> Finding:
    """The rule could not look: `why` names what is missing, `remedy` what to type so that it can."""
    return _answer(rule, Outcome.NOT_APPLICABLE, rule.level, why, remedy, None, 0.0)


def finding(
    rule: Rule,
    message: str,
    remedy: str,
    *,
    facts: Mapping[str, Any] | None = None,
    severity: float = 1.0,
    level: Level | None = None,
) -> Finding:
    """The rule found its fault.

    Args:
        rule: the rule that speaks.
        message: the number found and what it means, in plain words and one line.
        remedy: what to do or type next, one line.
        facts: the numbers of the message by name.
        severity: counted in steps; a finding is said again when it has grown by a whole step (see `news`).
        level: where it differs from the rule's own.
    """
    return _answer(rule, Outcome.FINDING, level or rule.level, message, remedy, facts, severity)


def _answer(
    rule: Rule,
    outcome: Outcome,
    level: Level,
    message: str,
    remedy: str,
    facts: Mapping[str, Any] | None,
    severity: float,
) -> Finding:
    return Finding(
        rule=rule.code,
        name=rule.name,
        level=level,
        outcome=outcome,
        message=one_line(message),
        remedy=one_line(remedy),
        facts=dict(facts or {}),
        severity=severity,
    )
