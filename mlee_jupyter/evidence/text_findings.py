"""What the text of the notebooks behind an experiment shows to be fatal for its board."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import replace

from mlee_jupyter import guardrails
from mlee_jupyter.domain import Evidence, Finding, Level, NotebookFacts, Outcome

RULE = "MLE410"  # the one rule on a notebook's text that a verdict depends on
MOST_READ = 8  # notebooks of one experiment


class Texts:
    """What was last found in the notebooks of each experiment.

    Args:
        read: what rules may know of a notebook file; None where it cannot be read.
    """

    def __init__(self, read: Callable[[str], NotebookFacts | None]) -> None:
        self._read = read
        self._found: dict[str, Finding | None] = {}

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

    def known(self, name: str) -> bool:
        """Whether the notebooks of that experiment were read."""
        return name in self._found

    def added(self, evidence: Evidence, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        """The findings, with the error that was last found in the text; nothing is read."""
        found = self._found.get(evidence.experiment.name)
        if found is None:
            return findings
        found = guardrails.muted(found, evidence)
        return tuple(found if one.rule == RULE and not _is_error(one) else one for one in findings)


def _is_error(finding: Finding) -> bool:
    return finding.outcome is Outcome.FINDING and finding.level is Level.ERROR


def _elsewhere(finding: Finding, path: str) -> Finding:
    """Its cells are not those of the notebook at hand: the file is named, and there is no place to go to."""
    return replace(finding, message=f"{os.path.basename(path)}: {finding.message}", facts={})
