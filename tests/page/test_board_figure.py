"""The boards as figures: one axis for all rows, right is better, and a place for whatever lies beyond it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mlee_jupyter import report
from mlee_jupyter.domain import Evidence, held
from mlee_jupyter.panel.board_figure import MOST_WHYS, charts, figures
from tests.builders import evidence
from tests.present import example

NUMBERS = ("left", "width", "point", "worst")


def made(of: Evidence, findings: Any = ()) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The first board's rows and its figure."""
    board = report.board(of, findings)
    of = held(of, findings)
    shown = figures(of, findings, board, charts(of))
    assert len(shown) == len(board["boards"])
    return board["boards"][0]["rows"], shown[0]


def with_target(target: float | None) -> Evidence:
    whole = example.evidence()
    experiment = replace(whole.experiment, charter=replace(whole.charter, must_reach=target))
    return replace(whole, records=replace(whole.records, experiment=experiment))


def turned(of: Evidence) -> Evidence:
    """The same candidates by a loss: each score turned round."""
    judged = tuple(
        replace(
            one,
            higher_is_better=False,
            standings=tuple(replace(s, score=-s.score, low=-s.high, high=-s.low) for s in one.standings),
            baselines=tuple(replace(b, score=-b.score, low=-b.high, high=-b.low) for b in one.baselines),
        )
        for one in of.judgements
    )
    return replace(of, judgements=judged)


def test_every_row_has_its_place_on_the_axis_or_says_where_it_lies() -> None:
    rows, figure = made(example.evidence(), example.findings())
    assert len(figure["rows"]) == len(rows)
    for row, drawn in zip(rows, figure["rows"], strict=True):
        line = drawn["line"]
        assert (line is None) == (row["score"] is None or row["state"] == "not comparable"), row["candidate"]
        if line is not None:
            assert all(0 <= line[key] <= 100 for key in NUMBERS)
            assert line["worst"] <= line["left"] <= line["left"] + line["width"] <= 100.01
    ends = {row["candidate"]: drawn["line"] for row, drawn in zip(rows, figure["rows"], strict=True)}
    assert ends["svm"]["point"] == figure["band"]["left"] + figure["band"]["width"], "the best score ends the band"
    assert [name for name, line in ends.items() if line and line["beyond"]] == ["centroid", "most frequent"]
    assert ends["knn"]["text"] == "0.6 behind (−0.2 to 1.3)"


def test_right_is_better_for_a_loss_too() -> None:
    _, gain = made(with_target(None))
    _, loss = made(turned(with_target(None)))
    assert [one["line"] for one in loss["rows"]] == [one["line"] for one in gain["rows"]]
    assert (loss["ticks"], loss["band"]) == (gain["ticks"], gain["band"])


TARGETS = {
    "none": (None, None),
    "on the axis": (0.97, {"beyond": None, "text": "97%"}),
    "far better": (0.9999, {"beyond": "right", "at": 100.0, "text": "99.99%"}),
    "far worse": (0.2, {"beyond": "left", "at": 0.0, "text": "20%"}),
}


@pytest.mark.parametrize(("target", "expected"), TARGETS.values(), ids=TARGETS)
def test_the_target_is_a_line_or_lies_beyond(target: float | None, expected: dict[str, Any] | None) -> None:
    _, figure = made(with_target(target))
    if expected is None:
        assert figure["target"] is None
    else:
        assert figure["target"] == {**figure["target"], **expected}
        assert (figure["target"]["beyond"] is None) == (0 < figure["target"]["at"] < 100)


def test_numbers_on_top_are_few_and_in_order() -> None:
    _, figure = made(example.evidence())
    places = [tick["at"] for tick in figure["ticks"]]
    assert 1 <= len(places) <= 4
    assert places == sorted(places)
    assert "0" in [tick["text"] for tick in figure["ticks"]]


def test_a_row_says_why_it_stands_there_as_the_magic_does() -> None:
    rows, figure = made(example.evidence(), example.findings())
    for row, drawn in zip(rows, figure["rows"], strict=True):
        assert drawn["why"] == str(report.explanation(example.evidence(), row["candidate"], example.findings()))


def test_on_a_long_board_the_first_rows_bring_their_explanation_along() -> None:
    whole = example.evidence()
    first = whole.records.candidates[-1]
    many = tuple(replace(first, id=1000 + i, name=f"planned {i}") for i in range(MOST_WHYS))
    records = replace(whole.records, candidates=(*whole.records.candidates, *many))
    rows, figure = made(replace(whole, records=records))
    told = [drawn["why"] is not None for drawn in figure["rows"]]
    assert len(rows) > MOST_WHYS
    assert told == [place < MOST_WHYS for place in range(len(rows))]


def test_a_board_on_which_nothing_is_judged_has_no_axis() -> None:
    rows, figure = made(replace(evidence(), judgements=()))
    assert (figure["ticks"], figure["band"], figure["target"]) == ([], None, None)
    assert [one["line"] for one in figure["rows"]] == [None] * len(rows)
