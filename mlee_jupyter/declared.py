"""The variables that an experiment's charter names, as they stand in the notebook now."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import numpy as np

from . import layouts, looking, recording
from .domain import Experiment, Truth
from .errors import MleeError, did_you_mean
from .stats import columns


class Declared:
    """Reads declared variables.

    Args:
        names: the user's namespace.
        memory: keeps a truth as it was when it was read: the user may change theirs in place.
    """

    def __init__(self, names: Mapping[str, Any], memory: looking.Memory) -> None:
        self.names = names
        self._memory = memory

    def truth(self, experiment: Experiment, name: str | None = None) -> Truth | None:
        """The right answers, of the experiment or in another variable; None when no name is declared.

        Raises:
            MleeError: the name holds nothing usable.
        """
        declared = name or experiment.truth_name
        if declared is None:
            return None
        if declared not in self.names:
            raise MleeError(
                f"There is no variable {declared[:40]!r} here, the declared truth.",
                f"{did_you_mean(declared, self.names)}Define it, or name another: --truth NAME.",
            )
        truth = recording.truth_of(declared, self.names[declared])
        self._memory.keep(truth.fingerprint, truth.rows.copy())
        return truth

    def truth_if_there(self, experiment: Experiment) -> Truth | None:
        """The same; None as well where it is not defined yet, or not any more: the store's newest one speaks then."""
        with suppress(MleeError):
            return self.truth(experiment)
        return None

    def features(self, name: str | None) -> Any:
        """What estimators predict on.

        Raises:
            MleeError: there is no such variable.
        """
        if name is None:
            return None
        if name not in self.names:
            raise MleeError(
                f"There is no variable {name[:40]!r} here, the declared features.",
                f"{did_you_mean(name, self.names)}Define it, or name another: --features NAME.",
            )
        return self.names[name]

    def layouts(self, experiment: Experiment, truth: Truth) -> layouts.Reading:
        """Groups, times and weights of the rows of a truth."""
        if not layouts.declared(experiment.charter):
            return layouts.Reading()
        return layouts.read(experiment.charter, truth, self.names, self.names.get(experiment.features_name or ""))

    def kinds(self, experiment: Experiment) -> tuple[str, Mapping[str, int]] | None:
        """The population's kinds counted in a column of the features, or in a variable of that name."""
        population = experiment.charter.population
        if population is None or population.column is None:
            return None
        for holder in (self.names.get(experiment.features_name or ""), self.names):
            with suppress(KeyError, IndexError, TypeError, ValueError, MleeError):
                found = columns.as_column(holder[population.column], population.column)  # type: ignore[index]
                labels, counts = np.unique(found, return_counts=True)
                return population.column, {looking.label_text(k): int(c) for k, c in zip(labels, counts, strict=True)}
        return None
