"""Sixty data sets with what many models answer on them: scikit-learn's own and stand-ins of other shapes.

Each is a population of held-out rows, on which every model's true score is known exactly; a board sees a sample of it.
Real ones: models are fitted on one half, the other half is the population. Stand-ins: 20,000 rows, whose models differ
in skill and share a part of their errors, as real ones do.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from sklearn import datasets, model_selection
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import HuberRegressor, Lasso, LinearRegression, LogisticRegression, Ridge
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

KINDS, ROWS = 60, 20_000
NAMES = ("knn", "svm", "forest", "boosting", "logreg", "mlp", "ridge", "bayes")
REAL = (
    "iris",
    "iris, two columns",
    "wine",
    "wine, three columns",
    "breast_cancer",
    "breast_cancer, two columns",
    "digits",
    "digits, 8 or not",
    "diabetes",
    "diabetes, high or not",
    "linnerud 0",
    "linnerud 1",
    "linnerud 2",
)
NUMBERS = ("normal", "gamma", "counts", "heavy tails", "lognormal", "time series")


@dataclass(frozen=True, kw_only=True, eq=False)
class Population:
    """Held-out rows; `answers` are shares of the classes (N, classes), or numbers."""

    name: str
    truth: np.ndarray  # places of classes, or numbers
    answers: dict[str, np.ndarray] = field(default_factory=dict)
    classes: int = 0  # 0: numbers


@cache
def population(kind: int) -> Population:
    """The data set of a number below 60."""
    if kind < len(REAL):
        return _real(REAL[kind])
    random = np.random.default_rng([kind, 7])
    if kind % 5 < 3:
        return _labels(kind, random)
    return _numbers(NUMBERS[(kind // 5 + kind) % len(NUMBERS)], random)


# ---------------------------------------------------------------- real ones


def _real(name: str) -> Population:
    base = name.partition(",")[0].split()[0]
    X, y = getattr(datasets, f"load_{base}")(return_X_y=True)
    if base == "linnerud":
        y = y[:, int(name[-1])]
    if "columns" in name:
        X = X[:, : 3 if "three" in name else 2]
    if name.endswith("or not"):
        y = (y == 8).astype(int) if base == "digits" else (y > 200).astype(int)
    classes = len(np.unique(y)) if base not in ("diabetes", "linnerud") or name.endswith("or not") else 0
    models = _classifiers() if classes else _regressors()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if base == "linnerud":  # 20 rows: each is predicted by the others
            answers = {k: model_selection.cross_val_predict(m, X, y, cv=10) for k, m in models.items()}
            return Population(name=name, truth=y.astype(float), answers=answers)
        seen, kept, known, held = model_selection.train_test_split(
            X, y, train_size=0.3 if base == "digits" else 0.5, random_state=1, stratify=y if classes else None
        )
        for model in models.values():
            model.fit(seen, known)
    if not classes:
        return Population(name=name, truth=held, answers={k: m.predict(kept) for k, m in models.items()})
    shares = {k: np.clip(m.predict_proba(kept), 1e-6, 1.0) for k, m in models.items()}
    shares = {k: p / p.sum(axis=1, keepdims=True) for k, p in shares.items()}
    return Population(name=name, truth=held, answers=shares, classes=classes)


def _classifiers() -> dict[str, Any]:
    return {
        "logreg": make_pipeline(StandardScaler(), LogisticRegression(max_iter=500)),
        "strict": make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=500)),
        "knn": make_pipeline(StandardScaler(), KNeighborsClassifier(5)),
        "wide knn": make_pipeline(StandardScaler(), KNeighborsClassifier(15)),
        "bayes": GaussianNB(var_smoothing=1e-3),
        "tree": DecisionTreeClassifier(max_depth=5, random_state=0),
        "forest": RandomForestClassifier(30, random_state=0),
        "lda": LinearDiscriminantAnalysis(),
    }


def _regressors() -> dict[str, Any]:
    return {
        "linear": LinearRegression(),
        "ridge": Ridge(1.0),
        "lasso": Lasso(0.5),
        "huber": HuberRegressor(max_iter=300),
        "knn": KNeighborsRegressor(5),
        "wide knn": KNeighborsRegressor(10),
        "tree": DecisionTreeRegressor(max_depth=3, random_state=0),
        "forest": RandomForestRegressor(30, random_state=0),
    }


# ---------------------------------------------------------------- stand-ins


def _skills(random: np.random.Generator) -> tuple[list[str], np.ndarray, float]:
    """Names, skills (some equal, one at times hopeless) and how alike the errors are."""
    count = int(random.integers(2, 9))
    gap = float(random.choice([0.0, 0.05, 0.15, 0.4]))
    skills = 1 - gap * random.random(count) * np.arange(count) / count
    if random.random() < 0.3 and count > 2:
        skills[-1] = 0.1
    return [str(name) for name in random.permutation(NAMES)[:count]], skills, float(random.uniform(0.2, 0.95))


def _labels(kind: int, random: np.random.Generator) -> Population:
    classes = int(random.choice([2, 2, 2, 3, 5]))
    rare = float(random.choice([0.5, 0.3, 0.1, 0.04])) * 2 / classes
    share = np.array([rare] + [(1 - rare) / (classes - 1)] * (classes - 1))[::-1]
    truth = random.choice(classes, ROWS, p=share / share.sum())
    hot = np.eye(classes)[truth]
    names, skills, alike = _skills(random)
    strength, common = float(random.uniform(1.5, 5)), random.standard_normal(hot.shape)
    answers = {}
    for name, skill in zip(names, skills, strict=True):
        own = random.standard_normal(hot.shape)
        logits = strength * skill * hot + 1.2 * (np.sqrt(alike) * common + np.sqrt(1 - alike) * own) + np.log(share)
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        answers[name] = np.clip(shares / shares.sum(axis=1, keepdims=True), 1e-9, 1 - 1e-9)
    return Population(name=f"{classes} classes, {rare:.0%}, {kind}", truth=truth, answers=answers, classes=classes)


def _numbers(shape: str, random: np.random.Generator) -> Population:
    if shape == "time series":
        steps = np.arange(ROWS)
        truth = 50 + 10 * np.sin(steps / 30) + np.convolve(random.standard_normal(ROWS + 20), np.ones(21) / 4, "valid")
    else:
        truth = {
            "normal": 40 + 9 * random.standard_normal(ROWS),
            "gamma": random.gamma(4.0, 2.0, ROWS) + 0.5,
            "counts": random.poisson(3.0, ROWS) + 1.0,
            "heavy tails": 20 + random.standard_t(3, ROWS),
            "lognormal": np.exp(random.standard_normal(ROWS)) + 0.2,
        }[shape]
    names, skills, alike = _skills(random)

    def noise() -> np.ndarray:
        return random.standard_t(3, ROWS) if shape == "heavy tails" else random.standard_normal(ROWS)

    common, size, answers = noise(), 0.4 * float(np.std(truth)), {}
    for name, skill in zip(names, skills, strict=True):
        error = size * (2 - skill) * (np.sqrt(alike) * common + np.sqrt(1 - alike) * noise())
        answers[name] = truth + (error * truth / truth.mean() if shape in ("lognormal", "gamma") else error)
    return Population(name=shape, truth=truth, answers=answers)
