"""Sentences that were not so: each says what it is of, and no more than is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import mlee_jupyter as mlee
from mlee_jupyter import compare, report
from mlee_jupyter.domain import Verdict
from mlee_jupyter.report.board import headlines
from mlee_jupyter.session import current
from tests.builders import charter, standing, undecided
from tests.conftest import Shell

N = 300
TRUTH = np.arange(N) % 2


def wrong(many: int, start: int = 0) -> np.ndarray:
    rows = TRUTH.copy()
    rows[start : start + many] = 1 - rows[start : start + many]
    return rows


def test_a_pair_apart_in_a_field_that_is_not_is_said_to_be_one() -> None:
    """The range is of the pair, the verdict of all: chance "alone" does not explain a range that excludes 0."""
    rival = standing("knn", 0.94, Verdict.CANT_TELL, in_set=True, behind=0.03, behind_low=0.004, behind_high=0.056)
    three = (standing("svm", 0.97, Verdict.CANT_TELL, in_set=True), rival, replace(rival, candidate="mlp"))
    field = replace(undecided(), standings=three, looks=62, no_winner_reason=None)
    said = report.of_comparison(field, "knn")
    assert "chance alone could explain" not in said
    assert "more than chance explains of this pair alone, not of the best of 62" in said
    inside = replace(rival, behind_low=-0.01)
    both = replace(field, standings=(three[0], inside, three[2]))
    assert "which chance alone could explain" in report.of_comparison(both, "knn")


def test_a_leader_is_not_as_good_as_itself() -> None:
    found = compare(TRUTH, {"a": wrong(20), "b": wrong(21)}, useful_gain=0.1)
    assert found.winner is None
    first, second = (line for line in repr(found).splitlines() if line[:3] in ("* a", "= a", "= b"))
    assert first.startswith("* a")
    assert first.endswith("best score")
    assert second.endswith("as good")
    assert found._repr_html_().count("as good</td>") == 1


@pytest.mark.parametrize(
    ("ranks", "said"), [({}, "the best score of those"), ({"a": 2, "b": 1}, "the simplest of those")]
)
def test_nothing_is_the_simplest_where_nobody_said_so(ranks: dict[str, int], said: str) -> None:
    found = compare(TRUTH, {"a": wrong(20), "b": wrong(21)}, useful_gain=0.1, simplicity=ranks)
    assert said in repr(found)


def test_months_are_not_waited_for() -> None:
    base = undecided(by="time")
    words = " ".join(headlines.of_judgement(base, charter()))
    assert "forecasts from several origins" in words
    assert "cases would settle" not in words
    assert "origins" in report.of_comparison(replace(base, no_winner_reason=None), base.standings[1].candidate)


def test_a_bare_score_on_top_is_in_the_words(shell: Shell) -> None:
    shell.names["y_test"] = TRUTH
    shelf = mlee.start("shelf", truth="y_test", metric="accuracy", useful_gain=0.02)
    shelf.record("svm", wrong(30))
    shelf.record("knn", wrong(60))
    shelf.record("from a blog", 0.94)
    shelf.record("worse", 0.5)
    words = " ".join(shelf.board()["boards"][0]["words"])
    assert "from a blog reads 94.0%, but without its rows it cannot be compared" in words
    assert "worse reads" not in words


RARE = np.where(np.arange(N) < 15, "bad", "good")


@pytest.mark.parametrize(
    ("truth", "named", "asked"),
    [
        (RARE, {"metric": "f1"}, "'good' is 95% of the rows; is 'bad' the one that matters?"),
        (RARE, {"metric": "average_precision"}, "change positive=bad"),
        (RARE, {"metric": "f1", "positive": "good"}, None),
        (np.where(RARE == "bad", "zz", "good"), {"metric": "f1"}, None),  # the rare one is taken already
        (np.where(RARE == "bad", "good", "bad")[::2], {"metric": "recall"}, None),
        (np.where(RARE == "bad", 10, 2), {"metric": "precision"}, None),  # 10 is taken, which is the rare one
        (np.where(RARE == "bad", 2, 10), {"metric": "precision"}, "'10' is 95% of the rows; is '2' the one"),
        (RARE, {"metric": "accuracy"}, None),
        (RARE, {"metric": "f1_macro"}, None),
        (TRUTH, {"metric": "f1"}, None),
    ],
)
def test_the_rare_class_is_asked_for_at_the_start(
    shell: Shell, capsys: pytest.CaptureFixture[str], truth: np.ndarray, named: dict[str, str], asked: str | None
) -> None:
    mlee.start("shelf", truth=truth, useful_gain=0.02, **named)
    said = " ".join(capsys.readouterr().out.split())
    assert (asked in said) if asked else ("the one that matters" not in said)


def test_the_class_that_is_taken_is_the_greater_number(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    """As numbers, not as text: 10 is more than 9."""
    truth = np.where(TRUTH == 1, 10, 9)
    mlee.start("shelf", truth=truth, metric="f1", useful_gain=0.02).record("a", truth)
    assert "Positive class taken: '10'" in capsys.readouterr().out
    assert current.session().evidence().judgement is not None
