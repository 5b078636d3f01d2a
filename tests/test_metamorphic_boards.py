"""What must not change a board does not: the order of calls, names, restarts, an export and import, failed extras.

As `benchmarks.metamorphic` does for `compare`, here for sessions, their stores and the boards that are read off them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmarks.metamorphic.evidence import case_of
from benchmarks.metamorphic.plans import Plan
from mlee_jupyter import report
from mlee_jupyter.domain import RunOutcome, charter_toml
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.domain.settings import Settings
from mlee_jupyter.record.scored_run import Run
from mlee_jupyter.session.session import Session
from mlee_jupyter.store import open_store

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Told:
    """What is handed over, in this order, and how."""

    truth: Any
    predictions: Mapping[str, Any]
    charter: Mapping[str, Any]
    failed: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    restarts: bool = False
    moves: bool = False
    again: bool = False
    names: Mapping[str, str] = field(default_factory=dict)  # new name -> the one that is compared


def session_of(folder: Path, told: Told, number: int = 0) -> Session:
    store = open_store(str(folder / f"{number}.db"), fallback=False)
    return Session(store, Settings(root=folder), names={"y_test": told.truth}, now=lambda: NOON)


def board_of(folder: Path, told: Told) -> dict[str, Any]:
    """The board after everything was handed over."""
    here = session_of(folder, told)
    charter = charter_toml.from_table(dict(told.charter))
    here.start("shelf", charter, truth_name="y_test")
    run = Run(started_at=NOON, duration=timedelta(seconds=1))
    for name, rows in [*told.predictions.items(), *(told.predictions.items() if told.again else ())]:
        here.record(name, here.read(rows, None), run)
        if told.restarts:
            here.store.close()
            here = session_of(folder, told)
            here.start("shelf", charter, truth_name="y_test")
    for name in told.failed:
        here.record_failure(name, replace(run, outcome=RunOutcome.ERROR, error="ValueError: no"))
    if told.moves:
        document = json.loads(json.dumps(here.store.export(None)))
        here.store.close()
        here = session_of(folder, told, 1)
        here.store.import_(document, rename=True)
        here.start("shelf", charter, truth_name="y_test")
    evidence = here.evidence()
    board = report.board(evidence, here.findings(evidence))
    here.store.close()
    return board


def told_of(board: dict[str, Any], names: Mapping[str, str]) -> Any:
    """States, scores and words of the first board; names as they were, and nothing that a call's number decides."""
    part = board["boards"][0]

    def called(text: str) -> str:
        for new, old in names.items():
            text = re.sub(rf"(?<!\w){re.escape(new)}(?!\w)", old, text)
        return text

    rows = sorted(
        (called(row["candidate"]), str(row["state"]), row["score_text"], row["range_text"])
        for row in part["rows"]
        if row["score_text"]
    )
    words = [called(text) for text in part["words"]]
    ends = {key: None if part[key] is None else called(part[key]) for key in ("winner", "recommended", "leader")}
    return rows, words, ends


def story(seed: int) -> Told:
    """Candidates of different worth, none of them equal in score."""
    kind, metric = [
        ("many labels", "accuracy"),
        ("values", "mae"),
        ("probabilities", "roc_auc"),
        ("many labels", "f1_macro"),
    ][seed % 4]
    plan = Plan(kind=kind, metric=metric, rows=150, candidates=4, layout="plain", relation="", seed=seed)
    case = case_of(plan)
    return Told(
        truth=case.truth,
        predictions=case.predictions,
        charter={"metric": metric, "useful_gain": 0.02, "question": "which?"},
    )


def reordered(told: Told) -> Told:
    return replace(told, predictions=dict(reversed(told.predictions.items())))


def renamed(told: Told) -> Told:
    names = {name: f"{'dcba'[place]} model" for place, name in enumerate(told.predictions)}
    return replace(
        told,
        predictions={names[name]: rows for name, rows in told.predictions.items()},
        names={new: old for old, new in names.items()},
    )


def classes_renamed(told: Told) -> Told | None:
    if told.charter["metric"] not in ("accuracy", "f1_macro"):
        return None

    def called(rows: Any) -> Any:
        known = sorted(set(told.truth.tolist()))
        words = np.array([f"{'abcdefgh'[place]}_kind" for place in range(len(known))], dtype=object)
        return words[[known.index(value) for value in rows.tolist()]]

    return replace(told, truth=called(told.truth), predictions={n: called(r) for n, r in told.predictions.items()})


def indexed(told: Told) -> Told:
    index = pd.Index(np.random.default_rng(1).permutation(len(told.truth)) + 1000)
    return replace(
        told,
        truth=pd.Series(told.truth, index=index),
        predictions={name: pd.Series(rows, index=index) for name, rows in told.predictions.items()},
    )


RELATIONS: dict[str, Callable[[Told], Told | None]] = {
    "order of calls": reordered,
    "names of candidates": renamed,
    "names of classes": classes_renamed,
    "an aligned index": indexed,
    "lists": lambda told: replace(told, predictions={n: np.asarray(r).tolist() for n, r in told.predictions.items()}),
    "frames": lambda told: replace(told, predictions={n: pd.DataFrame({"p": r}) for n, r in told.predictions.items()}),
    "handed over again": lambda told: replace(told, again=True),
    "a restart after each": lambda told: replace(told, restarts=True),
    "export and import": lambda told: replace(told, moves=True),
    "one more that failed": lambda told: replace(told, failed=("boom",)),
}


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("relation", RELATIONS)
def test_the_board_holds(relation: str, seed: int, tmp_path: Path) -> None:
    told = story(seed)
    changed = RELATIONS[relation](told)
    if changed is None:
        pytest.skip("does not apply")
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    before = told_of(board_of(tmp_path / "a", told), {})
    assert told_of(board_of(tmp_path / "b", changed), changed.names) == before


@pytest.mark.parametrize("seed", range(4))
def test_a_copy_or_a_candidate_off_the_scale_crowns_nobody(seed: int, tmp_path: Path) -> None:
    told = story(seed)
    first = next(iter(told.predictions))
    extras: list[tuple[str, Any]] = [("copy", told.predictions[first])]
    if told.charter["metric"] == "mae":
        extras.append(("off", np.abs(told.predictions[first]) * 1e4))
    before = board_of_in(tmp_path, "before", told)
    for name, rows in extras:
        after = board_of_in(tmp_path, name, replace(told, predictions={**told.predictions, name: rows}))
        assert after["winner"] in (before["winner"], None)
        scores = {row["candidate"]: row["score_text"] for row in after["rows"]}
        assert all(scores[row["candidate"]] == row["score_text"] for row in before["rows"])


def board_of_in(folder: Path, name: str, told: Told) -> dict[str, Any]:
    (folder / name).mkdir()
    return board_of(folder / name, told)["boards"][0]  # type: ignore[no-any-return]


def test_what_cannot_be_judged_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    told = story(0)
    here = session_of(tmp_path, told)
    here.start("shelf", charter_toml.from_table(dict(told.charter)), truth_name="y_test")
    run = Run(started_at=NOON, duration=timedelta(seconds=1))
    for name, rows in told.predictions.items():
        here.record(name, here.read(rows, None), run)
    before = report.board(here.evidence())["boards"]
    with pytest.raises(MleeError):
        here.record("broken", here.read(np.full(len(told.truth), np.nan), None), run)
    assert report.board(here.evidence())["boards"] == before
