"""Boards of sixty data sets with habits drawn at random: no false winner, no crash, no sentence that is contradicted.

    python -m benchmarks.boards [--boards 2000] [--first 0] [--log FILE]

The data (`boards_data`): scikit-learn's own and stand-ins of other shapes, as populations on which every candidate's
true score is known. Each board draws rows, a metric, a charter and what people do: containers, encodings of labels,
frames named by the classes, variants, copies, candidates off the scale, of the wrong length, folds and bare scores.
`checking` then reads every number of the board, its --why and its findings. With --log, finished boards are kept as
lines of JSON and not run again.
"""

from __future__ import annotations

import argparse
import json
import math
import traceback
import warnings
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl

from benchmarks.short import Short
from mlee_jupyter import MleeError
from mlee_jupyter import report as present
from mlee_jupyter.domain import Outcome, charter_toml
from mlee_jupyter.domain.settings import Settings
from mlee_jupyter.record.scored_run import Run
from mlee_jupyter.report.explain import board_numbers as named_numbers
from mlee_jupyter.session import current
from mlee_jupyter.session.session import Session
from mlee_jupyter.store import open_store

from .boards_data import KINDS, Population, population
from .checking import Board, scores
from .checking.arithmetic import Column, Numbers

SHORT = Short(
    arguments=("--boards", "1"),
    columns=("what", "read", "contradicted"),
    row=r" +(\S.*): (\d+) read, (\d+) contradicted",
    rows=10,
)

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
SIZES = (25, 40, 80, 150, 300, 600, 1200)
OF_TWO = ("f1", "precision", "recall", *scores.RANKS)
ENCODINGS: dict[int, list[list[Any]]] = {
    2: [[0, 1], ["bad", "good"], [False, True], [-1, 1], [1, 2]],
    0: [list(range(10)), [f"kind {letter}" for letter in "abcdefghij"], list(range(1, 11))],
}


@dataclass(eq=False)
class Drawn:
    """A board before it is played: the truth, each hand-over as it is given and as it is meant, and the true scores."""

    truth: np.ndarray
    metric: str
    positive: Any
    charter: dict[str, Any]
    useful_gain: float | None
    given: list[tuple[str, Any]] = field(default_factory=list)  # candidate, value
    meant: list[list[Column]] = field(default_factory=list)
    refused: list[tuple[str, Any]] = field(default_factory=list)
    apart: dict[str, float] = field(default_factory=dict)
    folds: dict[str, list[float]] = field(default_factory=dict)
    worth: dict[tuple[str, str], float] = field(default_factory=dict)
    handed: dict[tuple[str, str], str] = field(default_factory=dict)  # each column as it is kept


def drawn(seed: int) -> Drawn:
    """The board of a seed."""
    random = np.random.default_rng([seed, 11])
    whole = population(seed % KINDS)
    n = int(random.choice([size for size in SIZES if size <= max(40, 2 * len(whole.truth))]))
    metric = _metric(whole, random)
    n = min(n, 600) if metric in (*scores.RANKS, "spearman") else n
    classes = _classes(whole, random)
    positive = classes[-1] if metric in OF_TWO else None
    labels = np.array(classes, dtype=object if classes and isinstance(classes[0], str) else None)
    y = labels[whole.truth] if whole.classes else whole.truth
    if whole.name == "time series":
        start = int(random.integers(0, len(y) - n))
        rows = np.arange(start, start + n)
    else:
        rows = _sample(whole, y, n, metric, random)
    found = Drawn(truth=y[rows], metric=metric, positive=positive, charter={"metric": metric, "question": "which?"},
                  useful_gain=None)  # fmt: skip
    if positive is not None and (classes != [0, 1] or random.random() < 0.5):
        found.charter["positive"] = positive
    spread = 1.0 if metric in scores.HIGHER else _scale(whole, metric, y, labels, positive)
    if random.random() < 0.8:
        found.useful_gain = found.charter["useful_gain"] = float(f"{random.choice([0.01, 0.02, 0.05]) * spread:.2g}")
    if random.random() < 0.3:
        found.charter["must_reach"] = round(float(random.uniform(0.6, 0.95)) * spread, 3 if spread == 1 else 2)
    _hand_over(found, whole, y, rows, labels, random)
    return found


def _metric(whole: Population, random: np.random.Generator) -> str:
    if not whole.classes:
        of_numbers = [one for one in scores.NUMBERS if one != "mape" or whole.truth.min() > 0.1]
        return str(random.choice(of_numbers))
    usable = [one for one in (*scores.LABELS, *scores.RANKS, *scores.PROPER) if whole.classes == 2 or one not in OF_TWO]
    return str(random.choice([*usable, "accuracy", "accuracy"]))


def _classes(whole: Population, random: np.random.Generator) -> list[Any]:
    if not whole.classes:
        return []
    kinds = ENCODINGS[2] if whole.classes == 2 else ENCODINGS[0]
    return kinds[int(random.integers(len(kinds)))][: whole.classes]


def _sample(whole: Population, y: np.ndarray, n: int, metric: str, random: np.random.Generator) -> np.ndarray:
    """Rows drawn with replacement; every class is there."""
    for _ in range(50):
        rows = random.integers(0, len(y), n)
        if not whole.classes or len(np.unique(whole.truth[rows])) == whole.classes:
            return rows
    rows[: whole.classes] = [int(np.flatnonzero(whole.truth == place)[0]) for place in range(whole.classes)]
    return rows


def _scale(whole: Population, metric: str, y: np.ndarray, labels: np.ndarray, positive: Any) -> float:
    first = next(iter(whole.answers.values()))
    return scores.score(metric, y, _meant(first, metric, labels), positive)


def _meant(answers: np.ndarray, metric: str, labels: np.ndarray) -> np.ndarray:
    """What is scored: labels, shares or numbers."""
    return labels[answers.argmax(axis=1)] if metric in scores.LABELS else answers


def _hand_over(found: Drawn, whole: Population, y: np.ndarray, rows: np.ndarray, labels: np.ndarray,
               random: np.random.Generator) -> None:  # fmt: skip
    names = [str(name) for name in random.permutation(sorted(whole.answers))][: int(random.integers(2, 9))]
    for name in names:
        answers = whole.answers[name]
        if random.random() < 0.2:
            several = {"C=1": answers, "C=10": _variant(answers, random), "as it is": _variant(answers, random)}
            kept = dict(list(several.items())[: int(random.integers(2, 4))])
            _add(found, name, kept, y, rows, labels, random)
        else:
            _add(found, name, {"": answers}, y, rows, labels, random)
    if random.random() < 0.25:
        _add(found, "a copy", {"": whole.answers[names[0]]}, y, rows, labels, random)
    if not whole.classes and random.random() < 0.25:
        off = whole.answers[names[-1]] * (50.0 if random.random() < 0.5 else np.exp(random.standard_normal(len(y)) * 2))
        _add(found, "off scale", {"": off}, y, rows, labels, random)
    if random.random() < 0.2:
        short = _meant(whole.answers[names[0]][rows[:-1]], found.metric, labels)
        found.refused.append(("too short", short))
    if found.metric == "accuracy" and random.random() < 0.3:
        folds = [0.7, 0.75, 0.8, 0.71, 0.77]
        found.apart["by folds"], found.folds["by folds"] = float(np.mean(folds)), folds
        found.given.append(("by folds", folds))
        found.meant.append([])
    if found.metric in ("accuracy", "roc_auc") and random.random() < 0.3:
        found.apart["from a blog"] = 0.913
        found.given.append(("from a blog", 0.913))
        found.meant.append([])


def _variant(answers: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Another setting: a part of the rows answered otherwise."""
    changed = random.random(len(answers)) < 0.1
    if answers.ndim == 1:
        return np.where(changed, answers + 0.3 * np.std(answers) * random.standard_normal(len(answers)), answers)
    return np.where(changed[:, None], np.roll(answers, 1, axis=1), answers)


def _add(found: Drawn, name: str, several: dict[str, np.ndarray], y: np.ndarray, rows: np.ndarray, labels: np.ndarray,
         random: np.random.Generator) -> None:  # fmt: skip
    values, columns = {}, []
    for variant, answers in several.items():
        single = bool(random.random() < 0.15) and found.metric not in scores.LABELS
        kept = answers.astype(np.float32).astype(np.float64) if single else answers
        meant = _meant(kept, found.metric, labels)
        columns.append(Column(name, variant, meant[rows]))
        values[variant] = _contained(kept[rows], meant[rows], found, labels, random, single)
        found.handed[name, variant] = _stored(values[variant], kept[rows], meant[rows])
        found.worth[name, variant] = scores.score(found.metric, y, meant, found.positive)
    found.given.append((name, values.get("", values)))
    found.meant.append(columns)


def _contained(answers: np.ndarray, meant: np.ndarray, found: Drawn, labels: np.ndarray, random: np.random.Generator,
               single: bool) -> Any:  # fmt: skip
    """The answers in a container that somebody hands over."""
    if found.metric in scores.LABELS:
        shapes = [
            lambda: meant,
            meant.tolist,
            lambda: pd.Series(meant),
            lambda: pd.Series(meant).astype("category"),
            lambda: pl.Series("p", meant.tolist()),
            lambda: meant.astype(object),
            lambda: pd.DataFrame({"prediction": meant}),
            lambda: _named_frame(answers, labels, random),
        ]
    elif answers.ndim == 2:
        shapes = [
            lambda: answers,
            answers.tolist,
            lambda: pd.DataFrame(answers),
            lambda: _named_frame(answers, labels, random),
            lambda: _named_frame(answers, labels, random),
        ]
        if len(labels) == 2 and found.positive is not None:
            shapes.append(lambda: answers[:, 1])
    else:
        shapes = [
            lambda: answers,
            answers.tolist,
            lambda: pd.Series(answers),
            lambda: pl.Series(answers.tolist()),
            lambda: answers.reshape(-1, 1),
            lambda: pd.Series(answers, dtype="Float64"),
        ]
    if single:
        return answers.astype(np.float32)
    return shapes[int(random.integers(len(shapes)))]()


def _stored(value: Any, answers: np.ndarray, meant: np.ndarray) -> str:
    """What tells answers apart once they are kept: shares of all classes, of one, labels or numbers, to 12 digits."""
    wide = np.ndim(value) == 2 and np.shape(value)[1] > 1
    rows = answers if wide else np.asarray(value).ravel() if answers.ndim == 2 and len(meant.shape) == 2 else meant
    return json.dumps([wide, np.round(rows, 12).tolist() if rows.dtype.kind == "f" else rows.tolist()], default=str)


def _named_frame(answers: np.ndarray, labels: np.ndarray, random: np.random.Generator) -> pd.DataFrame:
    frame = pd.DataFrame(answers, columns=labels.tolist())
    return frame.iloc[:, random.permutation(len(labels))]


# ---------------------------------------------------------------- playing a board


def played(seed: int, session: Session) -> tuple[Board, list[tuple[str, str]], bool | None]:
    """The board, its sentences with what was asked for, and whether its winner is wrong (None: none is named)."""
    one = drawn(seed)
    session.names.maps[-1]["y_test"] = one.truth if seed % 2 else pd.Series(one.truth)  # type: ignore[attr-defined]
    session.start(f"board {seed} {session.uses}", charter_toml.from_table(one.charter), truth_name="y_test")
    session.cells.written = NOON.timestamp() + 1e6  # every look follows on the one before it
    for place, (name, value) in enumerate([*one.refused, *one.given]):
        run = Run(started_at=NOON + timedelta(minutes=place), duration=timedelta(seconds=1))
        try:
            session.record(name, session.read(value, None), run)
        except MleeError:
            if (name, value) not in one.refused:
                raise
        else:
            if place < len(one.refused):
                raise AssertionError("predictions of the wrong length were taken")
    evidence = session.evidence()
    findings = session.findings(evidence)
    shown = present.board(evidence, findings)
    board = known(one, shown)
    said = sentences(evidence, findings, shown, board)
    judged = evidence.judgement
    if judged is None or judged.winner is None:
        return board, said, None
    sign = board.numbers.sign
    variant = board.numbers.columns[board.numbers.place(judged.winner)].variant
    judged_worth = [w for (name, _), w in one.worth.items() if name in board.names]
    best = max(sign * w for w in judged_worth)
    return board, said, sign * one.worth[judged.winner, variant] < best - 1e-9 * max(1.0, abs(best))


def known(one: Drawn, shown: dict[str, Any]) -> Board:
    """What the checker may know: the drawn answers, and the states that the board shows."""
    rows = [row for part in shown["boards"] for row in part["rows"]]
    states = {row["candidate"]: _STATES.get(row["state"], row["state"]) for row in rows if row["kind"] != "baseline"}
    leader = next(row["candidate"] for row in rows)
    every = [column for step in one.meant for column in step]
    judged = [column for column in every if states.get(column.candidate) not in ("failed", "not comparable")]
    numbers = Numbers(one.truth, judged, one.metric, one.positive, leader)
    gain = one.useful_gain
    if gain is None:
        common = one.metric in (*scores.SHARES, "r2", "spearman")
        gain = 0.02 if common else 0.02 * abs(float(numbers.value[0]))
    meant = {(c.candidate, c.variant): json.dumps(c.rows.tolist(), default=str) for step in one.meant for c in step}
    by_meaning, by_form = _steps(one.meant, meant), _steps(one.meant, one.handed)
    return Board(
        numbers=numbers,
        every=Numbers(one.truth, every, one.metric, one.positive, leader),
        useful_gain=gain,
        assumed=one.useful_gain is None,
        must_reach=one.charter.get("must_reach"),
        steps=(by_meaning, by_form),
        states=states,
        apart=one.apart,
        folds=one.folds,
    )


def _steps(meant: list[list[Column]], told_by: dict[tuple[str, str], str]) -> list[list[tuple[str, str]]]:
    """The looks of each hand-over; the same answers again are none."""
    steps, seen = list[list[tuple[str, str]]](), set[str]()
    for step in meant:
        fresh = []
        for column in step:
            key = column.candidate, column.variant
            if told_by[key] not in seen:
                seen.add(told_by[key])
                fresh.append(key)
        steps += [fresh] if fresh else []
    return steps


_STATES = {"can't tell": "can't tell", "as good": "as good", "worse": "worse"}


def sentences(evidence: Any, findings: Any, shown: dict[str, Any], board: Board) -> list[tuple[str, str]]:
    """Every sentence of the board, of its --why and of its findings, with what was asked for."""
    part = shown["boards"][0]
    said = [("", line) for line in [*part["words"], *shown["words"]]]
    for row in part["rows"]:
        said += [("", line) for line in _row_lines(row)]
    for name in ("", *board.states, *board.baselines, *named_numbers.NUMBERS):
        if name in ("answer", "spent", "effective n") and name not in board.names:
            continue
        try:
            lines = str(present.explanation(evidence, name or None, findings)).splitlines()
        except MleeError:
            if name in board.names:
                raise
            continue  # a baseline that is not on this board
        said += [(name, line) for line in lines]
    for one in findings:
        if one.outcome in (Outcome.FINDING, Outcome.OK):
            said += [("", line) for line in (one.message, one.remedy) if line]
    return said


def _row_lines(row: dict[str, Any]) -> list[str]:
    name = row["candidate"]
    if row["kind"] == "baseline":
        return [f"baseline {name}: {row['score_text']}, {row['range_text']}"]
    if row["state"] == "not comparable" or row["low"] is None:
        return [f"apart {name}: {row['score_text']}"] if row["score_text"] else []
    ends = f"costs {row['cost_bound_text']}, behind {row['behind_text']}"
    lines = [f"row {name}: {row['score_text']}, {row['range_text']}, {ends}"]
    lines += [f"{name} needs {row['rows_needed_text']}"] if row["rows_needed_text"] else []
    against = row["against_text"]
    lines += [f"{name} is {against}"] if against.startswith("worse by") else []
    lines += [against] if "within" in against else []
    return lines


def tried(seed: int, session: Session) -> tuple[Board, bool | None]:
    """One board, read by the checker; whether its winner is wrong, None where none is named."""
    board, said, is_wrong = played(seed, session)
    for asked, line in said:
        board.asked = asked or board.leader
        board.check(line)
    return board, is_wrong


def make_session() -> Session:
    current.forget_session()
    return Session(open_store(":memory:"), Settings(root=Path()), names={}, now=lambda: NOON)


def outcome(seed: int, session: Session) -> dict[str, Any]:
    """What came of one board, as plain JSON."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            board, is_wrong = tried(seed, session)
    except Exception as fault:
        where = traceback.extract_tb(fault.__traceback__)[-1]
        return {"seed": seed, "crash": f"{type(fault).__name__}: {fault} ({where.name}:{where.lineno})"[:400]}
    read: Counter[str] = Counter()
    for one in board.readings:
        read[one.kind] += one.numbers
    bad = Counter(one.kind for one in board.readings if one.why is not None)
    return {
        "seed": seed,
        "metric": board.numbers.metric,
        "winner": is_wrong,
        "read": dict(read),
        "contradicted": dict(bad),
        "wrong": board.wrong,
        "unread": board.unread,
    }


def report(found: list[dict[str, Any]]) -> bool:
    """Prints what came out; whether all is right."""
    crashes = [f"seed {one['seed']}: {one['crash']}" for one in found if "crash" in one]
    fine = [one for one in found if "crash" not in one]
    read, bad = Counter[str](), Counter[str]()
    for one in fine:
        read.update(one["read"])
        bad.update(one["contradicted"])
    wrong = [f"seed {one['seed']} {one['metric']}: {line}" for one in fine for line in one["wrong"]]
    unread = Counter(line.partition(" in: ")[2] for one in fine for line in one["unread"])
    named, false = sum(one["winner"] is not None for one in fine), sum(bool(one["winner"]) for one in fine)
    count = max(1, len(fine))
    share = false / count
    error = math.sqrt(max(share * (1 - share), 1 / count) / count)
    print(f"{len(found):,} boards: {named:,} winners, {false:,} not truly the best: {share:.1%} (SE {error:.1%})")
    print(
        f"{sum(read.values()):,} numbers read, {len(wrong):,} sentences contradicted, {sum(unread.values()):,} numbers "
        f"unread, {len(crashes)} crashes"
    )
    print("\n".join(f"   {kind}: {n:,} read, {bad[kind]:,} contradicted" for kind, n in read.most_common()))
    print("\n".join([*crashes[:5], *wrong[:20], *(f"unread {n} x {line}" for line, n in unread.most_common(15))]))
    return not (wrong or crashes or unread or share > 0.05 + 2 * error)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--boards", type=int, default=2000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--log", type=Path, help="finished boards, a line of JSON each")
    given = parser.parse_args()
    known_lines = given.log.read_text().splitlines() if given.log and given.log.exists() else []
    found = {one["seed"]: one for one in map(json.loads, known_lines)}
    session = make_session()
    for count, seed in enumerate(range(given.first, given.first + given.boards)):
        if seed in found:
            continue
        if count % 50 == 49:
            session = make_session()  # a store of thousands of experiments is no test of boards
        found[seed] = outcome(seed, session)
        if given.log:
            with given.log.open("a") as file:
                file.write(json.dumps(found[seed]) + "\n")
    raise SystemExit(not report([found[seed] for seed in sorted(found)]))


if __name__ == "__main__":
    main()
