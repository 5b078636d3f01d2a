"""What a run leaves behind, written: its results, the time of its cells, and where it was recorded from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mlee_jupyter.domain import Experiment, Measured, Recording, Records, Result, ResultKind, Span, Truth
from mlee_jupyter.record.run_remarks import remarks
from mlee_jupyter.record.scored_run import Recorded, Run, ScoredRun
from mlee_jupyter.record.written_run import recorded, recording

if TYPE_CHECKING:
    from mlee_jupyter.session.cell_place import CellPlace
    from mlee_jupyter.session.cell_timer import CellClock
    from mlee_jupyter.store import Store


class RunWriter:
    """Writes runs.

    Args:
        store: where they are kept.
        cells: whose time is written with them.
        places: experiment, candidate: the cell it was recorded from last; filled here.
        note_person: keeps who records in an experiment of that name.
    """

    def __init__(
        self,
        store: Store,
        cells: CellClock,
        places: dict[tuple[int, str], CellPlace],
        note_person: Callable[[str], None],
    ) -> None:
        self._store, self._cells, self._places, self._note_person = store, cells, places, note_person

    @contextmanager
    def together(self) -> Iterator[list[Span]]:
        """One transaction for what a run leaves behind, and for the time of its cells, which are settled at its end."""
        spans: list[Span] = []
        with self._store.in_one_go():
            yield spans
        self._cells.settle(spans)

    def write(
        self,
        experiment: Experiment,
        candidate: str,
        run: Run,
        scored: list[ScoredRun],
        truth: Truth | None,
        earlier: Sequence[Result],
        spans: list[Span],
        notebook: str | None,
    ) -> tuple[Recorded, Records]:
        """Write one run, and in `spans` which time was written; what was recorded, and all that is known since."""
        written = replace(
            recording(candidate, run, scored, earlier, kernel=self._cells.kernel, notebook=notebook),
            written_at=self._written_at(),
        )
        run_id = self._store.record(experiment.name, written, truth)
        self._note_person(experiment.name)
        self._remember_place(experiment, candidate)
        self._put_time(experiment, spans)
        now = self._store.records(experiment.name)
        nothing = ScoredRun(measured=Measured(metric="", kind=ResultKind.NUMBER, value=None, n=None))
        done = recorded(run_id, written, scored or [nothing], earlier, now.results)
        return replace(done, remarks=remarks(experiment, scored, earlier, truth)), now

    def write_new(
        self, experiment: Experiment, candidate: str, recordings: Sequence[Recording], *, is_open: bool
    ) -> tuple[frozenset[str], list[int]]:
        """Write those of a candidate's recordings whose variant is new, in one transaction.

        Args:
            experiment: whose they are.
            candidate: likewise.
            recordings: one for each variant.
            is_open: whether the experiment is open here, so that the time of this kernel's cells is its own.

        Returns:
            The variants that were known before, and the ids of the runs written.
        """
        with self.together() as spans:
            known = self._store.variant_keys(experiment.name, candidate)
            at = self._written_at()
            fresh = [one for one in recordings if one.variant_key not in known]
            ids = [self._store.record(experiment.name, replace(one, written_at=at)) for one in fresh]
            self._note_person(experiment.name)
            if is_open:
                self._put_time(experiment, spans)
        if ids and is_open:
            self._remember_place(experiment, candidate)
        return known, ids

    def _written_at(self) -> datetime:
        return datetime.fromtimestamp(self._cells.written, UTC)

    def _remember_place(self, experiment: Experiment, candidate: str) -> None:
        if (place := self._cells.place()) is not None:
            self._places[experiment.id, candidate] = place

    def _put_time(self, experiment: Experiment, spans: list[Span]) -> None:
        if pending := self._cells.pending():
            self._store.put_spans(experiment.name, pending)
            spans[:] = pending
