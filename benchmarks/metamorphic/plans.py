"""What can be drawn: a kind of evidence, a metric, sizes, how rows hang together, and what is changed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

ERRORS = ("mae", "mse", "rmse", "mape", "msle", "rmsle", "r2", "spearman", "pearson")
AVERAGED = tuple(f"{name}_{how}" for name in ("f1", "precision", "recall") for how in ("macro", "micro", "weighted"))
METRICS: dict[str, tuple[str, ...]] = {
    "two labels": ("accuracy", "balanced_accuracy", "f1", "precision", "recall", *AVERAGED),
    "many labels": ("accuracy", "balanced_accuracy", *AVERAGED),
    "probabilities": ("roc_auc", "average_precision", "log_loss", "brier"),
    "two columns": ("roc_auc", "average_precision", "log_loss", "brier", "accuracy", "f1"),
    "many columns": ("roc_auc_ovr", "average_precision", "log_loss", "brier", "accuracy", "f1_macro"),
    "margins": ("roc_auc", "average_precision"),
    "values": ERRORS,
    "quantiles": ("pinball_0.1", "pinball_0.5", "pinball_0.9"),
    "folds": ("accuracy", "roc_auc", "rmse", "r2", "log_loss"),
    "bare scores": ("accuracy",),
}
LAYOUTS = ("plain", "groups", "time", "weights")
WITHOUT_ROWS = ("folds", "bare scores")
MEANS = ("accuracy", "log_loss", "brier", "mae", "mse", "rmse", "mape", "msle", "rmsle", "pinball")


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One draw, told in words."""

    kind: str
    metric: str
    rows: int
    candidates: int
    layout: str
    relation: str
    seed: int

    def smaller(self) -> list[Plan]:
        """Plans that would show the same fault to a reader sooner."""
        from dataclasses import replace

        less = [replace(self, rows=rows) for rows in (20, 40, 80, self.rows // 2) if 20 <= rows < self.rows]
        less += [
            replace(self, candidates=count) for count in (1, 2, self.candidates - 1) if 1 <= count < self.candidates
        ]
        return [*less, replace(self, layout="plain")] if self.layout != "plain" else less


def drawn(seed: int, relations: tuple[str, ...]) -> Plan:
    """The plan of a seed."""
    random = np.random.default_rng(seed)
    kind = str(random.choice(list(METRICS)))
    metric = str(random.choice(METRICS[kind]))
    takes_weights = any(metric.startswith(name) for name in MEANS)
    layouts = [name for name in LAYOUTS if name != "weights" or takes_weights]
    layout = "plain" if kind in WITHOUT_ROWS or random.random() < 0.5 else str(random.choice(layouts))
    return Plan(
        kind=kind,
        metric=metric,
        rows=int(random.choice([20, 45, 110, 300, 700], p=[0.15, 0.25, 0.3, 0.2, 0.1])),
        candidates=int(random.integers(1, 7)),
        layout=layout,
        relation=str(random.choice(relations)),
        seed=seed,
    )
