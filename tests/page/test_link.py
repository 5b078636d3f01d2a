"""The wire between kernel and page, in real kernels: what comes when, what an ask does, and that no cell is broken."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from mlee_jupyter.panel.code_fingerprints import fingerprint
from tests.notebooks import written

from .wire import Page, Wire

pytestmark = pytest.mark.slow

START = "%load_ext mlee_jupyter\nimport numpy as np\ny_test = np.arange(400) % 2\ngood = y_test.copy(); good[:20] ^= 1"
SHELF = "%%mlee_experiment start shelf --budget 2h --truth y_test\nmetric = 'accuracy'\nuseful_gain = 0.02"
KNN = "%%mlee_candidate knn --simplicity 1\ngood"


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[Wire]:
    opened = Wire(tmp_path)
    yield opened
    opened.close()


def write(wire: Wire, name: str, *cells: str) -> None:
    """Put a notebook beside the kernel."""
    (wire.folder / f"{name}.ipynb").write_text(written(cells), "utf-8")


def test_a_page_sees_an_experiment_from_its_start_to_the_decision(wire: Wire) -> None:
    assert "mlee is on" in wire.run(START)
    assert [data["kind"] for _, _, data in wire.comms] == ["here"], "pages that are open already hear of it"
    page = wire.page(path="shelf.ipynb")
    first = page.wait("snapshot")
    assert (first["open"], first["board"], first["status"]) == (False, None, None)

    wire.run(SHELF)
    started = page.wait("snapshot", 2)
    assert started["status"]["name"] == "shelf"
    assert started["board"]["boards"][0]["rows"] == []
    wire.run(KNN)
    recorded = page.wait("snapshot", 3)
    assert [row["candidate"] for row in recorded["board"]["boards"][0]["rows"]][:1] == ["knn"]
    assert [c["candidate"] for c in recorded["candidates"]] == ["knn"]
    assert len(recorded["candidates"][0]["codes"]) == 1
    assert recorded["timeline"][0]["text"].startswith("knn")

    wire.listen(1.2)
    before = len(page.got("snapshot"))
    for _ in range(5):
        wire.run("1 + 1")
    wire.listen(1.5)
    assert len(page.got("snapshot")) == before, "ordinary cells send nothing"

    refused = page.ask("ignore", rule="MLE201", because="  ")
    assert (refused["ok"], len(refused["lines"])) == (False, 1)
    assert page.ask("ignore", rule="test-set-too-small", because="no more labels")["ok"]
    (about,) = page.ask("explain", rule="MLE601")["lines"]
    assert about.startswith("MLE601")
    assert "\n- must_reach: whether the target is reached" in about, "a list stays a list"
    assert max(map(len, about.splitlines())) > 120, "the page wraps by itself"
    assert not page.ask("decide", candidate="nobody", because="x")["ok"]
    assert page.ask("decide", candidate="knn", because="nothing to train")["ok"]
    assert not page.ask("format the disk")["ok"]
    wire.listen(1.5)
    last = page.got("snapshot")[-1]
    assert last["board"]["decided"]["candidate"] == "knn"
    decided = [entry["text"] for entry in last["timeline"] if "deci" in entry["text"]]
    assert decided == ["decided: knn: nothing to train"], "once"
    assert [f["ignored"]["because"] for f in last["findings"] if f["outcome"] == "ignored"] == ["no more labels"]

    wire.run("%unload_ext mlee_jupyter")
    assert wire.run("1 + 1") == ""


def begun(wire: Wire) -> Page:
    """A page that looks on as an experiment begins."""
    wire.run(START)
    page = wire.page(path="shelf.ipynb")
    page.wait("snapshot")
    wire.run(SHELF)
    return page


def test_many_candidates_in_a_row_are_one_message_a_second(wire: Wire) -> None:
    page = begun(wire)
    for number in range(12):
        wire.run(f"%%mlee_candidate c{number}\nnp.roll(good, {number})")
    wire.listen(2.5)
    times = [at for at, comm, data in wire.comms if comm == page.comm and data.get("kind") == "snapshot"][1:]
    assert all(later - earlier > 0.5 for earlier, later in pairwise(times)), times
    rows = page.got("snapshot")[-1]["board"]["boards"][0]["rows"]
    assert len([row for row in rows if row["candidate"].startswith("c")]) == 12, "the last one is whole"


LOOP = """import time
import mlee_jupyter as mlee
e = mlee.start("shelf")
for i in range(12):
    time.sleep(0.25)
    try:
        with e.candidate(f"c{i}", quiet=True) as run:
            run.record(np.roll(good, 2 * i))
            if i == 7: raise ValueError("broken")
    except ValueError:
        pass
time.sleep(2)"""


def names(page: Page) -> list[list[str]]:
    """The rows of each snapshot."""
    boards = [told["board"] for told in page.got("snapshot") if told["board"]]
    return [[row["candidate"] for row in board["boards"][0]["rows"] if row["symbol"] != "."] for board in boards]


def test_a_running_cell_is_followed(wire: Wire) -> None:
    page = begun(wire)
    wire.run(LOOP)
    during = len(names(page))
    assert during >= 4, "it follows while the cell still runs"
    wire.listen(1.5)
    assert sorted(names(page)[-1]) == sorted(f"c{i}" for i in range(12))
    times = [at for at, comm, data in wire.comms if comm == page.comm and data.get("kind") == "snapshot"][1:]
    # one a second by the kernel's clock; on its way here one may catch up with the one before
    assert all(later - earlier > 0.5 for earlier, later in pairwise(times)), times
    assert len(times) <= 2 + (times[-1] - times[0]), times
    used = [told["status"]["used_seconds"] for told in page.got("snapshot") if told["status"]]
    passed = [later - earlier for earlier, later in pairwise(times)]
    steps = [later - earlier for earlier, later in pairwise(used)]
    assert all(abs(step - gap) < 0.5 for step, gap in zip(steps, passed, strict=True)), (
        "one clock, however old the look"
    )


def test_the_very_cell_that_starts_an_experiment_is_followed(tmp_path: Path) -> None:
    wire = Wire(tmp_path, JPY_SESSION_NAME="shelf.ipynb")
    try:
        wire.run(START)
        ((_, beacon, _),) = wire.comms
        wire.run(LOOP.replace('start("shelf")', 'start("shelf", truth=y_test, metric="accuracy")'))
        told = [said for _, comm, said in wire.comms if comm == beacon and said["kind"] == "snapshot"]
        assert len(told) >= 3, "while it still runs"
        wire.listen(1.5)
        told = [said for _, comm, said in wire.comms if comm == beacon and said["kind"] == "snapshot"]
        rows = [row["candidate"] for row in told[-1]["board"]["boards"][0]["rows"] if row["symbol"] != "."]
        assert len(rows) == 12
    finally:
        wire.close()


def test_what_a_loop_recorded_knows_its_cell_and_what_failed_says_so(wire: Wire) -> None:
    wire.run(START)
    page = wire.page(path="shelf.ipynb")
    page.wait("snapshot")
    wire.run(SHELF + "\ncandidates = ['never', 'broken', 'stopped']")
    loop = "import mlee_jupyter as mlee\ne = mlee.start('shelf')\nfor one in ('a', 'b'):\n    e.record(one, good)"
    wire.run(loop, "loop-cell")
    broken = "%%mlee_candidate broken\nraise ValueError('no')"
    wire.run(broken, "broken-cell")
    wire.run("%%mlee_candidate stopped\nraise KeyboardInterrupt", "stopped-cell")
    wire.listen(2.5)
    last = page.got("snapshot")[-1]
    known = {one["candidate"]: one for one in last["candidates"]}
    assert {name: one["cell"] and one["cell"]["id"] for name, one in known.items()} == {
        **{"a": "loop-cell", "b": "loop-cell", "broken": "broken-cell", "stopped": "stopped-cell", "never": None},
    }
    assert known["a"]["cell"]["code"] == fingerprint(loop)
    assert known["a"]["codes"] == []
    assert known["a"]["failed"] is None
    assert {name: known[name]["failed"]["word"] for name in ("broken", "stopped")} == {
        "broken": "failed",
        "stopped": "interrupted",
    }
    assert known["broken"]["failed"]["code"] == fingerprint(broken.partition("\n")[2])
    answer = last["answers"][1]["answer"]
    assert "Not tried yet: never." in answer
    assert "Tried without a score: broken and stopped." in answer
    wire.run("%%mlee_candidate broken\ngood", "broken-cell")
    wire.listen(1.5)
    known = {one["candidate"]: one for one in page.got("snapshot")[-1]["candidates"]}
    assert known["broken"]["failed"] is None


def test_what_was_thought_before_a_click_was_work(wire: Wire) -> None:
    wire.run(START)
    page = wire.page(path="shelf.ipynb", idle_minutes=5)
    page.wait("snapshot")
    wire.run(SHELF)
    wire.run(KNN)
    wire.listen(3)
    assert page.ask("decide", candidate="knn", because="nothing to train")["ok"]
    wire.listen(1.5)
    assert page.got("snapshot")[-1]["status"]["used_seconds"] > 3


def test_a_decision_is_taken_back_and_the_box_is_extended_with_a_reason(wire: Wire) -> None:
    page = begun(wire)
    wire.run(KNN)
    assert page.ask("decide", candidate="knn", because="nothing to train")["ok"]
    assert page.ask("reopen")["ok"]
    assert not page.ask("extend", by="1h", because=" ")["ok"]
    assert not page.ask("extend", by="soon", because="more to try")["ok"]
    assert page.ask("extend", by="1h", because="more to try")["lines"][0].startswith("1 h more")
    wire.listen(1.5)
    last = page.got("snapshot")[-1]
    assert (last["board"]["decided"], last["status"]["state"], last["status"]["box_seconds"]) == (None, "open", 10800)


def test_an_experiment_is_resumed_before_its_data_is_there(wire: Wire) -> None:
    """What *Load and resume* does in a kernel that has just been started."""
    wire.run(START)
    wire.run(SHELF)
    wire.run(KNN)
    wire.manager.restart_kernel(now=True)
    wire.client.wait_for_ready(timeout=60)
    wire.run("%load_ext mlee_jupyter")
    page = wire.page(path="shelf.ipynb", experiment="shelf")
    page.wait("snapshot")
    assert "shelf" in wire.run(SHELF)
    wire.listen(1.5)
    last = page.got("snapshot")[-1]
    assert last["open"]
    assert last["board"]["boards"][0]["rows"][0]["candidate"] == "knn"


def test_a_reloaded_page_gets_everything_and_a_closed_one_nothing(wire: Wire) -> None:
    wire.run(START)
    wire.run(SHELF)
    wire.run(KNN)
    page = wire.page(path="shelf.ipynb")
    assert page.wait("snapshot")["board"]["boards"][0]["rows"][0]["candidate"] == "knn"
    wire.send("comm_close", comm_id=page.comm, data={})
    wire.run("%%mlee_candidate svm\ngood")
    wire.listen(1.5)
    assert len(page.got("snapshot")) == 1


def test_two_windows_see_the_same(wire: Wire) -> None:
    wire.run(START)
    wire.run(SHELF)
    first, second = wire.page(path="shelf.ipynb"), wire.page(path="shelf.ipynb")
    assert first.wait("snapshot")["board"] == second.wait("snapshot")["board"]
    wire.client.execute(KNN)
    first.say(kind="hello", path="shelf.ipynb")  # stands behind the cell: what it asks for is news to both
    wire.listen(2.5)
    for page in (first, second):
        assert page.got("snapshot")[-1]["board"]["boards"][0]["rows"][0]["candidate"] == "knn"


def test_after_a_restart_the_store_still_knows(wire: Wire) -> None:
    wire.run(START)
    wire.run(SHELF)
    wire.run(KNN)
    wire.manager.restart_kernel(now=True)
    wire.client.wait_for_ready(timeout=60)
    wire.run("%load_ext mlee_jupyter")
    seen = wire.page(path="shelf.ipynb", experiment="shelf").wait("snapshot")
    assert (seen["open"], seen["status"]["name"]) == (False, "shelf")
    assert seen["board"]["boards"][0]["rows"][0]["candidate"] == "knn"
    assert wire.page(path="shelf.ipynb", experiment="another").wait("snapshot")["board"] is None


def test_nothing_that_a_page_sends_breaks_the_kernel(wire: Wire) -> None:
    wire.run(START)
    page = wire.page(path=7, root=["x"], idle_minutes="never", experiment={"a": 1})
    page.wait("snapshot")
    for strange in ({}, {"kind": None}, {"kind": "ask"}, {"kind": "ask", "id": 1, "ask": ["write"]}, {"kind": "hello"}):
        page.say(**strange)
    page.say(kind="ask", id=2, ask="ignore", rule=None, because="x")
    wire.listen(1)
    assert all(not reply["ok"] for reply in page.got("reply"))
    assert wire.run("print(1 + 1)") == "2\n"
    wire.run(SHELF)
    assert wire.run(KNN).startswith("knn recorded")


def test_the_pages_idle_limit_yields_to_the_projects(wire: Wire) -> None:
    wire.run(START)
    wire.run(SHELF)
    assert wire.page(idle_minutes=3).wait("snapshot")["status"]["idle_seconds"] == 180
    assert wire.page(idle_minutes=5).wait("snapshot")["status"]["idle_seconds"] == 300
    assert wire.page(idle_minutes=-1).wait("snapshot")["status"]["idle_seconds"] == 300
    (wire.folder / "pyproject.toml").write_text('[tool.mlee]\nidle_limit = "20m"\n')
    wire.run("%unload_ext mlee_jupyter\n%load_ext mlee_jupyter")
    wire.run(SHELF)
    assert wire.page(idle_minutes=3).wait("snapshot")["status"]["idle_seconds"] == 1200


def test_a_saved_notebook_is_read_and_its_findings_lead_to_cells(wire: Wire) -> None:
    sources = ["import os", "here = '/home/anna/data.csv'", "print(nowhere_defined)"]
    write(wire, "shelf", *sources)
    wire.run("%load_ext mlee_jupyter")
    page = wire.page(path="some/where/shelf.ipynb")
    found = {f["rule"]: f for f in page.wait("snapshot")["findings"]}
    assert found["MLE704"]["where"][0]["cell"] == 2
    assert found["MLE702"]["where"][0]["cell"] == 3
    write(wire, "shelf", sources[0], sources[2])
    page.say(kind="saved")
    assert "MLE704" not in {f["rule"] for f in page.wait("snapshot", 2)["findings"]}


def test_a_package_is_planned_and_written(wire: Wire) -> None:
    write(wire, "tiny", "import numpy as np", "rows = np.arange(12.0)", "print(float(rows.mean()))")
    wire.run("%load_ext mlee_jupyter")
    page = wire.page(path="tiny.ipynb")
    plan = page.ask("plan", path="tiny.ipynb", name="tiny")
    assert plan["ok"], plan
    assert "cell" in plan["lines"][0]
    reply = page.ask("write", path="tiny.ipynb", name="tiny", output="made")
    assert reply["ok"], reply
    assert reply["verdict"] == "identical", reply
    assert reply["report"] == "made/report.md"
    assert (wire.folder / "made" / "report.md").is_file()
    assert page.got("progress"), "it says what it is doing"
    assert not page.ask("plan", path="gone.ipynb", name="tiny")["ok"]


def test_a_conversion_in_the_notebooks_kernel_can_be_cancelled(wire: Wire) -> None:
    write(wire, "slow", "import time", "time.sleep(300)", "rows = 5")
    wire.run("%load_ext mlee_jupyter\nkept = 1")
    page = wire.page(path="slow.ipynb")
    page.wait("snapshot")
    page.say(kind="ask", id=7, ask="write", path="slow.ipynb", name="slow")
    while page.wait("progress", len(page.got("progress")) + 1)["text"] != "running the original":
        pass
    wire.manager.interrupt_kernel()
    reply = page.wait("reply")
    assert (reply["ok"], reply["lines"]) == (False, ["Interrupted. Nothing was written."])
    assert not (wire.folder / "slow").exists()
    assert wire.run("print(kept)") == "1\n", "the kernel and its variables live on"


def test_a_servers_notebook_hears_of_an_experiment_before_its_page_could_say_hello(tmp_path: Path) -> None:
    wire = Wire(tmp_path, JPY_SESSION_NAME="shelf.ipynb")
    try:
        wire.run(START)
        ((_, beacon, _),) = wire.comms
        wire.run(SHELF)
        wire.run("import time; time.sleep(2)")  # nothing else is heard of meanwhile
        told = [said for _, comm, said in wire.comms if comm == beacon and said["kind"] == "snapshot"]
        assert [said["status"]["name"] for said in told] == ["shelf"]
        wire.send("comm_close", comm_id=beacon, data={})  # as a page does that does not know us
        wire.run("1 + 1")
        wire.comms.clear()
        wire.run(KNN)
        wire.listen(2)
        assert wire.comms == []
    finally:
        wire.close()


def test_a_candidate_that_runs_for_a_moment_is_told_and_one_that_is_over_at_once_is_not(wire: Wire) -> None:
    page = begun(wire)
    wire.run(KNN)
    wire.run("import mlee_jupyter as mlee\ne = mlee.start('shelf')\nfor i in range(50): e.record(f'c{i}', good)")
    wire.listen(1.5)
    assert page.got("running") == []
    wire.run("import time")
    wire.run("%%mlee_candidate svm\ntime.sleep(1.5)\ngood")
    wire.run("with e.candidate('mlp') as run:\n    time.sleep(1.5)\n    run.record(good)")
    wire.listen(1.5)
    told = page.got("running")
    assert [one["candidate"] for one in told] == ["svm", "mlp"]
    assert all(0.4 < one["seconds"] < 1.5 for one in told)
    assert page.got("snapshot")[-1]["running"] is None
