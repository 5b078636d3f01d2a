"""What people hand over comes out right: judged as scikit-learn's own function does, or stopped with one line.

The catalogue is in `shapes`; each of its lines is tried in every world and for every metric that it fits.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mlee_jupyter as mlee
from mlee_jupyter.domain import ResultKind, charter_toml
from mlee_jupyter.domain.settings import Settings
from mlee_jupyter.record.scored_run import Run
from mlee_jupyter.session.session import Session
from mlee_jupyter.store import open_store

from . import oracle
from .shapes import SHAPES, Right, Shape, crossed
from .worlds import World, world

HABITS, NUMBERS = crossed(most=3), count()
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def test_the_catalogue_is_large_and_without_doubles() -> None:
    names = [name for _, _, name, _ in HABITS]
    assert len(names) >= 400
    assert len(set(names)) == len(names), sorted({n for n in names if names.count(n) > 1})
    assert {one.right.what for _, _, _, one in HABITS} >= {"judged", "turned", "folds", "doubted", "asked", "refused"}


@cache
def shared() -> Session:
    """One session in memory for all; each habit opens an experiment of its own."""
    return Session(open_store(":memory:"), Settings(root=Path()), names={}, now=lambda: NOON)


def open_at(here: World, metric: str, one: Shape) -> Session:
    """The session with an experiment of the world's test rows, and nothing recorded."""
    session = shared()
    session.names.maps[-1].update({"y_test": here.y if one.truth == "series" else here.y.to_numpy(), "X_test": here.X})  # type: ignore[attr-defined]
    charter = charter_toml.from_table({"metric": metric, "useful_gain": 0.02, "question": "which?"})
    session.start(f"habit {next(NUMBERS)}", charter, truth_name="y_test", features_name="X_test")
    return session


def handed(session: Session, value: Any, **options: Any) -> Any:
    kind = options.pop("kind", None)
    run = Run(started_at=NOON, duration=timedelta(seconds=1))
    read = session.read(value, None, kind=ResultKind(kind) if kind else None, **options)
    return session.record("it", read, run)


def wanted(here: World, metric: str, one: Shape) -> float:
    """What scikit-learn, or plain arithmetic, makes of what was meant."""
    meant = None if one.right.meant is None else one.right.meant(here)
    if one.right.what in ("judged", "turned", "doubted"):
        return oracle.score(here, metric, meant)
    if one.right.what == "folds":
        return float(np.mean(one.make(here) if meant is None else meant))
    return float(meant)


@pytest.mark.parametrize(("name", "metric", "habit", "one"), HABITS, ids=[habit for _, _, habit, _ in HABITS])
def test_a_habit(name: str, metric: str, habit: str, one: Shape) -> None:
    assert outcome(world(name), metric, one) is None


def outcome(here: World, metric: str, one: Shape) -> str | None:
    """What came out otherwise than it should; None where all is right."""
    session = open_at(here, metric, one)
    try:
        found = handed(session, one.make(here), **dict(one.options))
    except mlee.MleeError as fault:
        return stopped(session, one.right, str(fault))
    if one.right.what in ("asked", "refused"):
        return f"taken as {found[0].first.measured}"
    first = found[0].first.measured
    right = wanted(here, metric, one)
    if first.value != pytest.approx(right, rel=2e-6, abs=2e-7):
        return f"{first.value} and not {right}"
    kinds = {"folds": ResultKind.FOLDS, "apart": ResultKind.NUMBER, "bare": ResultKind.NUMBER}
    by_row = (ResultKind.PREDICTIONS, ResultKind.SCORES)
    if first.kind not in ((kinds[one.right.what],) if one.right.what in kinds else by_row):
        return f"taken as {first.kind}"
    if one.right.what == "doubted":
        evidence = session.evidence()
        rules = [f.rule for f in session.findings(evidence) if f.outcome.value == "finding"]
        said = f"{rules} {found[0].remarks}"
        return None if one.right.words in said else f"not doubted: {said}"
    return None


def stopped(session: Session, right: Right, line: str) -> str | None:
    """Whether it was right to stop, and said in one line that helps."""
    if right.what not in ("asked", "refused"):
        return line
    if session.records().results != ():
        return "refused, and recorded all the same"
    helps = "\n" not in line and len(line) < 400 and right.words.lower() in line.lower()
    return None if helps else f"said otherwise: {line}"


def test_the_catalogue_notices_a_wrong_outcome() -> None:
    here, one = world("0 and 1"), next(shape for shape in SHAPES if shape.name == "predict")
    turned = replace(one, right=Right("judged", meant=lambda w: 1 - w.labels))
    assert "and not" in (outcome(here, "accuracy", turned) or "")
    assert "taken" in (outcome(here, "accuracy", replace(one, right=Right("refused"))) or "")
    assert "otherwise" in (
        outcome(here, "accuracy", replace(one, make=lambda w: None, right=Right("refused", "zzz"))) or ""
    )
    assert outcome(here, "accuracy", one) is None
