"""What `start` finds: a charter, and perhaps an experiment that is there already; running it again doubles nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from mlee_jupyter.domain import Charter, Experiment, charter_toml, durations
from mlee_jupyter.stats.compare.baselines import RULES

if TYPE_CHECKING:
    from mlee_jupyter.store import Store


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What `start` did."""

    experiment: Experiment
    resumed: bool
    changes: tuple[str, ...] = ()  # of the charter, one entry a key
    remarks: tuple[str, ...] = ()


def without_free(charter: Charter | None) -> tuple[Charter | None, tuple[str, ...]]:
    """A charter that does not plan what is free: constant rules are computed from the truth."""
    free = [name for name in charter.candidates if name in RULES] if charter else []
    if charter is None or not free:
        return charter, ()
    planned = tuple(name for name in charter.candidates if name not in free)
    remark = f"{' and '.join(free)} {'comes' if len(free) == 1 else 'come'} free: computed from the truth, shown grey."
    estimates = tuple(one for one in charter.estimates if one.candidate not in free)
    return replace(charter, candidates=planned, estimates=estimates), (remark,)


def resume(
    store: Store,
    found: Experiment,
    charter: Charter | None,
    budget: timedelta | None,
    named: Mapping[str, str | None],
    at: datetime,
) -> Opening:
    """Take an experiment up again, with what its cell says now.

    Args:
        store: where it lives.
        found: the experiment as it stands.
        charter: of the cell; None: it says nothing of one.
        budget: likewise.
        named: the variables it declares, by the store's own keys.
        at: the time of it.
    """
    remarks: list[str] = []
    differences: list[str] = []
    if charter is not None and charter != found.charter:
        if any(version.charter == charter for version in store.records(found.name).charters):
            # the cell is as it was when it ran before; what was changed since stays
            since = "; ".join(charter_toml.changes(charter, found.charter))
            remarks.append(f"The charter stays as it was changed later: {since}.")
        else:
            differences = charter_toml.changes(found.charter, charter)
            store.change_charter(found.name, charter, None, at)
    if budget is not None and budget != found.budget:
        was = durations.show(found.budget) if found.budget else "no box"
        remarks.append(f"The box stays at {was}; to change it: %mlee_experiment extend 2h --because ...")
    names = {key: value for key, value in named.items() if value not in (None, getattr(found, key))}
    if names:
        store.set_names(found.name, **names)
    if found.paused_at is not None and found.is_open:
        store.resume(found.name, at)
    renewed = store.find_experiment(found.name) or found
    return Opening(experiment=renewed, resumed=True, changes=tuple(differences), remarks=tuple(remarks))
