"""All rules asked at once, and what of their answers is news."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from mlee_jupyter.domain import Evidence, Finding, Ignore, Level, Outcome, Rule
from mlee_jupyter.domain.errors import MleeError

from .answers import not_applicable
from .discovery import find_rule, rules

REPORT_TO = "https://github.com/mlee-jupyter/mlee_jupyter/issues"
_ORDER = {Level.ERROR: 0, Level.WARNING: 1, Level.ADVICE: 2}
_STEP = 1.0 - 1e-9


def check_all(evidence: Evidence, *, trust: bool = True) -> tuple[Finding, ...]:
    """Every rule's answer, in the order of the codes.

    Args:
        evidence: what the rules may see.
        trust: True: a rule that fails by a fault of ours answers "not applicable" and says so, since a notebook
            must not break for it. False (in tests): the fault comes through.
    """
    muted = _ignores_in_force(evidence)
    return tuple(_mute(_ask(rule, evidence, trust), muted) for rule in rules())


def check_notebook_rules(evidence: Evidence, *, trust: bool = True) -> tuple[Finding, ...]:
    """As `check_all`, asking only the rules that look at a notebook's text; an experiment is not needed."""
    muted = _ignores_in_force(evidence)
    return tuple(_mute(_ask(rule, evidence, trust), muted) for rule in rules() if rule.notebook)


def ask(name: str, evidence: Evidence) -> Finding:
    """One rule's answer, whatever the records ignore; see `muted`.

    Raises:
        MleeError: there is no such rule.
    """
    return _ask(find_rule(name), evidence, trust=True)


def muted(answer: Finding, evidence: Evidence) -> Finding:
    """The answer, ignored where the records say so."""
    return _mute(answer, _ignores_in_force(evidence))


def news(findings: Iterable[Finding], said: Mapping[str, float]) -> tuple[Finding, ...]:
    """What is worth saying now: findings not said before, or worse than when they were said.

    A rule counts its severity in steps of its own: one more candidate, one more extension, twice as many
    variants. Worse means a whole step more than at the time it was said, so that small ups and downs stay silent.

    Args:
        findings: the answers of `check_all`.
        said: code -> severity at which it was last said.

    Returns:
        Errors first, then warnings, then advice; by code within.
    """
    new = (
        answer
        for answer in findings
        if answer.outcome is Outcome.FINDING
        and (answer.rule not in said or answer.severity >= said[answer.rule] + _STEP)
    )
    return tuple(sorted(new, key=lambda answer: (_ORDER[answer.level], answer.rule)))


def settled(findings: Iterable[Finding], said: Mapping[str, float]) -> tuple[str, ...]:
    """Codes that were said and are findings no more; forget them, so that they are said when they come back.

    An ignored finding counts as settled: when the ignore reaches its date, the finding is said again.
    """
    there = {answer.rule for answer in findings if answer.outcome is Outcome.FINDING}
    return tuple(sorted(code for code in said if code not in there))


def in_force(ignore: Ignore, today: date) -> bool:
    """Whether an ignore still mutes; its last day counts."""
    return ignore.until is None or today <= ignore.until


def _ignores_in_force(evidence: Evidence) -> dict[str, Ignore]:
    by_code: dict[str, Ignore] = {}
    for ignore in evidence.records.ignores:
        if in_force(ignore, evidence.now.date()):
            try:
                by_code.setdefault(find_rule(ignore.rule).code, ignore)
            except MleeError:  # MLE790 tells of it
                continue
    return by_code


def _mute(answer: Finding, muted: Mapping[str, Ignore]) -> Finding:
    if answer.outcome is Outcome.FINDING and answer.rule in muted:
        return replace(answer, outcome=Outcome.IGNORED, ignored=muted[answer.rule])
    return answer


def _ask(rule: Rule, evidence: Evidence, trust: bool) -> Finding:
    settings = evidence.settings.get(rule.name)
    chosen: Mapping[str, Any] = settings if isinstance(settings, Mapping) else {}
    if chosen.get("off") is True:
        return not_applicable(rule, "switched off in [tool.mlee]", f"Take `off` out of [tool.mlee.rules.{rule.name}].")
    if rule.preview and chosen.get("preview") is not True:
        return not_applicable(
            rule, "a preview, off by default", f"Switch it on: [tool.mlee.rules.{rule.name}] preview = true"
        )
    try:
        return rule.check(evidence)
    except Exception as fault:  # a fault of ours must not break a cell; tests pass trust=False
        if not trust:
            raise
        return not_applicable(rule, f"{rule.code} failed ({type(fault).__name__}); this is our fault", REPORT_TO)
