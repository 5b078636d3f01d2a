"""The live scoreboard in real kernels: what is sent when, what it falls back to, and that no cell is broken."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from mlee_jupyter import report
from mlee_jupyter.magics.live import script
from mlee_jupyter.magics.live import view as live_view
from mlee_jupyter.report.render.as_text import found_text
from tests.builders import evidence
from tests.present import example

from .test_link import KNN, SHELF, START
from .wire import Wire

slow = pytest.mark.slow
GOLDEN = Path(__file__).parents[1] / "golden" / "live.json"
SCHEMA = json.loads(files("mlee_jupyter.magics.live").joinpath("live.schema.json").read_text("utf-8"))
needs_script = pytest.mark.skipif(
    not script.is_built() and os.environ.get("MLEE_E2E") != "1",
    reason="the live board's script is not built: cd labextension && npm ci && npm run build",
)
LIVE = "%mlee_scoreboard --live"
LOOP = """import time
import mlee_jupyter as mlee
e = mlee.start("shelf")
for i in range(12):
    time.sleep(0.2)
    with e.candidate(f"c{i}", quiet=True) as run:
        run.record(np.roll(good, 2 * i))"""


class Board:
    """The widget in the page: what came of it over the wire."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        wire.run(LIVE)
        self.comm = [comm for _, comm, data in wire.comms if "view" in data.get("state", {})][-1]

    def views(self) -> list[tuple[float, dict[str, Any]]]:
        mine = [(at, data) for at, comm, data in self.wire.comms if comm == self.comm]
        return [(at, json.loads(data["state"]["view"])) for at, data in mine if "view" in data.get("state", {})]

    def names(self) -> list[str]:
        view = self.views()[-1][1]
        return [row[view["fields"].index("label")] for row in view["parts"][0]["rows"]]

    def say(self, **content: Any) -> None:
        data = {"method": "custom", "content": content}
        self.wire.send("comm_msg", comm_id=self.comm, data=data)

    def answers(self) -> list[dict[str, Any]]:
        return [data["content"] for _, comm, data in self.wire.comms if comm == self.comm and "content" in data]


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[Wire]:
    opened = Wire(tmp_path)
    opened.run(START)
    opened.run(SHELF)
    yield opened
    opened.close()


@slow
@needs_script
def test_it_follows_a_loop_at_most_once_a_second_and_ends_whole(wire: Wire) -> None:
    board = Board(wire)
    wire.run(LOOP)
    during = len(board.views())
    wire.listen(2.5)
    times = [at for at, _ in board.views()][1:]
    assert during >= 3, "it follows while the cell still runs"
    assert len(times) <= times[-1] - times[0] + 2, times  # one may be late, and the next one is not
    assert sorted(board.names()) == sorted([*(f"c{i}" for i in range(12)), "most frequent"])
    sent = len(wire.comms)
    for _ in range(5):
        wire.run("1 + 1")
    wire.listen(1.5)
    assert len(wire.comms) == sent, "ordinary cells send nothing"


THREADS = (
    LOOP.replace("for i in range(12):", "def one(i):")
    + """
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(1) as pool:
    list(pool.map(one, range(12)))"""
)
AWAITED = """%%mlee_candidate slow
import asyncio
await asyncio.sleep(0.1)
good"""


@slow
@needs_script
def test_threads_and_awaiting_cells_are_followed_too(wire: Wire) -> None:
    board = Board(wire)
    wire.run(THREADS)
    assert len(board.views()) >= 3
    wire.run(AWAITED)
    wire.listen(2.5)
    assert {"c0", "c11", "slow"} <= set(board.names())


@slow
@needs_script
def test_what_changes_without_a_record_is_shown_after_the_cell(wire: Wire) -> None:
    board = Board(wire)
    wire.run(KNN)
    wire.run("%mlee_experiment park knn")
    wire.listen(2.5)
    view = board.views()[-1][1]
    assert "parked" in view["parts"][0]["rows"][0][view["fields"].index("notes")]
    wire.run("%mlee_experiment start another --truth y_test")
    wire.run("%%mlee_candidate elsewhere\ngood")
    wire.listen(2.5)
    assert "elsewhere" not in board.names(), "a board stays with its experiment"


@slow
@needs_script
def test_it_says_why_in_the_words_of_the_magic(wire: Wire) -> None:
    board = Board(wire)
    printed = wire.run(KNN)
    assert "recorded" in printed
    wire.listen(1.5)
    view = board.views()[-1][1]
    row = view["parts"][0]["rows"][0]
    told = row[view["fields"].index("why")]
    assert told.strip() == wire.run("%mlee_scoreboard --why knn").strip()
    board.say(kind="why", view="v", key=live_view.key("knn"))
    board.say(kind="why", view="v", key=live_view.key("nobody"))
    wire.listen(1.5)
    known, unknown = board.answers()
    assert (known["text"], known["view"]) == (told, "v")
    assert "not on the newest board" in unknown["text"]


@slow
@needs_script
def test_nobody_looking_stops_it_and_a_look_wakes_it(wire: Wire) -> None:
    board = Board(wire)
    hooks = "print(len(get_ipython().events.callbacks['post_run_cell']))"
    board.say(kind="here", view="v")
    watched = int(wire.run(hooks))
    board.say(kind="gone", view="v")
    wire.run(KNN)
    wire.listen(1.5)
    assert len(board.views()) == 1
    assert int(wire.run(hooks)) == watched - 1, "and the kernel pays nothing for it"
    board.say(kind="here", view="w")
    wire.listen(2)
    assert board.names()[0] == "knn"
    board.say(kind="gone", view="w")
    Board(wire)
    known = wire.run("from mlee_jupyter.magics.live import live\nprint(len(live._following._boards))")
    assert known == "1\n", "a new board lets go of those that nobody looks at"
    wire.run("%unload_ext mlee_jupyter")
    assert wire.run("print(1 + 1)") == "2\n"


@slow
@needs_script
def test_no_message_and_no_fault_breaks_a_cell(wire: Wire) -> None:
    board = Board(wire)
    for strange in (
        {},
        {"kind": "why"},
        {"kind": "why", "key": ["x"]},
        {"kind": "gone", "view": {"a": 1}},
        {"kind": 7},
    ):
        board.say(**strange)
    wire.send("comm_msg", comm_id=board.comm, data={"method": "custom", "content": "text"})
    assert wire.run("print(1 + 1)") == "2\n"
    wire.run("from mlee_jupyter.magics.live import view\ndef broken(*_):\n    raise ValueError('a fault of ours')")
    wire.run("view.view = broken")
    assert wire.run(KNN).startswith("knn recorded")
    assert wire.run("print(1 + 1)") == "2\n"


MISSING = {
    "anywidget": (
        "import sys; sys.modules['anywidget'] = None",
        "--live needs anywidget in this kernel's environment: pip install anywidget\n",
    ),
    "its script": (
        "from pathlib import Path; from mlee_jupyter.magics.live import script; script.BUILT = Path('nowhere')",
        "--live needs its script, which npm makes; this installation was built without it.\n",
    ),
}


@slow
@pytest.mark.parametrize(("lacking", "expected"), MISSING.values(), ids=MISSING)
def test_one_line_says_what_is_missing_and_the_plain_board_is_shown(wire: Wire, lacking: str, expected: str) -> None:
    wire.run(lacking)
    wire.client.execute(LIVE)
    shown, said = [], ""
    while (got := wire._next(3)) is not None:
        if got["msg_type"] == "display_data":
            shown.append(got["content"]["data"])
        elif got["msg_type"] == "stream":
            said += got["content"]["text"]
    assert said == expected
    assert [sorted(one) for one in shown] == [["application/vnd.mlee.board.v1+json", "text/html", "text/plain"]]
    assert not wire.comms[1:], "no widget is made"


# ---------------------------------------------------------------------- what is sent, without a kernel


def test_all_rows_are_in_a_view_and_a_view_is_bounded() -> None:
    board = report.board(evidence())
    (part, *_) = board["boards"]
    row = part["rows"][0]
    part["rows"] = [{**row, "candidate": f"c{i}", "label": f"c{i} " + "深" * 5000} for i in range(12_000)]
    shown = live_view.view(board, lambda name: f"why {name}")
    rows = shown["parts"][0]["rows"]
    assert len(rows) == 12_000
    assert [row[-1] is None for row in rows[:60]] == [False] * live_view.MOST_WHYS + [True] * 10
    assert len({row[0] for row in rows}) == 12_000
    sent = live_view.as_text(shown)
    assert len(sent.encode()) <= live_view.MOST_BYTES
    kept = json.loads(sent)["parts"][0]
    assert 5000 < len(kept["rows"]) < 12_000
    assert len(kept["rows"]) + kept["hidden"] == 12_000, "what is left out is counted"


def test_a_view_is_strict_json_with_one_value_a_field() -> None:
    board = report.board(evidence())
    shown = json.loads(live_view.as_text(live_view.view(board, str)))
    for part in shown["parts"]:
        assert {len(row) for row in part["rows"]} <= {len(shown["fields"])}
        assert all(column["of"] in shown["fields"] for column in part["columns"])
        assert all(column["by"] is None or column["by"] in shown["fields"] for column in part["columns"])


def test_the_view_of_the_example_is_the_one_that_was_reviewed_and_keeps_the_contract() -> None:
    """`MLEE_RENEW_GOLDEN=1` writes it anew; the TypeScript tests read it."""
    board = report.board(example.evidence(), example.findings(), notices=["Kept in memory only."])
    view = live_view.view(board, lambda name: f"Why {name}.")
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(json.loads(live_view.as_text(view)), SCHEMA)
    shown = json.dumps(view, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    if os.environ.get("MLEE_RENEW_GOLDEN"):
        GOLDEN.write_text(shown, "utf-8")
    assert shown == GOLDEN.read_text("utf-8")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**view, "fields": [*view["fields"], "surprise"]}, SCHEMA)


def test_what_a_stranger_wrote_is_cut_and_the_rest_of_a_row_is_the_boards() -> None:
    board = report.board(example.evidence())
    (part, *_) = board["boards"]
    long = {"label": "l" * 300, "notes": ["n" * 900, "bare number"], "reason": "bare number", "because": "b" * 900}
    part["rows"][0] |= long
    fields, (row, *_) = live_view.FIELDS, live_view.view(board, str)["parts"][0]["rows"]
    shown = dict(zip(fields, row, strict=True))
    assert len(shown["label"]) == 120
    assert [len(note) for note in shown["notes"]] == [160], "why there is no range is said once"
    assert (shown["reason"], len(shown["because"])) == ("bare number", 160)
    same = set(fields) - {*long, "candidate", "variant", "why"}
    assert {field: shown[field] for field in same} == {field: part["rows"][0][field] for field in same}


@slow
@needs_script
def test_panel_and_live_board_show_the_same_at_the_same_moment(wire: Wire) -> None:
    page = wire.page(path="shelf.ipynb")
    page.wait("snapshot")
    board = Board(wire)
    wire.run(LOOP + "\ntime.sleep(1.5)")
    wire.run("%mlee_experiment ignore MLE201 --because 'no more rows'")
    wire.listen(2.5)
    told = [(at, said) for at, comm, said in wire.comms if comm == page.comm and said.get("kind") == "snapshot"]
    views = board.views()[1:]
    assert len(views) >= 4
    for at, view in views:
        when, said = min(told, key=lambda one: abs(one[0] - at))
        rows = [row["label"] for row in said["board"]["boards"][0]["rows"]]
        assert abs(when - at) < 0.4, (when, at)
        assert [row[view["fields"].index("label")] for row in view["parts"][0]["rows"]] == rows
        assert view["found_text"] == found_text({**said["board"]["findings"], "errors": []})
