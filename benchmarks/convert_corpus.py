"""Convert every notebook of a folder, end to end, and count what came of it. Can be stopped and run again.

    python -m benchmarks.convert_corpus FOLDER RESULTS.jsonl [--list RUNNABLE.jsonl] [--again TEXT] [--most N]
                                        [--keep PACKAGES] [--table]

RESULTS gets one JSON line a notebook; a notebook with a line is not run again. `--list` names a file of JSON lines with
`path`, `ok` and `seconds`: only those that are ok are converted, the fastest first. `--again TEXT` runs those again
whose outcome holds TEXT. `--keep` leaves the packages in a folder, with `corpus.json` beside each package's README:
`convert_quality` measures them there. `--table` only prints the table.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.short import Short

SHORT = Short(
    arguments=("{notebooks}", "{made}/corpus.jsonl"),
    columns=("", "notebooks", "of"),
    rows=8,
)

if TYPE_CHECKING:
    from mlee_jupyter.convert.types import Plan

LIMIT = 420.0  # seconds for one notebook, all its runs together


def convert(notebook: Path, keep: Path | None = None) -> dict[str, Any]:
    """One notebook, in this process; the package is left in `keep`."""
    from mlee_jupyter.convert.package import package
    from mlee_jupyter.convert.prove.observe import FreshProcesses
    from mlee_jupyter.domain.errors import MleeError

    row: dict[str, Any] = {"bytes": notebook.stat().st_size, "outcome": "refused", "reason": ""}
    with tempfile.TemporaryDirectory(prefix="corpus-") as name:
        folder = Path(name) / "package"
        try:
            outcome = package(notebook, folder, accept="counted in the corpus", prover=FreshProcesses(limit=120))
        except MleeError as refusal:
            return row | {"reason": str(refusal)[:400]}
        proof, written, plan = outcome.proof, outcome.written, outcome.plan
        assert proof is not None
        assert written is not None
        row |= {
            "outcome": str(proof.verdict),
            "reason": proof.reason[:400],
            "modules": len({s.module for s in plan.stages}),
            "stages": len(plan.stages),
            "notebook_stages": notebook_stages(plan),
            "headings": sum(bool(c.headings) for c in plan.facts.notebook.cells),
            "values": dict(Counter(str(v.verdict) for v in proof.values)),
            "not_proven": [f"{v.name}: {v.detail}"[:150] for v in proof.values if v.verdict == "not proven"][:6],
            "different": [f"{v.name}: {v.detail}"[:300] for v in proof.values if v.verdict == "different"][:6],
            "unstable": list(proof.unstable)[:10],
            "steps_dropped": [list(s) for s in outcome.steps_dropped],
            "seconds": {k: round(v, 2) for k, v in outcome.seconds.items()},
        }
        source = folder / "src"
        row["compiles"] = bool(compileall.compile_dir(source, quiet=2))
        environment = {**os.environ, "PYTHONPATH": str(source), "MPLBACKEND": "agg"}
        imported = f"import {plan.name}.pipeline, {plan.name}.config"
        row["imports"] = _passes([sys.executable, "-W", "ignore", "-c", imported], folder, environment)[0]
        environment[f"{plan.name.upper()}_DATA_ROOT"] = str(notebook.parent)
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "tests"]
        row["tests"], row["tests_say"] = _passes(command, folder, environment)
        if row["outcome"] == "identical":
            from benchmarks.convert_independent import second_opinion

            identical = [v.name for v in proof.values if v.verdict == "identical"]
            probes = {n: [p.module, p.function, p.local] for n, p in written.probes.items()}
            row["second"] = second_opinion(notebook, folder, plan.name, probes, identical)
        if keep is not None:
            shutil.rmtree(keep, ignore_errors=True)
            shutil.copytree(folder, keep, ignore=shutil.ignore_patterns("__pycache__"))
            about = {"notebook": str(notebook), "outcome": row["outcome"], "tests": row["tests"]}
            (keep / "corpus.json").write_text(json.dumps(about), "utf-8")
    return row


def notebook_stages(plan: Plan) -> int:
    """How many stages a notebook has: sections with code that runs, or different things that its code does.

    The converter's own reading of roles, but not its decisions: a cell counts by its calls alone.
    """
    from mlee_jupyter.convert.analyse.topics import role_of

    sections, roles, section = set(), set(), 0
    running = {i for s in plan.stages for i in s.statements}
    for cell in plan.facts.notebook.cells:
        section += bool(cell.headings)
        mine = [s for s in plan.facts.of_cell(cell.number) if s.index in running]
        if mine:
            sections.add(section)
            roles.add(role_of(mine))
    return max(len(sections), len(roles - {"", "setup"}))


def _passes(command: list[str], folder: Path, environment: dict[str, str]) -> tuple[bool, str]:
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=150, check=False
        )
    except subprocess.TimeoutExpired:
        return False, "took longer than 150 s"
    if done.returncode == 0:
        return True, ""
    lines = [x for x in done.stdout.splitlines() if x.startswith(("E  ", "FAILED", "ERROR"))]
    return False, " | ".join(lines[:4])[:400]


def one(notebook: Path, keep: Path | None) -> dict[str, Any]:
    """One notebook in a process of its own, with a time limit."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "benchmarks.convert_corpus", "--one", str(notebook)]
    command += ["--keep", str(keep)] if keep else []
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        out, errors = process.communicate(timeout=LIMIT)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return {"outcome": "too long", "reason": f"over {LIMIT:g} s", "whole": LIMIT}
    lines = [line for line in out.splitlines() if line.startswith('{"row"')]
    if not lines:
        last = errors.strip().splitlines()[-12:]
        return {"outcome": "fault of ours", "reason": " / ".join(last)[-900:], "whole": time.perf_counter() - started}
    row: dict[str, Any] = json.loads(lines[-1])["row"]
    return row | {"whole": round(time.perf_counter() - started, 1)}


def table(rows: list[dict[str, Any]]) -> str:
    """What came of it, with reasons."""
    ran = [r for r in rows if "compiles" in r]
    executes = [
        r for r in rows if "fails when the notebook runs" not in r["reason"] and "did not end within" not in r["reason"]
    ]
    several = [r for r in ran if r["notebook_stages"] >= 2]
    wrong = [r for r in ran if r.get("second", {}).get("wrong")]
    lines = ["| | notebooks | of |", "|---|---|---|"]

    def count(what: str, found: list[dict[str, Any]], whole: list[dict[str, Any]]) -> None:
        lines.append(f"| {what} | {len(found)} | {len(whole)} |")

    count("refused", [r for r in rows if r["outcome"] == "refused"], rows)
    count("execute", executes, rows)
    count("written", ran, executes)
    for name in ("compiles", "imports", "tests"):
        count(name, [r for r in ran if r[name]], ran)
    for outcome in ("identical", "different", "not proven", "fault of ours", "too long"):
        count(outcome, [r for r in rows if r["outcome"] == outcome], executes)
    count(
        "identical and two or more modules, of notebooks with two or more stages",
        [r for r in several if r["outcome"] == "identical" and r["modules"] > 1],
        several,
    )
    count("called identical, second opinion differs", wrong, [r for r in ran if r.get("second", {}).get("checked")])
    lines += ["", "| outcome | reason | notebook |", "|---|---|---|"]
    lines += [
        f"| {r['outcome']} | {(r['reason'] or '')[:160]} | {r['path']} |" for r in rows if r["outcome"] != "identical"
    ]
    lines += [f"| tests fail | {r['tests_say'][:160]} | {r['path']} |" for r in ran if not r["tests"]]
    lines += [f"| second opinion | {r['second']['wrong']} | {r['path']} |" for r in wrong]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("results", type=Path, nargs="?")
    parser.add_argument("--list", type=Path)
    parser.add_argument("--again")
    parser.add_argument("--most", type=int, default=10_000)
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--one", type=Path)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps({"row": convert(asked.one, asked.keep)}))
        return
    rows = (
        {r["path"]: r for r in map(json.loads, asked.results.read_text().splitlines())}
        if asked.results.exists()
        else {}
    )
    if not asked.table:
        if asked.list:
            listed = [json.loads(line) for line in asked.list.read_text().splitlines()]
            paths = [r["path"] for r in sorted(listed, key=lambda r: r["seconds"]) if r["ok"]]
        else:
            paths = sorted(p.relative_to(asked.folder).as_posix() for p in asked.folder.rglob("*.ipynb"))
        again = [p for p in paths if p in rows and asked.again and asked.again in json.dumps(rows[p])]
        for path in [*again, *(p for p in paths if p not in rows)][: asked.most]:
            kept = asked.keep / re.sub(r"\W+", "_", path) if asked.keep else None
            row = {"path": path, **one(asked.folder / path, kept)}
            rows[path] = row
            with asked.results.open("a") as file:
                file.write(json.dumps(row) + "\n")
            print(f"{row['outcome']:12} {row.get('whole', 0):6.1f} s  {path}  {row['reason'][:100]}", flush=True)
    print(table(list(rows.values())))


if __name__ == "__main__":
    main()
