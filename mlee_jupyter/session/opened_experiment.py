"""The experiment that is open in this kernel, and its time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from mlee_jupyter.domain.errors import MleeError

from . import opening

if TYPE_CHECKING:
    from mlee_jupyter.domain import Experiment, Records
    from mlee_jupyter.store import Store

    from .cell_timer import CellClock
    from .recording.unwritten import Unwritten


class OpenedExperiment:
    """Which experiment is open here; everything else of it is read from the store when it is asked for.

    Args:
        store: where it lives.
        cells: the clock of this kernel's cells, which runs while its time does.
        unwritten: what waits to be written, before anybody looks.
        now: the current time, aware, UTC.
    """

    def __init__(self, store: Store, cells: CellClock, unwritten: Unwritten, now: Callable[[], datetime]) -> None:
        self._store, self._cells, self._unwritten, self._now = store, cells, unwritten, now
        self._seen: Experiment | None = None
        self.name: str | None = None
        self.uses = 0  # grows whenever a use case looks at it: it may have changed

    def experiment(self) -> Experiment:
        """It as it stands.

        Raises:
            MleeError: none is open.
        """
        self.uses += 1
        if self.name is not None and (found := self._store.find_experiment(self.name)) is not None:
            self._seen = found
            return found
        raise opening.none_open([one.name for one in self._store.experiments() if one.is_open])

    def last_seen(self) -> Experiment:
        """It as this kernel saw it last: for what is only foreseen. Raises as above."""
        if self._seen is None or self._seen.name != self.name:
            return self.experiment()
        return self._seen

    def records(self) -> Records:
        """All that is known of it."""
        self.write_unwritten()
        with self._store.one_moment():
            return self._store.records(self.experiment().name)

    def chosen(self) -> str | None:
        """The candidate that was decided for; None where there is none, or nothing is open."""
        if self.name is None:
            return None
        decision = self.experiment().decision
        return decision.candidate if decision else None

    # ------------------------------------------------------------------ from one to the next

    def take_up(self, name: str, experiment: Experiment) -> None:
        """The experiment of that name is open from now on; what was counted belongs to the one before."""
        if self.name is not None:
            self._cells.stop()
            self.flush()
        self._cells.clear()
        self.name = name
        self._run_clock(experiment)

    def end(self, write: Callable[[str], object]) -> Experiment:
        """Its end is written, with all of its time; it as it stands then."""
        name = self.experiment().name
        self.flush()
        write(name)
        self._cells.stop()
        self.flush()
        return self.experiment()

    def reopen(self) -> Experiment:
        """Take a decision or a closing back, so that time runs again."""
        self._store.reopen(self.experiment().name, self._now())
        self._run_clock(self.experiment())
        return self.experiment()

    def rename(self, new: str, because: str | None) -> None:
        """Another name for it."""
        name = self.experiment().name
        self.flush()
        self._store.rename_experiment(name, new, because, self._now())
        self.name = new

    def forget(self) -> None:
        """Nothing is open any more, and what was counted is counted nowhere."""
        self._cells.stop()
        self._cells.clear()
        self.name = None

    # ------------------------------------------------------------------ time

    def extend(self, by: timedelta, because: str) -> bool:
        """Lengthen the box; False when the very same extension is there already (a cell that ran again)."""
        experiment = self.experiment()
        if any(e.by == by and e.because == because for e in experiment.extensions):
            return False
        if experiment.budget is None:
            raise MleeError(f"{experiment.name} has no time box to extend.", "Start it with --budget 6h.")
        self._store.extend(experiment.name, by, because, self._now())
        return True

    def pause(self) -> bool:
        """Stop the time; False when it stands already."""
        experiment = self.experiment()
        if experiment.paused_at is not None or not experiment.is_open:
            return False
        self._cells.stop()
        self.flush()
        self._store.pause(experiment.name, self._now())
        return True

    def resume(self) -> bool:
        """Let the time run again; False when it runs already."""
        experiment = self.experiment()
        if experiment.paused_at is None:
            return False
        self._store.resume(experiment.name, self._now())
        self._run_clock(self.experiment())
        return True

    def write_unwritten(self) -> None:
        """Write what waits to be written, before anybody looks; not in the middle of a look."""
        if self._unwritten and not self._store.is_reading:
            self._unwritten.write()

    def flush(self) -> None:
        """Take this kernel's spans to the store; called from the flusher's thread as well."""
        self.write_unwritten()
        if self.name is not None and (spans := self._cells.pending()):
            self._store.put_spans(self.name, spans)
            self._cells.settle(spans)

    def _run_clock(self, experiment: Experiment) -> None:
        if experiment.is_open and experiment.paused_at is None:
            self._cells.start()
        else:
            self._cells.stop()
