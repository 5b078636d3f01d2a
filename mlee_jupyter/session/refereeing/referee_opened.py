"""A referee made ready: its own store, the truth out of a file, and what to say of both."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mlee_jupyter.bridges.prediction_files import truth_column
from mlee_jupyter.bridges.tables import read_table
from mlee_jupyter.domain import charter_toml, files, settings
from mlee_jupyter.domain.audits import Asked
from mlee_jupyter.domain.errors import MleeError, did_you_mean
from mlee_jupyter.session.session import Session
from mlee_jupyter.store import open_store

from .referee import Referee
from .truth_side import TRUTH, TruthSide

GROUPS = "groups"


@dataclass(frozen=True, kw_only=True)
class RefereeOrder:
    """What was asked for."""

    name: str
    truth: Path
    store: Path
    column: str | None = None
    groups: str | None = None
    metric: str | None = None
    positive: str | None = None
    useful_gain: float | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Opened:
    """A referee, and what to tell whoever runs it."""

    referee: Referee
    remarks: tuple[str, ...]


def open_referee(order: RefereeOrder) -> Opened:
    """A referee of one truth; what its store holds of earlier looks still counts.

    Args:
        order: what was asked for.

    Raises:
        MleeError: no such file or column, a truth other than before, or a metric without rows to compare.
    """
    table = read_table(order.truth)
    names: dict[str, Any] = {TRUTH: table[_column(table, order)].to_numpy()}
    if order.groups is not None:
        _demand(table, order.groups, "--groups")
        names[GROUPS] = table[order.groups].to_numpy()
    found = replace(settings.read(), store_rows=True)  # what was shown is worked out from the rows
    files.plain_file(order.store)
    order.store.absolute().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    here = Session(open_store(str(order.store.absolute()), fallback=False), found, names=names)
    told = {
        "metric": order.metric,
        "positive": order.positive,
        "useful_gain": order.useful_gain,
        GROUPS: GROUPS if order.groups else None,
    }
    said = {key: value for key, value in told.items() if value is not None}
    here.start(order.name, charter_toml.from_table(said), truth_name=TRUTH)
    _demand_the_same(here)
    return Opened(referee=Referee(TruthSide(here)), remarks=tuple(_open_to_others(order.truth, order.store)))


def _column(table: Any, order: RefereeOrder) -> str:
    if order.column is not None:
        _demand(table, order.column, "--column")
        return order.column
    found = truth_column(table, Asked()) or (str(table.columns[0]) if len(table.columns) == 1 else None)
    if found is None:
        raise MleeError(f"Which column of {order.truth} holds the right answers?", "Name it: --column NAME.")
    return found


def _demand(table: Any, column: str, option: str) -> None:
    if column not in table.columns:
        near = did_you_mean(column, table.columns)
        raise MleeError(f"There is no column {column[:40]!r}.", f"{near}Name one: {option} NAME.")


def _demand_the_same(here: Session) -> None:
    """One store, one truth: with another one, what was shown before would mean something else."""
    known = set(here.records().truths)
    truth = here.declared.truth(here.experiment())
    if known and truth is not None and known != {truth.fingerprint}:
        raise MleeError("This store was opened with another truth.", "Name another experiment, or another --store.")


def _open_to_others(*places: Path) -> list[str]:
    """The files that other users of this machine can read; nothing where the system does not tell."""
    if os.name != "posix":
        return []
    return [
        f"Other users of this machine can read {place}: chmod 600 it."
        for place in places
        if place.exists() and stat.S_IMODE(place.stat().st_mode) & 0o044
    ]
