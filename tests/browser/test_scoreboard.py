"""The one scoreboard of the browser, in a bare page: what its rows, its keys and its count say, whatever is sent."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mlee_jupyter import report
from mlee_jupyter.magics.live import view
from tests.builders import evidence
from tests.present import example

from .axe import grave
from .test_strangers import NAMES

ENTRIES = "() => [...document.querySelectorAll('button.mlee-ask')].filter(one => one.tabIndex === 0).length"


def rows_of(*changes: dict[str, Any]) -> str:
    """A view of so many rows, each a row of a real board with something changed."""
    board = report.board(evidence())
    (part, *_) = board["boards"]
    row = {**part["rows"][0], "recommended": False, "notes": []}
    part["rows"] = [{**row, "candidate": f"c{at}", "label": f"c{at:02}", **change} for at, change in enumerate(changes)]
    return view.as_text(view.view(board, lambda name: f"why {name}"))


def show(page: Any, text: str) -> None:
    page.evaluate("text => start(text)", text)


def renew(page: Any, text: str) -> None:
    page.evaluate("text => { model.set(text); return new Promise(requestAnimationFrame); }", text)


BARS = {
    "on the axis": (None, 1, 0),
    "beyond its left edge": ("left", 0, 1),
    "beyond its right edge": ("right", 0, 1),
}


@pytest.mark.parametrize(("clipped", "lines", "arrows"), BARS.values(), ids=BARS)
def test_a_range_beyond_the_axis_is_an_arrow(bare: Any, clipped: str | None, lines: int, arrows: int) -> None:
    bar = {"left": 40.0, "width": 20.0, "point": 50.0, "clipped": clipped}
    show(bare, rows_of({"bar": bar, "range_text": "1.0–2.0", "score_text": "1.5"}))
    assert bare.locator(".mlee-line").count() == lines
    assert bare.locator(".mlee-off").count() == arrows
    assert bare.get_by_role("img", name="95% range 1.0–2.0, score 1.5").count() == 1


def test_what_was_never_sent_is_not_to_be_found_by_filtering(bare: Any) -> None:
    told = json.loads(rows_of(*({} for _ in range(250))))
    told["parts"][0]["hidden"] = 1234
    show(bare, json.dumps(told))
    count = bare.locator(".mlee-count")
    assert count.inner_text() == (
        "50 more, not drawn: filter or sort to find them. 1,234 more, not sent: exp.scoreboard() has all of them."
    )
    bare.locator(".mlee-filter").fill("c01")
    assert count.inner_text() == "1 of 250. 1,234 more, not sent: exp.scoreboard() has all of them."
    show(bare, rows_of({}))
    assert count.inner_text() == "", "nothing is said where nothing is hidden"


def test_no_rows_are_no_table(bare: Any) -> None:
    show(bare, rows_of())
    assert not bare.get_by_role("table").is_visible()
    assert bare.locator(".mlee-count").inner_text() == "No candidate yet: %%mlee_candidate NAME records one."


def test_one_row_is_in_the_order_of_tab_whatever_is_sorted_filtered_or_renewed(bare: Any) -> None:
    changes = [{"score": float(at % 5)} for at in range(12)]
    show(bare, rows_of(*changes))
    assert bare.evaluate(ENTRIES) == 1
    second = bare.get_by_role("rowheader").nth(1).get_by_role("button")
    second.focus()
    bare.keyboard.press("ArrowDown")
    focused = "() => document.activeElement.textContent"
    assert (bare.evaluate(focused), bare.evaluate(ENTRIES)) == ("c02", 1)
    renew(bare, rows_of(*changes, {"label": "late"}))
    assert (bare.evaluate(focused), bare.evaluate(ENTRIES)) == ("c02", 1), "who walks there stays there"
    bare.get_by_role("columnheader", name="score").get_by_role("button").click()
    assert bare.evaluate(ENTRIES) == 1
    assert bare.evaluate(focused).startswith("score")
    bare.locator(".mlee-filter").fill("c1")
    assert bare.get_by_role("rowheader").count() == 2
    renew(bare, rows_of(*changes, {}, {}))
    assert bare.locator(".mlee-filter").input_value() == "c1", "and what is typed in stays"
    assert (bare.get_by_role("rowheader").count(), bare.evaluate(ENTRIES)) == (4, 1)


def test_a_row_opens_closes_and_gives_way_to_another(bare: Any) -> None:
    show(bare, rows_of({}, {}, {"verdict": None}))
    why, names = bare.locator(".mlee-why"), bare.get_by_role("rowheader")
    names.nth(0).get_by_role("button").press("Enter")
    assert why.inner_text().strip() == "why c0"
    names.nth(1).click()
    assert why.inner_text().strip() == "why c1"
    renew(bare, rows_of({}, {}, {"verdict": None}, {}))
    assert why.inner_text().strip() == "why c1", "it stays open while rows come"
    names.nth(1).click()
    assert why.count() == 0
    names.nth(2).click()
    assert why.inner_text().startswith("Asked.")
    asked = [said for said in json.loads(bare.evaluate("() => JSON.stringify(model.sent)")) if said["kind"] == "why"]
    assert [said["key"] for said in asked] == [view.key("c2")], "only what did not come along is asked for"
    bare.evaluate("said => heard['msg:custom'](said)", {**asked[0], "text": "<b>because</b>"})
    assert why.inner_text().strip() == "<b>because</b>"


def test_any_name_is_text_and_opens_its_own_row(bare: Any) -> None:
    names = list(NAMES.values())
    show(bare, rows_of(*({"candidate": one, "label": one} for one in names)))
    for at in range(len(names)):
        bare.get_by_role("rowheader").nth(at).get_by_role("button").click()
        assert bare.locator(".mlee-why").count() == 1
        bare.get_by_role("rowheader").nth(at).get_by_role("button").click()
    assert bare.locator("img, script, i, b").count() == 0
    assert bare.evaluate("() => window.hacked") is None


@pytest.mark.parametrize("width", [1280, 640, 330])
def test_axe_finds_nothing_serious_on_the_live_board(bare: Any, width: int) -> None:
    bare.set_viewport_size({"width": width, "height": 800})
    board = report.board(example.evidence(), example.findings())
    show(bare, view.as_text(view.view(board, lambda name: f"why {name}")))
    bare.get_by_role("rowheader").first.get_by_role("button").click()
    bare.locator("summary").click()
    assert grave(bare, ".mlee-live") == []
    wide = bare.locator(".mlee-live").evaluate("node => node.scrollWidth - node.clientWidth")
    assert wide <= 1


def test_two_truths_are_two_boards_that_open_one_row(bare: Any) -> None:
    told = json.loads(rows_of(*({"score": float(at)} for at in range(9))))
    told["parts"] = [told["parts"][0], {**told["parts"][0], "caption": "another truth"}]
    show(bare, json.dumps(told))
    tables, why = bare.get_by_role("table"), bare.locator(".mlee-why")
    assert tables.count() == 2
    tables.nth(0).get_by_role("rowheader").nth(3).click()
    tables.nth(1).get_by_role("rowheader").nth(3).click()
    assert (tables.nth(0).locator(".mlee-why").count(), why.count()) == (0, 1), "a candidate of both is opened in one"
    bare.get_by_label("Filter candidates").nth(1).fill("c08")
    assert [tables.nth(at).get_by_role("rowheader").count() for at in range(2)] == [9, 1]
    tables.nth(0).get_by_role("columnheader", name="score").get_by_role("button").click()
    sorts = [tables.nth(at).get_by_role("columnheader", name="score").get_attribute("aria-sort") for at in range(2)]
    assert sorts == ["descending", "none"]
    first, second = (tables.nth(at).bounding_box() for at in range(2))
    assert second["y"] > first["y"] + first["height"] + 16, "apart from each other"
    renew(bare, json.dumps({**told, "parts": told["parts"][:1]}))
    assert tables.count() == 1
