"""The variables that an experiment's charter names, as they stand in the notebook now."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import numpy as np

from mlee_jupyter.domain import Experiment, Truth
from mlee_jupyter.domain.errors import MleeError, did_you_mean
from mlee_jupyter.evidence import row_structure
from mlee_jupyter.evidence.memory import Memory
from mlee_jupyter.record.truth import truth_of
from mlee_jupyter.stats.compare.baselines import Past
from mlee_jupyter.stats.compare.seasons import read_past
from mlee_jupyter.stats.rows import columns
from mlee_jupyter.stats.rows.labels import label_text


class Declared:
    """Reads declared variables.

    Args:
        names: the user's namespace.
        memory: keeps a truth as it was when it was read: the user may change theirs in place.
    """

    def __init__(self, names: Mapping[str, Any], memory: Memory) -> None:
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
        truth = truth_of(declared, self.names[declared])
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

    def layouts(self, experiment: Experiment, truth: Truth) -> row_structure.Reading:
        """Groups, times and weights of the rows of a truth."""
        if not row_structure.declared(experiment.charter):
            return row_structure.Reading()
        return row_structure.read(experiment.charter, truth, self.names, self.names.get(experiment.features_name or ""))

    def past(self, experiment: Experiment, truth: Truth) -> Past | None:
        """The answers of the declared training rows, where the rows are in time order; None where they are not known.

        They are the declared variable itself where it is one column, else its column of the truth's name, else the
        variable that is called as the truth is with train for test.
        """
        charter = experiment.charter
        if charter.time is None or charter.train is None or charter.train not in self.names:
            return None
        held, ours = self.names[charter.train], self.names.get(truth.name)
        answers = self._answers(held, ours, truth)
        if answers is None:
            return None
        times = self._times(charter.time, answers, held)
        test_times = self._times(charter.time, ours, self.names.get(experiment.features_name or ""))
        if test_times is None and len(self.names.get(charter.time, ())) == truth.n:
            test_times = self.names[charter.time]
        return read_past(answers, times, test_times)

    def _answers(self, held: Any, ours: Any, truth: Truth) -> Any:
        if len(np.shape(held)) == 1:
            return held
        named = getattr(ours, "name", None)
        if isinstance(named, str) and named in getattr(held, "columns", ()):
            return held[named]
        other = self.names.get(truth.name.replace("test", "train")) if "test" in truth.name else None
        return other if other is not None and np.shape(other)[:1] == np.shape(held)[:1] else None

    def _times(self, name: str, answers: Any, table: Any) -> Any:
        if name in getattr(table, "columns", ()):
            return table[name]
        index = columns.index_of(answers)
        return index if hasattr(index, "as_unit") or hasattr(index, "to_timestamp") else None

    def kinds(self, experiment: Experiment) -> tuple[str, Mapping[str, int]] | None:
        """The population's kinds counted in a column of the features, or in a variable of that name."""
        population = experiment.charter.population
        if population is None or population.column is None:
            return None
        for holder in (self.names.get(experiment.features_name or ""), self.names):
            with suppress(KeyError, IndexError, TypeError, ValueError, MleeError):
                found = columns.as_column(holder[population.column], population.column)  # type: ignore[index]
                labels, counts = np.unique(found, return_counts=True)
                return population.column, {label_text(k): int(c) for k, c in zip(labels, counts, strict=True)}
        return None
