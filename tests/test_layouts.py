"""Groups, time order and weights of rows: read from the notebook, kept as codes, counted on every board."""

from __future__ import annotations

import types
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import mlee_jupyter as mlee
from mlee_jupyter import report
from mlee_jupyter.domain import Judgement
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.session import boards, current

from .conftest import Shell

N, SIZE = 360, 6
RNG = np.random.default_rng(5)
CUSTOMER = np.array([f"customer {i // SIZE:03}" for i in range(N)], dtype=object)
TRUTH = np.repeat(RNG.integers(0, 2, N // SIZE), SIZE)
GOOD = np.where(np.repeat(RNG.random(N // SIZE) < 0.1, SIZE), 1 - TRUTH, TRUTH)
FAIR = np.where(np.repeat(RNG.random(N // SIZE) < 0.2, SIZE), 1 - TRUTH, TRUTH)
DAYS = pd.date_range("2026-01-01", periods=N, tz="Europe/Vienna").to_series(index=range(N))
WEIGHTS = RNG.random(N) + 0.5


@pytest.fixture
def notebook(shell: Shell) -> Shell:
    shell.names.update(y_test=TRUTH, customer=CUSTOMER, good=GOOD, fair=FAIR, day=DAYS, cost=WEIGHTS)
    return shell


def started(notebook: Shell, *lines: str, options: str = "") -> None:
    body = "\n".join(('metric = "accuracy"', "useful_gain = 0.02", *lines))
    notebook.run(f"%%mlee_experiment start shelf --truth y_test {options}\n{body}")
    notebook.run("%mlee_candidate knn --pred good")
    notebook.run("%mlee_candidate svm --pred fair")


def judgement(name: str | None = None) -> Judgement:
    found = current.session().evidence(name).judgement
    assert found is not None
    return found


def compared(**how: Any) -> Judgement:
    return mlee.compare(TRUTH, {"knn": GOOD, "svm": FAIR}, useful_gain=0.02, **how).judgement


def same(one: Judgement, other: Judgement) -> bool:
    def numbers(j: Judgement) -> Any:
        return [(s.candidate, s.score, s.low, s.high, s.cost_bound, s.verdict) for s in j.standings]

    return (one.by, one.effective_n, numbers(one)) == (other.by, other.effective_n, numbers(other))


DECLARED: dict[str, tuple[str, dict[str, Any]]] = {
    "groups": ('groups = "customer"', {"groups": CUSTOMER}),
    "time": ('time = "day"', {"time": np.arange(N)}),
    "weights": ('weights = "cost"', {"weights": WEIGHTS}),
}


@pytest.mark.parametrize(("line", "how"), DECLARED.values(), ids=DECLARED)
def test_the_board_counts_them_as_compare_does_with_and_without_a_kernel(
    notebook: Shell, line: str, how: dict[str, Any]
) -> None:
    started(notebook, line)
    live = judgement()
    assert same(live, compared(**how))
    assert not same(live, compared()), "it must make a difference"
    current.forget_session()
    assert same(judgement("shelf"), live)


@pytest.mark.parametrize("what", DECLARED)
def test_an_option_beside_the_charter(notebook: Shell, what: str) -> None:
    line, how = DECLARED[what]
    started(notebook, options=f"--{what} {line.split(chr(34))[1]}")
    assert same(judgement(), compared(**how))
    assert current.session().experiment().charter.useful_gain == 0.02
    notebook.run(f"%mlee_experiment start shelf --{what} {line.split(chr(34))[1]}")
    assert current.session().experiment().charter.useful_gain == 0.02, "a line alone keeps the rest of the charter"


def test_a_column_of_the_features_will_do(notebook: Shell) -> None:
    notebook.names["X_test"] = pd.DataFrame({"who": CUSTOMER})
    started(notebook, 'groups = "who"', options="--features X_test")
    assert same(judgement(), compared(groups=CUSTOMER))


def test_python_takes_the_values_themselves(notebook: Shell) -> None:
    shelf = mlee.start("shelf", truth=TRUTH, metric="accuracy", useful_gain=0.02, groups=CUSTOMER.copy())
    shelf.record("knn", GOOD)
    shelf.record("svm", FAIR)
    assert same(judgement(), compared(groups=CUSTOMER))


def test_effective_rows_and_the_caveat_are_shown_everywhere(notebook: Shell) -> None:
    started(notebook, 'groups = "customer"')
    board = boards.board_of(current.session())
    (part,) = board["boards"]
    worth = round(part["effective_n"])
    assert 40 <= worth <= 70
    assert part["effective_n_text"] == f"worth about {worth} independent ones"
    assert part["by"] == "groups"
    for shown in (report.text(board), report.html(board), report.markdown(board)):
        words = " ".join(shown.split())
        assert f"360 test cases, worth about {worth}" in words
        assert "60 groups of rows" in words


def test_no_label_of_a_person_is_kept(notebook: Shell) -> None:
    started(notebook, 'groups = "customer"')
    store = current.session().store
    (layout,) = store.records("shelf").layouts
    assert (layout.what, layout.name) == ("groups", "customer")
    codes = store.rows(layout.array)
    assert codes.dtype.kind == "i"
    assert np.array_equal(codes, np.arange(N) // SIZE)


@pytest.mark.parametrize(("line", "how"), DECLARED.values(), ids=DECLARED)
def test_a_record_says_the_range_of_the_board(notebook: Shell, line: str, how: dict[str, Any]) -> None:
    notebook.run(f'%%mlee_experiment start shelf --truth y_test\nmetric = "accuracy"\n{line}')
    printed = notebook.run("%mlee_candidate knn --pred good")
    alone = mlee.compare(TRUTH, {"knn": GOOD}, **how).judgement.standings[0]
    assert f"{100 * alone.score:.1f}% on 360 cases ({100 * alone.low:.1f} to {100 * alone.high:.1f})" in printed


def test_a_weighted_score_of_ones_own_is_no_error(notebook: Shell) -> None:
    started(notebook, 'weights = "cost"')
    assert "MLE402" not in notebook.run("%%mlee_candidate lda\n{'predictions': fair, 'accuracy': 0.123}")
    notebook.run('%mlee_experiment change weights="" --because "all count alike"')
    assert "MLE402" in notebook.run("%mlee_check")


# ---------------------------------------------------------------- what cannot be read


UNREADABLE: dict[str, tuple[str, Any, str]] = {
    "not there": ("groups", None, "There is no variable or column 'x' here"),
    "too short": ("groups", CUSTOMER[:100], "x has 100 values for 360 rows of y_test"),
    "missing values": ("groups", [None, *CUSTOMER[1:]], "missing value"),
    "a module": ("groups", types, "There is no variable or column"),
    "weights below nothing": ("weights", WEIGHTS - 9, "holds no weights"),
    "weights as text": ("weights", CUSTOMER, "holds no weights"),
}


@pytest.mark.parametrize(("what", "value", "said"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_one_line_and_no_winner(notebook: Shell, what: str, value: Any, said: str) -> None:
    if value is not None:
        notebook.names["x"] = value
    notebook.run(f'%%mlee_experiment start shelf --truth y_test\nuseful_gain = 0.02\n{what} = "x"')
    printed = notebook.run("%mlee_candidate knn --pred good")
    assert [line for line in printed.splitlines() if said in line]
    notebook.names["awful"] = np.where(np.arange(N) // SIZE % 2, 1 - TRUTH, TRUTH)
    notebook.run("%mlee_candidate svm --pred awful")
    found = judgement()
    assert len(found.standings) == 2, "nothing is lost"
    assert (found.winner, found.recommended) == (None, None)
    assert "x was not at hand" in (found.caveat or "")
    notebook.names["x"] = CUSTOMER if what == "groups" else WEIGHTS
    assert judgement().winner == "knn", "as soon as it is there it counts"


def test_what_was_read_before_still_holds(notebook: Shell) -> None:
    started(notebook, 'groups = "customer"')
    notebook.names["customer"] = CUSTOMER[:5]
    assert "What was read before still holds." in notebook.run("%mlee_candidate lda --pred fair")
    assert judgement().by == "groups"


def test_rows_of_one_group_only_are_no_judgement_by_groups(notebook: Shell) -> None:
    notebook.names["one"] = ["same"] * N
    started(notebook, 'groups = "one"')
    found = judgement()
    assert found.winner is None
    assert "All rows are of one group" in (found.caveat or "")


def test_weights_that_the_metric_cannot_take_are_said(notebook: Shell) -> None:
    notebook.run('%%mlee_experiment start shelf --truth y_test\nmetric = "f1"\nweights = "cost"')
    notebook.run("%mlee_candidate knn --pred good")
    notebook.run("%mlee_candidate svm --pred fair")
    found = judgement()
    assert found.winner is None
    assert "no mean over rows" in (found.caveat or "")


def test_time_without_its_values_counts_in_the_order_of_the_rows(notebook: Shell) -> None:
    started(notebook, 'time = "when"')
    found = judgement()
    assert found.by == "time"
    assert "in the order in which they stand" in (found.caveat or "")
    assert same(found, compared(time=np.arange(N)))


def test_in_time_order_guessing_starts_from_the_declared_training_rows(notebook: Shell) -> None:
    started(notebook, 'time = "day"')
    assert judgement().baselines == ()
    notebook.names["y_train"] = np.repeat(np.unique(notebook.names["y_test"])[:1], 50)
    notebook.run("%mlee_experiment change train=y_train")
    assert "last value" in [b.name for b in judgement().baselines]


def test_groups_and_time_at_once_are_refused(notebook: Shell) -> None:
    assert "either by groups or in time order" in notebook.refused(
        '%%mlee_experiment start shelf --truth y_test\ngroups = "customer"\ntime = "day"'
    )
    started(notebook, 'groups = "customer"')
    assert "either by groups or in time order" in notebook.refused("%mlee_experiment change time=day")
    notebook.run('%mlee_experiment change groups="" time=day --because "days are alike, customers are not"')
    assert judgement().by == "time"


def test_nothing_declared_changes_nothing(notebook: Shell) -> None:
    started(notebook)
    assert same(judgement(), compared())
    assert judgement().caveat is None
    assert current.session().records().layouts == ()


# ---------------------------------------------------------------- in the store


def test_a_change_after_the_results_is_kept_too(notebook: Shell) -> None:
    started(notebook)
    notebook.run('%mlee_experiment change groups=customer --because "we forgot"')
    live = judgement()
    assert live.by == "groups"
    current.forget_session()
    assert same(judgement("shelf"), live)


def test_export_and_import_carry_them(notebook: Shell, tmp_path: Any) -> None:
    started(notebook, 'groups = "customer"')
    live, store = judgement(), current.session().store
    document = store.export()
    store.delete_experiment("shelf", "moved", current.session().now())
    with pytest.raises(MleeError):
        store.rows(document["experiments"][0]["layouts"][0]["array"])
    store.import_(document, rename=False)
    assert same(judgement("shelf"), live)
    del document["experiments"][0]["layouts"]  # as a file from before there were any
    document["experiments"][0]["name"] = "older"
    store.import_(document, rename=False)
    assert judgement("older").winner is None


@pytest.mark.parametrize(
    ("key", "value"), [("what", "moods"), ("array", "0" * 64), ("name", None), ("truth", 3)], ids=str
)
def test_a_file_with_an_odd_layout_is_refused_whole(notebook: Shell, key: str, value: Any) -> None:
    started(notebook, 'groups = "customer"')
    document = current.session().store.export()
    document["experiments"][0]["name"] = "copy"
    document["experiments"][0]["layouts"][0][key] = value
    with pytest.raises(MleeError, match="This file is damaged"):
        current.session().store.import_(document, rename=False)
    assert [e.name for e in current.session().store.experiments()] == ["shelf"]


def test_a_layout_of_another_length_in_a_file_costs_no_board(notebook: Shell) -> None:
    started(notebook, 'groups = "customer"')
    store = current.session().store
    document = store.export()
    row = document["experiments"][0]["layouts"][0]
    row["array"] = document["experiments"][0]["results"][0]["array"]  # predictions instead
    document["experiments"][0]["name"] = "odd"
    document["truths"][row["truth"]]["n"] = N
    store.import_(document, rename=False)
    assert judgement("odd").standings


# ---------------------------------------------------------------- odd ways to say it


def test_without_stored_rows_the_board_is_the_same(notebook: Shell, project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.mlee]\nstore_rows = false\n")
    current.forget_session()
    started(notebook, 'groups = "customer"')
    live = judgement()
    assert (live.by, live.effective_n) == ("groups", compared(groups=CUSTOMER).effective_n)
    current.forget_session()
    again = judgement("shelf")
    assert [(s.candidate, s.low, s.cost_bound) for s in again.standings] == [
        (s.candidate, s.low, s.cost_bound) for s in live.standings
    ]


def test_a_typing_error_in_a_change_is_said_at_once(notebook: Shell) -> None:
    started(notebook)
    printed = notebook.run('%mlee_experiment change groups=custmer --because "alike"')
    assert "There is no variable or column 'custmer' here" in printed
    assert "custmer" not in notebook.run('%mlee_experiment change groups=customer --because "alike"').split("\n")[1:]


TIMES: dict[str, Any] = {
    "dates": [date(2026, 1, 1) + timedelta(days=i) for i in range(N)],
    "aware datetimes": [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=i) for i in range(N)],
    "numpy dates": np.datetime64("2026-01-01") + np.arange(N),
    "an index": pd.date_range("2026-01-01", periods=N, tz="UTC"),
    "ISO text": [f"2026-01-01T{i // 60:02}:{i % 60:02}" for i in range(N)],
    "numbers": np.linspace(0, 1, N),
}


@pytest.mark.parametrize("values", TIMES.values(), ids=TIMES)
def test_times_of_any_make_give_the_same_order(notebook: Shell, values: Any) -> None:
    notebook.names["day"] = values
    started(notebook, 'time = "day"')
    assert same(judgement(), compared(time=np.arange(N)))


def test_a_missing_date_is_one_line(notebook: Shell) -> None:
    notebook.names["day"] = pd.Series(DAYS.array).mask(np.arange(N) == 4)
    notebook.run('%%mlee_experiment start shelf --truth y_test\ntime = "day"')
    assert "day has missing values." in notebook.run("%mlee_candidate knn --pred good")


def test_polars_columns_will_do(notebook: Shell) -> None:
    polars = pytest.importorskip("polars")
    notebook.names["X_test"] = polars.DataFrame({"who": list(CUSTOMER)})
    started(notebook, 'groups = "who"', options="--features X_test")
    assert same(judgement(), compared(groups=CUSTOMER))
    notebook.run('%mlee_experiment change groups=nobody --because "a slip"')
    assert "nobody was not at hand" in (judgement().caveat or "")
