from __future__ import annotations

from datetime import timedelta

from mlee_jupyter.domain import Ignore
from tests.builders import HOUR, NOW, evidence
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, cases, hold
from tests.notebooks import seen

HERE = Ignore(rule="MLE103", because="we wait for the camera")
YESTERDAY = NOW.date() - timedelta(days=1)
CASES = {
    "the rule finds nothing": (
        FINDING,
        evidence(ignores=[HERE]),
        "The ignore of MLE103 mutes nothing: the rule finds nothing now",
    ),
    "the way out": (
        FINDING,
        evidence(ignores=[HERE]),
        "%mlee_experiment ignore MLE103 --because ... --until 2026-05-04",
    ),
    "no such rule": (
        FINDING,
        evidence(ignores=[Ignore(rule="MLE999", because="x", where="config")]),
        "there is no such rule",
    ),
    "a date of the project has passed": (
        FINDING,
        evidence(ignores=[Ignore(rule="MLE103", because="x", where="config", until=YESTERDAY)], used=6 * HOUR),
        "it ended on 2026-05-03 | Take its line out",
    ),
    "two of them": (FINDING, evidence(ignores=[HERE, Ignore(rule="twins", because="x")]), "(and 1 more)"),
    "in use": (OK, evidence(ignores=[HERE], used=6 * HOUR), ""),
    "ends today": (OK, evidence(ignores=[Ignore(rule="MLE103", because="x", until=NOW.date())]), ""),
    "ended here": (OK, evidence(ignores=[Ignore(rule="MLE103", because="x", until=YESTERDAY)]), ""),
    "meant for another experiment": (OK, evidence(ignores=[Ignore(rule="MLE103", because="x", where="config")]), ""),
    "its rule could not look yet": (OK, evidence(ignores=[Ignore(rule="MLE301", because="x")]), ""),
    "itself": (OK, evidence(ignores=[Ignore(rule="MLE790", because="x")]), ""),
    "a comment that mutes nothing": (
        FINDING,
        seen("a = 1  # mlee: ignore[secret] a closed demo"),
        "The comment in cell 1 mutes nothing: secret finds nothing there",
    ),
    "a comment that names no rule": (FINDING, seen("a = 1  # mlee: ignore[secrets] x"), "there is no such rule"),
    "a comment that mutes": (OK, seen("open('/home/ann/x')  # mlee: ignore[hard-coded-path] the only disk"), ""),
    "one of two names in a comment is dead": (
        FINDING,
        seen("open('/home/ann/x')  # mlee: ignore[hard-coded-path, secret] the only disk"),
        "secret finds nothing there",
    ),
    "an honest experiment": (NOT_APPLICABLE, evidence(), "nothing is ignored"),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE790", case)
