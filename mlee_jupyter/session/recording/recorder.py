"""Recording: what a run handed over is scored, written, and told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mlee_jupyter.domain import Measured, Records, Result, ResultKind
from mlee_jupyter.evidence import row_structure
from mlee_jupyter.record import tries
from mlee_jupyter.record.board_range import as_judged
from mlee_jupyter.record.scored_run import Recorded, Run, ScoredRun
from mlee_jupyter.session import second_sample

from .run_scoring import RunScorer

if TYPE_CHECKING:
    from datetime import datetime

    from mlee_jupyter.domain.audits import Tried
    from mlee_jupyter.domain.settings import Settings
    from mlee_jupyter.evidence.memory import Memory
    from mlee_jupyter.session.cell_timer import CellClock
    from mlee_jupyter.session.user_variables import Declared
    from mlee_jupyter.store import Store

    from .run_reading import Read
    from .run_writing import RunWriter


class Recorder:
    """Records runs.

    Args:
        store: where they are kept.
        declared: the user's variables.
        memory: through which arrays are read.
        cells: the clock of this kernel.
        writer: writes what was scored.
    """

    def __init__(self, store: Store, declared: Declared, memory: Memory, cells: CellClock, writer: RunWriter) -> None:
        self._store, self._declared, self._cells, self._writer = store, declared, cells, writer
        self._scorer = RunScorer(store, declared, memory)

    def record(
        self,
        candidate: str,
        read: Read,
        run: Run,
        records: Records,
        *,
        settings: Settings,
        notebook: str | None,
        at: datetime,
    ) -> list[Recorded]:
        """Judge predictions, folds and numbers and write them; one run for each variant handed over.

        Args:
            candidate: whose run it is.
            read: what it handed over, at least one thing.
            run: what else is known of it.
            records: all that is known of the open experiment.
            settings: the project's.
            notebook: the notebook's path, when it is known.
            at: the time of it.

        Raises:
            MleeError: it cannot be judged; nothing is written then.
        """
        experiment, truth = records.experiment, read.truth
        earlier: Sequence[Result] = records.results
        heeded = second_sample.heed(self._store, records, self._declared, truth, at)
        by_variant = self._scorer.by_variant(candidate, read, run, records, settings)
        by_row = [of_one[0].measured for of_one in by_variant.values() if of_one[0].measured.truth]
        hangs = truth is not None and bool(by_row) and bool(row_structure.declared(experiment.charter))
        reading = self._declared.layouts(experiment, truth) if truth is not None and hangs else None
        kept = truth if truth is None or settings.store_rows else replace(truth, rows=None)
        done: list[Recorded] = []
        with self._writer.together() as spans:
            if experiment.truth_name is None and read.truth_name is not None:
                self._store.set_names(experiment.name, truth_name=read.truth_name)
            for of_one in by_variant.values():
                one_done, records = self._writer.write(
                    experiment, candidate, run, of_one, kept, earlier, spans, notebook
                )
                earlier = records.results
                done.append(one_done)
            if reading is not None:
                _keep_layouts(self._store, records, reading)
        done[0] = replace(done[0], remarks=(*heeded, *done[0].remarks))
        if truth is None or reading is None:
            return done
        said_of = reading.remarks(row_structure.stored(records).get(truth.fingerprint, {}))
        done[-1] = replace(done[-1], remarks=(*done[-1].remarks, *said_of))
        hanging = {layout.what: layout.rows for layout in reading.layouts}
        return [replace(one, first=as_judged(one.first, truth, experiment.charter, hanging)) for one in done]

    def record_tries(
        self,
        candidate: str,
        tried: Tried,
        run: Run,
        records: Records,
        *,
        n: int | None,
        beside: bool,
        is_open: bool,
        notebook: str | None,
    ) -> Recorded:
        """Write what a search or a study tried as variants of one candidate, in one transaction.

        Args:
            candidate: whose variants they are.
            tried: those that are on record already are not written again.
            run: what is said of all of them.
            records: all that is known of the experiment.
            n: rows behind each bare score.
            beside: predictions of the same run were recorded.
            is_open: whether the experiment is open here.
            notebook: the notebook's path, when it is known.

        Raises:
            MleeError: a score that cannot be; nothing is written then.
        """
        experiment = records.experiment
        metric = tries.metric_of(tried, experiment.charter.metric)
        prepared = tries.prepare(
            candidate,
            tried,
            run,
            experiment=experiment,
            truth=self._declared.truth_if_there(experiment),
            names=self._declared.names,
            others=self._scorer.other_folds(candidate, metric, records),
            n=n,
            kernel=self._cells.kernel,
            notebook=notebook,
        )
        known, ids = self._writer.write_new(experiment, candidate, prepared.recordings, is_open=is_open)
        results = tuple((m, one.variant_key not in known) for one in prepared.recordings for m in one.measured)
        told = replace(prepared.told, known=prepared.told.count - len(ids), beside=beside, results=results)
        best = told.best or Measured(metric="", kind=ResultKind.NUMBER, value=None, n=None)
        return Recorded(
            run_id=ids[0] if ids else 0,
            candidate=candidate,
            variant=told.best_variant,
            variants=len(known) + len(ids),
            repeat=not ids,
            first=ScoredRun(measured=best),
            tries=told,
        )

    def record_failure(self, candidate: str, run: Run, records: Records, notebook: str | None) -> None:
        """Write a run that raised, was interrupted or ran out of time."""
        with self._writer.together() as spans:
            self._writer.write(records.experiment, candidate, run, [], None, records.results, spans, notebook)

    def read_layouts(self, records: Records) -> tuple[str, ...]:
        """Take to the store what the charter's names say of the rows; a line for each that nobody has read yet."""
        truth = self._declared.truth_if_there(records.experiment)
        if truth is None or not row_structure.declared(records.experiment.charter):
            return ()
        reading = self._declared.layouts(records.experiment, truth)
        _keep_layouts(self._store, records, reading)
        return reading.without(row_structure.stored(records).get(truth.fingerprint, {})).remarks({})


def _keep_layouts(store: Store, records: Records, reading: row_structure.Reading) -> None:
    """Take to the store what is new in a reading, of truths that something was judged on."""
    kept = {(one.truth, one.what, one.name, one.array) for one in records.layouts}
    new = [
        one
        for one in reading.layouts
        if one.truth in records.truths and (one.truth, one.what, one.name, one.array) not in kept
    ]
    if new:
        store.put_layouts(records.experiment.name, new)
