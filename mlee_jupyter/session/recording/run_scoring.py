"""What a run handed over, scored: on the declared truth, next to what others handed over before."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mlee_jupyter.domain import CandidateState, Records, ResultKind
from mlee_jupyter.record import score
from mlee_jupyter.record.fold_signs import of_one_sign
from mlee_jupyter.record.scored_run import Run, ScoredRun

from .repeats import Repeats
from .run_looks import look_at_model, machine_of

if TYPE_CHECKING:
    import numpy as np

    from mlee_jupyter.domain.settings import Settings
    from mlee_jupyter.evidence.memory import Memory
    from mlee_jupyter.session.user_variables import Declared
    from mlee_jupyter.store import Store

    from .run_reading import Read


class RunScorer:
    """Scores runs.

    Args:
        store: whose answers it compares with.
        declared: the user's variables.
        memory: through which arrays are read.
    """

    def __init__(self, store: Store, declared: Declared, memory: Memory) -> None:
        self._declared, self._memory = declared, memory
        self._repeats = Repeats(store, memory)

    def by_variant(
        self, candidate: str, read: Read, run: Run, records: Records, settings: Settings
    ) -> dict[str | None, list[ScoredRun]]:
        """Each thing that was handed over with its score, by the variant it is of.

        Args:
            candidate: whose run it is.
            read: what it handed over.
            run: what else is known of it.
            records: all that is known of the experiment.
            settings: whether rows are kept, and answers timed.

        Raises:
            MleeError: it cannot be judged.
        """
        names, truth, charter = self._declared.names, read.truth, records.experiment.charter
        mine = [r.rows for r in records.results if r.candidate == candidate and r.kind == ResultKind.FOLDS and r.rows]
        found: dict[str | None, list[ScoredRun]] = {}
        for one in read.handed:
            signed = one
            if one.kind is ResultKind.FOLDS:
                signed = of_one_sign(one, read.metric, self.other_folds(candidate, read.metric, records))
            scored = score.score(signed, truth, charter, read.metric, names, keep_rows=settings.store_rows)
            first = self._repeats.as_first_given(scored.measured, mine)
            scored = score.scored_again(scored, first, truth, charter)
            models = len(read.handed)
            model = look_at_model(one, run, records, names, models=models, measure=settings.measure_answers)
            machine = machine_of(one, run, records.experiment, names)
            found.setdefault(one.variant, []).append(replace(scored, model=model, machine=machine))
        return found

    def other_folds(self, candidate: str, metric: str | None, records: Records) -> list[np.ndarray]:
        """Fold scores of the other candidates by the same metric, as they came; those of dropped ones count no more."""
        left = {c.name for c in records.candidates if c.state is not CandidateState.DROPPED} - {candidate}
        mine = [r for r in records.results if r.kind == ResultKind.FOLDS and r.metric == metric and r.candidate in left]
        return [self._memory.get(rows) for rows in dict.fromkeys(r.rows for r in mine) if rows is not None]
