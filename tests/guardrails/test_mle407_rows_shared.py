from __future__ import annotations

from typing import Any

from mlee_jupyter.domain import Evidence, Level, SharedRows
from tests.builders import charter, evidence, sample_facts
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, ask, cases, hold


def shared(rows: int, agreed: Any = None, **more: Any) -> Evidence:
    found = SharedRows(test_rows=360, train_rows=1000, shared=rows, **more)
    return evidence(sample=sample_facts(shared=found), agreed=agreed or charter(train="X_train"))


PATIENTS = {"groups_shared": 12, "groups": 40}
CASES = {
    "37 of 360": (FINDING, shared(37), "37 of 360 test rows are in X_train too: learned by heart"),
    "the way out": (FINDING, shared(37), "drop_duplicates"),
    "1%": (FINDING, shared(4), "4 of 360"),
    "one with its own label": (FINDING, shared(1, same_label=1), "1 of 360"),
    "a part was looked at": (FINDING, shared(37, looked_at=0.5), "(looked at 50% of them)"),
    "the same patients": (
        FINDING,
        shared(0, charter(groups="patient", train="X_train"), **PATIENTS),
        "12 of the 40 patient groups of the test rows are in X_train too",
    ),
    "the same customers, later": (OK, shared(0, charter(groups="customer", time="date"), **PATIENTS), ""),
    "an odd copy": (OK, shared(3), "3 test rows of 360"),
    "coarse values": (OK, shared(0, coarse=200), "as such coarse values do"),
    "an honest experiment": (OK, evidence(), ""),
    "no training rows": (NOT_APPLICABLE, evidence(sample=sample_facts(shared=None)), "change train=X_train"),
    "no variables": (NOT_APPLICABLE, evidence(sample=None), "--features X_test"),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE407", case)


def test_rows_and_groups_are_errors() -> None:
    assert ask("MLE407", shared(37)).level is Level.ERROR
    assert ask("MLE407", shared(0, charter(groups="patient"), **PATIENTS)).level is Level.ERROR
