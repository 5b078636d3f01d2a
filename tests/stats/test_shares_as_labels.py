"""A metric of labels reads probabilities as the label they favour, whatever the labels are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.metrics.catalogue import metric_facts
from mlee_jupyter.stats.metrics.influence import score
from mlee_jupyter.stats.metrics.target import prepare, read_truth

LABELS: dict[str, tuple[Any, ...]] = {
    "numbers": (0, 1, 2),
    "numbers far apart": (-5, 3, 40),
    "text": ("cat", "dog", "owl"),
}


def scored(
    truth: Any, rows: np.ndarray, metric: str = "accuracy", *, are_scores: bool = True, positive: Any = None
) -> Any:
    facts = metric_facts(metric)
    target = prepare(read_truth(truth, facts), facts, positive)
    return score(target, rows, are_scores)


@pytest.mark.parametrize("labels", LABELS.values(), ids=LABELS)
def test_the_favoured_column_is_the_label(labels: tuple[Any, ...]) -> None:
    places = np.array([0, 1, 2, 0, 1, 2, 2, 1])
    truth = [labels[place] for place in places]
    rows = np.eye(3)[places] * 0.5 + 0.1
    assert scored(truth, rows).theta == 1
    rows[0] = [0.1, 0.6, 0.3]
    found = scored(truth, rows)
    assert found.theta == pytest.approx(7 / 8)
    assert np.flatnonzero(~(found.psi if found.psi.dtype == bool else found.psi > 0)).tolist() == [0]


@pytest.mark.parametrize("labels", LABELS.values(), ids=LABELS)
def test_a_class_that_the_truth_has_none_of_is_no_label_of_it(labels: tuple[Any, ...]) -> None:
    places = np.array([0, 1, 2, 0, 1, 2])
    rows = np.column_stack([np.eye(3)[places] * 0.5, np.zeros(6)])
    truth = [labels[place] for place in places]
    assert scored(truth, rows).theta == 1
    rows[2, 3] = 0.9
    assert scored(truth, rows).theta == pytest.approx(5 / 6)


@pytest.mark.parametrize(
    ("labels", "positive"), [((0, 1), None), ((0, 1), 0), (("no", "yes"), "yes"), (("no", "yes"), "no")]
)
def test_one_column_is_of_the_positive_class(labels: tuple[Any, Any], positive: Any) -> None:
    places = np.array([0, 1, 1, 0, 1, 0, 0])
    truth = [labels[place] for place in places]
    chosen = labels.index(positive) if positive is not None else 1
    shares = np.where(places == chosen, 0.8, 0.2)
    for metric in ("accuracy", "f1", "precision", "recall"):
        asked = positive if metric != "accuracy" else None
        if metric == "accuracy" and chosen == 0:
            continue  # accuracy has no positive class: the column is of the greater label
        assert scored(truth, shares, metric, positive=asked).theta == pytest.approx(1.0), metric
        half = shares.copy()
        half[0] = 1 - half[0]
        assert scored(truth, half, metric, positive=asked).theta < 1 or metric in ("recall", "precision"), metric


def test_half_is_not_more_than_half() -> None:
    assert scored([0, 1, 0], np.array([0.5, 0.9, 0.4])).theta == 1


def test_fractions_that_are_no_shares_are_refused() -> None:
    with pytest.raises(MleeError, match=r"scores such as 1\.5"):
        scored([0, 1, 0], np.array([1.5, 0.2, 0.1]))
    with pytest.raises(MleeError, match=r"scores such as 0\.2"):
        scored([0, 1, 2], np.array([0.2, 1.0, 0.1]))
    with pytest.raises(MleeError, match=r"scores such as 0\.2"):
        scored([0, 1, 0], np.array([0.2, 1.0, 0.1]), are_scores=False)


def test_numbers_in_text_and_too_few_rows_are_refused() -> None:
    with pytest.raises(MleeError, match="2 predictions for 3 rows"):
        scored([0, 1, 0], np.array([1, 0]))
    with pytest.raises(MleeError, match="are text"):
        scored([0.5, 1.5, 2.5], np.array(["a", "b", "c"], dtype=object), "mae", are_scores=False)
    with pytest.raises(MleeError, match="labels in text"):
        scored([0, 1, 0], np.array(["a", "b", "c"], dtype=object), "roc_auc")


def test_too_few_columns_are_refused_however_many_rows_there_are() -> None:
    with pytest.raises(MleeError):
        scored([0, 1, 2, 0, 1], np.full((5, 2), 0.5))


def test_the_same_loss_on_every_row_is_that_loss_and_none_is_none() -> None:
    truth, right = [0, 1, 1, 0], np.array([0.0, 1.0, 1.0, 0.0])
    found = scored(truth, np.where(right == 1, 0.8, 0.2), "log_loss")
    assert found.theta == pytest.approx(np.log(0.8))
    assert not found.psi.any()
    assert scored(truth, right, "log_loss").theta == 0.0
