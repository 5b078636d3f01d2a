"""How experiments stand now: what a rule may see, what every rule answers, and what of that is new."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from mlee_jupyter import guardrails
from mlee_jupyter.domain import Evidence, Finding, Level, NotebookFacts, Records, held
from mlee_jupyter.evidence import build, side_view
from mlee_jupyter.evidence.sampling.look import Sight
from mlee_jupyter.evidence.text_findings import RULE as OF_TEXT
from mlee_jupyter.evidence.text_findings import ReadRun, Texts

if TYPE_CHECKING:
    from mlee_jupyter.domain.settings import Settings
    from mlee_jupyter.evidence.memory import Memory
    from mlee_jupyter.session.cell_timer import CellClock
    from mlee_jupyter.session.user_variables import Declared
    from mlee_jupyter.store import Store

LIMITS = (0.5, 0.8, 1.0)  # shares of the box at which a rule speaks


class Overview:
    """Looks at experiments.

    Args:
        store: where they are.
        declared: the user's variables.
        memory: what need not be read or judged again.
        cells: whose time is not written yet; told when a rule will speak next.
        read_text: what rules may know of a notebook file.
        read_run: the same of a candidate's cell.
    """

    def __init__(
        self,
        store: Store,
        declared: Declared,
        memory: Memory,
        cells: CellClock,
        read_text: Callable[[str], NotebookFacts | None],
        read_run: ReadRun,
    ) -> None:
        self._store, self._declared, self._memory, self._cells = store, declared, memory, cells
        self._sight = Sight()
        self._texts = Texts(read_text, read_run)

    def evidence(
        self,
        records: Records,
        settings: Settings,
        now: Callable[[], datetime],
        *,
        is_open: bool,
        by: str | None = None,
    ) -> Evidence:
        """What a rule may see.

        Args:
            records: all that is known of the experiment.
            settings: the project's.
            now: the current time.
            is_open: whether the experiment is open here, so that this kernel's variables and cells are its own.
            by: another metric than the one agreed on.
        """
        if by is not None:
            records = side_view.by_another_metric(records, by)
        experiment, declared = records.experiment, self._declared
        truth = declared.truth_if_there(experiment) if is_open else None
        found = build.evidence(
            records,
            self._memory,
            now=now(),
            settings=settings,
            declared_truth=truth,
            kinds=declared.kinds(experiment) if is_open else None,
            live_spans=self._cells.pending() if is_open else (),
            live_layouts=declared.layouts(experiment, truth).layouts if truth is not None else (),
            past=declared.past(experiment, truth) if truth is not None else None,
        )
        if is_open:
            found = self._sight.added(found, declared.names, self._memory)
            self._set_next_limit(found)
        return found

    def count_side_view(self, found: Evidence, asked: str, at: datetime) -> None:
        """Count each answer that was judged by another metric as looked at again.

        Args:
            found: what that metric shows.
            asked: the metric, as it was asked for.
            at: the time of it.

        Raises:
            MleeError: nothing can be scored by it.
        """
        if not found.judgements:
            raise side_view.cannot_be_scored(asked)
        by = found.judgements[0].metric
        with self._store.in_one_go():
            for truth, answers in side_view.seen_again(found).items():
                self._store.count_side_view(found.experiment.name, truth, by, answers, at)

    def findings(
        self, evidence: Evidence, settings: Settings, *, at_hand: str | None, reading: bool
    ) -> tuple[Finding, ...]:
        """Every rule's answer; ignores of the project's settings count as well.

        Args:
            evidence: as it stands.
            settings: the project's.
            at_hand: the notebook in which the experiment is open; None: it is open in another one.
            reading: whether to look into the notebooks behind the experiment, as they were saved, for what is fatal to
                its board; False (where a record must not wait): what was last found there counts.
        """
        ignores = (*evidence.records.ignores, *settings.ignores)
        seen = replace(evidence, records=replace(evidence.records, ignores=ignores))
        name = evidence.experiment.name
        if reading:
            self._texts.look(seen, at_hand, self._store.notebooks(name))
        self._texts.look_at_runs(seen, self._store.sources(name), self._store.codes)
        found = self._texts.added(seen, guardrails.check_all(seen))
        after = held(seen, found)
        if after is seen:
            return found
        # what an error takes back, no other rule may build upon
        again = {finding.rule: finding for finding in guardrails.check_all(after)}
        return tuple(one if one.level is Level.ERROR else again[one.rule] for one in found)

    def say(
        self, name: str, findings: Sequence[Finding], said: Mapping[str, float], at: datetime
    ) -> tuple[Finding, ...]:
        """What became true since it was last said; it counts as said now, in every kernel.

        Args:
            name: the experiment.
            findings: every rule's answer.
            said: rule -> how severe it was when it was last said.
            at: the time of it.
        """
        fresh = guardrails.news(findings, said)
        gone = [one for one in guardrails.settled(findings, said) if one != OF_TEXT or self._texts.known(name)]
        if fresh or gone:
            with self._store.in_one_go(light=True):
                self._store.mark_said(name, {f.rule: f.severity for f in fresh}, at)
                self._store.forget_said(name, gone)
        return fresh

    def _set_next_limit(self, evidence: Evidence) -> None:
        box, share = evidence.experiment.box, evidence.share_used
        ahead = [limit for limit in LIMITS if share is not None and share < limit]
        self._cells.left = (ahead[0] - (share or 0)) * box.total_seconds() if box and ahead else None
