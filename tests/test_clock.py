"""Working time: intervals in, durations out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlee_jupyter.domain import Span, durations, working_time
from mlee_jupyter.domain.errors import MleeError

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
IDLE = timedelta(minutes=10)


def at(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


def span(start: float, end: float, candidate: str | None = None, kernel: str = "k1") -> Span:
    return Span(kernel=kernel, candidate=candidate, start=at(start), end=at(end))


ACTIVE = {
    "nothing ran": ([], 0),
    "one cell": ([span(0, 5)], 5),
    "a short gap counts": ([span(0, 5), span(14, 15)], 15),
    "a gap of exactly the limit does not": ([span(0, 5), span(15, 16)], 6),
    "a long gap does not": ([span(0, 5), span(60, 61)], 6),
    "two kernels at once count once": ([span(0, 10), span(5, 12, kernel="k2")], 12),
    "one kernel bridges the other's gap": ([span(0, 5), span(30, 35), span(8, 25, kernel="k2")], 35),
    "a long cell inside another kernel's": ([span(0, 100), span(10, 20, kernel="k2")], 100),
    "a clock set back counts nothing": ([span(10, 3)], 0),
    "order does not matter": ([span(14, 15), span(0, 5)], 15),
}


@pytest.mark.parametrize(("spans", "minutes"), ACTIVE.values(), ids=ACTIVE)
def test_active_time(spans: list[Span], minutes: float) -> None:
    assert working_time.active_time(spans, IDLE) == timedelta(minutes=minutes)


def test_a_pause_is_left_out_and_one_outside_changes_nothing() -> None:
    spans = [span(0, 60)]
    assert working_time.active_time(spans, IDLE, [(at(10), at(30))]) == timedelta(minutes=40)
    assert working_time.active_time(spans, IDLE, [(at(100), at(130))]) == timedelta(minutes=60)


BY_CANDIDATE = {
    "its cell and the gap before it": ([span(0, 1), span(6, 8, "knn")], {"knn": 7}),
    "a long gap before it is nobody's": ([span(0, 1), span(30, 32, "knn")], {"knn": 2}),
    "ordinary cells are nobody's": ([span(0, 5), span(6, 7)], {}),
    "two candidates in turn": ([span(0, 2, "knn"), span(4, 6, "svm")], {"knn": 2, "svm": 4}),
    "the gap is that of its own kernel": ([span(0, 9, kernel="k2"), span(8, 10, "knn")], {"knn": 2}),
    "the same cell in two kernels counts once": ([span(0, 5, "knn"), span(3, 8, "knn", "k2")], {"knn": 8}),
}


@pytest.mark.parametrize(("spans", "minutes"), BY_CANDIDATE.values(), ids=BY_CANDIDATE)
def test_active_time_by_candidate(spans: list[Span], minutes: dict[str, float]) -> None:
    found = working_time.active_time_by_candidate(spans, IDLE)
    assert found == {name: timedelta(minutes=m) for name, m in minutes.items()}


offsets = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 60)), max_size=12)


@given(offsets, offsets, st.integers(0, 30))
def test_active_time_is_never_more_than_the_wall_nor_less_than_the_longest_cell(
    first: list[tuple[int, int]], second: list[tuple[int, int]], idle: int
) -> None:
    spans = [span(s, s + d) for s, d in first] + [span(s, s + d, kernel="k2") for s, d in second]
    found = working_time.active_time(spans, timedelta(minutes=idle))
    if spans:
        assert max(s.end - s.start for s in spans) <= found <= max(s.end for s in spans) - min(s.start for s in spans)
    assert found <= working_time.active_time(spans, timedelta(minutes=idle + 1))


BUDGETS = {
    "90m": 90,
    "6h": 360,
    "3d": 3 * 8 * 60,
    "1h30m": 90,
    "1.5h": 90,
    "45 min": 45,
    "2H": 120,
    "30s": 0.5,
}


@pytest.mark.parametrize(("text", "minutes"), BUDGETS.items(), ids=BUDGETS)
def test_a_budget_is_read(text: str, minutes: float) -> None:
    assert durations.parse(text) == timedelta(minutes=minutes)


def test_a_day_is_as_long_as_the_project_says() -> None:
    assert durations.parse("1d", hours_a_day=6) == timedelta(hours=6)


@pytest.mark.parametrize("text", ["", "soon", "6", "0h", "-2h", "6h later", "9" * 400 + "d", "6 weeks"])
def test_what_is_no_duration_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(MleeError, match="is not a duration") as caught:
        durations.parse(text)
    assert "\n" not in str(caught.value)


SHOWN = {45: "45 s", 60: "1 min", 3540: "59 min", 3600: "1 h", 13200: "3 h 40", 21600: "6 h", 3605: "1 h", -5: "0 s"}


@pytest.mark.parametrize(("seconds", "text"), SHOWN.items(), ids=map(str, SHOWN))
def test_a_duration_is_shown_as_people_say_it(seconds: float, text: str) -> None:
    assert durations.show(timedelta(seconds=seconds)) == text
