"""Whole judgements held as they are: small comparisons of each kind, every field of the answer.

What the fields mean is tested elsewhere; here a changed constant, sign or limit shows.
`MLEE_RENEW_GOLDEN=1 pytest tests/test_judgements_pinned.py` writes judgements.json anew; read the difference.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlee_jupyter.domain import Judgement, ResultKind
from mlee_jupyter.judge.entries import Entry
from mlee_jupyter.judge.judging import judge

PINNED = Path(__file__).with_name("judgements.json")
ROWS = 150
FOLDS = [[0.91, 0.9, 0.93, 0.89, 0.92], [0.9, 0.89, 0.91, 0.9, 0.91], [0.8, 0.82, 0.81, 0.79, 0.8]]


def classes(accuracies: list[float], rows: int = ROWS, seed: int = 1) -> tuple[np.ndarray, list[np.ndarray]]:
    random = np.random.default_rng(seed)
    truth = random.integers(0, 2, rows)
    shared = random.random(rows)
    return truth, [np.where(0.5 * shared + 0.5 * random.random(rows) < a, truth, 1 - truth) for a in accuracies]


def numbers(errors: list[float], rows: int = ROWS, seed: int = 2) -> tuple[np.ndarray, list[np.ndarray]]:
    random = np.random.default_rng(seed)
    truth = 10 + random.normal(size=rows)
    return truth, [truth + e * random.standard_t(5, size=rows) for e in errors]


def shares(strengths: list[float], rows: int = ROWS, seed: int = 3) -> tuple[np.ndarray, list[np.ndarray]]:
    random = np.random.default_rng(seed)
    truth = (random.random(rows) < 0.3).astype(int)
    return truth, [1 / (1 + np.exp(-(s * (truth - 0.4) + random.normal(size=rows)))) for s in strengths]


def entries(rows: list[np.ndarray], variants: int = 1, **more: Any) -> list[Entry]:
    """Candidates a, b, ... with so many variants each; the later one is the simpler."""
    return [
        Entry(candidate="abcdefghijklmn"[n // variants], variant=f"v{n % variants}" if variants > 1 else "", rows=one,
              simplicity=9 - n, **more)
        for n, one in enumerate(rows)
    ]  # fmt: skip


def of(made: tuple[np.ndarray, list[np.ndarray]], metric: str, variants: int = 1, **how: Any) -> Judgement:
    kind = ResultKind.SCORES if how.pop("scores", False) else ResultKind.PREDICTIONS
    return judge(made[0], entries(made[1], variants, kind=kind), metric=metric, **how)


def twice(made: tuple[np.ndarray, list[np.ndarray]]) -> tuple[np.ndarray, list[np.ndarray]]:
    return made[0], [*made[1], *made[1]]


MEASURED = numbers([])[0]


def many() -> Judgement:
    """210 variants of three candidates: more than stand side by side."""
    truth, rows = numbers(list(np.linspace(0.9, 1.1, 210)), 40)
    made = [Entry(candidate="abc"[n % 3], variant=f"v{n:03}", rows=one) for n, one in enumerate(rows)]
    return judge(truth, made, metric="mae")


def with_failures() -> Judgement:
    truth, rows = classes([0.9, 0.8])
    wrong = [Entry(candidate="c", rows=rows[0][:9]), Entry(candidate="a", variant="w", rows=rows[0][:9])]
    return judge(truth, [*entries(rows), *wrong], metric="accuracy")


JUDGEMENTS: dict[str, Callable[[], Judgement]] = {
    "accuracy, clear": lambda: of(classes([0.95, 0.6, 0.55]), "accuracy"),
    "accuracy, close": lambda: of(classes([0.85, 0.84, 0.8, 0.6]), "accuracy"),
    "accuracy, a wide gain": lambda: of(classes([0.85, 0.84, 0.8, 0.6]), "accuracy", useful_gain=0.2),
    "accuracy, no gain": lambda: of(classes([0.85, 0.84]), "accuracy", useful_gain=0.0),
    "accuracy, another alpha": lambda: of(classes([0.85, 0.8, 0.7]), "accuracy", alpha=0.2),
    "accuracy, variants": lambda: of(classes([0.85, 0.8, 0.84, 0.7, 0.6, 0.65]), "accuracy", 2),
    "accuracy, alone": lambda: of(classes([0.85]), "accuracy"),
    "accuracy, two alike": lambda: of(twice(classes([0.85])), "accuracy"),
    "accuracy, few rows": lambda: of(classes([0.9, 0.5], 12), "accuracy"),
    "accuracy, all right": lambda: of(classes([2.0, 0.9]), "accuracy"),
    "accuracy, worse than guessing": lambda: of(classes([0.4, 0.3]), "accuracy"),
    "f1": lambda: of(classes([0.85, 0.82, 0.6]), "f1"),
    "balanced accuracy": lambda: of(classes([0.85, 0.82, 0.6]), "balanced_accuracy"),
    "recall, all found": lambda: of(classes([2.0, 2.0, 0.9]), "recall"),
    "mae": lambda: of(numbers([0.5, 0.52, 1.0]), "mae"),
    "mse": lambda: of(numbers([0.5, 0.52, 1.0]), "mse"),
    "rmse, one off the scale": lambda: of(numbers([0.5, 0.52, 1e6]), "rmse"),
    "r2": lambda: of(numbers([0.5, 0.52, 1.0]), "r2"),
    "mae, all the same": lambda: of((MEASURED, [MEASURED + 1, MEASURED + 2]), "mae"),
    "roc auc": lambda: of(shares([2.0, 1.8, 0.5]), "roc_auc", scores=True),
    "roc auc, perfect": lambda: of(shares([90.0, 80.0, 0.5], 30), "roc_auc", scores=True),
    "log loss": lambda: of(shares([2.0, 1.8, 0.5]), "log_loss", scores=True),
    "brier": lambda: of(shares([2.0, 1.8, 0.5]), "brier", scores=True),
    "groups": lambda: of(classes([0.85, 0.8, 0.6]), "accuracy", groups=np.arange(ROWS) // 5),
    "time": lambda: of(numbers([0.5, 0.52, 1.0]), "mae", time=np.arange(ROWS)),
    "weights": lambda: of(numbers([0.5, 0.52, 1.0]), "mae", weights=1 + np.arange(ROWS) % 3),
    "folds": lambda: judge(None, entries([np.array(f) for f in FOLDS], kind=ResultKind.FOLDS), metric="accuracy"),
    "folds of a loss": lambda: judge(None, entries([np.array(f) for f in FOLDS], kind=ResultKind.FOLDS), metric="mae"),
    "more than stand side by side": many,
    "some that cannot be judged": with_failures,
}  # fmt: skip


def plain(judgement: Judgement) -> dict[str, Any]:
    told = asdict(judgement)
    if len(told["standings"]) > 6:
        told["standings"] = told["standings"][:3]
    return json.loads(json.dumps(told, default=lambda one: one.item() if hasattr(one, "item") else str(one)))  # type: ignore[no-any-return]


def apart(found: Any, wanted: Any, at: str = "") -> list[str]:
    """Where two values differ."""
    if isinstance(wanted, dict) and isinstance(found, dict) and found.keys() == wanted.keys():
        return [one for key in wanted for one in apart(found[key], wanted[key], f"{at}.{key}")]
    if isinstance(wanted, list) and isinstance(found, list) and len(found) == len(wanted):
        return [one for n, (f, w) in enumerate(zip(found, wanted, strict=True)) for one in apart(f, w, f"{at}[{n}]")]
    if isinstance(wanted, float) and isinstance(found, int | float):
        return (
            [] if found == pytest.approx(wanted, rel=1e-5, abs=1e-8, nan_ok=True) else [f"{at}: {found}, was {wanted}"]
        )
    return [] if found == wanted else [f"{at}: {found}, was {wanted}"]


@pytest.mark.parametrize("name", JUDGEMENTS)
def test_the_judgement_is_as_it_was(name: str) -> None:
    found = plain(JUDGEMENTS[name]())
    if os.environ.get("MLEE_RENEW_GOLDEN"):
        kept = {**(json.loads(PINNED.read_text("utf-8")) if PINNED.exists() else {}), name: found}
        told = {n: json.dumps(kept[n]) for n in JUDGEMENTS if n in kept}
        PINNED.write_text("{\n" + ",\n".join(f"{json.dumps(n)}: {t}" for n, t in told.items()) + "\n}\n", "utf-8")
    assert apart(found, json.loads(PINNED.read_text("utf-8"))[name]) == []
