from __future__ import annotations

from dataclasses import replace

from mlee_jupyter.domain import Evidence, PackageSeen
from tests.builders import evidence
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, cases, hold
from tests.notebooks import facts


def near(*packages: PackageSeen) -> Evidence:
    """A notebook of two cells with these packages near it."""
    return evidence(notebook=replace(facts("a = 1", "b = 2"), packages=packages))


CASES = {
    "a cell changed": (FINDING, near(PackageSeen("boxes", True, (2,))), "before the notebook changed in cell 2"),
    "a cell is gone": (FINDING, near(PackageSeen("out/boxes", True)), "boxes was made before the notebook changed"),
    "edited too": (FINDING, near(PackageSeen("boxes", True, (1, 2), ("a.py",))), "1 file of it edited by hand"),
    "two packages": (FINDING, near(PackageSeen("a", True), PackageSeen("b", True)), "and 1 more package"),
    "only edited by hand": (OK, near(PackageSeen("boxes", False, (), ("a.py",))), ""),
    "no package": (OK, near(), ""),
    "an honest experiment": (NOT_APPLICABLE, evidence(), "mlee check NOTEBOOK.ipynb"),
}  # fmt: skip


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE712", case)
