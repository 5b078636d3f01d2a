"""The rehearsal: two people change one project at once, in the notebook and in its package, with git merging."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mlee_jupyter.convert.package import package

from .makers import write_notebook
from .test_package import HereAndNow

CELLS = (
    "#md # Who buys again?",
    "import pandas as pd\nfrom sklearn.datasets import load_wine",
    "#md ## Data",
    "frame = load_wine(as_frame=True).frame",
    "frame['kind'] = ['still', 'sparkling'] * 89",
    "#md ## Features",
    'FEATURES = ["alcohol", "ash", "hue"]',
    "X = frame[FEATURES]\ny = frame['target']",
    "#md ## Split",
    "from sklearn.model_selection import train_test_split",
    "X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=7)",
    "#md ## Scale",
    "from sklearn.preprocessing import StandardScaler\nscaler = StandardScaler()",
    'scaled = scaler.fit_transform(X_train[["alcohol", "ash", "hue"]])',
    "#md ## Model",
    "from sklearn.neighbors import KNeighborsClassifier\nmodel = KNeighborsClassifier(n_neighbors=5)",
    "model.fit(scaled, y_train)",
    "#md ## Evaluate",
    'score = float(model.score(scaler.transform(X_test[["alcohol", "ash", "hue"]]), y_test))',
)


def git(folder: Path, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    home = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    who = {f"GIT_{w}_{k}": "a@example.org" for w in ("AUTHOR", "COMMITTER") for k in ("NAME", "EMAIL")}
    return subprocess.run(
        ["git", *words],
        cwd=folder,
        env={**os.environ, **home, **who},
        capture_output=True,
        text=True,
        check=check,
        timeout=60,
    )


def replaced(path: Path, old: str, new: str) -> int:
    """Replace a text in a file; gives back in how many places it stood."""
    text = path.read_text("utf-8")
    assert old in text, f"{old!r} is not in {path.name}:\n{text}"
    path.write_text(text.replace(old, new), "utf-8")
    return text.count(old)


def run_tests(folder: Path) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "addopts="]
    return subprocess.run(call, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("git") is None, reason="merging needs git")
def test_the_notebook_conflicts_and_the_package_merges_clean(tmp_path: Path) -> None:
    source = write_notebook(tmp_path, *CELLS, name="shelf.ipynb")
    outcome = package(source, tmp_path / "made", name="shelf", prover=HereAndNow())
    assert outcome.exit_code == 0

    # The notebook: saved by Jupyter after a run, as people do; counts and outputs change with every save.
    old = tmp_path / "old"
    old.mkdir()
    notebook = old / "shelf.ipynb"
    sites: dict[str, int] = {}

    def save(run: int) -> None:
        written = json.loads(source.read_text("utf-8"))
        for place, cell in enumerate(written["cells"]):
            if cell["cell_type"] == "code":
                cell["execution_count"] = run * 20 + place
        notebook.write_text(json.dumps(written, indent=1), "utf-8")

    git(old, "init", "-q", "-b", "main")
    save(1)
    git(old, "add", "-A")
    git(old, "commit", "-qm", "start")
    git(old, "checkout", "-qb", "fields")
    before = source.read_text("utf-8")
    sites["notebook"] = replaced(
        source, '\\"alcohol\\", \\"ash\\", \\"hue\\"', '\\"alcohol\\", \\"ash\\", \\"hue\\", \\"proline\\"'
    )
    save(2)
    git(old, "commit", "-qam", "fields")
    git(old, "checkout", "-q", "main")
    git(old, "checkout", "-qb", "scaler")
    source.write_text(before, "utf-8")
    replaced(source, "StandardScaler", "MinMaxScaler")
    save(3)
    git(old, "commit", "-qam", "scaler")
    source.write_text(before, "utf-8")
    assert git(old, "merge", "fields", check=False).returncode != 0
    assert "<<<<<<<" in notebook.read_text("utf-8")

    # The package: one adds two fields and an encoding, the other changes the scaler.
    made = tmp_path / "made"
    git(made, "init", "-q", "-b", "main")
    git(made, "add", "-A")
    git(made, "commit", "-qm", "start")
    git(made, "checkout", "-qb", "fields")
    sites["package"] = replaced(
        made / "config.toml", '    "hue",\n', '    "hue",\n    "proline",\n    "is_sparkling",\n'
    )
    data = made / "src" / "shelf" / "data.py"
    replaced(
        data,
        "    return frame\n",
        '    frame["is_sparkling"] = (frame["kind"] == "sparkling").astype(int)\n    return frame\n',
    )
    git(made, "commit", "-qam", "fields")
    git(made, "checkout", "-q", "main")
    git(made, "checkout", "-qb", "scaler")
    scaling = next(p for p in (made / "src" / "shelf").glob("*.py") if "StandardScaler" in p.read_text("utf-8"))
    replaced(scaling, "StandardScaler", "MinMaxScaler")
    git(made, "commit", "-qam", "scaler")
    merged = git(made, "merge", "fields", check=False)
    assert merged.returncode == 0, merged.stdout

    # The golden test says that results changed, as wanted; renewing is one command, then everything passes.
    assert run_tests(made).returncode == 1
    subprocess.run([sys.executable, "tests/golden.py"], cwd=made, check=True, timeout=120, env=_with_source(made))
    done = run_tests(made)
    assert done.returncode == 0, done.stdout
    print(f"places to edit for the feature list: notebook {sites['notebook']}, package {sites['package']}")
    assert sites == {"notebook": 3, "package": 1}


def _with_source(folder: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(folder / "src")}
