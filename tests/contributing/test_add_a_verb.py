"""The story "Add a verb" works as written: one file, and every surface has it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .story import carry_out, copy_tree, holds, reads_well, run, steps

SURFACES = """
import contextlib, io, json
from IPython.core import oinspect
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

config = Config()
config.HistoryManager.enabled = False
shell = InteractiveShell.instance(config=config)

def told(cell):
    with contextlib.redirect_stdout(io.StringIO()) as said:
        shell.run_cell(cell).raise_error()
    return said.getvalue()

told("%load_ext mlee_jupyter")
help = oinspect.getdoc(shell.find_line_magic("mlee_experiment"))
told("%mlee_experiment start shelf --budget 6h")
told("%%mlee_candidate knn\\n0.9")
magic = told("%mlee_experiment spent knn")

import inspect
import mlee_jupyter as mlee
from docs import site_pages

handle = mlee.start("shelf")
shelf = type(handle).spent
seen = {
    "help": help,
    "magic": magic,
    "page": told("%mlee"),
    "verbs": shell.complete("sp", "%mlee_experiment sp", 19)[1],
    "words": shell.complete("kn", "%mlee_experiment spent kn", 25)[1],
    "handle": repr(handle.spent("knn")),
    "signature": str(inspect.signature(shelf)),
    "doc": shelf.__doc__,
    "listed": "spent" in dir(handle),
    "site": site_pages.magics(),
}
open("seen.json", "w").write(json.dumps(seen))
"""


@pytest.mark.slow
def test_the_verb_of_the_story_is_on_every_surface(tmp_path: Path) -> None:
    tree, project = copy_tree(tmp_path), tmp_path / "project"
    project.mkdir()
    (project / "pyproject.toml").touch()
    verb, typed, test = steps("Add a verb")

    carry_out(tree, verb)
    run(tree, "-c", SURFACES, folder=project)
    seen = json.loads((project / "seen.json").read_text("utf-8"))
    assert "spent" in seen["help"]
    assert "went into knn." in seen["magic"]
    assert " spent " in seen["page"].replace("\n", " ")
    assert "spent" in seen["verbs"]
    assert "knn" in seen["words"]
    assert seen["handle"].startswith("datetime.timedelta(")
    assert "candidate" in seen["signature"]
    assert seen["doc"] == "How much active time went into a candidate."
    assert seen["listed"]
    assert "| `spent` | How much time went into a candidate. |" in seen["site"]
    assert "how much time went into a candidate" in run(tree, "-m", "mlee_jupyter", "--help", folder=project)
    assert "went into knn." in run(tree, "-m", "mlee_jupyter", "spent", "shelf", "knn", folder=project)

    carry_out(tree, typed)
    carry_out(tree, test)
    holds(tree, test.path, "tests/test_verbs.py", "tests/test_map.py", "tests/test_handle.py")
    reads_well(tree, verb.path, typed.path, test.path)
