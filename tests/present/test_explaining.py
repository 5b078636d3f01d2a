"""Every place and every number of a board in plain words: the texts that were reviewed, from real judgements.

`MLEE_RENEW_GOLDEN=1 pytest tests/present/test_explaining.py` writes them anew; read the difference.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mlee_jupyter as mlee
from mlee_jupyter import report
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.report.explain import board_numbers

from . import example

GOLDEN = Path(__file__).parents[1] / "golden" / "why"
N = 360
TRUTH = np.arange(N) % 3
RANKS = {"svm": 3, "knn": 2, "centroid": 1}


def wrong(many: int, start: int = 0, truth: np.ndarray = TRUTH) -> np.ndarray:
    """Predictions with so many wrong ones in a row."""
    predicted = truth.copy()
    predicted[start : start + many] = (truth[start : start + many] + 1) % 3
    return predicted


def clear_winner() -> Any:
    candidates = {"svm": wrong(10), "knn": wrong(60, 5), "centroid": wrong(90, 40)}
    return mlee.compare(TRUTH, candidates, useful_gain=0.02, simplicity=RANKS)


def tie_of_two() -> Any:
    return mlee.compare(TRUTH, {"svm": wrong(10), "knn": wrong(10, 20)}, useful_gain=0.02)


def cannot_tell() -> Any:
    return mlee.compare(TRUTH, {"svm": wrong(10), "knn": wrong(18, 6)}, useful_gain=0.02, simplicity={"knn": 1})


def simplest_as_good() -> Any:
    candidates = {"svm": wrong(10), "knn": wrong(12, 4)}
    return mlee.compare(TRUTH, candidates, useful_gain=0.05, simplicity={"svm": 3, "knn": 2})


def sample_too_small() -> Any:
    few = TRUTH[:20]
    return mlee.compare(few, {"svm": wrong(1)[:20], "knn": wrong(6)[:20]}, useful_gain=0.02)


def baseline_not_beaten() -> Any:
    rare = (np.arange(N) % 10 == 0).astype(int)
    return mlee.compare(rare, {"never": rare * 0, "once": (np.arange(N) == 1).astype(int)}, useful_gain=0.02)


def folds() -> Any:
    scores = {"svm": [0.90, 0.91, 0.92, 0.93, 0.90], "knn": [0.89, 0.92, 0.90, 0.93, 0.91]}
    return mlee.compare(None, scores, useful_gain=0.02)


def bare_scores() -> Any:
    return mlee.compare(None, {"svm": (0.95, 400), "knn": (0.88, 400)}, useful_gain=0.02)


def groups() -> Any:
    return mlee.compare(TRUTH, {"svm": wrong(12), "knn": wrong(48, 6)}, useful_gain=0.02, groups=np.arange(N) // 6)


def loss() -> Any:
    rng = np.random.default_rng(4)
    truth = rng.normal(50, 9, 300)
    candidates = {name: truth + rng.normal(0, size, 300) for name, size in (("svm", 3), ("knn", 3.3), ("centroid", 12))}
    return mlee.compare(truth, candidates, metric="mae", useful_gain=0.5)


def one_candidate() -> Any:
    return mlee.compare(TRUTH, {"svm": wrong(10)})


CASES: dict[str, Callable[[], Any]] = {
    made.__name__: made
    for made in (
        clear_winner, tie_of_two, cannot_tell, simplest_as_good, sample_too_small, baseline_not_beaten, folds,
        bare_scores, groups, loss, one_candidate,
    )
}  # fmt: skip


def everything(compared: Any) -> str:
    """The headline, every candidate, every free baseline."""
    asked = [None, *(s.candidate for s in compared.judgement.standings)]
    asked += [b.name for b in compared.judgement.baselines]
    return "\n\n".join(f"[{name or 'headline'}]\n{compared.explain(name)}" for name in asked) + "\n"


def hold(file: str, shown: str) -> None:
    GOLDEN.mkdir(exist_ok=True)
    if os.environ.get("MLEE_RENEW_GOLDEN"):
        (GOLDEN / file).write_text(shown, "utf-8")
    assert shown == (GOLDEN / file).read_text("utf-8")


@pytest.mark.parametrize("case", CASES)
def test_the_words_are_those_that_were_reviewed(case: str) -> None:
    hold(f"{case}.txt", everything(CASES[case]()))


def test_the_words_for_numbers_are_those_that_were_reviewed() -> None:
    compared = cannot_tell()
    hold("numbers.txt", "\n\n".join(f"[{name}]\n{compared.explain(name)}" for name in board_numbers.NUMBERS) + "\n")


@pytest.mark.parametrize("case", CASES)
def test_a_place_takes_four_sentences_and_no_jargon(case: str) -> None:
    compared = CASES[case]()
    for standing in compared.judgement.standings:
        said = compared.explain(standing.candidate)
        same = any(standing.candidate in b.same_as for b in compared.judgement.baselines)
        assert len(said.splitlines()) == 4 + same
        for line in said.splitlines():
            assert line.endswith(".")
            assert not re.search(r"\bp\s*[=<]|p.value|signific|hypothes|bootstrap|variance|nan|None", line)
            assert ".." not in line
            assert "  " not in line


@pytest.mark.parametrize("number", board_numbers.NUMBERS)
@pytest.mark.parametrize("case", CASES)
def test_every_number_is_explained_on_every_board(case: str, number: str) -> None:
    said = CASES[case]().explain(number)
    assert said.startswith(f"{number}: ")
    assert all(line.endswith(".") for line in said.splitlines())
    assert not re.search(r"nan|None|\binf\b", said)


@pytest.mark.parametrize(
    ("asked", "number"), [("95% range", "range"), ("Rows_Needed", "rows needed"), ("luck", "flattery")]
)
def test_a_number_has_other_spellings(asked: str, number: str) -> None:
    assert board_numbers.find(asked) == number


def test_a_candidate_goes_before_a_number_of_its_name() -> None:
    compared = mlee.compare(TRUTH, {"range": wrong(10), "svm": wrong(60)})
    assert compared.explain("range").startswith("range is right on 350 of 360 cases")


# ---------------------------------------------------------------- what the words claim, against the rows themselves


def test_the_counts_are_those_of_the_rows() -> None:
    first, second = wrong(14, 3), wrong(40, 10)
    said = mlee.compare(TRUTH, {"a": first, "b": second}, useful_gain=0.02).explain("b")
    right, other = first == TRUTH, second == TRUTH
    ahead, behind = int((right & ~other).sum()), int((~right & other).sum())
    assert f"they differ on {ahead + behind} of 360 cases, {ahead} to {behind}" in said
    assert f"b is right on {int(other.sum())} of 360 cases" in said


def test_a_target_is_held_against_the_range() -> None:
    for target, says in ((0.6, "all of it reaches the target of 60%"), (0.995, "all of it misses the target of 99.5%")):
        evidence = example.evidence()
        charter = evidence.records.experiment.charter
        changed = example.evidence(
            records=_with(
                evidence.records,
                experiment=_with(evidence.records.experiment, charter=_with(charter, must_reach=target)),
            )
        )
        assert says in report.explanation(changed, "logreg" if target > 0.9 else "svm")
    assert "lies inside, so it may be missed" in report.explanation(example.evidence(), "mlp")


def _with(value: Any, **changes: Any) -> Any:
    from dataclasses import replace

    return replace(value, **changes)


# ---------------------------------------------------------------- an experiment's board


UNJUDGED = {
    "cnn": "its last run failed (RuntimeError: mat1 and mat2",
    "a colleague's": "stands apart with 99.1 (bare number)",
    "by hand": "was not tried yet",
    "transformer": "was dropped",
    "most frequent": "is a free baseline",
    "svm": "svm scores 99.4% in accuracy on 360 cases",
}


@pytest.mark.parametrize(("name", "says"), UNJUDGED.items(), ids=UNJUDGED)
def test_whoever_is_on_the_board_can_be_asked_for(name: str, says: str) -> None:
    assert says in report.explanation(example.evidence(), name)


def test_while_an_error_stands_nothing_is_suggested() -> None:
    held = report.explanation(example.evidence(), "knn", example.findings())
    assert "nothing is suggested while MLE203 stands" in held
    assert "Nothing is suggested while MLE203 stands." in report.explanation(
        example.evidence(), None, example.findings()
    )
    assert "take it" in report.explanation(example.evidence(), "knn")


UNKNOWN = {
    "smv": "Did you mean svm",
    "SVMM": "Did you mean svm",
    "scor": "Did you mean score",
    "zzzzzz": "Candidates: ",
    "x" * 5000: "Candidates:",
    "\x1b[31m\n": "Candidates:",
}


@pytest.mark.parametrize(("asked", "says"), UNKNOWN.items(), ids=[k[:6] for k in UNKNOWN])
def test_an_unknown_name_gets_the_nearest_ones_in_one_line(asked: str, says: str) -> None:
    for ask in (lambda: report.explanation(example.evidence(), asked), lambda: tie_of_two().explain(asked)):
        with pytest.raises(MleeError, match=says) as caught:
            ask()
        assert "\n" not in str(caught.value)
        assert "\x1b" not in str(caught.value)
        assert len(str(caught.value)) < 600


def test_before_anything_is_judged_it_says_so() -> None:
    nothing = example.evidence(judgements=())
    for asked in (None, "range"):
        with pytest.raises(MleeError, match="judged"):
            report.explanation(nothing, asked)


def test_hostile_names_stay_on_their_line() -> None:
    name = "a\nb\x1b[31m\u202e" + "x" * 500
    said = mlee.compare(TRUTH, {name: wrong(10), "svm": wrong(60)}).explain("svm")
    assert len(said.splitlines()) == 4
    assert "\x1b" not in said
    assert "\u202e" not in said
    assert max(map(len, said.splitlines())) < 400


def test_what_could_not_be_judged_is_explained() -> None:
    compared = mlee.compare(TRUTH, {"svm": wrong(10), "gaps": [None, *wrong(10)[1:]]})
    assert "could not be judged" in compared.explain("gaps")


def test_it_shows_itself_without_quotes() -> None:
    said = tie_of_two().explain("svm")
    assert repr(said) == str(said)
    assert isinstance(said, str)


def test_what_is_worse_is_not_passed_over_for_being_less_simple() -> None:
    candidates = {"svm": wrong(60, 5), "knn": wrong(10)}
    worse = mlee.compare(TRUTH, candidates, useful_gain=0.02, simplicity={"svm": 3, "knn": 2})
    assert worse.explain("svm").endswith("knn is suggested instead.")
    assert "as it is simpler" in simplest_as_good().explain("svm")


@pytest.mark.parametrize("metric", ["roc_auc", "average_precision", "log_loss", "mse", "f1"])
@pytest.mark.parametrize("count", [2, 4])
def test_chance_alone_explains_only_what_the_range_allows(metric: str, count: int) -> None:
    """A range that leaves 0 out and "chance alone could explain" do not stand in one sentence."""
    random, apart = np.random.default_rng(count), 0
    for _ in range(25):
        rows = int(random.choice([40, 60, 100]))
        truth = (random.random(rows) < 0.3).astype(int)
        truth[:6], truth[6:12] = 1, 0
        leans = random.uniform(0.3, 2.5, count)
        scores = {
            f"m{i}": 1 / (1 + np.exp(-lean * (2 * truth - 1) - random.standard_t(3, rows)))
            for i, lean in enumerate(leans)
        }
        if metric == "f1":
            scores = {name: (one > 0.5).astype(int) for name, one in scores.items()}
        found = mlee.compare(truth.astype(float) if metric == "mse" else truth, scores, metric=metric)
        for standing in found.judgement.standings[1:]:
            said = str(found.explain(standing.candidate))
            apart += standing.in_set and standing.behind_low > 0
            assert "chance alone could explain" not in said or standing.behind_low <= 0, said
            assert "rests on few cases" not in said or "truly" not in said.split("rests on few cases")[0], said
    assert apart or metric in ("f1", "mse", "log_loss", "average_precision")
