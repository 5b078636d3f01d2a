"""Evidence of a plan: a truth and candidates of different worth, some equal, some tied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .plans import Plan

NAMES = ("knn", "svm", "forest", "boosting", "logreg", "mlp")
WORDS = ("apple", "bread", "cheese", "dates", "eggs")


@dataclass(frozen=True, kw_only=True)
class Case:
    """One call of `compare`."""

    truth: Any
    predictions: Mapping[str, Any]
    options: Mapping[str, Any]
    layout: Mapping[str, np.ndarray] = field(default_factory=dict)

    @property
    def n(self) -> int:
        """Rows of the truth."""
        return 0 if self.truth is None else len(self.truth)


def case_of(plan: Plan) -> Case:
    """The evidence of a plan; the same for the same plan."""
    random = np.random.default_rng([plan.seed, 1])
    names = [NAMES[place] for place in random.permutation(len(NAMES))[: plan.candidates]]
    options: dict[str, Any] = {"metric": plan.metric}
    if random.random() < 0.7:
        options["useful_gain"] = float(random.choice([0.005, 0.02, 0.1]))
    if random.random() < 0.5:
        options["simplicity"] = {name: int(random.integers(1, 4)) for name in names if random.random() < 0.8}
    skills = np.sort(random.choice([0.3, 0.6, 0.9, 0.9, 0.93, 0.97], plan.candidates))[::-1]
    if plan.kind in ("folds", "bare scores"):
        return Case(truth=None, predictions=_without_rows(plan, names, skills, random), options=options)
    truth, made = _MAKERS[plan.kind](plan, skills, random)
    return Case(
        truth=truth,
        predictions=dict(zip(names, made, strict=True)),
        options=options,
        layout=_laid(plan, random),
    )


def _laid(plan: Plan, random: np.random.Generator) -> dict[str, np.ndarray]:
    if plan.layout == "groups":
        return {"groups": random.integers(0, max(3, plan.rows // int(random.choice([2, 5, 12]))), plan.rows)}
    if plan.layout == "time":
        return {"time": random.permutation(plan.rows) if random.random() < 0.5 else np.arange(plan.rows) // 2}
    if plan.layout == "weights":
        return {"weights": random.gamma(2.0, 1.0, plan.rows)}
    return {}


def _without_rows(plan: Plan, names: list[str], skills: np.ndarray, random: np.random.Generator) -> dict[str, Any]:
    if plan.kind == "bare scores":
        rows = random.integers(50, 3000, len(names))
        hits = [int(random.binomial(n, skill)) for n, skill in zip(rows, skills, strict=True)]
        return {name: (hit / int(n), int(n)) for name, hit, n in zip(names, hits, rows, strict=True)}
    folds = int(random.choice([3, 5, 10, 30]))
    common = 0.02 * random.standard_normal(folds)
    made = {}
    for name, skill in zip(names, skills, strict=True):
        scores = np.clip(0.5 + 0.45 * skill + common + 0.01 * random.standard_normal(folds), 0.01, 0.99)
        made[name] = scores if plan.metric in ("accuracy", "roc_auc", "r2") else 1.2 - scores
    return made


def _classes(count: int, n: int, random: np.random.Generator) -> np.ndarray:
    """Codes in which every class has at least three rows."""
    share = random.dirichlet(np.full(count, float(random.choice([1.0, 5.0]))))
    codes = random.choice(count, n, p=share)
    codes[: 3 * count] = np.repeat(np.arange(count), 3)
    return random.permutation(codes)


def _worded(codes: np.ndarray, text: bool) -> np.ndarray:
    return np.array(WORDS, dtype=object)[codes] if text else codes


def _labels(count: int) -> Any:
    def make(plan: Plan, skills: np.ndarray, random: np.random.Generator) -> tuple[Any, list[Any]]:
        codes = _classes(count, plan.rows, random)
        text, hard = bool(random.random() < 0.5), random.random(plan.rows)
        if plan.metric in ("f1", "precision", "recall"):
            text = False  # 1 is the positive class
        made = []
        for skill in skills:
            luck = 0.5 * hard + 0.5 * random.random(plan.rows)
            wrong = (codes + random.integers(1, count, plan.rows)) % count if count > 2 else 1 - codes
            made.append(_worded(np.where(luck < skill, codes, wrong), text))
        return _worded(codes, text), made

    return make


def _leaning(codes: np.ndarray, skill: float, random: np.random.Generator) -> np.ndarray:
    """Margins of two classes, greater for code 1."""
    return np.where(codes == 1, 1.0, -1.0) * 2 * skill + random.standard_normal(len(codes))


def _probabilities(plan: Plan, skills: np.ndarray, random: np.random.Generator) -> tuple[Any, list[Any]]:
    codes = _classes(2, plan.rows, random)
    made = [1 / (1 + np.exp(-_leaning(codes, skill, random))) for skill in skills]
    if random.random() < 0.3:
        made = [np.round(column, 1) * 0.98 + 0.01 for column in made]  # many ties, as trees and neighbours give
    return _worded(codes, bool(random.random() < 0.3)), made


def _two_columns(plan: Plan, skills: np.ndarray, random: np.random.Generator) -> tuple[Any, list[Any]]:
    truth, made = _probabilities(plan, skills, random)
    if plan.metric == "f1" and truth.dtype == object:
        truth = (truth == WORDS[1]).astype(int)
    return truth, [np.column_stack([1 - column, column]) for column in made]


def _margins(plan: Plan, skills: np.ndarray, random: np.random.Generator) -> tuple[Any, list[Any]]:
    codes = _classes(2, plan.rows, random)
    return codes, [_leaning(codes, skill, random) for skill in skills]


def _many_columns(plan: Plan, skills: np.ndarray, random: np.random.Generator) -> tuple[Any, list[Any]]:
    count = int(random.choice([3, 4]))
    codes = _classes(count, plan.rows, random)
    made = []
    for skill in skills:
        margins = random.standard_normal((plan.rows, count)) + 3 * skill * np.eye(count)[codes]
        shares = np.exp(margins)
        made.append(shares / shares.sum(axis=1, keepdims=True))
    return _worded(codes, bool(random.random() < 0.5)), made


def _values(plan: Plan, skills: np.ndarray, random: np.random.Generator) -> tuple[Any, list[Any]]:
    truth = random.gamma(4.0, 2.0, plan.rows) + 0.5
    common = random.standard_normal(plan.rows)
    made = [truth + (1.1 - skill) * 2 * (0.6 * common + 0.8 * random.standard_normal(plan.rows)) for skill in skills]
    if plan.metric in ("msle", "rmsle"):
        made = [np.maximum(column, 0.0) for column in made]
    return truth, made


def _quantiles(plan: Plan, skills: np.ndarray, random: np.random.Generator) -> tuple[Any, list[Any]]:
    level = float(plan.metric.partition("_")[2])
    truth = random.standard_normal(plan.rows)
    return truth, [np.quantile(truth, level) + (1.1 - skill) * random.standard_normal(plan.rows) for skill in skills]


_MAKERS: dict[str, Any] = {
    "two labels": _labels(2),
    "many labels": _labels(4),
    "probabilities": _probabilities,
    "two columns": _two_columns,
    "many columns": _many_columns,
    "margins": _margins,
    "values": _values,
    "quantiles": _quantiles,
}
