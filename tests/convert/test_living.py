"""Living with a package: made again after edits, drift told by `mlee check`, folders of others left alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mlee_jupyter.cli.main import main
from mlee_jupyter.convert.package import package
from mlee_jupyter.convert.write.package_drift import drift_of, folder_to_refresh, packages_of
from mlee_jupyter.convert.write.writing import Landed
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.session.notebook_check import check_notebook

from .makers import write_notebook

CELLS = (
    "import pandas as pd\nLOW = 1.0\nHIGH = 2.0\nWIDE = 3.0",
    "#md # Load the data",
    "boxes = pd.DataFrame({'height': [LOW, HIGH], 'width': [HIGH, WIDE]})",
    "#md # Evaluate",
    "score = float((boxes['height'] * boxes['width']).mean())",
)
LATER = (*CELLS[:4], "score = float((boxes['height'] + boxes['width']).mean())")
OTHER = (*CELLS[:3], "#md # Plot", CELLS[4])  # the last stage goes to another module
DATA, EVALUATE = "src/nb/data.py", "src/nb/evaluate.py"


def append(text: str) -> Callable[[Path], None]:
    def edit(place: Path) -> None:
        place.write_text(place.read_text("utf-8") + text, "utf-8")

    return edit


def windows(place: Path) -> None:
    place.write_bytes(place.read_bytes().replace(b"\n", b"\r\n"))


def spoil(place: Path) -> None:
    place.write_bytes(b"\xff\xfe\x00not text")


EDITS: dict[str, tuple[str, Callable[[Path], None], tuple[str, ...], bool]] = {
    # file, edit, cells of the notebook afterwards, whether the new text goes beside it
    "an edited module whose text is new": (EVALUATE, append("\n# mine\n"), LATER, True),
    "an edited module whose text is the old one": (DATA, append("\n# mine\n"), LATER, True),
    "an edited README": ("README.md", append("mine\n"), LATER, True),
    "an edited configuration": ("config.toml", append("# mine\n"), LATER, True),
    "a file that is no text any more": (EVALUATE, spoil, LATER, True),
    "not edited": (EVALUATE, lambda _: None, LATER, False),
    "only other line ends": (EVALUATE, windows, LATER, False),
    "taken away": (EVALUATE, lambda place: place.unlink(), LATER, False),
}


def refreshed(path: Path, folder: Path) -> Landed:
    landed = package(path, folder, run=False, refresh=True).landed
    assert landed is not None
    return landed


@pytest.mark.parametrize("case", EDITS)
def test_an_edited_file_is_never_overwritten(tmp_path: Path, case: str) -> None:
    file, edit, cells, is_beside = EDITS[case]
    path, folder = write_notebook(tmp_path, *CELLS), tmp_path / "boxes"
    package(path, folder, run=False)
    edit(folder / file)
    mine = (folder / file).read_bytes() if (folder / file).exists() else b""
    write_notebook(tmp_path, *cells)
    landed = refreshed(path, folder)
    beside = folder / f"{file}.new"
    assert landed.beside == ((f"{file}.new",) if is_beside else ())
    assert beside.exists() is is_beside
    assert ((folder / file).read_bytes() == mine) is is_beside
    fresh = tmp_path / "fresh"
    package(path, fresh, run=False)
    assert (beside if is_beside else folder / file).read_text("utf-8") == (fresh / file).read_text("utf-8")


def test_work_in_the_file_beside_is_kept_too(tmp_path: Path) -> None:
    path, folder = write_notebook(tmp_path, *CELLS), tmp_path / "boxes"
    package(path, folder, run=False)
    append("# mine\n")(folder / EVALUATE)
    write_notebook(tmp_path, *LATER)
    refreshed(path, folder)
    append("# half merged\n")(folder / f"{EVALUATE}.new")
    write_notebook(tmp_path, *CELLS[:4], "score = 1.0 + len(boxes)")
    assert refreshed(path, folder).beside == (f"{EVALUATE}.new.2",)
    assert (folder / f"{EVALUATE}.new").read_text("utf-8").endswith("# half merged\n")


def test_what_was_merged_is_no_edit_any_more(tmp_path: Path) -> None:
    path, folder = write_notebook(tmp_path, *CELLS), tmp_path / "boxes"
    package(path, folder, run=False)
    append("# mine\n")(folder / EVALUATE)
    write_notebook(tmp_path, *LATER)
    refreshed(path, folder)
    (folder / EVALUATE).write_text((folder / f"{EVALUATE}.new").read_text("utf-8"), "utf-8")
    landed = refreshed(path, folder)
    assert landed.beside == ()
    assert landed.removed == (f"{EVALUATE}.new",)
    drift = drift_of(folder)
    assert drift is not None
    assert not drift.edited


@pytest.mark.parametrize("edited", [True, False])
def test_a_module_that_is_no_part_any_more(tmp_path: Path, edited: bool) -> None:
    path, folder = write_notebook(tmp_path, *CELLS), tmp_path / "boxes"
    package(path, folder, run=False)
    if edited:
        append("# mine\n")(folder / EVALUATE)
    write_notebook(tmp_path, *OTHER)
    landed = refreshed(path, folder)
    assert (landed.left, landed.removed) == (((EVALUATE,), ()) if edited else ((), (EVALUATE,)))
    assert (folder / EVALUATE).exists() is edited


def test_the_name_and_what_to_keep_are_remembered(tmp_path: Path) -> None:
    path, folder = write_notebook(tmp_path, *CELLS, "idle = boxes.copy()"), tmp_path / "boxes"
    package(path, folder, name="crates", keep_variables=("score",), run=False)
    plan = package(path, None, run=False, refresh=True).plan
    assert (plan.name, plan.keep_variables, plan.results) == ("crates", ("score",), ("score",))


Maker = Callable[[Path], object]
REFUSED: dict[str, tuple[Maker, str]] = {
    "a file": (lambda p: p.write_text("x"), "is a file"),
    "a folder of someone else": (lambda p: (p.mkdir(), (p / "x.txt").write_text("x")), "was not written by mlee"),
    "a broken link": (lambda p: p.symlink_to(p.with_name("nowhere")), "is a link"),
}
TAKEN: dict[str, Maker] = {"absent": lambda p: None, "empty": lambda p: p.mkdir()}


@pytest.mark.parametrize("case", REFUSED)
def test_an_output_of_someone_else_is_refused(tmp_path: Path, case: str) -> None:
    make, said = REFUSED[case]
    path = write_notebook(tmp_path, *CELLS)
    make(tmp_path / "out")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(MleeError, match=said):
        package(path, tmp_path / "out", run=False)
    with pytest.raises(MleeError, match="holds no package of ours"):
        package(path, tmp_path / "out", run=False, refresh=True)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("case", TAKEN)
def test_an_output_that_is_free_is_taken(tmp_path: Path, case: str) -> None:
    TAKEN[case](tmp_path / "out")
    assert package(write_notebook(tmp_path, *CELLS), tmp_path / "out", run=False).landed is not None


def test_which_package_to_refresh(tmp_path: Path) -> None:
    path = write_notebook(tmp_path, *CELLS)
    with pytest.raises(MleeError, match="No package near"):
        folder_to_refresh(path)
    package(path, tmp_path / "one", run=False)
    assert folder_to_refresh(path) == tmp_path / "one" == packages_of(path)[0]
    package(path, tmp_path / "two", run=False)
    with pytest.raises(MleeError, match="2 packages"):
        folder_to_refresh(path)


CHANGES: dict[str, tuple[tuple[str, ...], tuple[int, ...] | None]] = {
    "nothing": (CELLS, None),
    "only prose": ((*CELLS[:3], "#md # Judge", CELLS[4]), None),
    "a cell": (LATER, (5,)),
    "a cell more": ((*CELLS, "more = score + 1"), (6,)),
    "a cell less": (CELLS[:4], ()),
    "a cell twice": ((*CELLS, CELLS[4]), ()),
}


@pytest.mark.parametrize("case", CHANGES)
def test_mlee_check_tells_drift(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], case: str
) -> None:
    monkeypatch.chdir(tmp_path)
    cells, changed = CHANGES[case]
    path = write_notebook(tmp_path, *CELLS)
    package(path, tmp_path / "boxes", run=False)
    write_notebook(tmp_path, *cells)
    answer = next(a for a in check_notebook(path) if a.rule == "MLE712")
    assert (answer.outcome == "finding") is (changed is not None)
    assert main(["check", "nb.ipynb", "--format", "json"]) == 0, "a warning does not fail the check"
    told = [f for f in json.loads(capsys.readouterr().out)["nb.ipynb"] if f["rule"] == "MLE712"]
    assert bool(told) is (changed is not None)
    if changed:
        assert answer.facts["cells"] == changed
    if told:
        assert answer.remedy == "mlee package nb.ipynb --output boxes --refresh"
        assert main([*answer.remedy.split()[1:], "--no-run"]) == 3
        assert not any(a.rule == "MLE712" and a.outcome == "finding" for a in check_notebook(path))


def test_edits_by_hand_are_no_drift_and_are_named_with_one(tmp_path: Path) -> None:
    path, folder = write_notebook(tmp_path, *CELLS), tmp_path / "boxes"
    package(path, folder, run=False)
    append("# mine\n")(folder / DATA)
    assert next(a for a in check_notebook(path) if a.rule == "MLE712").outcome == "ok"
    write_notebook(tmp_path, *LATER)
    assert "1 file of it edited by hand" in next(a for a in check_notebook(path) if a.rule == "MLE712").message
