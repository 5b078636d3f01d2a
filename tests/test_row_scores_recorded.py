"""Row scores in an experiment: by the magic, by the handle, judged where all answered, kept and read back."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import mlee_jupyter as mlee
from mlee_jupyter import MleeError
from mlee_jupyter.session import boards, current
from mlee_jupyter.store import open_store

from .conftest import Shell

START = '%%mlee_experiment start prompts --budget 2h\nmetric = "grade"\nhigher_is_better = true\nuseful_gain = 0.2'
MAKE = """
import numpy as np
random = np.random.default_rng(0)
hard = random.normal(size=120)
plain = np.clip(np.round(3 + hard + random.normal(size=120) * 0.7), 1, 5)
careful = np.clip(np.round(3.4 + hard + random.normal(size=120) * 0.7), 1, 5)
gaps = np.where(hard < -0.3, np.nan, plain)
groups = np.arange(120) // 4
"""


@pytest.fixture
def prompts(shell: Shell) -> Shell:
    shell.run(MAKE)
    return shell


def test_by_the_magic(prompts: Shell) -> None:
    prompts.run(START)
    said = prompts.run("%mlee_candidate plain --row-scores plain")
    assert "plain recorded: grade 2.983 on 120 cases" in said
    said = prompts.run('%%mlee_candidate careful --simplicity 2\n{"row_scores": careful}')
    assert "careful recorded: grade 3.392 on 120 cases" in said
    said = prompts.run("%mlee_candidate gaps --row-scores gaps")
    assert "44 of 120 rows have no score: candidates are compared where all have one." in said
    board = prompts.run("%mlee_scoreboard --text")
    assert "76 test cases, 3 candidates" in board
    assert "that all have a score on (gaps has none on 44)" in " ".join(board.split())
    assert "It wins because all 2 others are behind" in prompts.run("%mlee_scoreboard --why")
    assert "score" in prompts.run("%mlee_scoreboard --why gaps")
    prompts.run('%mlee_experiment drop gaps --because "skips"')
    assert "120 test cases" in prompts.run("%mlee_scoreboard --text")


def test_the_direction_is_asked_in_one_line(prompts: Shell) -> None:
    prompts.run("%mlee_experiment start prompts --budget 2h")
    said = prompts.refused("%mlee_candidate plain --row-scores plain")
    assert "Which way is better of these row scores was not told." in said
    prompts.run("%mlee_experiment change higher_is_better=true")
    assert "recorded: score 2.983" in prompts.run("%mlee_candidate plain --row-scores plain")


def test_a_name_that_tells_its_direction_needs_no_other(prompts: Shell) -> None:
    assert "no metric" not in prompts.run('%%mlee_experiment start pictures --budget 2h\nmetric = "dice"')
    prompts.run("a, b = plain / 5, careful / 5")
    prompts.run("%mlee_candidate a --row-scores a")
    prompts.run("%mlee_candidate b --row-scores b")
    assert "b scores 0.6783 in dice on 120 cases, the best" in prompts.run("%mlee_scoreboard --why b")


WRONG = {
    "length": ("plain[:50]", "50 row scores, where the others have 120; nothing was recorded."),
    "text": ("['good'] * 120", "row_scores holds text ('good')"),
    "nothing": ("[None] * 120", "row_scores has no score on any row."),
    "infinite": ("plain / 0", "infinite"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_no_row_score_is_refused(prompts: Shell, case: str) -> None:
    made, said = WRONG[case]
    prompts.run(START)
    prompts.run("%mlee_candidate plain --row-scores plain")
    prompts.run(f"import warnings; warnings.simplefilter('ignore'); wrong = {made}")
    assert said in prompts.refused("%mlee_candidate wrong --row-scores wrong")
    assert "1 candidate," in prompts.run("%mlee_scoreboard --text")


@pytest.fixture
def scores(shell: Shell) -> dict[str, np.ndarray]:
    made: dict[str, np.ndarray] = {}
    exec(MAKE, made)
    return {name: made[name] for name in ("plain", "careful", "gaps", "groups")}


def test_by_the_handle(scores: dict[str, np.ndarray], capsys: pytest.CaptureFixture[str]) -> None:
    prompts = mlee.start("prompts", budget="2h", metric="grade", higher_is_better=True, useful_gain=0.2)
    prompts.record("plain", row_scores=scores["plain"])
    with prompts.candidate("careful") as run:
        run.record(row_scores=scores["careful"])
    prompts.record("again", scores["careful"], kind="row scores")
    by_hand = mlee.compare(
        row_scores={name: scores[name] for name in ("plain", "careful")},
        metric="grade",
        higher_is_better=True,
        useful_gain=0.2,
    )
    board = prompts.scoreboard().set_index("candidate")
    assert board.score["careful"] == by_hand.table.score[0]
    assert board.verdict["plain"] == "worse"
    assert list(board.kind) == ["row scores"] * 3
    with pytest.raises(MleeError, match="A value and row scores"):
        prompts.record("plain", scores["plain"], row_scores=scores["plain"])
    assert "MLE403" not in capsys.readouterr().out, "the same grades are no twins"


def test_groups_and_raters(scores: dict[str, np.ndarray]) -> None:
    random = np.random.default_rng(1)
    shop = mlee.start("g", metric="ndcg", groups=scores["groups"])
    rated = {name: scores[name][:, None] / 5 + random.normal(size=(120, 3)) * 0.1 for name in ("plain", "careful")}
    for name, rows in rated.items():
        shop.record(name, row_scores=pd.DataFrame(rows, columns=["x", "y", "z"]))
    judgement = boards.judgements_of(shop._here())[0]
    assert judgement.by == "groups"
    assert "3 scores a row were averaged" in (judgement.caveat or "")
    apart = mlee.compare(row_scores=rated, metric="ndcg", groups=scores["groups"]).judgement
    assert [s.behind_high for s in judgement.standings] == pytest.approx([s.behind_high for s in apart.standings])


def test_other_raters_are_said_and_not_compared(
    scores: dict[str, np.ndarray], capsys: pytest.CaptureFixture[str]
) -> None:
    prompts = mlee.start("p", metric="dice")
    two = pd.DataFrame({"ann": scores["plain"] / 5, "ben": scores["careful"] / 5})
    prompts.record("a", row_scores=two)
    prompts.record("b", row_scores=two)
    prompts.record("c", row_scores=two.rename(columns={"ben": "cleo"}))
    assert "2 scores a row: ann, cleo, before it 2 scores a row: ann, ben" in capsys.readouterr().out
    judgement = boards.judgements_of(prompts._here())[0]
    assert "raters that differ" in judgement.failed["c"]
    assert {s.candidate for s in judgement.standings} == {"a", "b"}


def test_rows_of_a_declared_truth(scores: dict[str, np.ndarray]) -> None:
    index = [f"q{place}" for place in range(120)]
    questions = pd.Series([f"What is {place}?" for place in range(120)], index=index)
    current.session().given["questions"] = questions
    prompts = mlee.start("q", truth="questions", metric="grade", higher_is_better=True)
    prompts.record("a", row_scores=pd.Series(scores["plain"], index=index))
    with pytest.raises(MleeError, match="50 row scores for 120 rows of questions"):
        prompts.record("b", row_scores=scores["careful"][:50])
    with pytest.raises(MleeError, match=r"Align them: scores.loc\[questions.index\]"):
        prompts.record("b", row_scores=pd.Series(scores["careful"], index=index[::-1]))
    prompts.record("b", row_scores=scores["careful"])
    assert len(prompts.scoreboard()) == 2


def test_rows_by_their_index(scores: dict[str, np.ndarray]) -> None:
    prompts = mlee.start("q", metric="dice")
    first = pd.Series(scores["plain"], index=[f"q{place}" for place in range(120)])
    prompts.record("a", row_scores=first)
    with pytest.raises(MleeError, match="The index of these row scores is not the index of the others"):
        prompts.record("b", row_scores=pd.Series(scores["careful"], index=first.index[::-1]))
    prompts.record("b", row_scores=scores["careful"])
    assert len(boards.judgements_of(prompts._here())) == 1


def test_kept_and_moved_without_loss(scores: dict[str, np.ndarray], tmp_path: Path) -> None:
    prompts = mlee.start("prompts", metric="grade", higher_is_better=True)
    prompts.record("gaps", row_scores=scores["gaps"])
    prompts.record("careful", row_scores=scores["careful"])
    here = prompts._here()
    before = here.evidence().judgement
    document = here.store.export(("prompts",))
    json.dumps(document)
    other = open_store(str(tmp_path / "other.db"))
    try:
        other.import_(document, rename=False)
        kept = {r.candidate: other.rows(r.rows) for r in other.records("prompts").results if r.rows}
        assert np.array_equal(kept["gaps"], scores["gaps"], equal_nan=True)
    finally:
        other.close()
    assert before is not None
    assert before.n == 76


def test_the_looks_are_counted(scores: dict[str, np.ndarray]) -> None:
    prompts = mlee.start("prompts", metric="grade", higher_is_better=True)
    random = np.random.default_rng(2)
    for place in range(6):
        prompts.record("a", row_scores=scores["plain"] + random.normal(size=120) * 0.1, variant=str(place), quiet=True)
    judgement = prompts._here().evidence().judgement
    assert judgement is not None
    assert judgement.wear is not None
    assert judgement.wear.looks == 6
    again = mlee.start("another", metric="grade", higher_is_better=True)
    again.record("a", row_scores=scores["plain"])
    other = again._here().evidence().judgement
    assert other is None or other.wear is None or other.wear.looks == 1, "other rows, though as many"
