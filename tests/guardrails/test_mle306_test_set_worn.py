from __future__ import annotations

from dataclasses import replace
from typing import Any

from mlee_jupyter.domain import Evidence, Fresh, Wear
from tests.builders import NOW, evidence, judgement
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, ask, cases, hold


def wear(**changes: Any) -> Wear:
    """Forty-one looks, most of them steered, that can have given three points."""
    worn = Wear(
        looks=41,
        steered=38,
        experiments=2,
        notebooks=3,
        expected_luck=0.025,
        budget=0.03,
        one_look=0.008,
        gain=0.012,
    )
    return replace(worn, **changes)


def worn(fresh: Fresh | None = None, **changes: Any) -> Evidence:
    seen = evidence(judgements=[judgement(wear=wear(**changes))])
    return replace(seen, records=replace(seen.records, fresh=fresh))


SEALED = Fresh(name="y_final", fingerprint="f", n=400, sealed_at=NOW)
CASES = {
    "spent": (
        FINDING,
        worn(),
        "41 looks, 38 steered by earlier scores in 3 notebooks: on these rows a gain below 3 points proves nothing",
    ),
    "spent, and a perfect score would gain less than luck can": (
        FINDING,
        worn(budget=3.628),
        "38 steered by earlier scores in 3 notebooks: no gain on these rows proves anything now",
    ),
    "spent, a sample is sealed": (
        FINDING,
        worn(SEALED),
        "Confirm on fresh rows (sealed: decide, then confirm); or tune on",
    ),
    "every way out is named": (FINDING, worn(), "folds of the training rows, or %mlee_experiment ignore MLE306"),
    "named, not sealed": (FINDING, worn(Fresh(name="y_final")), "change --fresh"),
    "spent in one notebook": (FINDING, worn(notebooks=1), "scores: on these rows"),
    "an honest experiment": (NOT_APPLICABLE, evidence(), ""),
    "confirmed on it": (OK, worn(replace(SEALED, opened_at=NOW)), "confirmed on y_final"),
    "as many looks on many rows": (OK, worn(expected_luck=0.005, budget=0.008), ""),
    "real progress": (OK, worn(gain=0.04), ""),
    "too few rows rather than too many looks": (OK, worn(steered=2, looks=3, one_look=0.05), ""),
    "fixed beforehand": (OK, worn(steered=0, expected_luck=0.0), "0 steered"),
    "a look that counts": (OK, evidence(judgements=[judgement(wear=wear(looks=1, steered=0, expected_luck=0.0))]), ""),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE306", case)


def test_it_is_worse_when_the_luck_has_doubled() -> None:
    severity = [ask("MLE306", worn(expected_luck=luck)).severity for luck in (0.021, 0.04, 0.042)]
    assert severity[1] < severity[0] + 1 <= severity[2] + 1e-9
