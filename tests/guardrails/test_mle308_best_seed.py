from __future__ import annotations

from mlee_jupyter.domain import Evidence, Outcome, Verdict
from mlee_jupyter.guardrails import check_all
from tests.builders import evidence, judgement, result, standing
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, cases, hold


def seeded(scores: dict[str, float], stands_by: str, **changes: object) -> Evidence:
    lines = [
        result("svm", variant=name, variant_id=i, run_id=i, value=value)
        for i, (name, value) in enumerate(scores.items(), 1)
    ]
    first = standing("svm", scores[stands_by], Verdict.BEST, variant=stands_by)
    return evidence(results=lines, judgements=[judgement([first])], **changes)  # type: ignore[arg-type]


SEEDS = {"C=10 seed=1": 0.955, "C=10 seed=2": 0.96, "C=10 seed=3": 0.97}
CASES = {
    "the best of three": (
        FINDING,
        seeded(SEEDS, "C=10 seed=3"),
        "svm stands by the best of 3 seeds, 97.0%; their mean is 96.2% | Promise the mean: the best seed adds 0.8",
    ),
    "scikit-learn's word": (
        FINDING,
        seeded({f"random_state={k}": 0.9 + k / 100 for k in range(4)}, "random_state=3"),
        "best of 4 seeds",
    ),
    "an honest experiment": (OK, evidence(), ""),
    "two seeds": (OK, seeded({k: SEEDS[k] for k in list(SEEDS)[1:]}, "C=10 seed=3"), ""),
    "other settings": (OK, seeded({"C=1 seed=1": 0.9, "C=10 seed=1": 0.95, "C=100 seed=1": 0.96}, "C=100 seed=1"), ""),
    "all seeds alike": (OK, seeded(dict.fromkeys(SEEDS, 0.96), "C=10 seed=3"), ""),
    "seed as a part of a word": (OK, seeded({f"seedling {k}": 0.9 + k / 100 for k in range(4)}, "seedling 3"), ""),
    "nothing judged": (NOT_APPLICABLE, evidence(judgements=()), ""),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE308", case)


def test_it_is_off_until_a_project_switches_it_on() -> None:
    for settings, outcome in (({}, Outcome.NOT_APPLICABLE), ({"best-seed": {"preview": True}}, Outcome.FINDING)):
        answers = check_all(seeded(SEEDS, "C=10 seed=3", settings=settings), trust=False)
        assert next(a for a in answers if a.rule == "MLE308").outcome is outcome
