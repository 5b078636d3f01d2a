"""Tiny stand-ins for what libraries that are not installed here give: the same attributes, nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.metamorphic.containers import Arrow, Tensor

__all__ = ["Arrow", "Booster", "Dataset", "History", "NetModule", "Sequential", "Study", "Tensor", "Trial"]


class History:
    """keras.callbacks.History, as model.fit gives it."""

    def __init__(self) -> None:
        self.epoch = [0, 1, 2]
        self.history = {"loss": [0.9, 0.6, 0.5], "accuracy": [0.5, 0.7, 0.8], "val_loss": [1.0, 0.8, 0.7]}
        self.params = {"epochs": 3}


class Sequential:
    """A keras model: predict gives float32 shares, a column for two classes and a matrix for more."""

    def __init__(self, shares: np.ndarray) -> None:
        self._shares = shares.astype(np.float32)

    def predict(self, X: Any, verbose: int = 0) -> np.ndarray:
        return self._shares[:, 1:] if self._shares.shape[1] == 2 else self._shares


class NetModule:
    """A torch module: it is called, and has no predict."""

    training = True

    def __call__(self, X: Any) -> Tensor:
        return Tensor(np.zeros(len(X)))


class Booster:
    """xgboost.Booster: predict wants a DMatrix and refuses a frame."""

    def predict(self, data: Any) -> np.ndarray:
        raise TypeError("('Expecting data to be a DMatrix object, got: ', <class 'pandas.DataFrame'>)")


class Dataset:
    """xgboost.DMatrix or lightgbm.Dataset: holds labels, is no array."""

    def get_label(self) -> np.ndarray:
        return np.zeros(3)


class Trial:
    """optuna.trial.FrozenTrial."""

    number, value, params = 3, 0.87, {"C": 1.0}


class Study:
    """optuna.study.Study."""

    best_value, best_params, best_trial, trials = 0.87, {"C": 1.0}, Trial(), [Trial()]
