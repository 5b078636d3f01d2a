"""Peers and mlee on the same notebooks in the same run: produced, compiles, runs, identical, modules, functions, time.

    python -m benchmarks.convert_peers FOLDER --list RUNNABLE.jsonl --peers BIN [--most 20]
                                       [--out PEERS.jsonl] [--table]

BIN is the bin folder of an environment of their own with nbconvert, jupytext, nbdev, nbrefactor, soorgeon and
notebook-to-pipeline; what is not there is said. The notebooks' libraries are those of the interpreter that runs this.

One yardstick for everybody, which shares no code with our prover (`convert_independent`): the notebook runs twice in a
kernel; its variables that can be written as text and do not differ between these runs are looked for when the product
has run. Identical: all of them are there and the same to nine digits. Scripts run under plain Python, the tasks of a
pipeline in its order, mlee as its pipeline. "New functions" are those that the notebook does not define. Times are of
the command line, start included, each as a ratio to nbconvert on the same notebook; mlee plans and emits (--no-run), as
none of the others but notebook-to-pipeline runs the notebook, and that one's time holds its runs.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.convert_independent import ENVIRONMENT, WRITE, _copied, apart, notebook_values, package_values
from benchmarks.short import Short

SHORT = Short(
    arguments=("{notebooks}", "--list", "{listed}", "--peers", "{made}", "--out", "{made}/peers.jsonl"),
    columns=(
        "tool",
        "produced",
        "compiles",
        "runs",
        "identical",
        "modules, median",
        "new functions, median",
        "time / nbconvert",
    ),
    rows=4,
)

LIMIT = 150.0  # seconds for one run of a product
TOOLS = ("nbconvert", "jupytext", "nbdev", "nbrefactor", "soorgeon", "notebook-to-pipeline")

RUN = r"""
import importlib, json, runpy, sys
job = json.load(open(sys.argv[1]))
sys.path[:0] = job["paths"]
found = {}
def keep(space):
    found.update({k: v for k, v in space.items() if not k.startswith("_")})
for one in job["steps"]:
    if "module" in one:
        keep(vars(importlib.import_module(one["module"])))
        continue
    text = open(one["file"], encoding="utf-8").read()
    for old, new in one.get("replace", []):
        text = text.replace(old, new)
    space = {"__name__": "__main__", "__file__": one["file"]}
    exec(compile(text, one["file"], "exec"), space)
    keep(space)
exec(job["write"])
_second_opinion(found, job["target"])
"""


class Bench:
    """One notebook, and where tools work on it."""

    def __init__(self, notebook: Path, peers: Path, work: Path) -> None:
        self.notebook, self.peers, self.work = notebook, peers, work
        libraries = next(Path(sys.prefix).glob("lib/python3*/site-packages"), Path())
        self.environment = {**os.environ, **ENVIRONMENT, "MPLBACKEND": "agg", "PYTHONPATH": str(libraries)}

    def call(self, *command: str, cwd: Path | None = None, limit: float = LIMIT) -> tuple[float, str]:
        """Seconds and the last line of an error."""
        started = time.perf_counter()
        try:
            done = subprocess.run(
                command, cwd=cwd or self.work, env=self.environment, capture_output=True, text=True,
                timeout=limit, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return limit, f"longer than {limit:g} s"
        said = (done.stderr.strip() or done.stdout.strip() or "?").splitlines()[-1]
        return time.perf_counter() - started, said[-150:] if done.returncode else ""

    def run(self, steps: list[dict[str, Any]], paths: list[str]) -> tuple[dict[str, str] | None, str]:
        """The variables of a product as text, in a copy of the notebook's folder; or why there are none."""
        with tempfile.TemporaryDirectory() as name:
            target, job = Path(name) / "told.json", Path(name) / "job.json"
            job.write_text(json.dumps({"steps": steps, "paths": paths, "write": WRITE, "target": str(target)}))
            place = _copied(self.notebook.parent, Path(name))
            interpreter = [sys.executable, "-P", "-W", "ignore", "-c", RUN, str(job)]
            environment, self.environment = self.environment, {**self.environment, "PYTHONPATH": ""}
            _, fault = self.call(*interpreter, cwd=place)
            self.environment = environment
            return (json.loads(target.read_text("utf-8")), "") if target.exists() else (None, fault or "no values")


Made = tuple[float, str, list[Path], Callable[[], tuple[dict[str, str] | None, str]]]


def nbconvert(bench: Bench) -> Made:
    """A script."""
    command = [
        str(bench.peers / "jupyter-nbconvert"),
        "--to",
        "python",
        "--output-dir",
        str(bench.work),
        "--output",
        "made",
    ]
    seconds, fault = bench.call(*command, str(bench.notebook))
    return _script(bench, seconds, fault, bench.work / "made.py")


def jupytext(bench: Bench) -> Made:
    """A script in the percent format; magics are commented out."""
    made = bench.work / "made.py"
    command = [str(bench.peers / "jupytext"), "--to", "py:percent", "--output", str(made), str(bench.notebook)]
    return _script(bench, *bench.call(*command), made)


def nbdev(bench: Bench) -> Made:
    """Every code cell marked for export."""
    book = json.loads(bench.notebook.read_text("utf-8"))
    cells = book["cells"]
    for cell in cells:
        if cell["cell_type"] == "code":
            cell["source"] = (
                ["#| export\n", *cell["source"]] if isinstance(cell["source"], list) else "#| export\n" + cell["source"]
            )
    cells.insert(
        0,
        {
            "cell_type": "code",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": ["#| default_exp made"],
        },
    )
    marked = bench.work / "marked.ipynb"
    marked.write_text(json.dumps(book), "utf-8")
    command = [
        str(bench.peers / "nb-export"),
        "--solo-nb",
        "--name",
        "made",
        "--lib-path",
        str(bench.work),
        str(marked),
    ]
    return _script(bench, *bench.call(*command), bench.work / "made.py")


def _script(bench: Bench, seconds: float, fault: str, file: Path) -> Made:
    files = [file] if file.exists() else []
    return seconds, fault if not files else "", files, lambda: bench.run([{"file": str(file)}], [])


def nbrefactor(bench: Bench) -> Made:
    """Modules by heading; imported in the order in which they were written."""
    out = bench.work / "out"
    seconds, fault = bench.call(str(bench.peers / "jupyter-nbrefactor"), str(bench.notebook), str(out))
    files = sorted(out.rglob("*.py"), key=lambda p: p.stat().st_mtime_ns) if out.exists() else []
    steps = [{"module": ".".join(f.relative_to(out).with_suffix("").parts)} for f in files]
    return seconds, fault if not files else "", files, lambda: bench.run(steps, [str(out)])


def soorgeon(bench: Bench) -> Made:
    """Tasks; they run in the pipeline's order with their products in between, as ploomber would give them."""
    home = bench.work / "project"
    home.mkdir()
    shutil.copy(bench.notebook, home / "nb.ipynb")
    seconds, fault = bench.call(str(bench.peers / "soorgeon"), "refactor", "nb.ipynb", "-f", "py", cwd=home)
    files = sorted(home.rglob("*.py"))
    if not (home / "pipeline.yaml").exists():
        return seconds, fault or "no pipeline", [], lambda: (None, fault)
    import yaml

    tasks = yaml.safe_load((home / "pipeline.yaml").read_text("utf-8"))["tasks"]
    products: dict[str, dict[str, str]] = {}
    for task in tasks:
        given = task["product"] if isinstance(task["product"], dict) else {"nb": task["product"]}
        products[Path(task["source"]).stem] = {k: str(home / v) for k, v in given.items()}
    steps = []
    for task in tasks:
        text = (home / task["source"]).read_text("utf-8")
        upstream = re.search(r"^upstream = .*$", text, re.MULTILINE)
        replace = [["product = None", f"product = {products[Path(task['source']).stem]!r}"]]
        if upstream:
            replace.append([upstream[0], f"upstream = {products!r}"])
        steps.append({"file": str(home / task["source"]), "replace": replace})
    return seconds, "", files, lambda: bench.run(steps, [str(home)])


def notebook_to_pipeline(bench: Bench) -> Made:
    """Its free part: capture, scaffold, verify; its own word on whether the outputs are equal."""
    place = _copied(bench.notebook.parent, bench.work)
    out = bench.work / "out"
    command = [
        str(bench.peers / "nb2p"),
        "pipeline",
        bench.notebook.name,
        "--out",
        str(out),
        "--python",
        sys.executable,
    ]
    seconds, fault = bench.call(*command, "--json", cwd=place, limit=2 * LIMIT)
    files = [f for f in out.rglob("*.py") if "test" not in f.name] if out.exists() else []
    return seconds, fault if not files else "", files, lambda: ({"": ""} if not fault else None, fault)


def ours(bench: Bench) -> Made:
    """The package, planned and emitted."""
    folder = bench.work / "package"
    environment, bench.environment = bench.environment, {**bench.environment, "PYTHONPATH": os.environ["PYTHONPATH"]}
    command = [
        sys.executable,
        "-m",
        "mlee_jupyter",
        "package",
        str(bench.notebook),
        "--output",
        str(folder),
        "--no-run",
    ]
    seconds, fault = bench.call(*command)
    bench.environment = environment
    files = list(folder.glob("src/*/*.py"))

    def run() -> tuple[dict[str, str] | None, str]:
        from mlee_jupyter.convert.plan.planning import plan_notebook
        from mlee_jupyter.convert.write.emit import probes_of

        plan = plan_notebook(bench.notebook)
        probes = {n: [p.module, p.function, p.local] for n, p in probes_of(plan).items()}
        try:
            return package_values(bench.notebook, folder, plan.name, probes, LIMIT), ""
        except Exception as error:
            return None, f"{type(error).__name__}: {str(error)[-150:]}"

    return seconds, fault if not files else "", files, run


MAKERS = {
    "nbconvert": nbconvert, "jupytext": jupytext, "nbdev": nbdev, "nbrefactor": nbrefactor, "soorgeon": soorgeon,
    "notebook-to-pipeline": notebook_to_pipeline, "mlee": ours,
}  # fmt: skip


def functions_in(files: list[Path]) -> set[str]:
    """Functions that some Python files define."""
    names: set[str] = set()
    for file in files:
        try:
            tree = ast.parse(file.read_text("utf-8"))
        except SyntaxError:
            continue
        names |= {n.name for n in tree.body if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))}
    return names


def measured(notebook: Path, peers: Path) -> dict[str, Any]:
    """Every tool on one notebook."""
    from mlee_jupyter.convert.read.file_facts import read_facts

    own = {n for s in read_facts(notebook).statements if s.kind == "function" for n in s.binds}
    first, second = notebook_values(notebook, LIMIT), notebook_values(notebook, LIMIT)
    steady = (n for n in first if n in second and not apart(first[n], second[n]))
    wanted = {n: first[n] for n in steady if n not in ("In", "Out", "exit", "quit")}
    row: dict[str, Any] = {"path": "", "values": len(wanted), "tools": {}}
    for tool, make in MAKERS.items():
        with tempfile.TemporaryDirectory(prefix="peers-") as name:
            try:
                seconds, fault, files, run = make(Bench(notebook, peers, Path(name)))
                compiles = bool(files) and all(_compiles(f) for f in files)
                values, why = run() if compiles else (None, fault)
            except Exception as error:
                row["tools"][tool] = {"produced": False, "reason": f"{type(error).__name__}: {error}"[:200]}
                continue
            if tool == "notebook-to-pipeline":
                wrong = [] if values is not None else ["its own check"]
            else:
                wrong = [n for n, text in wanted.items() if values is None or n not in values or apart(text, values[n])]
            row["tools"][tool] = {
                "produced": bool(files),
                "compiles": compiles,
                "runs": values is not None,
                "identical": values is not None and not wrong,
                "modules": sum(f.name != "__init__.py" for f in files),
                "new_functions": len(functions_in(files) - own),
                "seconds": round(seconds, 2),
                "reason": (why or fault or (f"differs or missing: {wrong[:4]}" if wrong else ""))[:200],
            }
    return row


def _compiles(file: Path) -> bool:
    try:
        compile(file.read_text("utf-8"), str(file), "exec")
    except (SyntaxError, ValueError):
        return False
    return True


def table(rows: list[dict[str, Any]]) -> str:
    """The tools side by side."""
    lines = [f"{len(rows)} notebooks", ""]
    lines.append(
        "| tool | produced | compiles | runs | identical | modules, median | new functions, median | time / nbconvert |"
    )
    lines.append("|---|---|---|---|---|---|---|---|")
    for tool in MAKERS:
        found = [(r["tools"][tool], r["tools"]["nbconvert"]) for r in rows if tool in r["tools"]]
        there = [one for one, _ in found if one["produced"]]
        ratios = [one["seconds"] / base["seconds"] for one, base in found if one["produced"] and base.get("seconds")]
        counts = [sum(bool(one.get(k)) for one, _ in found) for k in ("produced", "compiles", "runs", "identical")]
        medians = [statistics.median(one[k] for one in there) if there else 0 for k in ("modules", "new_functions")]
        ratio = f"{statistics.median(ratios):.2f}" if ratios else "-"
        lines.append(f"| {tool} | {' | '.join(map(str, counts))} | {medians[0]:g} | {medians[1]:g} | {ratio} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--list", type=Path, required=True)
    parser.add_argument("--peers", type=Path, required=True)
    parser.add_argument("--most", type=int, default=20)
    parser.add_argument("--out", type=Path, default=Path("peers.jsonl"))
    parser.add_argument("--table", action="store_true")
    asked = parser.parse_args()
    rows = [json.loads(x) for x in asked.out.read_text("utf-8").splitlines()] if asked.out.exists() else []
    listed = [json.loads(line) for line in asked.list.read_text("utf-8").splitlines()]
    known = {r["path"] for r in rows}
    waiting = [r["path"] for r in sorted(listed, key=lambda r: r["seconds"]) if r["ok"] and r["path"] not in known]
    for path in [] if asked.table else waiting:
        if len(rows) >= asked.most:
            break
        try:
            row = {**measured(asked.folder / path, asked.peers), "path": path}
        except Exception as error:
            print(f"left out: {path}: {type(error).__name__}: {str(error)[-100:]}", flush=True)
            continue
        rows.append(row)
        with asked.out.open("a") as file:
            file.write(json.dumps(row) + "\n")
        print(
            path,
            {t: ("identical" if f.get("identical") else f.get("reason")) for t, f in row["tools"].items()},
            flush=True,
        )
    print(table(rows))


if __name__ == "__main__":
    main()
