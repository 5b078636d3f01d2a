"""A notebook is proven in its own environment: nothing of ours is installed there, and it may be older than ours."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mlee_jupyter.cli.kernels import with_interpreter
from mlee_jupyter.cli.main import main
from mlee_jupyter.convert.interpreter import OWN, Interpreter
from mlee_jupyter.convert.plan.planning import plan_notebook
from mlee_jupyter.convert.prove.interpreters import OLDEST, interpreter_at
from mlee_jupyter.convert.prove.processes import CHILD
from mlee_jupyter.convert.write.emit import emit
from mlee_jupyter.convert.write.filling import FOLDER
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.session.packaging import PackageOrder, interpreter_of

from .makers import write_notebook

CELLS = (
    "import statistics\nfrom collections import Counter",
    "words = 'the quick brown fox jumps over the lazy dog'.split()\nsizes = [len(w) for w in words] * 20",
    "mean = statistics.mean(sizes)\nprint('mean', mean)",
    "letters = Counter(''.join(words))\nletters.most_common(3)",
)


def bare(folder: Path) -> Path:
    """An environment of this Python in which nothing is installed."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True, timeout=120)
    return folder


def says(folder: Path, *lines: str) -> Path:
    """A program that prints some lines, whatever it is asked."""
    program = folder / "python-of-old"
    program.write_text("#!/bin/sh\n" + "".join(f"echo '{line}'\n" for line in lines))
    program.chmod(0o755)
    return program


def kernel(folder: Path, name: str, *argv: str, **environment: str) -> None:
    """A kernel that Jupyter finds below a folder."""
    place = folder / "kernels" / name
    place.mkdir(parents=True)
    spec = {"argv": [*argv], "display_name": name, "language": "python", "env": environment}
    (place / "kernel.json").write_text(json.dumps(spec))


@pytest.fixture
def jupyter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which Jupyter looks for kernels."""
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    return tmp_path / "jupyter"


@pytest.mark.slow
def test_a_bare_environment_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.delenv("PYTHONPATH", raising=False)
    where, made = bare(tmp_path / "env"), tmp_path / "made"
    path = write_notebook(tmp_path, *CELLS, name="it.ipynb")
    assert main(["package", str(path), "--output", str(made), "--python", str(where)]) == 0
    assert f"{where}/bin/python" in capsys.readouterr().out
    assert f"Both ran in Python {sys.version.split()[0]}, {where}/bin/python." in (made / "report.md").read_text()
    project = tomllib.loads((made / "pyproject.toml").read_text())["project"]
    assert project["dependencies"] == []
    again = ["package", str(path), "--output", str(made), "--refresh"]
    assert main(again) == 2
    assert f"--python {where}" in capsys.readouterr().err, "what it was made with is said"
    assert main([*again, "--python", str(where)]) == 0


@pytest.mark.parametrize("named", ["./tool.sh", "PLACE/tool.sh", "tool.sh"])
@pytest.mark.parametrize("more", ["", "--plan", "--no-run", "--explain"])
def test_no_program_is_run_because_a_strangers_folder_names_it(
    named: str, more: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    path, made = write_notebook(tmp_path, "n = 3", name="it.ipynb"), tmp_path / "made"
    main(["package", str(path), "--output", str(made), "--no-run"])
    tool = tmp_path / "tool.sh"
    tool.write_text(f"#!/bin/sh\ntouch {tmp_path}/harmed\n")
    tool.chmod(0o700)
    marker = made / ".mlee-package.json"
    marker.write_text(json.dumps(json.loads(marker.read_text()) | {"python": named.replace("PLACE", str(tmp_path))}))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    looks = more in ("--plan", "--explain")  # which run nothing anyway
    assert main(["package", str(path), "--output", str(made), "--refresh", *more.split()]) == (0 if looks else 2)
    assert looks or "Name it: --python" in capsys.readouterr().err
    assert not (tmp_path / "harmed").exists()


@pytest.mark.slow
def test_what_is_missing_is_named_with_the_interpreter(tmp_path: Path, capsys: Any) -> None:
    where = bare(tmp_path / "env")
    cells = ("import json\nimport sklearn_of_nobody", "import polars_of_nobody\nimport beside_it", "n = 3")
    (tmp_path / "beside_it.py").write_text("")
    path = write_notebook(tmp_path, *cells, name="it.ipynb")
    assert main(["package", str(path), "--python", str(where)]) != 0
    said = capsys.readouterr().err.strip().splitlines()[-1]
    assert f"needs sklearn_of_nobody and polars_of_nobody, and they are not in {where}/bin/python." in said
    magic = write_notebook(tmp_path, "!mkdir -p made_here", "n = 3", name="magic.ipynb")
    assert main(["package", str(magic), "--python", str(where)]) != 0
    assert f"needs IPython, and it is not in {where}/bin/python." in capsys.readouterr().err


def test_the_child_is_of_python_39_and_needs_nothing() -> None:
    files = [*CHILD.glob("*.py"), FOLDER / "tests/golden.py"]
    assert len(files) > 10
    for file in files:
        tree = ast.parse(file.read_text("utf-8"), feature_version=OLDEST)
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                assert not [a.name for a in node.names if a.name.startswith("mlee")], file.name
            if isinstance(node, ast.ImportFrom):
                assert node.level or not str(node.module).startswith("mlee"), file.name
        for node in tree.body:
            if isinstance(node, ast.Import):
                assert {a.name.partition(".")[0] for a in node.names} <= sys.stdlib_module_names, file.name


LATER = {  # words that Python 3.9 does not know, of functions that it does
    "zip": ("strict",),
    "dataclass": ("slots", "kw_only"),
    "field": ("kw_only",),
    "write_text": ("newline",),
    "glob": ("root_dir",),
}
LATER_NAMES = {"co_qualname", "pairwise", "packages_distributions", "stdlib_module_names", "StrEnum", "exception"}


def test_nothing_that_came_after_python_39_is_called_unasked() -> None:
    for file in [*CHILD.glob("*.py"), FOLDER / "tests/golden.py"]:
        text = file.read_text("utf-8")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call):
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                assert not {k.arg for k in node.keywords} & set(LATER.get(name, ())), f"{file.name}: {name}"
                if name in ("isinstance", "issubclass"):
                    assert not isinstance(node.args[1], ast.BinOp), f"{file.name}: a union in {name}"
                if name == "format_exception":
                    assert len(node.args) == 3, file.name
            if isinstance(node, ast.Attribute) and node.attr in LATER_NAMES:
                assert f'hasattr(code, "{node.attr}")' in text, f"{file.name}: {node.attr}"


REFUSED: dict[str, tuple[tuple[str, ...], str]] = {
    "too old": (("3.8.18",), "is Python 3.8.18; a proof needs 3.9 or later"),
    "of another age": (("2.7.18",), "is Python 2.7.18"),
    "no Python": (("hello",), "is no Python"),
    "says nothing": ((), "is no Python"),
    "breaks off": (("3.9.18",), "does not say what is installed"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_in_one_line(case: str, tmp_path: Path) -> None:
    printed, words = REFUSED[case]
    with pytest.raises(MleeError, match=words) as refused:
        interpreter_at(says(tmp_path, *printed))
    assert "\n" not in str(refused.value)
    assert "--python PATH" in str(refused.value)


def test_a_place_without_an_interpreter(tmp_path: Path) -> None:
    for place in (tmp_path / "none", tmp_path):
        with pytest.raises(MleeError, match="There is no interpreter at"):
            interpreter_at(place)


def test_our_own_interpreter_is_not_asked(tmp_path: Path) -> None:
    assert interpreter_at(sys.executable).is_own
    assert interpreter_at(Path(sys.executable).parent.parent).is_own
    assert interpreter_of(PackageOrder(notebook=tmp_path / "a.ipynb")).is_own
    asked = PackageOrder(notebook=tmp_path / "a.ipynb", python=Path("/no/where"), run=False)
    assert interpreter_of(asked).is_own, "nothing is run, so nothing is looked for"


def order(folder: Path, kernel_name: str | None = None) -> PackageOrder:
    named = {"kernelspec": {"name": kernel_name, "display_name": "?"}} if kernel_name else {}
    return PackageOrder(notebook=write_notebook(folder, *CELLS, name="it.ipynb", **named))


def test_the_notebooks_own_kernel_by_default(tmp_path: Path, jupyter: Path, capsys: Any) -> None:
    program = says(tmp_path, "3.9.18")
    kernel(jupyter, "of-old", str(program), "-m", "ipykernel_launcher", "-f", "{connection_file}", MARK="a")
    found = with_interpreter(order(tmp_path, "of-old"), None, None)
    assert (found.python, dict(found.environment), dict(found.asked)) == (program, {"MARK": "a"}, {})
    assert f"In the notebook's kernel of-old, {program}" in capsys.readouterr().err
    named = with_interpreter(order(tmp_path), None, "of-old")
    assert (named.python, dict(named.asked)) == (program, {"kernel": "of-old"})
    other = with_interpreter(order(tmp_path, "of-old"), Path(sys.executable), None)
    assert other.python == Path(sys.executable)


@pytest.mark.parametrize(
    ("name", "argv"),
    {
        "none": (None, ()),
        "one that is not here": ("far-away", ()),
        "one that has gone": ("gone", ("/no/such/python", "-m", "ipykernel_launcher")),
        "one that begins with a tool": ("tool", ("conda", "run", "python", "-m", "ipykernel_launcher")),
        "of another language": ("ir", ("/usr/bin/R", "--slave")),
    }.values(),
)
def test_a_kernel_that_tells_nothing_leaves_ours(
    name: str | None, argv: tuple[str, ...], tmp_path: Path, jupyter: Path, capsys: Any
) -> None:
    if argv and name:
        kernel(jupyter, name, *argv)
    assert with_interpreter(order(tmp_path, name), None, None).python is None
    assert capsys.readouterr().err == ""


def test_a_bare_name_is_the_environment_that_starts_it(tmp_path: Path, jupyter: Path, capsys: Any) -> None:
    kernel(jupyter, "here", "python", "-m", "ipykernel_launcher")
    assert with_interpreter(order(tmp_path, "here"), None, None).python == Path(sys.executable)
    assert capsys.readouterr().err == "", "ours is not worth a word"


def test_a_named_kernel_has_to_be_there(tmp_path: Path, jupyter: Path) -> None:
    kernel(jupyter, "tool", "conda", "run", "python", "-m", "ipykernel_launcher")
    with pytest.raises(MleeError, match=r"knows no kernel 'tol'\. Did you mean tool\?"):
        with_interpreter(order(tmp_path), None, "tol")
    with pytest.raises(MleeError, match="begins with conda, which is no interpreter"):
        with_interpreter(order(tmp_path), None, "tool")


OLD = Interpreter(
    path="/old/python",
    version=(3, 9, 18),
    stdlib=OWN.stdlib | {"formatter"},
    brings={"pandas": "pandas", "yaml": "PyYAML"},
    versions={"pandas": "1.5.3", "PyYAML": "6.0"},
)


@pytest.mark.parametrize(("here", "wanted"), {"old": (OLD, ">=3.9"), "ours": (OWN, ">=3.11")}.values())
def test_a_package_asks_for_what_ran_it(here: Interpreter, wanted: str, tmp_path: Path) -> None:
    cells = (
        "import pandas as pd\nimport yaml\nimport formatter",
        "seed = 3\nn_rows = 40\nn_groups = 5\nframe = pd.DataFrame({'a': range(n_rows)})",
        "part = frame.sample(n_groups, random_state=seed)\nsaid = yaml.dump([formatter.AS_IS])",
    )
    plan = replace(plan_notebook(write_notebook(tmp_path, *cells), name="made"), interpreter=here)
    files = emit(plan, tmp_path / "out", lint=False).files
    project = tomllib.loads(files["pyproject.toml"])["project"]
    assert project["requires-python"] == wanted
    asked = project["dependencies"]
    assert ("pandas==1.5.3" in asked) == (here is OLD)
    assert ('tomli; python_version < "3.11"' in asked) == (here is OLD)
    assert ("pyyaml==6.0" in asked) == (here is OLD)
    assert any(one.startswith("formatter") for one in asked) == (here is OWN)
    assert ("tomli" in files["src/made/config.py"]) == (here is OLD)
    for name, text in files.items():
        if name.endswith(".py"):
            ast.parse(text, feature_version=here.version[:2])
