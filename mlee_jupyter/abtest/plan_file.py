"""A plan kept in a file of JSON, which remembers the looks that were taken."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, fields, replace
from pathlib import Path

from mlee_jupyter.domain import files
from mlee_jupyter.domain.errors import MleeError

from .trial_plan import MOST_UNITS, LookTaken, TrialPlan, make_plan

FORMAT = 1
NOT_ASKED = ("taken", "findings")


def save_plan(plan: TrialPlan, path: Path | str) -> None:
    """Write a new plan.

    Args:
        plan: to be kept.
        path: of the file; a plan that is there is replaced if nobody looked at its test yet.

    Raises:
        MleeError: it cannot be written, something else is there, or looks were taken by the plan that is there.
    """
    place = Path(path)
    if files.plain_file(place) is not None and read_plan(place).taken:
        raise MleeError(f"The test of {place} was looked at already.", "Keep its plan, and name another file.")
    write_plan(plan, place)


def write_plan(plan: TrialPlan, place: Path) -> None:
    """Write a plan over what is there.

    Args:
        plan: to be kept.
        place: of the file.

    Raises:
        MleeError: it cannot be written.
    """
    files.write(place, json.dumps({"mlee_ab_plan": FORMAT, **_value(plan)}, indent=1) + "\n")


def read_plan(path: Path | str) -> TrialPlan:
    """A plan from its file.

    Args:
        path: as it was saved.

    Raises:
        MleeError: there is none, or it is no plan.
    """
    place = Path(path)
    try:
        held = files.parse_json(files.read_text(place))
    except FileNotFoundError:
        raise MleeError(f"There is no plan {place}.", f"Make one: mlee ab plan --output {place} ...") from None
    except OSError as fault:
        raise MleeError(f"{place} cannot be read: {fault.strerror}.", "Name another file.") from None
    except ValueError:
        held = None
    if not isinstance(held, dict) or held.get("mlee_ab_plan") != FORMAT:
        raise MleeError(f"{place} is no plan of an A/B test.", "mlee ab plan --output FILE writes one.")
    try:
        return _plan(held)
    except MleeError as fault:
        raise MleeError(f"{place}: {fault.message}", fault.remedy) from None
    except (TypeError, KeyError, ValueError, OverflowError, AttributeError):
        raise MleeError(f"{place} was changed, and is no plan any more.", "Plan again: mlee ab plan") from None


def _value(plan: TrialPlan) -> dict[str, object]:
    """What is kept of a plan; findings are found again."""
    value = asdict(plan)
    del value["findings"]
    return value


def _plan(held: dict[str, object]) -> TrialPlan:
    """A plan of what a file holds, within the bounds of a new one."""
    asked = {one.name: held[one.name] for one in fields(TrialPlan) if one.name not in ("units", *NOT_ASKED)}
    plan = make_plan(**asked)  # type: ignore[arg-type]
    units, listed = held["units"], held["taken"]
    if type(units) is not int or not 0 < units < MOST_UNITS or not isinstance(listed, list):
        raise ValueError
    taken = tuple(LookTaken(**one) for one in listed)
    for one in taken:
        if type(one.units) is not int or not all(map(math.isfinite, (one.z, one.value, one.error))):
            raise ValueError
    if [one.units for one in taken] != sorted({one.units for one in taken}):
        raise ValueError
    return replace(plan, units=units, taken=taken)
