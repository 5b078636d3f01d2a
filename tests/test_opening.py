"""What a charter may not plan, as it is free, and what it may."""

from __future__ import annotations

import numpy as np
import pytest

from mlee_jupyter.domain import Charter
from mlee_jupyter.session.opening import without_free
from mlee_jupyter.stats.compare.baselines import RULES, Past, baseline_rows
from mlee_jupyter.stats.metrics.catalogue import metric_facts
from mlee_jupyter.stats.metrics.target import prepare


@pytest.mark.parametrize("rule", RULES)
def test_constant_rules_are_not_planned(rule: str) -> None:
    charter, said = without_free(Charter(candidates=("knn", rule)))
    assert charter is not None
    assert charter.candidates == ("knn",)
    assert said == (f"{rule} comes free: computed from the truth, shown grey.",)


@pytest.mark.parametrize("names", [(), ("knn",), ("means", "Median")])
def test_other_names_are_planned_without_a_word(names: tuple[str, ...]) -> None:
    assert without_free(Charter(candidates=names)) == (Charter(candidates=names), ())


def test_every_constant_rule_is_known_by_name() -> None:
    truth = np.arange(60) % 2
    metrics = ("accuracy", "f1", "roc_auc", "neg_mean_absolute_error", "pinball_0.9")
    past = Past(answers=truth, season=np.arange(60))
    made = {name for metric in metrics for name in baseline_rows(prepare(truth, metric_facts(metric)), past)}
    assert made == set(RULES)
