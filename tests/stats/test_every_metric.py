"""What holds for every metric that is found, the ones of tomorrow as well: its facts, its score, its lists."""

from __future__ import annotations

import ast
import math
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as scipy_stats
from sklearn import metrics as sk

from docs import metric_lists
from mlee_jupyter import compare
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.judge.entries import Measurement, measure
from mlee_jupyter.stats.metrics.catalogue import FOLDERS, found_metrics, metric_facts, metrics, offered_metrics
from mlee_jupyter.stats.metrics.target import prepare
from mlee_jupyter.stats.metrics.traits import MetricFacts
from tests.metric_problems import ALL, kind_of, problem

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "mlee_jupyter"
HOME = PACKAGE / "stats" / "metrics"
FILES = {path.stem: path for folder in FOLDERS for path in (HOME / folder).glob("[!_]*.py")}
OTHERWISE: dict[str, Callable[[Any, Any], float]] = {  # what scikit-learn has no scorer of
    "pearson": lambda truth, rows: float(scipy_stats.pearsonr(truth, rows)[0]),
    "spearman": lambda truth, rows: float(scipy_stats.spearmanr(truth, rows)[0]),
    "pinball_0.2": lambda truth, rows: float(sk.mean_pinball_loss(truth, rows, alpha=0.2)),
    "roc_auc_ovr": lambda truth, rows: float(sk.roc_auc_score(_one_hot(truth), rows, average="macro")),
    "average_precision": lambda truth, rows: float(sk.average_precision_score(truth, _of_one(rows))),
    "brier_score": lambda truth, rows: float(sk.brier_score_loss(truth, _of_one(rows))),
    "roc_auc": lambda truth, rows: float(sk.roc_auc_score(truth, _of_one(rows))),
}


def _one_hot(truth: np.ndarray) -> np.ndarray:
    return (truth[:, None] == np.unique(truth)).astype(int)


def _of_one(rows: np.ndarray) -> np.ndarray:
    return rows[:, 1] if rows.ndim == 2 else rows


def measured(facts: MetricFacts, truth: np.ndarray, rows: np.ndarray) -> Measurement:
    return measure(truth, rows, kind_of(facts), metric=facts)


def oracle(facts: MetricFacts, truth: np.ndarray, rows: np.ndarray) -> float:
    """The score by scikit-learn's scorer of that name, or by scipy."""
    if facts.name in OTHERWISE:
        return OTHERWISE[facts.name](truth, rows)
    scorer = sk.get_scorer(facts.scorer)
    with np.errstate(all="ignore"):
        return float(scorer._score_func(truth, rows, **scorer._kwargs))


# ---------------------------------------------------------------- facts


def test_each_file_is_one_metric_under_its_own_name() -> None:
    firsts = {group[0].name for group in found_metrics()}
    assert firsts == set(FILES)
    names = Counter(one.name for group in found_metrics() for one in group)
    assert max(names.values()) == 1


def test_no_two_metrics_are_called_the_same() -> None:
    called = Counter(name for group in found_metrics() for one in group for name in (one.name, *one.also))
    assert [name for name, times in called.items() if times > 1] == []
    for facts in metrics().values():
        for name in {facts.name, facts.scorer, *facts.also, facts.short or facts.name}:
            assert metric_facts(name) is facts


def test_there_is_one_default_for_each_kind_of_truth() -> None:
    defaults = Counter(facts.default_for for facts in metrics().values() if facts.default_for)
    assert defaults == {"labels": 1, "numbers": 1}
    assert all(facts.needs == facts.default_for for facts in metrics().values() if facts.default_for)


@pytest.mark.parametrize("metric", ALL)
def test_its_facts_do_not_contradict_each_other(metric: str) -> None:
    facts = metric_facts(metric)
    low, high = facts.limits
    assert low < high
    assert math.isfinite(high if facts.higher_is_better else low), "its best value is known"
    assert facts.needs in ("labels", "scores", "numbers")
    assert {called == called.lower().strip() for called in (facts.name, *facts.also)} == {True}
    assert not facts.label.endswith("."), "it stands in the middle of a sentence"
    of_classes = (
        facts.positive != "none",
        facts.average,
        facts.averages,
        facts.hangs_on_classes,
        facts.always_positive,
    )
    assert facts.needs != "numbers" or not any((*of_classes, facts.symmetric, facts.counted)), "numbers have no classes"
    assert facts.needs == "scores" or not (facts.probabilities or facts.ranks)
    assert not (facts.row_mean and facts.hangs_on_classes), "a mean over rows hangs on rows"
    assert sum((facts.row_mean, facts.is_root, facts.over_variance)) <= 1
    assert facts.counted is None or facts.bounded, "a share lies in 0..1"
    assert not facts.counts_right_rows or facts.row_mean
    assert facts.positive != "one" or facts.way_out, "many classes need another way"
    assert 0 < facts.class_rows <= 1
    assert set(facts.averages) <= {"macro", "micro", "weighted", "samples"}
    assert all(f"{facts.name}_{average}" in metrics() for average in facts.averages if facts.average is None)


@pytest.mark.parametrize("metric", FILES)
def test_its_file_says_in_one_line_what_it_is(metric: str) -> None:
    text = ast.get_docstring(ast.parse(FILES[metric].read_text("utf-8"))) or ""
    head, _, about = text.partition("\n")[0].partition(": ")
    assert head, "the name that people use"
    assert about.endswith(".")


# ---------------------------------------------------------------- scores


@pytest.mark.parametrize("metric", ALL)
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), n=st.integers(12, 60), many=st.booleans())
def test_it_is_scikit_learns(metric: str, seed: int, n: int, many: bool) -> None:
    facts = metric_facts(metric)
    classes = 3 if many and facts.needs != "numbers" and facts.positive == "none" else 2
    truth, rows, _ = problem(facts, seed, n, classes)
    assert measured(facts, truth, rows).value == pytest.approx(oracle(facts, truth, rows), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("metric", ALL)
@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), n=st.integers(12, 60))
def test_perfect_predictions_have_the_best_score(metric: str, seed: int, n: int) -> None:
    facts = metric_facts(metric)
    truth, rows, perfect = problem(facts, seed, n)
    best = facts.limits[1] if facts.higher_is_better else facts.limits[0]
    found, other = measured(facts, truth, perfect), measured(facts, truth, rows)
    assert found.value == pytest.approx(best, abs=1e-12)
    assert facts.sign * other.value <= facts.sign * found.value + 1e-12
    assert facts.limits[0] <= found.low <= found.high <= facts.limits[1]
    if facts.exact is not None:
        assert facts.exact == best
        wrong = not facts.ranks and not np.array_equal(rows, perfect)
        assert not wrong or facts.sign * other.value < facts.sign * best, "the best score is for the perfect alone"


@pytest.mark.parametrize("metric", [name for name in ALL if metric_facts(name).can_look_perfect])
def test_no_sample_proves_perfection(metric: str) -> None:
    """Twelve right answers leave room for a wrong one, and two perfect candidates may differ on the next row."""
    facts = metric_facts(metric)
    truth, rows, perfect = problem(facts, 8, 60)
    found = measured(facts, truth, perfect)
    assert found.low < facts.limits[1] - 0.04
    board = compare(truth, {"one": perfect, "same": perfect.copy(), "bad": rows}, metric)
    assert {"one", "same"} <= set(board.best_set)
    assert board.judgement.leader_bound is not None
    assert board.judgement.leader_bound < facts.limits[1] - 0.04


@pytest.mark.parametrize("metric", ALL)
@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), n=st.integers(12, 60))
def test_the_order_of_the_rows_changes_nothing(metric: str, seed: int, n: int) -> None:
    facts = metric_facts(metric)
    truth, rows, _ = problem(facts, seed, n)
    order = np.random.default_rng(seed).permutation(n)
    found, mixed = measured(facts, truth, rows), measured(facts, truth[order], rows[order])
    assert mixed.value == pytest.approx(found.value, rel=1e-9, abs=1e-12)
    assert mixed.low == pytest.approx(found.low, rel=1e-9, abs=1e-12)
    assert mixed.df == found.df
    scale = np.abs(found.influence).max() + 1e-12
    assert np.allclose(mixed.influence, found.influence[order], atol=1e-9 * scale)


@pytest.mark.parametrize("metric", ALL)
def test_the_influence_of_a_row_is_what_leaving_it_out_changes(metric: str) -> None:
    """To the first order, n times: so a metric that states a wrong error is found here, whoever adds it."""
    facts = metric_facts(metric)
    truth, rows, _ = problem(facts, 4, 600)
    found = measured(facts, truth, rows)
    assert abs(found.influence.mean()) <= 1e-9 * np.abs(found.influence).max()
    left_out = [
        facts.sign * measured(facts, np.delete(truth, row), np.delete(rows, row, axis=0)).value
        for row in range(len(truth))
    ]
    jackknife = (len(truth) - 1) * (np.mean(left_out) - np.array(left_out))
    assert jackknife.std() == pytest.approx(found.influence.std(), rel=0.05)
    assert np.corrcoef(jackknife, found.influence)[0, 1] > 0.99


@pytest.mark.parametrize("metric", ALL)
def test_what_is_the_same_on_every_row_is_scored_or_refused_as_it_says(metric: str) -> None:
    facts = metric_facts(metric)
    truth, rows, _ = problem(facts, 5, 60)
    same = np.broadcast_to(rows[:1], rows.shape).copy()
    if facts.constant_is_undefined:
        with pytest.raises(MleeError, match="the same on every row"):
            measured(facts, truth, same)
    else:
        assert math.isfinite(measured(facts, truth, same).value)


@pytest.mark.parametrize("metric", ALL)
def test_the_other_class_has_the_same_score_where_it_says_so(metric: str) -> None:
    facts = metric_facts(metric)
    if facts.needs == "numbers":
        return
    truth, rows, _ = problem(facts, 6, 90)
    one, other = (measure(truth, rows, kind_of(facts), metric=facts, positive=label).value for label in (0, 1))
    alike = facts.symmetric or not facts.looks_at_one_class
    assert (one == pytest.approx(other, abs=1e-12)) is alike


@pytest.mark.parametrize("metric", ALL)
def test_two_candidates_are_compared_by_it(metric: str) -> None:
    facts = metric_facts(metric)
    truth, rows, perfect = problem(facts, 7, 200)
    good = np.where(np.arange(200).reshape(-1, *[1] * (rows.ndim - 1)) % 8 == 0, rows, perfect)
    board = compare(truth, {"good": good, "bad": rows}, metric)
    assert board.leader == "good"
    assert facts.name in repr(board)
    assert facts.name in board._repr_html_()
    assert facts.label in str(board.explain("good")) or facts.counts_right_rows  # "is right on 90 of 100"


def test_a_metric_says_itself_what_it_is_not_defined_on() -> None:
    refused = 0
    for facts in (metric_facts(name) for name in ALL):
        if facts.refuse_truth is None:
            continue
        refused += 1
        with pytest.raises(MleeError):
            _ = [prepare(truth, facts) for truth in (np.full(9, 0.0), np.linspace(-3, 3, 9))]
    assert refused


# ---------------------------------------------------------------- who else speaks of metrics


def test_the_lists_of_docs_and_page_are_renewed() -> None:
    text = metric_lists.PAGE.read_text("utf-8")
    assert metric_lists.page(text) == text, "run python docs/metric_lists.py"
    assert metric_lists.FORM.read_text("utf-8") == metric_lists.form(), "run python docs/metric_lists.py"
    assert len(offered_metrics()) >= 9


def asked_by_name(path: Path, names: set[str]) -> Iterator[str]:
    """Comparisons with a metric's name, and lists of two such names or more."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        texts: list[ast.expr] = []
        if isinstance(node, ast.Compare):
            texts = [node.left, *node.comparators]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            texts = list(node.args) if node.func.attr in ("startswith", "endswith") else []
        found = {one.value for text in texts for one in ast.walk(text) if isinstance(one, ast.Constant)} & names
        if isinstance(node, ast.Tuple | ast.List | ast.Set | ast.Dict):
            parts = node.keys if isinstance(node, ast.Dict) else node.elts
            listed = {one.value for one in parts if isinstance(one, ast.Constant)} & names
            found |= listed if len(listed) > 1 else set()
        for name in sorted(found, key=str):
            yield f"{path.relative_to(ROOT)}:{node.lineno}: {name}"


def test_nobody_outside_asks_for_a_metric_by_name() -> None:
    """What a metric is like it says itself; a question by name is one that the next metric is not asked."""
    names = {name for group in found_metrics() for one in group for name in (one.name, *one.also)}
    # these know the names that others gave, in notebooks that people wrote and in the runs of other tools
    others = (HOME, PACKAGE / "convert", PACKAGE / "bridges")
    outside = [path for path in PACKAGE.rglob("*.py") if not any(path.is_relative_to(room) for room in others)]
    assert [line for path in outside for line in asked_by_name(path, names)] == []


def test_a_question_by_name_would_be_seen(tmp_path: Path) -> None:
    for line in ('x == "r2"', 'x in ("f1", "mae")', 'x.startswith(("f1",))', 'A = {"f1": 1, "auc": 2}'):
        (tmp_path / "asks.py").write_text(line)
        try:
            found = list(asked_by_name(tmp_path / "asks.py", {"r2", "f1", "mae", "auc"}))
        except ValueError:
            found = [line]  # it lies outside of the repository, and was seen
        assert found, line
