"""The figure: what it shows, on matplotlib's Axes and as SVG, with two candidates and with two hundred."""

from __future__ import annotations

import itertools
import re
import sys
import xml.dom.minidom
from dataclasses import replace
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

import mlee_jupyter as mlee
from mlee_jupyter import report
from mlee_jupyter.domain import Judgement
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.report.figure.chart import MOST_LINES, as_lines, chart, ticks
from mlee_jupyter.report.figure.chart_svg import svg

from . import example
from .test_explaining import CASES, cannot_tell, loss, simplest_as_good

HOSTILE = (
    "<script>alert(1)</script>",
    "$\\alpha_{",
    '" onload="x',
    "]]>",
    "a\x00b\x1b[31m",
    "模型 😀 \u202eright to left",
    "x" * 5000,
    "&amp;",
)


@pytest.fixture(autouse=True)
def quiet_matplotlib() -> Any:
    mpl.use("Agg")
    yield
    plt.close("all")


def many(count: int) -> Judgement:
    whole = example.judgement()
    line = whole.standings[-1]
    more = tuple(
        replace(line, candidate=f"model {i}", behind=0.1 + i / 1000, behind_low=0.05 + i / 1000, behind_high=0.2)
        for i in range(count - len(whole.standings))
    )
    return replace(whole, standings=(*whole.standings, *more)[:count])


def named(*names: str) -> Judgement:
    whole = example.judgement()
    lines = tuple(replace(s, candidate=n) for s, n in zip(whole.standings, names, strict=False))
    return replace(whole, standings=lines, leader=lines[0].candidate, recommended=lines[1].candidate)


def without_matplotlib(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)


# ---------------------------------------------------------------- what is drawn


def test_lines_stand_as_on_the_board() -> None:
    drawn = chart(example.judgement())
    rows = report.board(example.evidence())["boards"][0]["rows"]
    judged = [row for row in rows if row["verdict"]]
    assert [line.name for line in drawn.lines] == [row["candidate"] for row in judged]
    assert [line.state.value for line in drawn.lines] == [row["state"] for row in judged]
    assert [line.word for line in drawn.lines if line.suggested] == ["as good, suggested"]


def test_numbers_are_points_and_behind_is_to_the_left() -> None:
    drawn = chart(example.judgement())
    knn = drawn.lines[1]
    assert (knn.point, knn.low, knn.high) == pytest.approx((-0.56, -1.32, 0.2))
    assert knn.worst == pytest.approx(-1.78)
    assert knn.text == "0.6 behind (−0.2 to 1.3)"
    assert drawn.gain == pytest.approx(2)
    assert drawn.lines[0].point == 0


def test_as_good_is_whose_thin_line_ends_inside_the_band() -> None:
    for case in CASES.values():
        judgement = case().judgement
        drawn = chart(judgement)
        for line, standing in zip(drawn.lines, judgement.standings, strict=True):
            if not line.cut and standing.verdict == "as good":
                assert line.worst >= -drawn.gain - 1e-9
            if standing.verdict == "can't tell":
                assert line.worst < -drawn.gain


def test_losses_keep_their_unit_and_worse_is_still_left() -> None:
    drawn = chart(loss().judgement)
    assert "in mean absolute error" in drawn.axis_text
    assert all(line.point <= 0 for line in drawn.lines)
    assert drawn.lines[1].text.startswith("0.2542 behind")


def test_a_hopeless_candidate_is_cut_and_says_so() -> None:
    drawn = chart(example.judgement())
    hopeless, close = drawn.lines[-1], drawn.lines[1]
    assert (hopeless.beyond, hopeless.cut) == (True, True)
    assert (close.beyond, close.cut) == (False, False)
    assert drawn.low > -10


def test_a_wide_band_squeezes_nobody() -> None:
    drawn = chart(replace(example.judgement(), useful_gain=0.9))
    assert drawn.low > -15
    assert drawn.gain == pytest.approx(90)
    ax = report.figure((replace(example.judgement(), useful_gain=0.9),))
    assert ax.get_xlim()[0] == pytest.approx(drawn.low)
    assert all(float(x) >= 0 for x in re.findall(r'<rect x="(-?[\d.]+)"', svg(drawn)))


def test_two_hundred_show_the_first_and_count_the_rest() -> None:
    drawn = chart(many(200))
    assert len(drawn.lines) == MOST_LINES
    assert drawn.note == "160 candidates with lower places left out."
    assert chart(many(MOST_LINES)).note == ""


@pytest.mark.parametrize(
    ("low", "high"), [(-2.0, 0.5), (-1e-7, 1e-8), (-5e9, 1.0), (-0.0001, 0.00001), (-1.0, 0.0)], ids=str
)
def test_ticks_are_round_few_and_inside(low: float, high: float) -> None:
    found = ticks(low, high)
    assert 2 <= len(found) <= 9
    assert all(low <= place <= high for place, _ in found)
    assert len({said for _, said in found}) == len(found)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_that_are_none_do_not_break_it(value: float) -> None:
    whole = example.judgement()
    broken = replace(whole.standings[1], cost_bound=value, behind_low=-value, behind_high=value)
    drawn = chart(replace(whole, standings=(whole.standings[0], broken), useful_gain=value))
    assert drawn.low < drawn.high
    xml.dom.minidom.parseString(svg(drawn))


def test_identical_candidates_have_an_axis_all_the_same() -> None:
    truth = np.arange(100) % 2
    same = mlee.compare(truth, {"a": truth, "b": truth}, useful_gain=0)
    assert chart(same.judgement).low < chart(same.judgement).high


# ---------------------------------------------------------------- as SVG


@pytest.mark.parametrize("count", [1, 2, 8, 40, 200])
@pytest.mark.parametrize("alone", [True, False])
def test_svg_is_sound(count: int, alone: bool) -> None:
    shown = svg(chart(many(count)), alone=alone)
    document = xml.dom.minidom.parseString(shown)
    root = document.documentElement
    height = float(root.getAttribute("height"))
    places = [float(y) for y in re.findall(r' y="([\d.]+)"', shown)]
    assert max(places) < height
    assert ("mlee-paper" in shown.split("<title>")[0]) is alone
    assert "currentColor" in shown


def test_svg_has_the_words_beside_the_colours() -> None:
    shown = svg(chart(example.judgement()))
    for word in ("best score", "as good, suggested", "can&#39;t tell", "worse", "within your useful gain, 2 points"):
        assert word in shown
    shapes = {re.sub(r"[\d.]+", "", mark) for mark in re.findall(r"<(?:circle|rect|path)[^>]*fill=\"#\w+\"", shown)}
    assert len(shapes) >= 4, "a star, a square, a circle and a triangle: not told apart by colour alone"


def test_hostile_names_stay_text_in_svg() -> None:
    shown = svg(chart(named(*HOSTILE)))
    document = xml.dom.minidom.parseString(shown)
    assert not document.getElementsByTagName("script")
    assert {node.tagName for node in document.getElementsByTagName("*")} <= {
        "svg", "title", "desc", "text", "rect", "path", "line", "circle", "style"
    }  # fmt: skip
    assert "onload=&#34;" in shown
    assert len(shown) < 60_000
    assert "\u202e" not in shown
    assert "\x1b" not in shown


def test_without_matplotlib_a_notebook_gets_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    without_matplotlib(monkeypatch)
    picture = cannot_tell().figure()
    assert isinstance(picture, report.Picture)
    assert picture._repr_svg_().startswith("<svg")
    assert "<svg" in picture._repr_html_()
    assert "can't tell" in repr(picture)
    data, sizes = report.figure_bundle((example.judgement(),))
    assert set(data) == {"text/html", "image/svg+xml", "text/plain"}
    assert sizes == {}


# ---------------------------------------------------------------- on matplotlib's Axes


@pytest.mark.parametrize("count", [1, 2, 8, 40, 200])
def test_nothing_is_cut_off_or_overlaps_on_axes(count: int) -> None:
    ax = report.figure((many(count),))
    page = ax.figure
    page.canvas.draw()
    drawn = page.canvas.get_renderer()
    width, height = page.canvas.get_width_height()
    names = [label.get_window_extent(drawn) for label in ax.get_yticklabels()]
    words = [note.get_window_extent(drawn) for note in ax.texts if note.get_text()]
    for box in (*names, *words, ax.title.get_window_extent(drawn), ax.xaxis.label.get_window_extent(drawn)):
        assert box.x0 >= -1
        assert box.y0 >= -1
        assert box.x1 <= width + 1 or box is ax.title
        assert box.y1 <= height + 1
    for above, below in itertools.pairwise(names):
        assert above.y0 >= below.y1 - 1
    for one in range(0, len(words) - 1):
        for other in words[one + 1 :]:
            assert not words[one].overlaps(other)


def test_names_are_no_formulas_and_every_glyph_is_there(recwarn: pytest.WarningsRecorder) -> None:
    ax = report.figure((named(*HOSTILE),))
    ax.figure.canvas.draw()
    assert not recwarn.list
    assert any("$\\alpha_{" in label.get_text() for label in ax.get_yticklabels())
    assert "\N{REPLACEMENT CHARACTER}" in "".join(label.get_text() for label in ax.get_yticklabels())


def test_axes_of_ones_own_are_drawn_on() -> None:
    _, (left, right) = plt.subplots(1, 2)
    assert simplest_as_good().figure(ax=right) is right
    assert not left.lines
    assert right.get_xlim()[0] < 0
    assert [label.get_text().split("  ")[0] for label in right.get_yticklabels()] == ["svm", "knn"]


def test_a_dark_style_keeps_its_own_colours() -> None:
    with plt.style.context("dark_background"):
        ax = cannot_tell().figure()
    assert mpl.colors.same_color(ax.title.get_color(), "white")
    assert all(mpl.colors.same_color(note.get_color(), "white") for note in ax.texts)


def test_the_magics_picture_leaves_matplotlib_as_it_was() -> None:
    data, sizes = report.figure_bundle((example.judgement(),))
    assert data["image/png"].startswith(b"\x89PNG")
    assert data["text/plain"] == as_lines(chart(example.judgement()))
    assert sizes["image/png"]["width"] > 400
    assert plt.get_fignums() == []


def test_nothing_judged_is_one_line() -> None:
    for draw in (report.figure, report.figure_bundle):
        with pytest.raises(MleeError, match="nothing to draw yet"):
            draw(())
    with pytest.raises(MleeError, match="no board 3"):
        report.figure((example.judgement(),), board=3)
