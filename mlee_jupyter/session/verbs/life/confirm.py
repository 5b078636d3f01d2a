"""Open the sealed sample for the chosen candidate: `confirm knn=y_knn_final svm=y_svm_final`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mlee_jupyter.domain.errors import MleeError, did_you_mean
from mlee_jupyter.session import door_lines
from mlee_jupyter.session.given import name_given
from mlee_jupyter.session.verbs.declaration import FEATURES, Order, Spoken, Verb

if TYPE_CHECKING:
    from mlee_jupyter.domain import Fresh
    from mlee_jupyter.session.session import Session


def run(here: Session, order: Order) -> list[str]:
    """Open the sample with the variables that are named."""
    order.word(0, "predictions", "confirm NAME=PREDICTIONS")
    handed: dict[str, Any] = {}
    for word in order.words:
        name, sign, variable = word.rpartition("=")
        if not sign or variable not in here.names:
            raise MleeError(
                f"{word[:40]!r} names no candidate with a variable that is there.",
                f"{did_you_mean(variable, here.names)}Type %mlee_experiment confirm NAME=PREDICTIONS.",
            )
        handed[name] = here.names[variable]
    return list(confirm(here, handed, features=order.get(FEATURES)).lines)


def confirm(here: Session, predictions: Mapping[str, Any], *, features: Any = None) -> Spoken[Fresh]:
    """Open the sealed sample, once, after the decision.

    Args:
        predictions: of the chosen candidate and at most two others, by name; estimators predict on `features`.
        features: of the sealed rows, or the variable's name.

    Raises:
        MleeError: not sealed, not decided, changed since, or opened before with other predictions.
    """
    found, opened = here.confirm(predictions, features_name=name_given(here, features, "fresh_features"))
    return Spoken(found, door_lines.confirmed_lines(here, found, opened))


VERB = Verb(place=51, run=run, method=confirm, options=(FEATURES,))
