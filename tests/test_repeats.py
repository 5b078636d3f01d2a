"""What differs in its last bits only is the same answer: no new look, no new variant, a twin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlee_jupyter.domain import charter_toml
from mlee_jupyter.domain.settings import Settings
from mlee_jupyter.record.scored_run import Recorded, Run
from mlee_jupyter.session.session import Session
from mlee_jupyter.store import Store, open_store

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
N = 400
RANDOM = np.random.default_rng(12)
TRUTH = RANDOM.integers(0, 2, N)
SHARES = 1 / (1 + np.exp(-(TRUTH + RANDOM.standard_normal(N))))
AMOUNTS = 50 + 10 * RANDOM.standard_normal(N)
Change = Callable[[Any], Any]


def last_bit(rows: Any) -> Any:
    return np.nextafter(np.asarray(rows), np.inf)


def session_at(store: Store, truth: np.ndarray, metric: str, name: str = "shelf", **settings: Any) -> Session:
    made = Session(store, replace(Settings(root=Path()), **settings), names={"y": truth}, now=lambda: NOON)
    made.start(name, charter_toml.from_table({"metric": metric, "useful_gain": 0.02}), truth_name="y")
    return made


@pytest.fixture
def store() -> Any:
    made = open_store(":memory:")
    yield made
    made.close()


def record(session: Session, value: Any, name: str = "forest", minute: int = 0) -> Recorded:
    begun = NOON + timedelta(minutes=minute)
    return session.record(name, session.read(value, None), Run(started_at=begun, duration=timedelta(seconds=1)))[0]


KINDS: dict[str, tuple[np.ndarray, str, Any]] = {
    "one column of scores": (TRUTH, "roc_auc", SHARES),
    "a column per class": (TRUTH, "log_loss", np.column_stack([1 - SHARES, SHARES])),
    "shares where labels are judged": (TRUTH, "accuracy", SHARES),
    "many ties": (TRUTH, "average_precision", np.round(SHARES, 1)),
    "numbers": (AMOUNTS, "rmse", AMOUNTS + RANDOM.standard_normal(N)),
    "large numbers": (1e9 * AMOUNTS, "mae", 1e9 * AMOUNTS + RANDOM.standard_normal(N)),
    "small numbers": (1e-9 * AMOUNTS, "mae", 1.1e-9 * AMOUNTS),
    "fold scores": (TRUTH, "accuracy", np.array([0.91, 0.93, 0.92, 0.9, 0.94])),
    "a bare score": (TRUTH, "accuracy", 0.9123456),
}


@pytest.mark.parametrize(
    ("kind", "kept"),
    # where only influence is kept, the scale that large numbers were rounded at is gone
    [(kind, kept) for kind in KINDS for kept in (True, False) if kept or kind != "large numbers"],
)
def test_a_repeat_stays_a_repeat(store: Store, kind: str, kept: bool) -> None:
    truth, metric, value = KINDS[kind]
    session = session_at(store, truth, metric, store_rows=kept)
    first = record(session, value)
    again = record(session, last_bit(value) if np.ndim(value) else float(last_bit(value)), minute=1)
    assert not first.repeat
    assert again.repeat
    assert again.variants == 1
    assert again.first.measured.value == pytest.approx(first.first.measured.value, rel=1e-11)
    assert store.looks(session.declared.truth(session.experiment()).fingerprint) <= 1  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("fold scores", "a bare score")])
def test_a_copy_is_a_twin_and_no_look(store: Store, kind: str) -> None:
    truth, metric, value = KINDS[kind]
    session = session_at(store, truth, metric)
    record(session, value)
    record(session, last_bit(value), "copy", 1)
    evidence = session.evidence()
    assert evidence.twins == (("forest", "copy"),)
    assert evidence.judgement is not None
    assert evidence.judgement.wear is not None
    assert evidence.judgement.wear.looks == 1


def test_restart_and_run_all_counts_nothing_twice(store: Store) -> None:
    for _ in range(3):  # each a new kernel
        session = session_at(store, TRUTH, "roc_auc")
        for place in range(4):
            rows = SHARES + 0.1 * np.random.default_rng(place).standard_normal(N)
            again = record(session, last_bit(rows) if _ else rows, f"model {place}", place)
    assert again.repeat
    assert session.evidence().judgement.wear.looks == 4  # type: ignore[union-attr]


def test_another_experiment_has_seen_it_too(store: Store) -> None:
    record(session_at(store, TRUTH, "roc_auc"), SHARES)
    other = session_at(store, TRUTH, "roc_auc", "second")
    record(other, last_bit(SHARES))
    assert other.evidence().judgement.wear.looks == 1  # type: ignore[union-attr]


@pytest.mark.parametrize("by", [1e-9, 1e-6])
def test_a_true_difference_is_a_look_of_its_own(store: Store, by: float) -> None:
    session = session_at(store, TRUTH, "log_loss")
    record(session, SHARES)
    moved = SHARES.copy()
    moved[17] += by
    assert not record(session, moved, minute=1).repeat
    assert session.evidence().judgement.wear.looks == 2  # type: ignore[union-attr]


def test_the_users_own_score_is_held_against_the_rows_at_hand(store: Store) -> None:
    """Ties that the last bit breaks change an AUC: that is no slip of the user's."""
    from sklearn.metrics import roc_auc_score

    tied = np.round(SHARES, 1)
    broken = np.where(np.arange(N) % 2 == 0, np.nextafter(tied, 2), tied)
    session = session_at(store, TRUTH, "roc_auc")
    record(session, tied)
    assert record(session, {"y_score": broken, "roc_auc": roc_auc_score(TRUTH, broken)}, "b", 1)
    found = {f.rule for f in session.findings(session.evidence()) if f.outcome.value == "finding"}
    assert "MLE402" not in found
    assert "MLE403" in found


def test_nothing_but_zeros_is_itself(store: Store) -> None:
    session = session_at(store, AMOUNTS, "mae")
    record(session, np.zeros(N))
    assert record(session, np.zeros(N), minute=1).repeat
    assert not record(session, np.full(N, 1e-300), minute=2).repeat
