"""What the text of the notebooks behind an experiment shows to be fatal for its board."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from mlee_jupyter import guardrails
from mlee_jupyter.domain import Evidence, Finding, Level, NotebookFacts, Outcome
from mlee_jupyter.guardrails.rule_words import short

ReadRun = Callable[[str, str | None], NotebookFacts | None]
Codes = Callable[[Sequence[str]], Mapping[str, str]]
RULE = "MLE410"  # the one rule on a notebook's text that a verdict depends on
MOST_READ = 8  # notebooks of one experiment


class Texts:
    """What was last found in the notebooks of each experiment.

    Args:
        read: what rules may know of a notebook file; None where it cannot be read.
        read_run: the same of the code of a candidate's cell and the name of the declared features.
    """

    def __init__(self, read: Callable[[str], NotebookFacts | None], read_run: ReadRun = lambda *_: None) -> None:
        self._read = read
        self._read_run = read_run
        self._found: dict[str, Finding | None] = {}
        self._touched: dict[str, Finding | None] = {}
        self._of_runs: dict[tuple[str, str | None], Finding | None] = {}  # by the hash of the code, and the features

    def look(self, evidence: Evidence, at_hand: str | None, recorded: Iterable[str]) -> None:
        """Read the notebooks of an experiment: the one at hand, then those that recorded. The first error counts."""
        own = None if at_hand is None else os.path.realpath(at_hand)
        paths = [*([own] if own else []), *(os.path.realpath(path) for path in recorded)]
        found: Finding | None = None
        for path in list(dict.fromkeys(paths))[:MOST_READ]:
            if (facts := self._read(path)) is None:
                continue
            answer = guardrails.ask(RULE, replace(evidence, notebook=facts))
            if answer.outcome is Outcome.FINDING and answer.level is Level.ERROR:
                found = answer if path == own else _elsewhere(answer, path)
                break
        self._found[evidence.experiment.name] = found

    def look_at_runs(self, evidence: Evidence, hashes: Mapping[int, str], codes: Codes) -> None:
        """Read the code of the runs that count, as it was when they ran; each is read once.

        Args:
            evidence: as it stands.
            hashes: run -> hash of its code.
            codes: hash -> code, of those asked for.
        """
        features = evidence.experiment.features_name
        mine = {r.run_id: r.candidate for r in evidence.on_board if r.run_id in hashes}
        new = {hashes[run] for run in mine if (hashes[run], features) not in self._of_runs}
        for digest, code in codes(sorted(new)).items() if new else ():
            facts = self._read_run(code, features)
            answer = None if facts is None else guardrails.ask(RULE, replace(evidence, notebook=facts))
            self._of_runs[digest, features] = answer if answer is not None and _is_error(answer) else None
        touched = {
            run: (name, found)
            for run, name in mine.items()
            if (found := self._of_runs.get((hashes[run], features))) is not None
        }
        self._touched[evidence.experiment.name] = _of_cells(touched) if touched else None

    def known(self, name: str) -> bool:
        """Whether the notebooks of that experiment were read."""
        return name in self._found

    def added(self, evidence: Evidence, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        """The findings, with the error that was last found in the text; nothing is read."""
        name = evidence.experiment.name
        found = self._found.get(name) or self._touched.get(name)
        if found is None:
            return findings
        found = guardrails.muted(found, evidence)
        return tuple(found if one.rule == RULE and not _is_error(one) else one for one in findings)


def _is_error(finding: Finding) -> bool:
    return finding.outcome is Outcome.FINDING and finding.level is Level.ERROR


def _of_cells(touched: Mapping[int, tuple[str, Finding]]) -> Finding:
    """What candidates' own cells show, whatever notebook they stand in by now."""
    run, (name, found) = next(iter(touched.items()))
    names = tuple(dict.fromkeys(name for name, _ in touched.values()))
    more = f" (and {', '.join(short(other, 20) for other in names[1:4])})" if len(names) > 1 else ""
    return replace(
        found,
        message=f"{short(name)}'s cell: {found.facts['places'][0][2]}{more}",
        remedy=f"Fit on training rows only, record again, then %mlee_experiment withdraw {run} --because ...",
        facts={"candidates": names},
        severity=float(len(touched)),
    )


def _elsewhere(finding: Finding, path: str) -> Finding:
    """Its cells are not those of the notebook at hand: the file is named, and there is no place to go to."""
    return replace(finding, message=f"{os.path.basename(path)}: {finding.message}", facts={})
