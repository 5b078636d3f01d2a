from __future__ import annotations

from dataclasses import replace

from mlee_jupyter.domain import Alike, Level
from tests.builders import charter, evidence, judgement, sample_facts
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, ask, cases, hold


def rows(by: str, effective_n: float, of: str = "errors") -> Alike:
    return Alike(by=by, kinds=0 if by == "neighbours" else 80, n=1000, effective_n=effective_n, of=of)


IN_GROUPS = sample_facts(alike=(rows("patient", 240.0), rows("neighbours", 1000.0)))
CASES = {
    "80 patients": (
        FINDING,
        evidence(sample=IN_GROUPS),
        "1,000 test rows of 80 patient groups err alike: they tell as much as about 240",
    ),
    "the way out": (FINDING, evidence(sample=IN_GROUPS), "%mlee_experiment change groups=patient"),
    "named, but judged by rows": (
        FINDING,
        evidence(sample=IN_GROUPS, agreed=charter(groups="patient")),
        "Keep patient in the notebook when you record",
    ),
    "answers, before there are errors": (
        FINDING,
        evidence(judgements=[], sample=sample_facts(alike=(rows("patient", 240.0, "answers"),))),
        "have alike answers",
    ),
    "neighbours": (
        FINDING,
        evidence(sample=sample_facts(alike=(rows("neighbours", 333.0),))),
        "Neighbouring test rows err alike: the 1,000 tell as much as about 333 independent ones",
    ),
    "copies by their features": (
        FINDING,
        evidence(sample=sample_facts(alike=(rows("copies", 250.0, "rows"), rows("neighbours", 1000.0)))),
        "1,000 test rows are copies of 80: they tell as much as about 250",
    ),
    "copies by what was predicted": (
        FINDING,
        evidence(judgements=[replace(judgement(), different=100, effective_n=90.0)]),
        "test rows are copies of 100: they tell as much as about 90",
    ),
    "a few copies": (OK, evidence(sample=sample_facts(alike=(rows("copies", 950.0, "rows"),))), ""),
    "an honest experiment": (OK, evidence(), ""),
    "just enough": (OK, evidence(sample=sample_facts(alike=(rows("patient", 800.0),))), ""),
    "judged by groups": (OK, evidence(sample=IN_GROUPS, judgements=[replace(judgement(), by="groups")]), "judged by"),
    "no variables": (NOT_APPLICABLE, evidence(sample=None, judgements=[]), "%%mlee_candidate"),
    "nothing to read": (NOT_APPLICABLE, evidence(sample=sample_facts(alike=None)), "Keep truth and features"),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE205", case)


def test_half_as_many_is_one_step_worse() -> None:
    first, second = (
        ask("MLE205", evidence(sample=sample_facts(alike=(rows("patient", n),)))).severity for n in (300.0, 150.0)
    )
    assert second - first > 0.99


def test_copies_that_the_board_could_not_count_are_an_error() -> None:
    by_features = evidence(sample=sample_facts(alike=(rows("copies", 250.0, "rows"),)))
    counted = replace(by_features, judgements=(replace(judgement(), different=80, effective_n=80.0),))
    before = replace(by_features, judgements=())
    assert [ask("MLE205", one).level for one in (by_features, counted, before)] == [
        Level.ERROR,
        Level.WARNING,
        Level.WARNING,
    ]
