"""A candidate that was stopped is not said to have failed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mlee_jupyter import report
from mlee_jupyter.domain import RunOutcome

from . import example

WORDS = {RunOutcome.ERROR: "failed", RunOutcome.OUT_OF_TIME: "out of time", RunOutcome.INTERRUPTED: "interrupted"}


@pytest.mark.parametrize(("outcome", "word"), WORDS.items())
def test_the_word_for_how_a_run_ended(outcome: RunOutcome, word: str) -> None:
    evidence = example.evidence()
    results = tuple(r._replace(outcome=outcome) if r.outcome != RunOutcome.OK else r for r in evidence.records.results)
    evidence = replace(evidence, records=replace(evidence.records, results=results))
    (row,) = [r for r in report.board(evidence, [])["boards"][0]["rows"] if r["candidate"] == "cnn"]
    assert (row["state"], row["against_text"]) == ("failed", word)
