"""The quality of packages that the corpus left behind: what an engineer would look at before signing.

    python -m benchmarks.convert_quality PACKAGES [--mypy MYPY] [--interpreter PYTHON] [--out QUALITY.jsonl] [--table]

PACKAGES is what `convert_corpus --keep` wrote. Medians and 95th percentiles over stage functions, else over packages.
mypy runs without --strict and passes over libraries without types. One constant of each config.toml is changed
(chosen with seed 20), and the package's tests run: they should fail.
"""

from __future__ import annotations

import argparse
import ast
import io
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import tokenize
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.short import Short

SHORT = Short(
    arguments=("{packages}", "--out", "{made}/quality.jsonl"),
    columns=("", "found", "target"),
    rows=8,
)

SEED = 20


def stage_functions(source: Path) -> Iterator[ast.FunctionDef]:
    """The functions that pipeline.py calls."""
    tree = ast.parse((source / "pipeline.py").read_text("utf-8"))
    run = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "run")
    called = {n.func.id for n in ast.walk(run) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    homes = [n for n in tree.body if isinstance(n, ast.ImportFrom) and n.level == 1 and n.module]
    for home in homes:
        wanted = {a.name for a in home.names} & called
        module = source / f"{home.module}.py"
        for node in ast.parse(module.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name in wanted:
                yield node


def lines_of(node: ast.FunctionDef, text: str) -> int:
    """Lines that hold something, signature in, docstring out."""
    lines = [line for line in text.split("\n")[node.lineno - 1 : node.end_lineno] if line.strip()]
    first = node.body[0]
    is_doc = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return len(lines) - ((first.end_lineno or 0) - first.lineno + 1 if is_doc else 0)


def comments_in(text: str) -> list[str]:
    """The comments of a piece of Python, without their hash."""
    found = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT and (words := token.string.lstrip("#! ").strip()):
                found.append(words)
    except (tokenize.TokenError, IndentationError, SyntaxError):
        pass
    return found


def comments_kept(notebook: Path, package: Path) -> tuple[int, list[str]]:
    """How many comments the kept code of a notebook has, and those that are nowhere in the package."""
    from mlee_jupyter.convert.plan.planning import plan_notebook
    from mlee_jupyter.domain.errors import MleeError

    try:
        plan = plan_notebook(notebook)
    except MleeError:  # packaged by an earlier version, refused by now
        return 0, []
    facts = plan.original or plan.facts
    flow = set(plan.flow)
    wanted = Counter(c for s in facts.statements if s.index in flow for c in comments_in(s.text))
    written = [p.read_text("utf-8") for p in (*package.glob("src/*/*.py"), *package.glob("config.toml"))]
    plain = re.sub(r"\s+", " ", "\n".join(written))
    gone = [c for c in wanted if re.sub(r"\s+", " ", c) not in plain]
    return sum(wanted.values()), gone


def repeated_lists(source: Path) -> int:
    """Literal lists and tuples of three or more items that stand more than once; an index, x["a", 0, 0], is none."""
    counts: Counter[str] = Counter()
    for file in source.glob("*.py"):
        tree = ast.parse(file.read_text("utf-8"))
        indexes = {id(node.slice) for node in ast.walk(tree) if isinstance(node, ast.Subscript)}
        for node in ast.walk(tree):
            if id(node) in indexes:
                continue
            items = node.elts if isinstance(node, (ast.List, ast.Tuple)) else []
            if len(items) >= 3 and all(isinstance(e, ast.Constant) for e in items):
                counts[ast.dump(node)] += 1
    return sum(1 for count in counts.values() if count > 1)


def findings(command: list[str], folder: Path) -> int:
    """Lines of a linter that name a place."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
    return sum(1 for line in done.stdout.splitlines() if re.match(r"[^\s:]+\.py:\d+", line) and ": note:" not in line)


def changed(config: str, rng: random.Random) -> tuple[str, str] | None:
    """The text of a configuration with one value changed, and which; None without values."""
    table = tomllib.loads(config)
    leaves = [(s, k, v) for s, entries in table.items() if isinstance(entries, dict) for k, v in entries.items()]
    leaves = [leaf for leaf in leaves if leaf[:2] != ("data", "root")]
    if not leaves:
        return None
    section, key, value = rng.choice(leaves)
    head = config.index(f"[{section}]")
    place = re.compile(rf"^{re.escape(key)} = ", re.MULTILINE).search(config, head)
    assert place is not None
    end = place.end()
    while True:  # a value may go over several lines
        end = config.find("\n", end) + 1 or len(config)
        try:
            tomllib.loads(config[place.start() : end])
            break
        except tomllib.TOMLDecodeError:
            if end >= len(config):
                raise
    return f"{config[: place.start()]}{key} = {json.dumps(_other(value))}\n{config[end:]}", f"{section}.{key}"


def _other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value + 1
    if isinstance(value, str):
        return value + "x"
    return value[:-1]


CONFIGURATION = "test_the_configuration_is_the_recorded_one"  # fails at any change


def tests_fail(package: Path, notebook: Path, interpreter: str) -> str:
    """Do tests fail with a constant changed? "no", "configuration": no other test does, "yes"; empty: no constants."""
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name) / "package"
        shutil.copytree(package, copy)
        if not (copy / "config.toml").is_file():
            return ""  # few settings: defaults of `run`
        other = changed((copy / "config.toml").read_text("utf-8"), random.Random(f"{SEED} {package.name}"))
        if other is None:
            return ""
        for file in (copy / "config.toml", *copy.glob("src/*/config.toml")):
            if file.is_file():
                file.write_text(other[0], "utf-8")
        root = next((copy / "src").glob("*/pipeline.py")).parent.name.upper()
        environment = {**os.environ, "PYTHONPATH": str(copy / "src"), f"{root}_DATA_ROOT": str(notebook.parent)}
        command = [interpreter, "-m", "pytest", "-q", "-rfE", "-p", "no:cacheprovider", "tests"]
        try:
            done = subprocess.run(
                command, cwd=copy, env=environment, capture_output=True, text=True, check=False, timeout=300
            )
        except subprocess.TimeoutExpired:
            return ""
        failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
        if not done.returncode:
            return "no"
        return "configuration" if failed and all(CONFIGURATION in line for line in failed) else "yes"


def measured(package: Path, mypy: str, interpreter: str) -> dict[str, Any]:
    """One package."""
    about = json.loads((package / "corpus.json").read_text("utf-8"))
    source = next((package / "src").glob("*/pipeline.py")).parent
    stages = list(stage_functions(source))
    written = [file.read_text("utf-8") for file in source.glob("*.py")]
    texts = {n.name: text for text in written for n in ast.parse(text).body if isinstance(n, ast.FunctionDef)}
    comments, gone = comments_kept(Path(about["notebook"]), package)
    tests = {f.name: sum(1 for x in f.read_text("utf-8").splitlines() if x.strip()) for f in package.glob("tests/*.py")}
    cache = str(Path(tempfile.gettempdir()) / "quality-mypy")
    typed = [mypy, "--ignore-missing-imports", "--python-executable", interpreter, "--cache-dir", cache, str(source)]
    return {
        "package": package.name,
        "inputs": [len([*n.args.posonlyargs, *n.args.args, *n.args.kwonlyargs]) for n in stages],
        "lines": [lines_of(n, texts[n.name]) for n in stages],
        "comments": comments,
        "comments_gone": gone,
        "repeated": repeated_lists(source),
        "ruff": findings(
            [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--output-format", "concise", "."],
            package,
        ),
        "noqa": sum(text.count("# noqa") for text in written),
        "mypy": findings(typed, package.parent) if mypy else None,
        "test_lines": sum(n for f, n in tests.items() if f != "golden.py"),
        "unit_tests": "test_functions.py" in tests,
        "tests_pass": about["tests"],
        "fails_when_changed": tests_fail(package, Path(about["notebook"]), interpreter),
    }


def table(rows: list[dict[str, Any]]) -> str:
    """The figures beside their targets."""

    def both(name: str) -> str:
        values = sorted(v for r in rows for v in r[name])
        return (
            f"{statistics.median(values):g} and {values[int(0.95 * (len(values) - 1))]:g} (of {len(values)} functions)"
        )

    comments, gone = sum(r["comments"] for r in rows), sum(len(r["comments_gone"]) for r in rows)
    judged = [r for r in rows if r["fails_when_changed"] and r["tests_pass"]]
    typed = [r["mypy"] for r in rows if r["mypy"] is not None]
    lines = [f"{len(rows)} packages", "", "| | found | target |", "|---|---|---|"]
    lines.append(f"| inputs of a stage function, median and 95th percentile | {both('inputs')} | 3 and 8 |")
    lines.append(f"| lines of a stage function | {both('lines')} | 15 and 60 |")
    lines.append(f"| comments of the kept code that are there | {comments - gone} of {comments} | all |")
    lines.append(f"| repeated lists of three or more items | {sum(r['repeated'] for r in rows)} | 0 |")
    lines.append(
        f"| ruff findings | {sum(r['ruff'] for r in rows)} (marked with noqa: {sum(r['noqa'] for r in rows)}) | 0 |"
    )
    if typed:
        lines.append(
            f"| mypy findings, median (none in {typed.count(0)} of {len(typed)}) | {statistics.median(typed):g} | 0 |"
        )
    lines.append(f"| lines of tests, median | {statistics.median(r['test_lines'] for r in rows):g} | |")
    lines.append(f"| with unit tests of functions | {sum(r['unit_tests'] for r in rows)} | |")
    failing = [r["fails_when_changed"] for r in judged if r["fails_when_changed"] != "no"]
    lines.append(
        f"| tests fail when a constant changes | {len(failing)} of {len(judged)} that pass and have constants | 90% |"
    )
    told = f"{failing.count('yes')} of {len(failing)}"
    lines.append(f"| of these, a test fails besides the one that compares the configuration | {told} | |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("packages", type=Path)
    parser.add_argument("--mypy", default="")
    parser.add_argument("--interpreter", default=sys.executable)
    parser.add_argument("--out", type=Path, default=Path("quality.jsonl"))
    parser.add_argument("--table", action="store_true")
    asked = parser.parse_args()
    rows = [json.loads(x) for x in asked.out.read_text("utf-8").splitlines()] if asked.out.exists() else []
    known = {r["package"] for r in rows}
    for package in sorted(asked.packages.iterdir()) if not asked.table else []:
        if package.name in known or not (package / "corpus.json").exists():
            continue
        row = measured(package, asked.mypy, asked.interpreter)
        rows.append(row)
        with asked.out.open("a") as file:
            file.write(json.dumps(row) + "\n")
        print(
            row["package"][-60:],
            row["mypy"],
            row["ruff"],
            row["comments_gone"][:2],
            row["fails_when_changed"],
            flush=True,
        )
    print(table(rows))


if __name__ == "__main__":
    main()
