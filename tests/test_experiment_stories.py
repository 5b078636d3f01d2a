"""What an experiment goes through, told through the magics on a real store."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mlee_jupyter.domain import ResultKind, Verdict
from mlee_jupyter.session import current

from .conftest import Shell

N = 600


@pytest.fixture
def data(shell: Shell) -> Shell:
    """Six hundred rows of three labels, and predictions that err on some of them."""
    rng = np.random.default_rng(11)
    truth = rng.integers(0, 3, N)
    shell.names.update(y_test=truth, rng=rng, np=np, pd=pd)
    for name, wrong in (("good", 30), ("fair", 90)):
        predicted = truth.copy()
        predicted[:wrong] = (truth[:wrong] + 1) % 3
        shell.names[name] = predicted
    return shell


def rules_said(printed: str) -> list[str]:
    return [word for line in printed.splitlines() for word in line.split()[1:2] if word.startswith("MLE")]


def test_the_board_names_the_winner_when_the_rows_can(data: Shell) -> None:
    data.run('%%mlee_experiment start shelf --truth y_test\nmetric = "accuracy"\nuseful_gain = 0.02')
    data.run("%%mlee_candidate knn --simplicity 1\ngood")
    data.run("%%mlee_candidate svm --simplicity 2\nfair")
    judgement = current.session().evidence().judgement
    assert judgement is not None
    assert judgement.winner == "knn"
    assert judgement.of("svm").verdict is Verdict.WORSE  # type: ignore[union-attr]


def test_a_dropped_candidate_competes_no_longer(data: Shell) -> None:
    data.run("%mlee_experiment start shelf --truth y_test")
    data.run("%%mlee_candidate knn\nfair")
    data.run("%%mlee_candidate svm\ngood")
    data.run('%mlee_experiment drop svm --because "cannot be served"')
    judgement = current.session().evidence().judgement
    assert judgement is not None
    assert [s.candidate for s in judgement.standings] == ["knn"]
    assert "svm" in data.run("%mlee_scoreboard --text"), "its row stays"


def test_kinds_are_counted_in_the_named_column(data: Shell) -> None:
    data.names["X_test"] = pd.DataFrame({"product": [f"p{i % 2}" for i in range(N)]})
    printed = data.run(
        "%%mlee_experiment start shelf --truth y_test --features X_test\n"
        'population = {column = "product", kinds = 10}\nuseful_gain = 0.05'
    )
    assert "MLE203" in rules_said(printed)
    assert "2 of the 10" in printed
    data.names["X_test"] = pd.DataFrame({"product": [f"p{i % 10}" for i in range(N)]})
    assert "MLE203" not in data.run("%mlee_check")


def test_a_charter_changed_after_a_result_needs_a_reason(data: Shell) -> None:
    data.run("%mlee_experiment start shelf --truth y_test")
    data.run("%%mlee_candidate knn\ngood")
    assert "MLE604" in data.run("%mlee_experiment change must_reach=0.9")
    data.run('%mlee_experiment change must_reach=0.9 --because "the shop asked for it"')
    assert "MLE604" not in data.run("%mlee_check")


def test_a_score_of_ones_own_that_differs_is_an_error(data: Shell) -> None:
    data.run('%%mlee_experiment start shelf --truth y_test\nmetric = "accuracy"')
    printed = data.run("%%mlee_candidate knn\n{'predictions': good, 'accuracy': 0.99}")
    assert "MLE402" in rules_said(printed)
    data.run("%%mlee_candidate knn\n{'predictions': good, 'accuracy': 0.95}")
    assert "MLE402" not in data.run("%mlee_check")


def test_labels_of_another_world_are_an_error(data: Shell) -> None:
    data.run('%%mlee_experiment start shelf --truth y_test\nmetric = "accuracy"')
    result, printed = data.attempt("%%mlee_candidate knn\n(good + 10)")
    said = printed + str(result.error_in_exec or "")
    assert "MLE402" in said or "label" in said


def test_twins_are_noticed(data: Shell) -> None:
    data.run("%mlee_experiment start shelf --truth y_test")
    data.run("%%mlee_candidate lasso\ngood")
    assert "MLE403" in data.run("%%mlee_candidate elastic\ngood")


def test_a_worse_than_guessing_candidate_is_noticed(data: Shell) -> None:
    data.run("%mlee_experiment start shelf --truth y_test")
    data.run("%%mlee_candidate knn\ngood")
    assert "MLE405" in data.run("%%mlee_candidate broken\n(y_test + 1) % 3")


def test_folds_and_numbers_say_what_cannot_be_said(data: Shell) -> None:
    data.run("%mlee_experiment start shelf --truth y_test")
    assert "among themselves" in data.run("%%mlee_candidate knn\n[0.9, 0.91, 0.93, 0.9, 0.95]")
    assert "cannot be compared" in data.run("%%mlee_candidate svm\n0.97")
    text = data.run("%mlee_scoreboard --text")
    assert "* knn" in text
    assert "5 folds" in text
    assert "~ svm" in text


FOLDS: dict[str, tuple[str, str, str]] = {
    # metric, fold scores, what is said; "" where nothing is
    "shares": ("accuracy", "[.8, .7, .9, .8, .7]", ""),
    "errors": ("rmse", "[21, 20, 19, 22, 20.0]", ""),
    "errors with scikit-learn's minus": ("rmse", "[-21, -20, -19, -22, -20.0]", ""),
    "R2 where R2 is asked for": ("r2", "[.81, .79, .85, .80, .83]", ""),
}
REFUSED_FOLDS: dict[str, tuple[str, str, str]] = {
    "per cent": ("accuracy", "[81, 79.5, 85, 88, 81]", "divide by 100"),
    "negative shares": ("accuracy", "[-.8, -.7, -.9, -.8, -.7]", "is no accuracy"),
    "R2": ("rmse", "[.81, .79, .85, .80, .83]", "look like R2"),
    "R2 above and below nothing": ("rmse", "[.8, -.2, .3, .4, .5]", 'scoring="neg_root_mean_squared_error"'),
}


def start_with(shell: Shell, metric: str) -> None:
    rng = np.random.default_rng(5)
    shell.names["y_test"] = rng.integers(0, 2, N) if metric == "accuracy" else rng.normal(200, 50, N)
    shell.run(f'%%mlee_experiment start it --truth y_test\nmetric = "{metric}"')


@pytest.mark.parametrize("case", FOLDS)
def test_fold_scores_that_may_be_of_the_metric_are_recorded(shell: Shell, case: str) -> None:
    metric, folds, said = FOLDS[case]
    start_with(shell, metric)
    printed = shell.run(f"%%mlee_candidate a\n{folds}")
    assert "over 5 folds" in printed
    assert said in printed


@pytest.mark.parametrize("case", REFUSED_FOLDS)
def test_fold_scores_that_cannot_be_of_the_metric_are_refused(shell: Shell, case: str) -> None:
    metric, folds, said = REFUSED_FOLDS[case]
    start_with(shell, metric)
    assert said in shell.refused(f"%%mlee_candidate a\n{folds}")


def test_a_regression_is_judged_in_its_own_units(shell: Shell) -> None:
    rng = np.random.default_rng(5)
    truth = rng.normal(100, 20, N)
    shell.names.update(y_test=truth, close=truth + rng.normal(0, 2, N), far=truth + rng.normal(0, 9, N))
    shell.run('%%mlee_experiment start prices --truth y_test\nmetric = "neg_mean_absolute_error"')
    shell.run("%%mlee_candidate a\nclose")
    shell.run("%%mlee_candidate b\nfar")
    judgement = current.session().evidence().judgement
    assert judgement is not None
    assert judgement.winner == "a"
    assert not judgement.higher_is_better
    assert judgement.standings[0].score == pytest.approx(np.mean(np.abs(shell.names["close"] - truth)))


def test_without_a_metric_one_is_chosen_from_the_truth(data: Shell) -> None:
    data.run("%mlee_experiment start shelf --truth y_test")
    data.run("%%mlee_candidate knn\ngood")
    assert current.session().evidence().judgement.metric == "accuracy"  # type: ignore[union-attr]


def test_nothing_by_row_is_kept_when_the_project_says_so(shell: Shell, project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.mlee]\nstore_rows = false\n")
    current.forget_session()
    truth = np.array([f"patient-{i % 3}" for i in range(N)], dtype=object)
    guess = truth.copy()
    guess[:60] = "patient-0"
    other = truth.copy()
    other[100:300] = "patient-1"
    shell.names.update(y_test=truth, guess=guess, other=other)
    shell.run('%%mlee_experiment start ward --truth y_test\nmetric = "accuracy"')
    shell.run("%%mlee_candidate knn\nguess")
    shell.run("%%mlee_candidate svm\nother")
    judgement = current.session().evidence().judgement
    assert judgement is not None
    assert judgement.winner == "knn"
    assert {r.kind for r in current.session().records().results} == {ResultKind.INFLUENCE}
    assert current.session().store.truth_rows(judgement.truth or "") is None
    current.forget_session()
    for file in (project / ".mlee").iterdir():
        assert b"patient-1patient" not in file.read_bytes()
    again = current.session().evidence("ward").judgement
    assert again is not None
    assert again.winner == "knn", "judged from what was kept"


def test_a_damaged_store_is_left_alone_and_the_experiment_goes_on(shell: Shell, project: Path) -> None:
    folder = project / ".mlee"
    folder.mkdir()
    damaged = folder / "experiments.db"
    damaged.write_bytes(b"not a database at all" * 50)
    shell.names.update(y_test=np.arange(N) % 3)
    printed = shell.run("%mlee_experiment start shelf --truth y_test")
    assert "experiments.db" in printed.splitlines()[0]
    assert "knn recorded" in shell.run("%%mlee_candidate knn\ny_test")
    assert "experiments.db" in shell.run("%mlee_scoreboard --text"), "the notice stands"
    shell.run(f"%mlee_experiment export {project}/saved.json")
    assert damaged.read_bytes() == b"not a database at all" * 50
    assert "knn" in json.dumps(json.loads((project / "saved.json").read_text()))


def test_two_notebooks_write_to_one_experiment(data: Shell, project: Path) -> None:
    import subprocess
    import sys

    data.run("%mlee_experiment start shelf --truth y_test --budget 6h")
    data.run("%%mlee_candidate knn\ngood")
    code = (
        "import numpy as np, mlee_jupyter as mlee\n"
        "truth = np.random.default_rng(11).integers(0, 3, 600)\n"
        "shelf = mlee.start('shelf')\n"
        "y_test = truth\n"
        "mlee.start('shelf', truth=truth).record('svm', truth)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    candidates = {c.name for c in current.session().records().candidates}
    assert candidates == {"knn", "svm"}
    judgement = current.session().evidence().judgement
    assert judgement is not None
    assert {s.candidate for s in judgement.standings} == {"knn", "svm"}, "the same truth, by its content"


HOSTILE = {
    "html": "<script>alert(1)</script>",
    "quotes": 'it\'s "both"',
    "emoji": "🦊 förest",
    "long": "x" * 500,
    "right to left": "\u202egnp.exe",
    "newline": "two\nlines",
}


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_any_name_is_kept_and_shown_as_text(data: Shell, name: str) -> None:
    import mlee_jupyter as mlee

    handle = mlee.start(name, truth=data.names["y_test"], question=name, metric="accuracy")
    handle.record(name, data.names["good"], variant=name)
    handle.record("other", data.names["fair"])
    board = handle.board()
    assert board["boards"][0]["rows"][0]["candidate"] == name
    html = handle.html
    assert "<script>" not in html
    assert "\u202e" not in html
    assert len(html) < 60_000
    data.run("%mlee_scoreboard --text")
    data.run("%mlee_experiment status")
    data.run("%mlee_check --all")
    handle.decide(name, because=name)


def test_a_name_longer_than_the_stores_can_index_is_refused_in_one_line(data: Shell) -> None:
    assert "at most 500" in data.refused(f"%mlee_experiment start {'x' * 10_000}")
    data.run("%mlee_experiment start shelf --truth y_test")
    assert "at most 500" in data.refused(f"%%mlee_candidate {'x' * 10_000}\ngood")
    long = data.run(f"%%mlee_candidate knn --note {'x' * 10_000} --variant {'y' * 10_000}\ngood")
    assert max(map(len, long.splitlines())) < 200


SCALES = {
    "a gain in points": ('metric = "accuracy"\nuseful_gain = 2', "write useful_gain = 0.02"),
    "a target in per cent": ('metric = "roc_auc"\nmust_reach = 95', "write must_reach = 0.95"),
}


@pytest.mark.parametrize(("charter", "said"), SCALES.values(), ids=SCALES)
def test_points_where_shares_are_meant_are_refused(data: Shell, charter: str, said: str) -> None:
    assert said in data.refused(f"%%mlee_experiment start shelf --truth y_test\n{charter}")
    data.run('%%mlee_experiment start prices\nmetric = "neg_mean_absolute_error"\nuseful_gain = 2')


def test_a_number_in_per_cent_is_refused(data: Shell) -> None:
    data.run('%%mlee_experiment start shelf --truth y_test\nmetric = "accuracy"')
    assert "hand over 0.87" in data.refused("%%mlee_candidate knn\n87.0")
    assert "bare number" in data.run("%%mlee_candidate knn\n0.87")


def test_a_decision_for_what_is_clearly_worse_is_noticed(data: Shell) -> None:
    data.run('%%mlee_experiment start shelf --truth y_test\nmetric = "accuracy"\nmust_reach = 0.9')
    data.run("%%mlee_candidate good --simplicity 2\ngood")
    data.run("%%mlee_candidate fair --simplicity 1\nfair")
    printed = data.run('%mlee_experiment decide fair --because "liked it"')
    assert "fair was chosen and is worse than good by" in printed
    assert "MLE202" in rules_said(printed)
    assert "MLE301" not in rules_said(data.run('%mlee_experiment decide good --because "better"'))


def test_running_the_start_cell_again_keeps_what_was_changed_since(data: Shell) -> None:
    start = '%%mlee_experiment start shelf --truth y_test\nmetric = "accuracy"\nuseful_gain = 0.05'
    data.run(start)
    data.run('%mlee_experiment change useful_gain=0.03 --because "asked them"')
    data.run("%%mlee_candidate knn\ngood")
    printed = data.run(start)
    assert "stays as it was changed later" in printed
    assert "MLE604" not in rules_said(printed)
    assert current.session().experiment().charter.useful_gain == 0.03


def test_an_estimator_that_cannot_predict_is_the_users_own_error(data: Shell) -> None:
    data.run("%mlee_experiment start shelf --truth y_test --features X")
    data.run("from sklearn.linear_model import LogisticRegression\nX = np.zeros((600, 2))")
    assert "NotFittedError" in data.refused("%%mlee_candidate knn\nLogisticRegression()")


def test_options_that_are_none_are_plain_errors_everywhere(data: Shell) -> None:
    data.run("%mlee_experiment start shelf --truth y_test")
    for line in ("%mlee_scoreboard --format text", "%mlee_check --loud", "%mlee_experiment delete shelf --yes"):
        assert "unrecognized arguments" in data.refused(line)


def test_the_assumed_positive_class_is_said_once(shell: Shell) -> None:
    truth = np.array(["ok"] * 550 + ["fraud"] * 50, dtype=object)
    shell.names.update(y_test=truth)
    shell.run('%%mlee_experiment start fraud --truth y_test\nmetric = "f1"')
    assert "Positive class taken: 'ok'" in shell.run("%%mlee_candidate rule\ny_test")
    assert "Positive class" not in shell.run("%%mlee_candidate other\ny_test[::-1]")


def test_two_columns_of_labels_are_no_probabilities(data: Shell) -> None:
    data.run("%mlee_experiment start shelf --truth y_test")
    assert "no probabilities" in data.refused("%%mlee_candidate knn\npd.DataFrame({'a': good, 'b': fair})")
