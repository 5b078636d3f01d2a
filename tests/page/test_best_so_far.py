"""The best score so far over working time: better is up, whatever the metric, and nothing lies outside."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import jsonschema
import pytest

from mlee_jupyter.domain import Evidence, RunOutcome, Span
from mlee_jupyter.domain.working_time import IDLE_LIMIT
from mlee_jupyter.panel.best_so_far import MOST_LOOKS, best_so_far
from mlee_jupyter.panel.board_figure import charts
from tests.present import example

from .test_board_figure import turned
from .test_snapshot import SCHEMA

BEGAN = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
PART = SCHEMA["properties"]["best_so_far"]


def worked(*values: float, minutes: int = 10, box: float = 6, truth: str | None = None) -> Evidence:
    """One look each so many minutes, all of them work."""
    whole = example.evidence()
    judgement, *_ = whole.judgements
    one = next(r for r in whole.records.results if r.truth == judgement.truth and r.outcome == RunOutcome.OK)
    results = tuple(
        one._replace(
            run_id=at,
            candidate=f"c{at % 3}",
            value=value,
            truth=truth or one.truth,
            started_us=int((BEGAN + (at + 1) * timedelta(minutes=minutes)).timestamp() * 1e6),
            duration_us=0,
        )
        for at, value in enumerate(values)
    )
    used = len(values) * timedelta(minutes=minutes)
    span = Span(kernel="k", candidate=None, start=BEGAN, end=BEGAN + used)
    experiment = replace(whole.records.experiment, budget=timedelta(hours=box), extensions=())
    records = replace(whole.records, results=results, spans=(span,), pauses=(), experiment=experiment)
    return replace(whole, records=records, used=used)


def course(of: Evidence) -> dict[str, Any] | None:
    first, *_ = charts(of) or [None]
    return best_so_far(of, first, IDLE_LIMIT)


def drawn(of: Evidence) -> dict[str, Any]:
    shown = course(of)
    assert shown is not None
    jsonschema.validate(shown, PART)
    return shown


def test_the_line_steps_where_the_best_one_became_better() -> None:
    shown = drawn(worked(0.97, 0.96, 0.98, 0.975, 0.99, 0.5, box=2))
    assert [x for x, _ in shown["step"]] == [8.33, 25.0, 41.67]
    heights = [y for _, y in shown["step"]]
    assert heights == sorted(heights, reverse=True), "better is up"
    assert [look["beyond"] for look in shown["looks"]] == [False] * 5 + [True]
    assert shown["looks"][-1]["y"] == 100
    assert shown["text"] == "6 looks; the best one so far is c1 99.0%, after 50 min."


def test_better_is_up_for_a_loss_too() -> None:
    values = (0.97, 0.98, 0.96, 0.99)
    gain, loss = drawn(worked(*values)), drawn(turned(worked(*(-value for value in values))))
    assert [(one["x"], one["y"]) for one in loss["looks"]] == [(one["x"], one["y"]) for one in gain["looks"]]
    assert (loss["step"], loss["band"]) == (gain["step"], gain["band"])


BOXES = {"little used": (6, None, "40 min"), "much used": (1, 100.0, "1 h"), "over": (0.5, 75.0, "40 min")}


@pytest.mark.parametrize(("box", "end", "span"), BOXES.values(), ids=BOXES)
def test_the_end_of_the_box_is_drawn_once_it_comes_near(box: float, end: float | None, span: str) -> None:
    shown = drawn(worked(0.97, 0.98, 0.96, 0.99, box=box))
    assert (shown["box"], shown["span_text"]) == (end, span)


def test_idle_time_and_pauses_take_no_room() -> None:
    whole = worked(0.97, 0.98)
    late = BEGAN + timedelta(days=1)
    spans = (*whole.records.spans, Span(kernel="k", candidate=None, start=late, end=late + timedelta(minutes=20)))
    second = whole.records.results[1]._replace(started_us=int((late + timedelta(minutes=20)).timestamp() * 1e6))
    records = replace(whole.records, spans=spans, results=(whole.records.results[0], second))
    shown = drawn(replace(whole, records=records, used=timedelta(minutes=40)))
    assert [look["x"] for look in shown["looks"]] == [25.0, 100.0]


def test_there_is_nothing_to_draw_of_one_look_or_of_another_truth() -> None:
    assert course(worked(0.97)) is None
    assert course(worked(0.97, 0.98, truth="another")) is None
    assert course(replace(worked(0.97, 0.98), judgements=())) is None


def test_of_many_looks_the_newest_are_drawn_and_those_that_raised_the_best() -> None:
    shown = drawn(worked(0.97, 0.99, *(0.98 for _ in range(3 * MOST_LOOKS)), minutes=1))
    assert len(shown["looks"]) == MOST_LOOKS + 2
    assert shown["text"].startswith(f"{3 * MOST_LOOKS + 2} looks")
