from __future__ import annotations

from typing import Any

from mlee_jupyter.domain import Evidence, MachineSeen
from mlee_jupyter.store.tables.column_values import to_json
from tests.builders import candidate, evidence, results
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, cases, hold

MINUTE = 60_000_000


def on(gpu: str, *minutes: float, **changes: Any) -> Evidence:
    seen = MachineSeen("", gpu, None)
    lines = results({"svm": len(minutes)})
    timed = zip(lines, minutes, strict=True)
    return evidence(
        results=[line._replace(tags=to_json([seen.tag()]), duration_us=int(m * MINUTE)) for line, m in timed], **changes
    )


NETWORK = [candidate("svm", 5), candidate("knn", 2), candidate("centroid", 1)]
CASES = {
    "under a minute": (FINDING, on("cuda", 0.8), "svm took 48 s on a graphics processor | Time it once without"),
    "the longest of several": (FINDING, on("cuda", 2, 9, 1), "svm took 9 min on"),
    "hours": (OK, on("cuda", 240), ""),
    "one of them is long": (OK, on("cuda", 2, 240), ""),
    "a network": (OK, on("cuda", 2, candidates=NETWORK), "but for networks"),
    "another limit": (OK, on("cuda", 2, settings={"gpu-for-minutes": {"limit": 1}}), ""),
    "one processor": (OK, on("", 2), "no graphics processor"),
    "nothing yet": (NOT_APPLICABLE, evidence(results=[]), "no result yet"),
    "an honest experiment": (OK, evidence(), ""),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE505", case)
