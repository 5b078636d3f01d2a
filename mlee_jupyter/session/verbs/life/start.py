"""Open or resume an experiment; the cell's body is its charter in TOML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlee_jupyter.domain import Charter, charter_toml, durations
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.session import door_lines
from mlee_jupyter.session.verbs.declaration import FEATURES, FRESH, Argument, Order, Verb

if TYPE_CHECKING:
    from mlee_jupyter.session.session import Session

BUDGET = Argument("--budget", help="active working time: 90m, 6h, 3d (a day is 8 working hours)")
DEADLINE = Argument("--deadline", help="a calendar date, as 2026-12-01")
TRUTH = Argument("--truth", help="the variable that holds the right answers")
FORM = Argument("--form", action="store_true", help="start: a form that asks in plain words and writes the cell")
OF_ROWS = (
    Argument("--train", help="the variable that holds the training rows, to look for rows on both sides"),
    Argument("--groups", help="rows of one customer, patient, document belong together: a variable, or a column"),
    Argument("--time", help="the rows are in time order: a variable, or a column of the features"),
    Argument("--weights", help="how much each row counts: a variable, or a column of the features"),
)


def run(here: Session, order: Order) -> list[str]:
    """Open or resume an experiment."""
    name = " ".join(order.words)
    if not name:
        raise MleeError(
            "An experiment needs a name.",
            "Type %mlee_experiment start NAME --budget 6h, or %mlee_experiment start --form.",
        )
    budget = order.get(BUDGET)
    opening = here.start(
        name,
        _charter(here, name, order),
        budget=durations.parse(budget, here.settings.hours_a_day) if budget else None,
        deadline=order.day(DEADLINE),
        truth_name=order.get(TRUTH),
        features_name=order.get(FEATURES),
        fresh_name=order.get(FRESH),
    )
    return door_lines.opening_lines(here, opening)


def _charter(here: Session, name: str, order: Order) -> Charter | None:
    """The cell's charter, with what the line says of the rows; without a cell, the one that was agreed before."""
    charter = charter_toml.parse(order.cell) if order.cell is not None else None
    said = {option.key: value for option in OF_ROWS if (value := order.get(option)) is not None}
    if not said:
        return charter
    if charter is None and (found := here.store.find_experiment(name)) is not None:
        charter = found.charter
    return charter_toml.from_table(said, charter)


VERB = Verb(place=10, run=run, options=(BUDGET, DEADLINE, TRUTH, FEATURES, *OF_ROWS, FRESH, FORM))
