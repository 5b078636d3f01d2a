"""The example notebooks, executed as a reader would: what each of them claims is looked up in its outputs."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

from mlee_jupyter.domain import Records
from mlee_jupyter.store import open_store

from .conftest import Shell

FOLDER = Path(__file__).parent.parent / "example_notebooks"
NOTEBOOKS = sorted(path.name for path in FOLDER.glob("*.ipynb"))
BOARD = "application/vnd.mlee.board.v1+json"
SAID = re.compile(r"^(error|warning|advice) +(MLE\d{3}) +(.*)$", re.MULTILINE)
TIME = ("MLE101", "MLE102", "MLE103")


def read(path: Path) -> Any:
    return nbformat.reads(path.read_text("utf-8"), as_version=4)  # type: ignore[no-untyped-call]


@dataclass(frozen=True)
class Said:
    """A finding as it was printed."""

    cell: str
    level: str
    rule: str
    message: str


@dataclass(frozen=True)
class Executed:
    """A notebook after "Run All"; cells are called by their ids."""

    cells: dict[str, Any]

    def outputs(self, cell: str) -> list[Any]:
        return list(self.cells[cell].get("outputs", ()))

    def text(self, cell: str) -> str:
        parts = [o.get("text") or o.get("data", {}).get("text/plain", "") for o in self.outputs(cell)]
        return "".join(parts)

    def said(self, *rules: str) -> list[Said]:
        found = [Said(cell, *match.groups()) for cell in self.cells for match in SAID.finditer(self.text(cell))]
        return [one for one in found if one.rule in rules or not rules]

    def where(self, *rules: str) -> list[tuple[str, str]]:
        return [(one.cell, one.rule) for one in self.said(*rules)]

    def board(self, cell: str = "scoreboard") -> str:
        """The scoreboard's text; the board and its HTML must be there as well."""
        (shown,) = [o.data for o in self.outputs(cell) if BOARD in o.get("data", {})]
        assert "<table" in shown["text/html"]
        return str(shown["text/plain"])

    def state(self, candidate: str, cell: str = "scoreboard") -> str:
        """The shape in front of a candidate's name on the board."""
        (line,) = re.findall(rf"^ (\S) {candidate} +\d", self.board(cell), re.MULTILINE)
        return str(line)


class OwnInterpreter(AsyncKernelManager):
    """Kernels of the interpreter that runs the tests, whatever `python3` is registered on the machine."""

    def _kernel_spec_manager_default(self) -> KernelSpecManager:
        return KernelSpecManager(kernel_dirs=[])


class Project:
    """A folder with notebooks in it, and a store of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "pyproject.toml").touch()

    def run_all(self, name: str, **changed: str) -> Executed:
        """Start a new kernel and run every cell; `changed` replaces the source of cells, by their ids."""
        shutil.copy(FOLDER / name, self.folder)
        notebook = read(self.folder / name)
        for cell in notebook.cells:
            cell.source = changed.get(cell.id, cell.source)
        where = {"metadata": {"path": str(self.folder)}}
        NotebookClient(
            notebook, timeout=300, kernel_name="python3", kernel_manager_class=OwnInterpreter, resources=where
        ).execute()
        outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
        assert not [o for o in outputs if o.output_type == "error" or o.get("name") == "stderr"]
        return Executed({cell.id: cell for cell in notebook.cells})

    def counts(self) -> dict[str, dict[str, int]]:
        """How many variants of each candidate the store holds, by experiment."""
        store = open_store(str(self.folder / ".mlee" / "experiments.db"))
        try:
            names = [experiment.name for experiment in store.experiments()]
            return {name: _variants(store.records(name)) for name in names}
        finally:
            store.close()


def _variants(records: Records) -> dict[str, int]:
    names = [candidate.name for candidate in records.candidates]
    return {name: len({r.variant_id for r in records.results if r.candidate == name}) for name in names}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    for name in ("MLEE_STORE", "JPY_SESSION_NAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    before = set(os.listdir(FOLDER))
    project = tmp_path / "project"
    project.mkdir()
    yield Project(project)
    assert set(os.listdir(FOLDER)) == before, "the checkout is left alone"


# ---------------------------------------------------------------------- as they are committed


def test_the_three_stories_are_there() -> None:
    assert set(NOTEBOOKS) >= {"quickstart.ipynb", "too_small_a_sample.ipynb", "too_many_variants.ipynb"}
    assert set(NOTEBOOKS) >= {"a_query_would_do.ipynb", "two_weeks_or_two_months.ipynb"}


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_is_committed_clean(name: str) -> None:
    notebook = read(FOLDER / name)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata.kernelspec.name == "python3"
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    assert not re.search(r"/(home|root|tmp|Users|work)/", (FOLDER / name).read_text("utf-8")), "no machine's paths"


# ---------------------------------------------------------------------- the stories


@pytest.mark.slow
def test_quickstart_goes_from_a_question_to_a_decision(place: Project) -> None:
    told = place.run_all("quickstart.ipynb")
    assert told.where() == [
        ("start", "MLE201"),
        ("knn", "MLE508"),
        ("svm", "MLE201"),
        ("take-the-top", "MLE301"),
        ("take-the-top", "MLE501"),
    ]
    assert [told.state(name) for name in ("svm", "knn", "forest", "average")] == ["*", "=", "?", "-"]
    board = told.board()
    assert "simplest as good" in board
    assert "Decided: knn" in board
    assert "Recommended: knn" in told.text("compare")
    assert told.text("why").startswith("forest is right on ")
    assert "can't tell" in told.text("why")
    assert [cell for cell in told.cells if any(BOARD in o.get("data", {}) for o in told.outputs(cell))][-1] == (
        "scoreboard"
    ), "what `mlee demo` prints"

    once = place.counts()
    assert once == {"postcodes": {"average": 1, "knn": 1, "forest": 1, "svm": 1}}
    again = place.run_all("quickstart.ipynb")
    assert place.counts() == once, "nothing is counted twice"
    assert "resumed" in again.text("start")
    assert "Decided: knn" in again.board()


def test_quickstart_runs_in_a_plain_shell(shell: Shell) -> None:
    printed = {
        cell.id: shell.run(cell.source) for cell in read(FOLDER / "quickstart.ipynb").cells if cell.cell_type == "code"
    }
    assert "MLE201" in printed["start"]
    assert "MLE301" in printed["take-the-top"]
    assert "simplest as good" in printed["scoreboard"]
    assert "Recommended: knn" in printed["compare"]


@pytest.mark.slow
def test_too_small_a_sample_is_told_before_the_first_model(place: Project) -> None:
    told = place.run_all("too_small_a_sample.ipynb")
    pilot, shop = told.said("MLE203"), told.said("MLE201")
    assert [(one.cell, one.level) for one in pilot] == [("pilot-start", "error")]
    assert "2 of the 10 kinds" in pilot[0].message
    assert "20%" in pilot[0].message
    assert [(one.cell, one.level) for one in shop] == [("pilot-start", "warning")]
    assert shop[0].message.startswith("60 test cases")
    assert "1 error" in told.board("pilot-board")
    for model in ("pilot-average", "pilot-knn", "pilot-svm"):
        assert "recorded: 100.0% on 60 cases" in told.text(model)

    assert not SAID.findall(told.text("start")), "ten kinds, 1,000 rows: silence"
    assert "recorded: 20.0% on 1,000 cases" in told.text("pilot-in-the-shop")
    assert "100.0" not in told.board()
    assert [told.state(name) for name in ("svm", "knn", "average")] == ["*", "=", "-"]

    once = place.counts()
    assert set(once) == {"shelf-pilot", "shelf"}
    again = place.run_all("too_small_a_sample.ipynb")
    assert place.counts() == once, "nothing is counted twice"
    assert again.where("MLE203", "MLE201") == [], "said once, and this store has heard it"


@pytest.mark.slow
def test_too_many_variants_shows_what_luck_did(place: Project) -> None:
    told = place.run_all("too_many_variants.ipynb")
    (tuning,) = told.said("MLE302")
    assert (tuning.cell, tuning.level) == ("forest-tuned", "warning")
    assert re.match(r"2[1-4] variants of forest", tuning.message), "the 21st, or the first after it that is judged"

    before, after = ("helper", "forest-tuned", "knn-tuned"), ("extend", "svm-tuned")
    early = list(dict.fromkeys(one.rule for one in told.said(*TIME) if one.cell in before))
    # on a slow machine one cell may pass two limits, of which the later one is said
    assert early == [rule for rule in TIME if rule in early], "each limit, in its order"
    assert early[-1] == TIME[-1]
    late = [one.rule for one in told.said(*TIME) if one.cell in after]
    assert len(late) == len(set(late)), "on a slow machine the new limits may be reached as well, once each"

    flattered = told.said("MLE305")
    assert flattered
    assert "may be luck, as the best of" in flattered[0].message
    (points,) = re.findall(r"flatters svm by about ([\d.]+) points", " ".join(told.board().split()))
    assert float(points) > 1, "more than half of the useful gain"
    lines = re.findall(r"^(\w+) +([\d.]+) +([\d.]+) +(-?[\d.]+)", told.text("promised-and-kept"), re.MULTILINE)
    table = {name: [float(number) for number in numbers] for name, *numbers in lines}
    assert set(table) == {"svm", "knn", "forest"}
    assert all(promised > kept for promised, kept, _ in table.values()), "every winner promised too much"
    assert table["svm"][2] > 1, "fresh rows show the luck that the board named"
    assert told.state("knn") == "?"
    assert table["svm"][0] - table["knn"][0] > 1 > abs(table["svm"][1] - table["knn"][1]), "the lead is gone"

    once = place.counts()
    assert once["few-labels"] == {"knn": 8, "forest": 24, "svm": 16}
    assert once["few-labels-confirmed"] == {"svm": 1, "knn": 1, "forest": 1}
    again = place.run_all("too_many_variants.ipynb")
    assert place.counts() == once, "nothing is counted twice"
    assert again.where("MLE302") == []


@pytest.mark.slow
def test_a_query_would_do_is_told_before_the_first_model(place: Project) -> None:
    """Planning: a way is asked for and nothing simple is planned; asked for the outcome, a query ends it."""
    told = place.run_all("a_query_would_do.ipynb")
    assert told.where("MLE506", "MLE602") == [("start-as-it-went", "MLE506"), ("start-as-it-went", "MLE602")]
    assert "look up when each customer opened mail before" in told.text("start-as-it-went")
    assert "network does not fit" in told.text("plan-as-it-went")

    twin = told.said()
    assert [(one.cell, one.rule) for one in twin if one.cell in ("start", "zone", "query", "decide")] == [
        ("query", "MLE508")
    ], "the same without the flaw: silence, and then that one can stop"
    assert told.state("query") == "*"


@pytest.mark.slow
def test_two_weeks_or_two_months_is_told_by_the_plan(place: Project) -> None:
    """Scoping: what does not fit, a measure that hides frauds, and months of building for nothing."""
    told = place.run_all("two_weeks_or_two_months.ipynb")
    assert "network does not fit" in told.text("plan-as-it-went")
    assert ("charter-as-it-went", "MLE204") in told.where("MLE204")
    assert ("rule-as-it-went", "MLE406") in told.where("MLE406")
    (dear,) = told.said("MLE109")
    assert (dear.cell, dear.level) == ("network", "advice")
    assert "takes 320 h to build" in dear.message

    of_twin = ("charter", "rule", "linear", "boosting", "decide", "plan")
    assert [(one.cell, one.rule) for one in told.said() if one.cell in of_twin] == [("linear", "MLE508")]
    assert "3 candidates tried" in told.text("plan")


def source(name: str, cell: str) -> str:
    """The source of one cell of a notebook."""
    (found,) = [one.source for one in read(FOLDER / name).cells if one.id == cell]
    return str(found)


@pytest.mark.slow
def test_faster_than_asked_shows_the_cost_and_is_silent_in_batches(place: Project) -> None:
    name = "faster_than_asked.ipynb"
    told = place.run_all(name)
    first = told.said("MLE503")[0]
    assert first.cell == "start", "before anything is trained"
    assert "used once a week" in first.message
    assert told.where("MLE502") == [("line", "MLE502"), ("check", "MLE502")]
    assert "it is said to be worth 100" in told.said("MLE502")[0].message
    costs = told.text("costs")
    assert re.search(r"line +\d[\d,]* to [\d,]+ USD a month", costs)
    assert "last-week: no fitted model was handed over" in costs
    assert "~1" in told.board()

    begin = source(name, "start")
    changed = begin.replace('"real-time"', '"weekly batch"').replace("start shelves", "start shelves-weekly")
    assert changed != begin
    silent = place.run_all(name, start=changed)
    assert silent.where("MLE502", "MLE503", "MLE507") == []
    assert [one for one in silent.said() if one.level != "advice"] == []
    assert "under 1 USD a month" in silent.text("costs")


@pytest.mark.slow
def test_the_simplest_that_solves_it_is_named_and_its_choice_is_silent(place: Project) -> None:
    name = "simplest_that_solves_it.ipynb"
    told = place.run_all(name)
    assert told.where() == [("zone", "MLE508"), ("decide", "MLE501")]
    assert "zone is as good and simpler (1 against 4)" in told.said("MLE501")[0].message
    assert "Simplicity 1: an average of groups" in told.text("zone")

    begin = source(name, "start").replace("start mail", "start mail-again")
    silent = place.run_all(name, start=begin, decide="%mlee_experiment decide zone --because 'it solves it'")
    assert silent.where() == [("zone", "MLE508")], "nothing but that one can stop"


@pytest.mark.slow
def test_which_prompt_trusts_no_judge_unseen(place: Project) -> None:
    told = place.run_all("which_prompt.ipynb")
    assert "10 of 150 rows have no score: candidates are compared where all have one." in told.text("careful")
    board = " ".join(told.board().split())
    assert "Judged on the 140 of 150 rows that all have a score on (careful has none on 10)." in board
    assert "another kind of row" in board
    assert told.state("polite") == "*", "by the grades"
    people = told.text("people")
    assert people.startswith("The judge agrees with people by 0.")
    assert "It favours polite over plain by" in people
    assert "It favours polite over careful by" in people
    assert people.count("It favours") == 2, "of whom the judge does not favour nothing is said"
    assert told.where("MLE301") == [("decide", "MLE301")], "the grades alone say so; the reason answers it"
    assert "Decided: careful" in told.text("decide")

    once = place.counts()
    assert once == {"prompts": {"plain": 1, "careful": 1, "polite": 1}}
    place.run_all("which_prompt.ipynb")
    assert place.counts() == once, "nothing is counted twice"
