from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from mlee_jupyter.domain import Charter, Evidence
from tests.builders import NOW, OPENED, charter, evidence, version
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, ask, cases, hold

LATER = NOW - timedelta(minutes=5)
LOWER = charter(must_reach=0.9)
TWO = (version(1, charter(), OPENED, None), version(2, LOWER, LATER, None))


def changed(to: Charter, because: str | None = None, at: datetime = LATER, **changes: Any) -> Evidence:
    """The charter of the start, and this one after it."""
    return evidence(agreed=to, versions=(version(1, charter(), OPENED, None), version(2, to, at, because)), **changes)


def ours(to: Charter) -> Evidence:
    """A charter that left the choices to us, and this one after the first result."""
    bare = replace(to, metric=None, positive=None, useful_gain=None, must_reach=None)
    return evidence(agreed=to, versions=(version(1, bare, OPENED, None), version(2, keep(bare, to), LATER, None)))


def keep(bare: Charter, to: Charter) -> Charter:
    """What the case changes, and nothing else."""
    usual = charter()
    return replace(
        bare,
        **{
            name: getattr(to, name)
            for name in ("metric", "positive", "useful_gain", "must_reach")
            if getattr(to, name) != getattr(usual, name)
        },
    )


CASES = {
    "the target was lowered": (FINDING, changed(LOWER), "must_reach changed after the first result, without a reason"),
    "how to say why": (FINDING, changed(LOWER), "%mlee_experiment change must_reach=0.9 --because"),
    "a metric was ours": (OK, ours(charter(metric="f1")), ""),
    "the positive class was ours": (OK, ours(charter(metric="f1", positive="bad")), ""),
    "the gain was ours": (OK, ours(charter(useful_gain=0.01)), ""),
    "a metric of their own was changed": (FINDING, changed(charter(metric="f1")), "metric changed"),
    "a target that came late": (FINDING, ours(charter(must_reach=0.9)), "must_reach changed"),
    "a blank reason": (FINDING, changed(LOWER, because=" "), "must_reach"),
    "two fields": (FINDING, changed(charter(metric="f1", question="What?")), "question and metric changed"),
    "an honest experiment": (OK, evidence(), ""),
    "with a reason": (OK, changed(LOWER, because="the shop asked"), ""),
    "before the first result": (OK, changed(LOWER, at=OPENED), ""),
    "another owner and plan": (OK, changed(charter(owner="sales", candidates=("forest",))), ""),
    "nothing differs": (OK, changed(charter()), ""),
    "a reason given later": (OK, evidence(agreed=LOWER, versions=(*TWO, version(3, LOWER, NOW, "the shop asked"))), ""),
    "no result": (NOT_APPLICABLE, changed(LOWER, results=()), "no result yet"),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE604", case)


def test_each_further_change_is_worse() -> None:
    third = version(3, charter(must_reach=0.8), NOW, None)
    seen = [evidence(agreed=LOWER, versions=TWO), evidence(agreed=third.charter, versions=(*TWO, third))]
    assert [ask("MLE604", one).severity for one in seen] == [1, 2]
