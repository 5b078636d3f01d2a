"""Run candidates at once on the same folds, in a box: `race models X y --minutes 20`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from mlee_jupyter.domain.errors import MleeError, did_you_mean
from mlee_jupyter.session.verbs.declaration import Argument, Order, Spoken, Verb

if TYPE_CHECKING:
    from mlee_jupyter.session.race.racing import RaceResult
    from mlee_jupyter.session.session import Session

MINUTES = Argument("--minutes", help="the box of a race")
CV = Argument("--cv", help="folds of a race, 5 by default")
EXAMPLE = "race MODELS X y --minutes 20"


def run(here: Session, order: Order) -> Iterable[str]:
    """Race what the variables hold."""
    values = []
    for position, what in enumerate(("dict of models", "features", "right answers")):
        name = order.word(position, what, EXAMPLE)
        if name not in here.names:
            raise MleeError(
                f"There is no variable {name[:40]!r} here.",
                f"{did_you_mean(name, here.names)}Type %mlee_experiment {EXAMPLE}.",
            )
        values.append(here.names[name])
    typed, folds = order.get(MINUTES), order.get(CV) or "5"
    if typed is None:
        raise MleeError("A race needs a box.", f"Type %mlee_experiment {EXAMPLE}.")
    candidates, X, y = values
    return race(here, candidates, X, y, minutes=_number(typed, "--minutes"), cv=int(_number(folds, "--cv"))).lines


def race(
    here: Session,
    candidates: Mapping[str, Any],
    X: Any,
    y: Any,
    *,
    minutes: float,
    cv: Any = 5,
    groups: Any = None,
    time: Any = None,
    backend: str | None = None,
    jobs: int | None = None,
) -> Spoken[RaceResult]:
    """Cross-validate candidates at once on the same folds; each stops at its share of the box.

    Results are recorded as they come, as fold scores. A worker that dies costs the fold that it ran.

    Args:
        candidates: estimators by name; or for a candidate a list or dict of them, its settings, run in that order.
        X: the features, (n, ...): frame, array, sparse matrix or list.
        y: (n,) the right answers.
        minutes: the box, above 0. A candidate's share is an equal part of it; what one leaves, the others get.
        cv: a number of folds, a splitter, or pairs of places, as cross_val_score takes them.
        groups: (n,) rows of one group are never on both sides.
        time: (n,) what is tested is later than what was trained on.
        backend: of joblib, as "loky", "dask", "ray" or "spark"; None: as joblib is configured.
        jobs: workers; None: one a processor.

    Raises:
        MleeError: something that would fail later; nothing is run then.
    """
    from mlee_jupyter.session.race.racing import RaceResult, prepared, run_lines

    start = prepared(
        here, candidates, X, y, minutes=minutes, cv=cv, groups=groups, time=time, backend=backend, jobs=jobs
    )
    result = RaceResult()
    return Spoken(result, run_lines(here, start, result))


def _number(typed: str, option: str) -> float:
    try:
        return float(typed)
    except ValueError:
        raise MleeError(f"{option} {typed[:20]!r} is no number.", f"Type %mlee_experiment {EXAMPLE}.") from None


VERB = Verb(place=34, run=run, method=race, options=(MINUTES, CV))
