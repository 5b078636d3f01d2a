"""What must not change an answer does not, and what may change it one way only changes it that way.

The short form of `python -m benchmarks.metamorphic`: a few hundred draws of the same machine, and the failures that
its long form found, each with the kind it is of.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from benchmarks.metamorphic.evidence import case_of
from benchmarks.metamorphic.plans import LAYOUTS, MEANS, METRICS, WITHOUT_ROWS, Plan
from benchmarks.metamorphic.relations import RELATIONS, problems


@st.composite
def plans(draw: st.DrawFn, relation: str) -> Plan:
    kind = draw(st.sampled_from(list(METRICS)))
    metric = draw(st.sampled_from(METRICS[kind]))
    layouts = ["plain"] if kind in WITHOUT_ROWS else list(LAYOUTS)
    if not metric.startswith(MEANS):
        layouts = [name for name in layouts if name != "weights"]
    return Plan(
        kind=kind,
        metric=metric,
        rows=draw(st.integers(20, 200)),
        candidates=draw(st.integers(1, 6)),
        layout=draw(st.sampled_from(layouts)),
        relation=relation,
        seed=draw(st.integers(0, 10**6)),
    )


@pytest.mark.slow
@pytest.mark.parametrize("relation", RELATIONS)
def test_the_answer_holds(relation: str) -> None:
    seen = 0

    @settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
    )
    @given(plan=plans(relation))
    def holds(plan: Plan) -> None:
        nonlocal seen
        said = problems(plan)
        assume(said is not None)
        seen += 1
        assert not said, said

    holds()
    assert seen >= 20, "the relation is hardly ever tried"


def plan(relation: str, seed: int, kind: str, metric: str, rows: int, candidates: int, layout: str = "plain") -> Plan:
    return Plan(kind=kind, metric=metric, rows=rows, candidates=candidates, layout=layout, relation=relation, seed=seed)


FOUND = {
    "twins of the next best stay in question together": plan("copy_of_a_candidate", 630, "two columns", "brier", 20, 2),
    "a perfect average is perfect, whatever the classes are called": plan(
        "order_of_classes", 1376, "many labels", "recall_weighted", 20, 1
    ),
    "of two classes of equal size the free rule takes the one asked for": plan(
        "order_of_classes", 2, "two labels", "f1", 20, 2
    ),
}


@pytest.mark.parametrize("case", FOUND)
def test_what_was_found_stays_mended(case: str) -> None:
    assert problems(FOUND[case]) == []


MENDED = {
    "a candidate on another scale crashes": plan("off_scale_candidate", 357, "values", "rmse", 20, 6),
    "a candidate on another scale makes a winner": plan("off_scale_candidate", 2802, "values", "mape", 45, 6),
    "times as a tensor": plan("time_in_a_tensor", 5, "two labels", "accuracy", 110, 3, "time"),
}


@pytest.mark.parametrize("case", MENDED)
def test_an_off_scale_candidate_and_tensors_of_times(case: str) -> None:
    assert problems(MENDED[case]) == []


def test_the_same_plan_is_the_same_evidence() -> None:
    one, other = (case_of(FOUND["twins of the next best stay in question together"]) for _ in range(2))
    assert all((one.predictions[name] == other.predictions[name]).all() for name in one.predictions)
