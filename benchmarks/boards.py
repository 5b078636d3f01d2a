"""Boards of many data sets: no winner that the truth contradicts, no crash, no sentence that a checker contradicts.

    python -m benchmarks.boards [--boards 2000] [--first 0]

Sixty synthetic data sets (shares and mean errors, 40 to 2,000 rows, 2 to 8 candidates, alike in their errors, with
ties, copies and hopeless ones), whose candidates' true worth is known. Prints how often a named winner is not truly the
best, with its standard error, and what the checker read, could not read, and contradicts.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np

from mlee_jupyter import api, charters, present
from mlee_jupyter.recording import Run
from mlee_jupyter.session import Session
from mlee_jupyter.settings import Settings
from mlee_jupyter.store import open_store

from .checker import Board

NAMES = ("knn", "svm", "forest", "boosting", "logreg", "mlp", "ridge", "bayes")
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
KINDS = 60


def drawn(seed: int) -> tuple[Board, dict[str, float]]:
    """A board of one of the sixty data sets, and the true worth of its candidates (higher is better)."""
    kind, random = np.random.default_rng([seed % KINDS, 7]), np.random.default_rng([seed, 8])
    share, n, count = bool(kind.random() < 0.6), int(kind.choice([40, 100, 300, 800, 2000])), int(kind.integers(2, 9))
    likeness, gap = float(kind.uniform(0.2, 0.9)), float(kind.choice([0.0, 0.03, 0.08, 0.2]))
    worth = np.sort(0.9 - gap * kind.random(count) * np.arange(count) / 2)[::-1]
    worth[1:] -= gap / 3
    common = random.standard_normal(n)
    names = [NAMES[place] for place in random.permutation(len(NAMES))[:count]]
    answers, truth = {}, random.integers(0, 3, n) if share else random.gamma(4.0, 2.0, n)
    for name, skill in zip(names, worth, strict=True):
        noise = math.sqrt(likeness) * common + math.sqrt(1 - likeness) * random.standard_normal(n)
        if share:
            answers[name] = np.where(noise < NormalDist().inv_cdf(skill), truth, (truth + 1) % 3)
        else:
            answers[name] = truth + (1.9 - skill) * noise
    gain = float(kind.choice([0.01, 0.02, 0.05]))
    board = Board(truth=truth, answers=answers, metric="accuracy" if share else "mae", useful_gain=gain)
    return board, dict(zip(names, worth.tolist(), strict=True))


def sentences(session: Session, board: Board) -> list[tuple[str, str]]:
    """Every sentence of the board and of its --why, with the candidate that was asked for."""
    charter = {"metric": board.metric, "useful_gain": board.useful_gain, "question": "which?"}
    session.names.maps[-1]["y_test"] = board.truth  # type: ignore[attr-defined]
    session.start(f"board {session.uses} {id(board)}", charters.from_table(charter), truth_name="y_test")
    session.cells.written = NOON.timestamp() + 1e6  # every look follows on the one before it
    for place, (name, rows) in enumerate(board.answers.items()):
        session.record(name, rows, Run(started_at=NOON + timedelta(minutes=place), duration=timedelta(seconds=1)))
    evidence = session.evidence()
    findings = session.findings(evidence)
    whole = present.board(evidence, findings)
    said = [("", line) for line in whole["boards"][0]["words"]]
    for name in ("", *board.answers):
        lines = str(present.explanation(evidence, name or None, findings)).splitlines()
        said += [(name or board.order[0], line) for line in lines]
    return said


def tried(seed: int, session: Session) -> tuple[Board, bool | None]:
    """One board, read by the checker; whether its winner is wrong, None where none is named."""
    board, worth = drawn(seed)
    for name, line in sentences(session, board):
        board.asked = name or board.order[0]
        board.check(line)
    judged: Any = session.evidence().judgement
    if judged is None or judged.winner is None:
        return board, None
    return board, worth[judged.winner] < max(worth.values()) - 1e-12


def make_session() -> Session:
    api.forget_session()
    return Session(open_store(":memory:"), Settings(root=Path()), names={}, now=lambda: NOON)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--boards", type=int, default=2000)
    parser.add_argument("--first", type=int, default=0)
    given = parser.parse_args()
    session, read, named, false = make_session(), 0, 0, 0
    wrong, unread, crashed = list[str](), Counter[str](), list[str]()
    for seed in range(given.first, given.first + given.boards):
        try:
            board, is_wrong = tried(seed, session)
        except Exception as fault:
            crashed.append(f"seed {seed}: {type(fault).__name__}: {fault}")
            continue
        read += board.read
        wrong += [f"seed {seed}: {line}" for line in board.wrong]
        unread.update(line.partition(" in: ")[2] for line in board.unread)
        named, false = named + (is_wrong is not None), false + bool(is_wrong)
    share = false / given.boards
    error = math.sqrt(max(share * (1 - share), 1 / given.boards) / given.boards)
    print(f"{given.boards:,} boards: {named:,} winners, {false:,} not truly the best: {share:.1%} (SE {error:.1%})")
    print(
        f"{read:,} numbers read, {len(wrong):,} contradicted, {sum(unread.values()):,} unread, {len(crashed)} crashes"
    )
    print("\n".join([*crashed[:5], *wrong[:20], *(f"unread {n} x {line}" for line, n in unread.most_common(15))]))
    raise SystemExit(bool(wrong or crashed or share > 0.05 + 2 * error))


if __name__ == "__main__":
    main()
