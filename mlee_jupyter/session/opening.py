"""What `start` finds: a charter, and perhaps an experiment that is there already; running it again doubles nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from mlee_jupyter.domain import Charter, Experiment, charter_toml, durations
from mlee_jupyter.domain.errors import MleeError, NameTaken
from mlee_jupyter.evidence import row_structure
from mlee_jupyter.record.charter_metric import demand_scale
from mlee_jupyter.stats.compare.baselines import RULES
from mlee_jupyter.stats.metrics.catalogue import metric_facts
from mlee_jupyter.stats.metrics.metric_names import target_as_shown
from mlee_jupyter.stats.own_scores.row_score import names_row_score

if TYPE_CHECKING:
    from mlee_jupyter.store import Store


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What `start` did."""

    experiment: Experiment
    resumed: bool
    changes: tuple[str, ...] = ()  # of the charter, one entry a key
    remarks: tuple[str, ...] = ()


def checked(charter: Charter | None) -> Charter | None:
    """A metric we know (another name is the user's own number, which then needs its direction), and one layout.

    Raises:
        MleeError: the charter cannot be kept.
    """
    if charter is None:
        return None
    charter = replace(charter, must_reach=target_as_shown(charter.must_reach, charter.metric))
    by_itself = charter.metric is not None and names_row_score(charter.metric)
    if charter.metric is not None and charter.higher_is_better is None and not by_itself:
        demand_scale(charter, metric_facts(charter.metric))
    row_structure.check(charter)
    return charter


def untitled(notebook: str | None) -> str:
    """The name of an experiment that nobody named: after the notebook, where its path is known."""
    stem = notebook.replace("\\", "/").rsplit("/", 1)[-1].removesuffix(".ipynb") if notebook else ""
    return f"untitled {stem}".strip()


def none_open(going: Sequence[str]) -> MleeError:
    """What to say where no experiment is open in the notebook; those of the store that go on can be taken up."""
    return MleeError(
        "No experiment is open in this notebook.",
        f'Take one up again: %mlee_experiment start "{going[-1]}"'
        f" ({len(going)} open here: %mlee_experiment list), or only look: %mlee_scoreboard NAME."
        if going
        else "Type %mlee_experiment start NAME --budget 6h.",
    )


def open_or_resume(
    store: Store,
    name: str,
    charter: Charter | None,
    *,
    budget: timedelta | None,
    usual_budget: timedelta | None,
    deadline: date | None,
    named: Mapping[str, str | None],
    now: Callable[[], datetime],
) -> Opening:
    """Open an experiment, or resume the one of that name.

    Args:
        store: where it lives.
        name: as the user calls it.
        charter: what is agreed; None: nothing is said of it.
        budget: the time box; None: it is not named.
        usual_budget: of a new experiment whose box is not named.
        deadline: its last day.
        named: the variables it declares, by the store's own keys.
        now: the current time.

    Raises:
        MleeError: it has no name, or the charter cannot be kept.
    """
    if not name.strip():
        raise MleeError("An experiment needs a name.", "Type %mlee_experiment start NAME.")
    charter, remarks = without_free(checked(charter))
    found = store.find_experiment(name)
    if found is None:
        try:
            made = store.create_experiment(
                name,
                charter=charter or Charter(),
                budget=budget or usual_budget,
                deadline=deadline,
                truth_name=named["truth_name"],
                features_name=named["features_name"],
                at=now(),
            )
            return Opening(experiment=made, resumed=False, remarks=remarks)
        except NameTaken:  # another process was faster: then it is there to resume
            found = store.find_experiment(name)
            if found is None:
                raise
    return resume(store, found, charter, budget, named, now())


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
