"""Golden values, kept small. Renew them after a wanted change: python tests/golden.py"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

# One thread, as when the values were recorded; libraries read it when they are imported.
for library in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "NUMBA"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

import numpy as np  # noqa: E402

FILE = Path(__file__).with_name("golden.json")


def summary(value: Any) -> Any:
    """A value as JSON: numbers as they are, texts as fingerprints, arrays and tables as shape, sum and both ends."""
    if isinstance(value, str):
        return fingerprint(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, (int, float, np.number, np.bool_)):
        number = value.item() if hasattr(value, "item") else value
        return number if not isinstance(number, float) or math.isfinite(number) else repr(number)
    if isinstance(value, dict):
        return {str(k): summary(v) for k, v in list(value.items())[:50]}
    if hasattr(value, "to_numpy"):
        value = value.to_numpy()
    if isinstance(value, (list, tuple, range)):
        if len(value) <= 20:
            return [summary(v) for v in value]
        try:
            value = np.asarray(value)
        except ValueError:
            return type(value).__name__
    if isinstance(value, np.ndarray):
        return _array(value)
    return type(value).__name__


def fingerprint(text: str) -> Any:
    """What stands for a text here: it tells whether the text is the same, and not what it is."""
    return "sha256 " + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _array(array: np.ndarray) -> Any:
    flat = array.ravel()
    if flat.size <= 20 and array.ndim <= 1:
        return [summary(v) for v in flat.tolist()]
    ends = {"first": [summary(v) for v in flat[:5].tolist()], "last": [summary(v) for v in flat[-5:].tolist()]}
    if array.dtype.kind in "biuf":
        numbers = flat.astype(float)
        return {"shape": list(array.shape), "sum": float(numbers[np.isfinite(numbers)].sum()), **ends}
    return {"shape": list(array.shape), **ends}


def differences(found: Any, wanted: Any, where: str = "") -> Iterable[str]:
    """Where two summaries differ, numbers to ten significant digits."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        for key in wanted.keys() | found.keys():
            yield from differences(found.get(key), wanted.get(key), f"{where}.{key}")
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for place, (one, other) in enumerate(zip(found, wanted, strict=True)):
            yield from differences(one, other, f"{where}[{place}]")
    elif isinstance(wanted, float) or isinstance(found, float):
        numbers = isinstance(found, (int, float)) and isinstance(wanted, (int, float))
        if not numbers or not math.isclose(found, wanted, rel_tol=1e-9, abs_tol=1e-12):
            yield f"{where}: {found!r}, recorded {wanted!r}"
    elif found != wanted:
        yield f"{where}: {found!r}, recorded {wanted!r}"


def renew() -> None:
    """Run the package and record what it gives now."""
    import package_name.config
    import package_name.pipeline

    config = package_name.config.load_config()
    results = package_name.pipeline.run(config)
    recorded = json.loads(FILE.read_text("utf-8"))
    recorded["config"] = dataclasses.asdict(config)
    recorded["results"] = {name: summary(getattr(results, name)) for name in recorded["results"]}
    FILE.write_text(json.dumps(recorded, indent=2, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    renew()
