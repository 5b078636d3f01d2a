"""Drawn notebooks that learn from their test rows, or only look so: python -m benchmarks.planted_rows FOLDER

Every kind is spelled in many ways: names, splits, scores, helper functions, keywords and aliases are drawn. Each fault
has an honest twin drawn with the same dice: rows for choosing beside rows for judging, a look that chooses nothing, a
fit within each fold. The cells are put into random notebooks of the folder; found is a finding of MLE410 of the right
level in a planted cell, and the twin must add none. Nothing is run.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.planted_faults import planted
from benchmarks.rows_spelled import Spelled
from benchmarks.rows_spelled_before import BEFORE
from benchmarks.rows_spelled_chosen import CHOSEN
from benchmarks.short import Short
from mlee_jupyter.convert.health.notebook_facts import notebook_facts
from mlee_jupyter.domain import Level, Outcome
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.domain.settings import Settings
from mlee_jupyter.session.notebook_check import judge_notebook, notebooks_under

SHORT = Short(
    arguments=("{notebooks}", "--each", "1"),
    columns=("planted", "level", "found", "honest twins accused"),
    rows=10,
)
Draw = Callable[[Spelled, bool], tuple[str, ...]]
KINDS: dict[str, tuple[Level, Draw]] = {**CHOSEN, **BEFORE}
FUTILE = 20  # tries a notebook and a planting, before a kind is given up


class Trial(NamedTuple):
    """One planting and its twin."""

    kind: str
    found: bool
    accused: bool
    faulty: tuple[str, ...]
    honest: tuple[str, ...]
    path: Path


def drawn(kind: str, seed: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The cells of a fault and of its honest twin, spelled by the same dice."""
    _, draw = KINDS[kind]
    return draw(Spelled(random.Random(seed)), True), draw(Spelled(random.Random(seed)), False)


def levels(path: Path) -> dict[int, Level]:
    """Cell -> level of what MLE410 finds there."""
    answers = judge_notebook(notebook_facts(path), Settings(root=path.parent), trust=False)
    mine = [a for a in answers if a.rule == "MLE410" and a.outcome is Outcome.FINDING]
    return {cell: a.level for a in mine for cell in a.facts["cells"]}


def trials(paths: list[Path], each: int, dice: random.Random, folder: Path) -> Iterator[Trial]:
    """Plantings of every kind, in notebooks in which MLE410 finds nothing of its own."""
    clean: dict[Path, bool] = {}
    for kind, (level, _) in KINDS.items():
        done = 0
        for _try in range(FUTILE * (each + len(paths))):
            if done == each:
                break
            path, seed = dice.choice(paths), dice.randrange(10**9)
            faulty, honest = drawn(kind, seed)
            try:
                if path not in clean:
                    clean[path] = not levels(path)
                if not clean[path]:
                    continue
                place = dice.randrange(10**9)
                target, cells = planted(path, faulty, random.Random(place), folder)
                found = any(levels(target).get(cell) is level for cell in cells)
                target, _ = planted(path, honest, random.Random(place), folder)
                accused = bool(levels(target))
            except (MleeError, KeyError, IndexError):
                clean[path] = False
                continue
            done += 1
            yield Trial(kind, found, accused, faulty, honest, path)


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Drawn faults of rows, planted into notebooks, and how many are found."
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--each", type=int, default=40, help="plantings of every kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="print the cells of what was missed or accused")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    counted = {name: [0, 0, 0] for name in KINDS}
    with tempfile.TemporaryDirectory() as folder:
        paths = list(notebooks_under(asked.folder))
        for trial in trials(paths, asked.each, random.Random(asked.seed), Path(folder)):
            row = counted[trial.kind]
            row[0], row[1], row[2] = row[0] + 1, row[1] + trial.found, row[2] + trial.accused
            for wrong, what, cells in (
                (not trial.found, "missed", trial.faulty),
                (trial.accused, "accused", trial.honest),
            ):
                if wrong:
                    print(f"{trial.kind}: {what} in {trial.path}", file=sys.stderr)
                    if asked.show:
                        print("\n----\n".join(cells) + "\n", file=sys.stderr)
    print("| planted | level | found | honest twins accused |\n|---|---|---|---|")
    for name, (done, found, accused) in counted.items():
        print(f"| {name} | {KINDS[name][0]} | {found} of {done} | {accused} |")


if __name__ == "__main__":
    main()
