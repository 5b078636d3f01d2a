"""Absolute paths: what is only read may be looked for below a data root, what may be changed stays where it was."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mlee_jupyter.convert.package import package
from mlee_jupyter.convert.plan.planning import plan_notebook
from mlee_jupyter.convert.types import Plan, Sameness

from .makers import write_notebook

IMPORTS = (
    "import glob, os, shutil, subprocess, sqlite3, json\nfrom glob import glob as find\nfrom pathlib import Path\n"
    "import numpy as np\nimport pandas as pd\nimport matplotlib.pyplot as plt\nfrom shutil import rmtree as clear"
)
CHANGES = {
    "a tree": "shutil.rmtree('{0}', ignore_errors=True)",
    "by another name": "clear('{0}')",
    "a pattern": "for f in glob.glob('{0}/*.pkl'):\n    os.remove(f)",
    "a pattern in a variable": "old = find('{0}/*.pkl')\nfor f in old:\n    os.unlink(f)",
    "through a constant": "CACHE = '{0}'\nif os.path.exists(CACHE):\n    shutil.rmtree(CACHE)",
    "joined": "BASE = '{0}'\nout = os.path.join(BASE, 'm.csv')\npd.DataFrame({{'a': [1]}}).to_csv(out)",
    "formatted": "BASE = '{0}'\nopen(f'{{BASE}}/m.csv', 'w').write('x')",
    "a path object": "base = Path('{0}')\nfor one in base.iterdir():\n    one.unlink()",
    "divided": "BASE = '{0}'\n(Path(BASE) / 'x').write_text('x')",
    "in a function": "def clean(where):\n    shutil.rmtree(where)\nclean('{0}')",
    "a function of a function": "def wipe(p):\n    os.remove(p)\ndef clean(p):\n    wipe(p)\nclean('{0}')",
    "in a function, by its own name": "BASE = '{0}'\ndef clean():\n    shutil.rmtree(BASE)\nclean()",
    "in a class": "class Store:\n    def put(self, p):\n        open(p, 'w').write('x')\nStore().put('{0}')",
    "mapped": "list(map(os.remove, glob.glob('{0}/*')))",
    "opened to append": "log = open('{0}/log.txt', 'a')",
    "opened, who knows how": "how = os.environ.get('HOW', 'r')\nlog = open('{0}/log.txt', how)",
    "moved": "shutil.move('here.csv', '{0}/there.csv')",
    "a database": "con = sqlite3.connect('{0}/shop.db')",
    "a command": "subprocess.run(['rm', '-rf', '{0}'])",
    "a shell line": "BASE = '{0}'\n!rm -rf $BASE/*",
    "a picture": "plt.plot([1, 2])\nplt.savefig('{0}/fit.png')",
    "an array": "np.save('{0}/x.npy', np.arange(3))",
    "written, then read": "pd.DataFrame({{'a': [1]}}).to_csv('{0}/m.csv')\nback = pd.read_csv('{0}/m.csv')",
    "read below what is deleted": "rows = pd.read_csv('{0}/m.csv')\nshutil.rmtree('{0}')",
    "read, and listed to be deleted": (
        "rows = open('{0}/m.csv').read()\nfor f in os.listdir('{0}'):\n    os.remove(f'{0}/{{f}}')"
    ),
}
READS = {
    "a table": "rows = pd.read_csv('{0}/m.csv')",
    "a table that is written elsewhere": "rows = pd.read_csv('{0}/m.csv')\nrows.to_csv('out.csv')",
    "a file": "rows = open('{0}/m.csv').read()",
    "by a constant": "DATA = '{0}/m.csv'\nrows = pd.read_csv(DATA)\nrows.describe().to_csv('out.csv')",
    "in a function": (
        "def load(p):\n    return pd.read_csv(p)\nDATA = '{0}/m.csv'\nrows = load(DATA)\nrows.to_csv('out.csv')"
    ),
    "something else is deleted": "rows = pd.read_csv('{0}/m.csv')\nshutil.rmtree('tmp', ignore_errors=True)",
}
PLACE = "/srv/elsewhere/cache"


def plan_of(tmp_path: Path, body: str) -> Plan:
    return plan_notebook(write_notebook(tmp_path, IMPORTS, *body.split("\n\n"), "total = 1 + 2"))


def settings(plan: Plan) -> dict[str, object]:
    return {one.key: one.value for one in plan.constants.values()}


@pytest.mark.parametrize("case", CHANGES)
def test_what_may_be_changed_stays_where_it_was(case: str, tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir()
    plan = plan_of(tmp_path, CHANGES[case].format(PLACE))
    led = [one for one in plan.constants.values() if one.kind == "absolute path"]
    assert led == []
    text = "".join(str(value) for value in settings(plan).values()) + "".join(
        plan.facts.statements[i].code for i in plan.flow
    )
    assert PLACE in text


@pytest.mark.parametrize("case", READS)
def test_what_is_only_read_may_be_elsewhere(case: str, tmp_path: Path) -> None:
    plan = plan_of(tmp_path, READS[case].format(PLACE))
    assert [one.value for one in plan.constants.values() if one.kind == "absolute path"] == ["m.csv"]


@pytest.mark.parametrize("order", itertools.permutations(["'/srv/a/x.csv'", "'/srv/b/x.csv'", "'x.csv'"]))
def test_two_paths_never_become_one(order: tuple[str, ...], tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "\n".join(f"t{at} = pd.read_csv({path})" for at, path in enumerate(order)))
    read = [one.value for one in plan.constants.values() if one.kind in ("path", "absolute path")]
    assert len(read) == len(set(read)) == 3


def test_a_path_that_is_there_is_not_taken_for_a_file_beside_the_notebook(tmp_path: Path) -> None:
    """Only where the place of another machine is not there is a file of that name meant."""
    far, home = tmp_path / "far", tmp_path / "home"
    far.mkdir()
    home.mkdir()
    for folder in (far, home):
        (folder / "x.csv").write_text("a\n1\n", "utf-8")
    plan = plan_of(home, f"rows = pd.read_csv('{far}/x.csv')\nmore = pd.read_csv('/kaggle/input/y.csv')")
    assert plan.data_root == far


def test_a_package_never_deletes_what_its_notebook_does_not(tmp_path: Path) -> None:
    """The folder that is meant is elsewhere; one of that name stands beside the notebook."""
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "precious.txt").write_text("mine", "utf-8")
    path = write_notebook(
        tmp_path,
        f"import shutil\nshutil.rmtree('{tmp_path.parent}/gone/cache', ignore_errors=True)\nvalues = [3, 1, 2]",
        "total = sum(values)",
    )
    outcome = package(path, tmp_path / "out")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "out" / "src")}
    subprocess.run(
        [sys.executable, "-m", outcome.plan.name], cwd=tmp_path / "out", env=environment, check=True, timeout=120
    )
    assert (tmp_path / "cache" / "precious.txt").read_text("utf-8") == "mine"


def test_a_proof_sees_what_is_deleted(tmp_path: Path) -> None:
    """By both sides: then it is compared as what was written is."""
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "a.txt").write_text("x", "utf-8")
    outcome = package(write_notebook(tmp_path, "import shutil\nshutil.rmtree('old')\nvalues = [3]"), tmp_path / "out")
    assert outcome.proof is not None
    assert "file old/a.txt" in {v.name for v in outcome.proof.values if v.verdict is Sameness.IDENTICAL}
    assert (tmp_path / "old" / "a.txt").exists()
