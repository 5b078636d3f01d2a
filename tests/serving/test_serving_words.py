"""What is said of serving: in `costs`, on the board, in why and in the brief; and what cannot be said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mlee_jupyter import report
from mlee_jupyter.domain import Evidence, ModelSeen, MonthCost, Serving, Timed
from mlee_jupyter.serving.month_cost import month_cost
from mlee_jupyter.serving.price_list import price_list
from mlee_jupyter.store.tables.column_values import to_json
from tests.builders import charter, evidence, results
from tests.conftest import Shell

MODEL = ModelSeen(one=Timed(1, 100, 0.012, 0.020), many=Timed(1000, 5, 2.0, 2.5), size=5_900_000, working=200_000)
LIVE = Serving(mode="real-time", answers_per_month=400_000, value_per_month=3_000, retrain_every="monthly")


def served(serving: Serving | None = LIVE, of: tuple[str, ...] = ("svm", "knn", "centroid"), **seen: Any) -> Evidence:
    model = replace(MODEL, **seen)
    lines = tuple(
        line._replace(answer_seconds=0.002, tags=to_json([model.tag()]) if line.candidate in of else None)
        for line in results()
    )
    found = evidence(agreed=charter(serving=serving), results=lines)
    costs: dict[str, MonthCost] = {}
    if serving is not None and serving.mode:
        costs = {n: month_cost(serving, r.model, 60.0, price_list()) for n, r in found.served.items()}
    return replace(found, costs=costs)


def said(found: Evidence) -> str:
    return "\n".join(report.serving_lines(found))


def test_costs_and_what_they_are_made_of() -> None:
    told = said(served())
    assert "real-time, 400,000 answers a month, worth 3,000" in told
    assert " 74 to 110 USD a month, at most 4% of its worth. One answer takes 12 ms" in told
    assert "(95 of 100 at most 20 ms), 1,000 at once 2.0 s, its size is 5.9 MB, it works in 200 KB more." in told
    assert "machines 58 to 88, balancer 16 to 25, training under 1" in told
    assert "not measured" not in told
    assert "cannot be said" not in told


def test_a_candidate_without_a_model_says_once_what_cannot_be_said() -> None:
    told = said(served(of=("svm",)))
    assert "centroid  not measured" in told
    assert told.count("cannot be said") == 1
    assert "knn, centroid: no fitted model was handed over, so how long it answers, its size and its cost" in told
    assert "End its cell with the fitted model" in told


def test_what_could_not_be_measured_is_said_once_for_all() -> None:
    told = said(served(size=None, unmeasured=("its size: it cannot be serialised (TypeError)",)))
    assert told.count("its size: it cannot be serialised") == 1
    assert "svm, knn, centroid: its size is not known, so a machine of the usual size is taken." in told


def test_without_a_profile_there_are_times_and_no_cost() -> None:
    told = said(served(None))
    assert told.startswith("How long a candidate takes to answer")
    assert "USD" not in told
    assert "Write serving = " in told


def test_the_board_has_the_cost_beside_the_score_and_the_time_of_a_case_alone() -> None:
    (part,) = report.board(served())["boards"]
    row = next(row for row in part["rows"] if row["candidate"] == "svm")
    assert "74 to 110 USD a month, at most 4% of its worth" in row["notes"]
    assert row["answer_text"] == "12 ms"
    (part,) = report.board(served(of=("svm",)))["boards"]
    row = next(row for row in part["rows"] if row["candidate"] == "svm")
    assert row["answer_text"] == "2.0 ms", "as a share of all, like the others'"


def test_why_and_brief_say_it_and_are_silent_without() -> None:
    assert "To use it: one answer takes 12 ms" in report.explanation(served(), "svm")
    assert "Running it costs about 74 to 110 USD a month" in report.explanation(served(), "svm")
    assert "To use it" not in report.explanation(evidence(), "svm")
    found = served()
    brief = report.brief(found, (), report.board(found))
    (answer,) = [one["text"] for one in brief["answers"] if one["head"].startswith("What does it cost")]
    assert answer.startswith("Running it costs about 74 to 110 USD a month, at most 4% of its worth.")
    assert "3,000 a month" in answer


def test_costs_in_a_notebook(shell: Shell) -> None:
    shell.run("import numpy as np\nfrom sklearn.naive_bayes import GaussianNB")
    shell.run("X = np.arange(80.0).reshape(40, 2); y = (X[:, 0] > 40).astype(int)")
    shell.run(
        "%%mlee_experiment start shelf --truth y --features X\nserving = {mode = 'batch', answers_per_month = 1000}"
    )
    assert "Nothing is recorded yet" in shell.run("%mlee_experiment costs")
    shell.run("%%mlee_candidate bayes\nGaussianNB().fit(X, y)")
    told = shell.run("%mlee_experiment costs")
    assert "USD a month" in told
    assert "one answer takes" in told.lower()
