"""An open experiment: a method for every verb of %mlee_experiment, and runs that are recorded."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import date
from typing import TYPE_CHECKING, Any

from mlee_jupyter import report
from mlee_jupyter.session.boards import board_of, explanation_of, judgements_of, side_board_of
from mlee_jupyter.session.given import name_given
from mlee_jupyter.session.verbs import every_verb
from mlee_jupyter.session.verbs.candidates import drop, park, race, take, withdraw
from mlee_jupyter.session.verbs.charter import change, heed, ignore, plan
from mlee_jupyter.session.verbs.declaration import Spoken, Value
from mlee_jupyter.session.verbs.life import brief, close, confirm, decide, rename, reopen, shown
from mlee_jupyter.session.verbs.records import costs, history, mirror, status
from mlee_jupyter.session.verbs.time import extend, pause, resume

from .run_block import RunRecorder, kind_of, run_block, value_or_rows

if TYPE_CHECKING:
    import pandas as pd

    from mlee_jupyter.domain import Fresh
    from mlee_jupyter.record.scored_run import Recorded
    from mlee_jupyter.report import Said
    from mlee_jupyter.session.race.racing import RaceResult
    from mlee_jupyter.session.session import Session


class ExperimentHandle:
    """An open experiment; made by `start`."""

    def __init__(self, name: str, of: Session) -> None:
        self.name = name
        self._session = of

    def _here(self) -> Session:
        if self._session.current != self.name:
            self._session.start(self.name)
        return self._session

    def candidate(
        self,
        name: str,
        *,
        simplicity: int | None = None,
        variant: str | None = None,
        truth: Any = None,
        features: Any = None,
        idea: str | None = None,
        stage: str | None = None,
        tags: tuple[str, ...] = (),
        minutes: float | None = None,
        hard: bool = False,
        quiet: bool = False,
        source: str | None = None,
    ) -> AbstractContextManager[RunRecorder]:
        """Run, time and record a candidate; what the block raises passes through and is recorded as failed.

        A block that was stopped, by its limit or by hand, ends there, whatever its code does about it.

        Args:
            name: the approach.
            simplicity: 1 is simplest.
            variant: the setting tried; without one, other predictions are another variant.
            truth: another truth than the experiment's: right answers, or the name of the variable that holds them.
            features: what an estimator predicts on, or the variable's name.
            idea: where the idea came from: blog, paper, docs, own.
            stage: "development" keeps the run off the board.
            tags: words to split the board by.
            minutes: a limit for this run.
            hard: stop the block at its limit; nothing is stopped without this.
            quiet: say only what a rule finds, not each record (for loops).
            source: the old name of `idea`.

        Raises:
            MleeError: what was recorded cannot be judged; nothing is written then.
        """
        told: dict[str, Any] = {
            "variant": variant,
            "simplicity": simplicity,
            "idea": idea if idea is not None else source,
            "stage": stage,
            "tags": tags,
        }
        return run_block(
            self._here, name, told, truth=truth, features=features, minutes=minutes, hard=hard, quiet=quiet
        )

    def record(
        self,
        name: str,
        value: Any = None,
        *,
        kind: str | None = None,
        n: int | None = None,
        trained_on: int | None = None,
        classes: Any = None,
        row_scores: Any = None,
        **options: Any,
    ) -> list[Recorded]:
        """Record an existing value, or row scores, for a candidate; options as for a run and for `candidate`."""
        value, kind = value_or_rows(value, kind, row_scores)
        kind_of(kind)
        with self.candidate(name, **options) as run:
            run.record(value, kind=kind, n=n, trained_on=trained_on, classes=classes)
        return run.results

    def _done(self, done: Spoken[Value]) -> Value:
        for line in done.lines:
            print(line)
        return done.value

    # ------------------------------------------------------------------ looking

    def scoreboard(self, metric: str | None = None) -> pd.DataFrame:
        """The candidates as a DataFrame, best first: score, 95% range, verdict, cost bound, effort.

        Args:
            metric: a side view by another metric than the one agreed on; it suggests nobody, and counts as a look.

        Raises:
            MleeError: there is no such metric, it is the agreed one, or nothing can be scored by it.
        """
        return report.frame(self.board(metric))

    def board(self, metric: str | None = None) -> dict[str, Any]:
        """The scoreboard as one plain JSON value; by another metric as in `scoreboard`."""
        return board_of(self._here()) if metric is None else side_board_of(self._here(), metric)

    @property
    def html(self) -> str:
        """The scoreboard as HTML."""
        return report.html(self.board())

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return report.bundle(self.board())

    def __repr__(self) -> str:
        return f"<mlee experiment {self.name!r}>"

    def explain(self, name: str | None = None) -> Said:
        """In plain words why a candidate stands where it does, or what a number of the board means.

        Args:
            name: a candidate, a free baseline, or a number: "score", "range", "behind", ...; None: the headline.

        Raises:
            MleeError: nothing of that name is on the board; the nearest names are given.
        """
        return explanation_of(self._here(), why=name)

    def figure(self, ax: Any = None, board: int = 1) -> Any:
        """Each candidate's difference to the best, with the useful gain as a band.

        Args:
            ax: matplotlib Axes to draw on; None: new ones.
            board: which board, where there are several; 1 is the first.

        Returns:
            matplotlib's Axes; where matplotlib is not installed a picture that a notebook shows by itself.

        Raises:
            MleeError: nothing is judged yet, or there is no such board.
        """
        return report.figure(judgements_of(self._here()), ax, board)

    def status(self) -> Said:
        """Where the experiment stands: time, effort, what was found."""
        return status.status(self._here())

    def history(self) -> pd.DataFrame:
        """Every run with its number, oldest first; `withdraw` takes the number."""
        return history.history(self._here())

    def costs(self) -> Said:
        """How long each candidate takes to answer, and what running it costs a month."""
        return costs.costs(self._here())

    def check(self) -> tuple[Any, ...]:
        """Every rule's answer, as findings."""
        here = self._here()
        return here.findings(here.evidence())

    # ------------------------------------------------------------------ steering

    def extend(self, by: str, *, because: str) -> None:
        """Lengthen the time box, as "2h"."""
        extend.extend(self._here(), by, because=because)

    def pause(self) -> None:
        """Stop the time."""
        pause.pause(self._here())

    def resume(self) -> None:
        """Let the time run again."""
        resume.resume(self._here())

    def park(self, candidate: str, *, because: str | None = None) -> None:
        """Leave a candidate as it is; tuning belongs after the choice."""
        park.park(self._here(), candidate, because=because)

    def drop(self, candidate: str, *, because: str) -> None:
        """Give a candidate up."""
        drop.drop(self._here(), candidate, because=because)

    def take(self, candidate: str, *, because: str | None = None) -> None:
        """Take a parked or dropped candidate up again."""
        take.take(self._here(), candidate, because=because)

    def withdraw(self, run: int, *, because: str) -> None:
        """Take a mistaken run off the board; the trace stays. `history` has the numbers."""
        withdraw.withdraw(self._here(), run, because=because)

    def rename(self, name: str, new: str | None = None, *, because: str | None = None) -> None:
        """Rename the experiment, `rename("shop")`, or a candidate, `rename("svm", "svc")`."""
        rename.rename(self._here(), name, new, because=because)
        if new is None:
            self.name = name

    def change(self, *, because: str | None = None, **values: Any) -> list[str]:
        """Change the charter; gives back what differs."""
        return self._done(change.change(self._here(), because=because, **values))

    def ignore(self, rule: str, *, because: str, until: date | None = None) -> str:
        """Mute a rule; gives back its code."""
        return ignore.ignore(self._here(), rule, because=because, until=until)

    def plan(self, candidate: str | None = None, *, format: str = "text", **values: Any) -> Said:
        """What is planned, as "text", "html" or "json"; with a candidate, after planning it with what is named.

        Raises:
            MleeError: a value that cannot be; `first_try` and `build` are durations such as "3h".
        """
        return plan.plan(self._here(), candidate, format=format, **values)

    def heed(self, rule: str) -> str:
        """Take an ignore back; gives back the rule's code."""
        return heed.heed(self._here(), rule)

    def mirror(self, tool: str = "mlflow", *, uri: str | None = None) -> None:
        """Write the experiment's runs to a tracking store of MLflow; again, only what has changed since.

        Args:
            tool: "mlflow".
            uri: its tracking URI; None: that of MLFLOW_TRACKING_URI.

        Raises:
            MleeError: MLflow is not installed, or the store cannot be written.
        """
        self._done(mirror.mirror(self._here(), tool, uri=uri))

    def shown(self, *, to: str, said: str = "") -> None:
        """Note that somebody was shown how it stands, and what they said."""
        shown.shown(self._here(), to=to, said=said)

    def decide(self, candidate: str | None, *, because: str | None = None) -> None:
        """Choose a candidate, or None against all of them."""
        self._done(decide.decide(self._here(), candidate, because=because))

    def race(
        self,
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
    ) -> RaceResult:
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
        options: dict[str, Any] = {"cv": cv, "groups": groups, "time": time, "backend": backend, "jobs": jobs}
        return self._done(race.race(self._here(), candidates, X, y, minutes=minutes, **options))

    def seal(self, fresh: Any, *, because: str | None = None) -> None:
        """Seal a second sample: its right answers, or the name of the variable that holds them."""
        here = self._here()
        for line in here.seal(name_given(here, fresh, "fresh") or "", because):
            print(line)

    def confirm(self, predictions: Mapping[str, Any], *, features: Any = None) -> Fresh:
        """Open the sealed sample, once, after the decision.

        Args:
            predictions: of the chosen candidate and at most two others, by name; estimators predict on `features`.
            features: of the sealed rows, or the variable's name.

        Raises:
            MleeError: not sealed, not decided, changed since, or opened before with other predictions.
        """
        return self._done(confirm.confirm(self._here(), predictions, features=features))

    def brief(self, format: str = "text") -> Said:
        """One page for the people who decide: as "text", "md", "html" (a whole page) or "json"."""
        return brief.brief(self._here(), format)

    def close(self, *, because: str | None = None) -> None:
        """End the experiment."""
        close.close(self._here(), because=because)

    def reopen(self) -> None:
        """Take a decision or a closing back, so that time runs again."""
        reopen.reopen(self._here())


def _method_of(verb: Callable[..., Any]) -> Callable[..., Any]:
    """A verb as a method of the handle."""

    @functools.wraps(verb)
    def method(self: ExperimentHandle, *args: Any, **named: Any) -> Any:
        done = verb(self._here(), *args, **named)
        return self._done(done) if isinstance(done, Spoken) else done

    taken = inspect.signature(verb)
    own = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    method.__signature__ = taken.replace(parameters=[own, *list(taken.parameters.values())[1:]])  # type: ignore[attr-defined]
    return method


for _verb in every_verb.verbs().values():
    if _verb.method is not None and not hasattr(ExperimentHandle, _verb.name):
        setattr(ExperimentHandle, _verb.name, _method_of(_verb.method))  # those above are written out for type checkers
