"""Values handed over in plain Python, by the names under which the session finds them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlee_jupyter.session.session import Session


def name_given(here: Session, value: Any, fallback: str) -> str | None:
    """The variable's name; a value without one is kept under the name it was passed by. None stays None."""
    if value is None or isinstance(value, str):
        return value
    for name, held in here.names.items():
        if held is value and not name.startswith("_"):
            return name
    here.given[fallback] = value
    return fallback


def another_given(here: Session, value: Any, fallback: str) -> str | None:
    """The name of a value beside the declared one; each other one without a name has a number."""
    name, number = fallback, 1
    while name in here.given and here.given[name] is not value:
        number += 1
        name = f"{fallback}_{number}"
    return name_given(here, value, name)


def population_given(here: Session, value: Any) -> Any:
    """A charter's population; a frame is named as a variable, and a frame alone is a population."""
    table = value if isinstance(value, Mapping) and not _is_frame(value) else {"frame": value}
    frame = table.get("frame")
    return table if frame is None else {**table, "frame": name_given(here, frame, "population")}


def _is_frame(value: Any) -> bool:
    """Whether a dict holds columns rather than a charter's words."""
    return any(hasattr(held, "__len__") and not isinstance(held, str) for key, held in value.items() if key != "frame")
