"""Every benchmark has a form of seconds that runs to its end and prints its table; the docs name what there is."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import shutil
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from benchmarks.short import Short

from .convert.makers import write_notebook

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "benchmarks"
CELLS = (
    "rows = [3, 4, 5]  # kept",
    "total = sum(rows)\nmean = total / len(rows)",
    "def twice(x):\n    return 2 * x\ntwice(1)",
    "def scaled(x):\n    return x / mean\nlast = scaled(3)",
)


def short_of(file: Path) -> Short | None:
    """What a file declares as SHORT, read and not imported."""
    for node in ast.parse(file.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "SHORT":
            assert isinstance(node.value, ast.Call)
            return Short(**{str(one.arg): ast.literal_eval(one.value) for one in node.value.keywords})
    return None


def is_benchmark(file: Path) -> bool:
    """Whether a file is a command, and not a part of one."""
    text = file.read_text("utf-8")
    return 'if __name__ == "__main__"' in text and "\ndef main(" in text and "Started by" not in text


FILES = {
    file.relative_to(FOLDER).with_suffix("").as_posix().removesuffix("/__main__"): file
    for file in sorted([*FOLDER.glob("*.py"), *FOLDER.glob("*/__main__.py")])
    if is_benchmark(file)
}


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the short forms work on: a notebook, a package of it, and the like."""
    from mlee_jupyter.convert.plan.planning import plan_notebook
    from mlee_jupyter.convert.write.emit import emit

    base = tmp_path_factory.mktemp("given")
    for name in ("notebooks", "packages"):
        (base / name).mkdir()
    notebook = write_notebook(base / "notebooks", *CELLS, name="small.ipynb")
    (base / "listed.jsonl").write_text(json.dumps({"path": notebook.name, "ok": True, "seconds": 1}) + "\n")
    package = base / "packages" / "small"
    written = emit(plan_notebook(notebook), package)
    for name, text in written.files.items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(text, "utf-8")
    probes = {name: asdict(probe) for name, probe in written.probes.items()}
    (base / "probes.json").write_text(json.dumps({"name": "small", "probes": probes}))
    (package / "corpus.json").write_text(json.dumps({"tests": True, "notebook": str(notebook)}))
    places = {"notebooks": "", "packages": "", "listed": "listed.jsonl", "probes": "probes.json"}
    return {"package": str(package), **{name: str(base / (place or name)) for name, place in places.items()}}


def is_there(need: str) -> bool:
    """A program, a module, or a file that is built."""
    return (
        (ROOT / need).is_file()
        if "/" in need
        else shutil.which(need) is not None or importlib.util.find_spec(need) is not None
    )


def rows_of(printed: str, short: Short) -> list[tuple[str, ...]]:
    """The lines of the table, each with a value for each column."""
    if short.row:
        pattern = re.compile(short.row)
        assert pattern.groups == len(short.columns)
        return [
            match.groups(default="") for line in printed.splitlines() if (match := pattern.fullmatch(line.rstrip()))
        ]
    lines = [cells(line) for line in printed.splitlines()]
    start = lines.index(short.columns)
    assert set("".join(lines[start + 1] or ("",))) <= {"-", ":"}
    assert len(lines[start + 1] or ()) == len(short.columns)
    found = []
    for line in lines[start + 2 :]:
        if line is None:
            break
        assert len(line) == len(short.columns), line
        found.append(line)
    return found


def cells(line: str) -> tuple[str, ...] | None:
    """The cells of a line of a Markdown table."""
    return tuple(cell.strip() for cell in line.strip()[1:-1].split("|")) if line.startswith("|") else None


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_the_short_form_runs_to_its_end_and_prints_its_table(name: str, given: dict[str, str], tmp_path: Path) -> None:
    short = short_of(FILES[name])
    assert short is not None, "declare a form of seconds: SHORT = Short(...)"
    if lacking := [need for need in short.needs if not is_there(need)]:
        pytest.skip(f"not here: {', '.join(lacking)}")
    arguments = [word.format(**given, made=tmp_path) for word in short.arguments]
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{name.replace('/', '.')}", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode in (0, 1), said  # 1: a figure is outside of its limit, as it may be by chance in so few
    assert "Traceback" not in done.stderr, said
    assert len(rows_of(done.stdout, short)) >= short.rows, said


def test_the_readme_lists_every_benchmark_and_no_other() -> None:
    page = (FOLDER / "README.md").read_text("utf-8")
    listed = re.findall(r"^\| `python -m benchmarks\.(\w+).*?`(?:, `(\w+)`)?", page, re.MULTILINE)
    assert sorted(name for names in listed for name in names if name) == sorted(FILES)


PAGES = sorted([ROOT / "README.md", FOLDER / "README.md", *(ROOT / "docs").rglob("*.md"), *FOLDER.glob("*.md")])
COMMANDS = sorted(
    {
        command
        for page in PAGES
        for command in re.findall(r"python -m benchmarks\.[\w.]+[^`\n]*", page.read_text("utf-8"))
    }
    | {
        text
        for file in FILES.values()
        for text in re.findall(r"python -m benchmarks\.[\w.]+[^`\n]*", file.read_text("utf-8"))
    }
)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_is_written_down_names_a_benchmark_and_its_options(command: str) -> None:
    name = command.split()[2].rstrip(".,:").removeprefix("benchmarks.")
    assert name in FILES
    text = FILES[name].read_text("utf-8")
    made = {f"--{word}" for word in re.findall(r'^    "(\w+)":', text, re.MULTILINE)}  # fuzz has an option a family
    for option in re.findall(r"--[a-z][\w-]*", command):
        assert f'"{option}"' in text or option in made, f"{name} has no {option}"
