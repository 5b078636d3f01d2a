"""Metrics that are asked for often enough to deserve a line, with what to use instead."""

from __future__ import annotations

_INSTEAD = "Choose balanced_accuracy or f1, or judge by a function of your own: mlee_jupyter.metric."
_MATTHEWS = ("Matthews correlation is not computed here.", _INSTEAD)
_KAPPA = ("Cohen's kappa is not computed here.", _INSTEAD)
REFUSED = {
    "median_absolute_error": ("The median error tells too little of its own error to be judged.", "Choose mae."),
    "max_error": ("The largest error is a single row, on which nothing can be judged.", "Choose mae or mse."),
    "matthews_corrcoef": _MATTHEWS,
    "mcc": _MATTHEWS,
    "cohen_kappa_score": _KAPPA,
    "cohen_kappa": _KAPPA,
    "kappa": _KAPPA,
    "top_k_accuracy": ("Top-k accuracy needs its k.", "Judge it by a function of your own: mlee_jupyter.metric."),
}
