"""Golden values, kept small. Renew them after a wanted change: python tests/golden.py"""

from __future__ import annotations

import hashlib
import json
import math
import os
import random
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

# One thread, as when the values were recorded; libraries read it when they are imported.
for library in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "NUMBA"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

FILE = Path(__file__).with_name("golden.json")


def begin_alike() -> None:
    """Begin with the random numbers of the recording, so that draws without a seed repeat."""
    random.seed(0)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(0)


def summary(value: Any) -> Any:
    """A value as JSON: numbers as they are, texts as fingerprints, arrays and tables as shape, sum and both ends."""
    if isinstance(value, str):
        return fingerprint(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, (int, float)) or _is_number(value):
        number = value.item() if hasattr(value, "item") else value
        return (
            number
            if not isinstance(number, float) or math.isfinite(number)
            else repr(number)
        )
    if isinstance(value, dict):
        return {str(k): summary(v) for k, v in list(value.items())[:50]}
    if hasattr(value, "to_numpy"):
        value = value.to_numpy()
    if isinstance(value, (list, tuple, range)):
        return [summary(v) for v in value] if len(value) <= 20 else _long(value)
    if hasattr(value, "ravel") and hasattr(value, "dtype"):
        return _array(value)
    return _learned(value) or type(value).__name__


def _is_number(value: Any) -> bool:
    """Whether it is one number of numpy's, which need not be installed here."""
    return (
        not isinstance(value, type)
        and getattr(value, "ndim", 1) == 0
        and hasattr(value, "item")
    )


def _learned(model: Any) -> Any:
    """What a fitted model knows: its fitted attributes, of a tree its thresholds; times are left out."""
    if isinstance(model, type):
        return None
    if hasattr(model, "threshold") and hasattr(model, "node_count"):
        return {"threshold": summary(model.threshold), "value": summary(model.value)}
    if hasattr(model, "get_params"):
        names = [
            n
            for n in sorted(vars(model))
            if n.endswith("_") and not n.startswith("_") and "time" not in n
        ]
        told = {n: _without_times(getattr(model, n)) for n in names}
        told |= {
            str(name): summary(step) for name, step, *_ in getattr(model, "steps", [])
        }
    else:
        told = {
            n: summary(getattr(model, n))
            for n in ("params", "pvalues")
            if n in dir(model)
        }
    return {"class": type(model).__name__, **told} if told else None


def _without_times(value: Any) -> Any:
    if isinstance(value, dict):
        value = {k: v for k, v in value.items() if "time" not in str(k)}
    return summary(value)


def fingerprint(text: str) -> Any:
    """What stands for a text here: it tells whether the text is the same, and not what it is."""
    return (
        "sha256 "
        + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    )


def _long(values: Sequence[Any]) -> Any:
    ends = {
        "first": [summary(v) for v in values[:5]],
        "last": [summary(v) for v in values[-5:]],
    }
    numbers = [
        float(v)
        for v in _leaves(values)
        if isinstance(v, (int, float)) and math.isfinite(v)
    ]
    total = _less_noise(math.fsum(numbers), math.fsum(map(abs, numbers)))
    return {"shape": [len(values)], **({"sum": total} if numbers else {}), **ends}


def _leaves(values: Iterable[Any]) -> Iterable[Any]:
    for value in values:
        if isinstance(value, (list, tuple, range)):
            yield from _leaves(value)
        else:
            yield value.item() if _is_number(value) else value


def _less_noise(total: float, size: float) -> float:
    """A sum; nothing where the numbers cancel, as what is left of them is rounding."""
    return 0.0 if abs(total) < 1e-10 * size else total


def _array(array: Any) -> Any:
    flat = array.ravel()
    if flat.size <= 20 and array.ndim <= 1:
        return [summary(v) for v in flat.tolist()]
    ends = {
        "first": [summary(v) for v in flat[:5].tolist()],
        "last": [summary(v) for v in flat[-5:].tolist()],
    }
    if array.dtype.kind in "biuf":
        numbers = flat.astype(float)
        numbers = numbers[abs(numbers) < math.inf]
        total = _less_noise(float(numbers.sum()), float(abs(numbers).sum()))
        return {"shape": list(array.shape), "sum": total, **ends}
    return {"shape": list(array.shape), **ends}


def differences(found: Any, wanted: Any, where: str = "") -> Iterable[str]:
    """Where two summaries differ, numbers to ten significant digits."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        for key in wanted.keys() | found.keys():
            yield from differences(found.get(key), wanted.get(key), f"{where}.{key}")
    elif (
        isinstance(wanted, list)
        and isinstance(found, list)
        and len(wanted) == len(found)
    ):
        for place, (one, other) in enumerate(zip(found, wanted)):
            yield from differences(one, other, f"{where}[{place}]")
    elif isinstance(wanted, float) or isinstance(found, float):
        numbers = isinstance(found, (int, float)) and isinstance(wanted, (int, float))
        if not numbers or not math.isclose(found, wanted, rel_tol=1e-9, abs_tol=1e-12):
            yield f"{where}: {found!r}, recorded {wanted!r}"
    elif found != wanted:
        yield f"{where}: {found!r}, recorded {wanted!r}"


def renew() -> None:
    """Run the package and record what it gives now."""
    # begin run
    import dataclasses

    import package_name.config
    import package_name.pipeline

    config = package_name.config.load_config()
    begin_alike()
    results = package_name.pipeline.run(config)
    recorded = json.loads(FILE.read_text("utf-8"))
    recorded["config"] = dataclasses.asdict(config)
    # end run
    recorded["results"] = {
        name: summary(getattr(results, name)) for name in recorded["results"]
    }
    FILE.write_text(json.dumps(recorded, indent=2, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    renew()
