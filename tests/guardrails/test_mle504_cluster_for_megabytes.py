from __future__ import annotations

from typing import Any

from mlee_jupyter.domain import Evidence, MachineSeen
from mlee_jupyter.store.tables.column_values import to_json
from tests.builders import evidence, results
from tests.guardrails.table import FINDING, NOT_APPLICABLE, OK, Case, cases, hold


def on(cluster: str, data_bytes: int | None, **changes: Any) -> Evidence:
    seen = MachineSeen(cluster, "", data_bytes)
    lines = tuple(line._replace(tags=to_json([seen.tag()]), **changes) for line in results({"svm": 1}))
    return evidence(results=lines)


CASES = {
    "spark": (FINDING, on("Spark", 12_000_000), "svm runs on Spark for 12 MB; one machine holds 10 GB"),
    "dask": (FINDING, on("Dask", 3_400_000_000), "svm runs on Dask for 3.4 GB"),
    "next to nothing": (FINDING, on("Ray", 800), "svm runs on Ray for 1 MB"),
    "large data": (OK, on("Spark", 200_000_000_000), ""),
    "no cluster": (OK, on("", 12_000_000), "no cluster"),
    "in development": (NOT_APPLICABLE, on("Spark", 12_000_000, stage="development"), "no result yet"),
    "of unknown size": (NOT_APPLICABLE, on("Spark", None), "--features"),
    "an honest experiment": (OK, evidence(), ""),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE504", case)
