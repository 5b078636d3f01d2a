"""The tests that a package carries: golden values, recorded calls of pure functions, the configuration."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from mlee_jupyter.convert.types import Plan, RecordedRun

from .sections import by_section

_THREADS = ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "NUMBA")
SUMMARY = '''"""Golden values, kept small. Renew them after a wanted change: python tests/golden.py"""

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
for library in THREADS:
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

import numpy as np

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
        if not isinstance(found, (int, float)) or not isinstance(wanted, (int, float)):
            yield f"{where}: {found!r}, recorded {wanted!r}"
        elif not math.isclose(found, wanted, rel_tol=1e-9, abs_tol=1e-12):
            yield f"{where}: {found!r}, recorded {wanted!r}"
    elif found != wanted:
        yield f"{where}: {found!r}, recorded {wanted!r}"


def renew() -> None:
    """Run the package and record what it gives now."""
    import PACKAGE.config
    import PACKAGE.pipeline

    config = PACKAGE.config.load_config()
    results = PACKAGE.pipeline.run(config)
    recorded = json.loads(FILE.read_text("utf-8"))
    recorded["config"] = dataclasses.asdict(config)
    recorded["results"] = {name: summary(getattr(results, name)) for name in recorded["results"]}
    FILE.write_text(json.dumps(recorded, indent=2, sort_keys=True) + "\\n", "utf-8")


if __name__ == "__main__":
    renew()
'''.replace("THREADS", str(_THREADS))
_MARK = "\0text"
# The same for the process that records: it keeps the texts, so that `golden_values` can look for secrets in them.
RECORDING_SUMMARY = f"{SUMMARY}\n\ndef fingerprint(text):\n    return {{{_MARK!r}: text}}\n"


def fingerprint(text: str) -> str:
    """What stands for a text in golden.json; the package's tests/golden.py makes the same."""
    return "sha256 " + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def golden_values(told: Mapping[str, Any], hidden: Collection[str]) -> dict[str, Any]:
    """Recorded values as golden.json holds them: texts as fingerprints, and none that holds something hidden.

    Args:
        told: name -> what RECORDING_SUMMARY told of it.
        hidden: texts that may not be written, not even as a fingerprint: it could be guessed.
    """
    return {n: _fingerprinted(v) for n, v in told.items() if not holds(v, hidden)}


def holds(told: Any, hidden: Collection[str]) -> bool:
    """Whether a value, as it was told, holds one of some texts: whole, in pieces one after the other, or as a key."""
    if not hidden:
        return False
    texts = [str(t) for t in _texts(told)]
    whole = "\n".join(texts) + "\n" + "".join(texts)
    letters = "".join(t for t in texts if len(t) == 1)  # a password taken apart, of which both ends are told
    return any(h in whole or h[:5] in letters or h[-5:] in letters for h in hidden)


def _texts(told: Any) -> Iterator[Any]:
    if isinstance(told, Mapping):
        for key, value in told.items():
            if key != _MARK:
                yield key
            yield from _texts(value)
    elif isinstance(told, (list, tuple)):
        for value in told:
            yield from _texts(value)
    else:
        yield told


def _fingerprinted(told: Any) -> Any:
    if isinstance(told, Mapping):
        if list(told) == [_MARK] and isinstance(told[_MARK], str):
            return fingerprint(told[_MARK])
        return {k: _fingerprinted(v) for k, v in told.items()}
    return [_fingerprinted(v) for v in told] if isinstance(told, list) else told


def golden_calls(
    calls: Mapping[str, Sequence[Mapping[str, Any]]], hidden: Collection[str], source: str
) -> dict[str, tuple[Mapping[str, Any], ...]]:
    """Recorded calls as the tests hold them; those given a text that the notebook does not write itself are left out.

    Args:
        calls: function -> {"args", "kwargs", "result"}, the result as RECORDING_SUMMARY told it.
        hidden: texts that may not be written.
        source: the notebook's code.
    """
    kept: dict[str, tuple[Mapping[str, Any], ...]] = {}
    for name, found in calls.items():
        good = [
            {**call, "result": _fingerprinted(call.get("result"))}
            for call in found
            if not holds(call, hidden)
            and all(t in source for t in _texts([call.get("args"), call.get("kwargs")]) if isinstance(t, str))
        ]
        if good:
            kept[name] = tuple(good)
    return kept


def test_files(plan: Plan, recording: RecordedRun | None, data_folder: str | None) -> dict[str, str]:
    """The files below tests/.

    Args:
        plan: the plan.
        recording: what the original run gave; None: no golden test.
        data_folder: where the notebook's files lie, seen from the package's folder; None when it reads none.
    """
    files = {"tests/conftest.py": _conftest(plan, data_folder), "tests/test_config.py": _config_test(plan)}
    if recording is not None:
        numbers = _recorded(plan, recording)
        config: dict[str, dict[str, Any]] = {}
        for section, entries in by_section(plan.constants).items():
            config[section] = {one.key: one.value for _, one in entries}
        if any(one.kind == "absolute path" for one in plan.constants.values()):
            config.setdefault("data", {})["root"] = "."
        golden = {"config": config, "results": numbers}
        files["tests/golden.json"] = json.dumps(golden, indent=2, sort_keys=True) + "\n"
        files["tests/golden.py"] = SUMMARY.replace("PACKAGE", plan.name)
        files["tests/test_golden.py"] = _golden_test(plan)
        calls = _call_tests(plan, recording)
        if calls:
            files["tests/test_functions.py"] = calls
    return files


def _recorded(plan: Plan, recording: RecordedRun) -> dict[str, Any]:
    """The golden values of the results; the recording knows them by the notebook's names."""
    original = {new: old for old, new in plan.renames.items()}
    names = {n: original.get(n, n) for n in plan.results}
    return {n: recording.numbers[old] for n, old in names.items() if old in recording.numbers}


def _conftest(plan: Plan, data_folder: str | None) -> str:
    if data_folder is None:
        return f'''"""Tests run in a folder of their own, without windows."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ.setdefault("MPLBACKEND", "agg")
for library in {_THREADS}:
    os.environ.setdefault(f"{{library}}_NUM_THREADS", "1")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh working folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1] / "src"))
    return tmp_path  # {plan.name} reads no files
'''
    return f'''"""Tests run where the data lies, without windows."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ.setdefault("MPLBACKEND", "agg")
for library in {_THREADS}:
    os.environ.setdefault(f"{{library}}_NUM_THREADS", "1")
HERE = Path(__file__).parents[1]
DATA = Path(os.environ.get("{plan.name.upper()}_DATA_ROOT", HERE / "{data_folder}"))


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder with the data files; the environment variable names another one."""
    monkeypatch.chdir(DATA)
    return DATA
'''


def _config_test(plan: Plan) -> str:
    sections = by_section(plan.constants)
    first = next(((s, e[0][1]) for s, e in sections.items() if e), None)
    override = ""
    if first is not None:
        section, one = first
        value = one.value
        text, wanted = _other(value, one.as_tuple)
        override = f"""

def test_one_value_can_be_overridden() -> None:
    config = load_config(overrides=[{f"{section}.{one.key}={text}"!r}])
    assert config.{section}.{one.key} == {wanted!r}
    assert load_config().{section}.{one.key} != {wanted!r}
"""
    return f'''"""The configuration is read, typed and frozen."""

from __future__ import annotations

import dataclasses

import pytest

from {plan.name}.config import load_config


def test_the_configuration_is_frozen() -> None:
    config = load_config()
    assert dataclasses.is_dataclass(config)
    for field in dataclasses.fields(config):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(config, field.name, None)


def test_an_unknown_value_is_refused() -> None:
    with pytest.raises(ValueError, match="no setting"):
        load_config(overrides=["nowhere.nothing=1"])
{override}'''


def _other(value: Any, as_tuple: bool) -> tuple[str, Any]:
    if isinstance(value, bool):
        return str(not value).lower(), not value
    if isinstance(value, int):
        return str(value + 1), value + 1
    if isinstance(value, float):
        return repr(value + 1.0), value + 1.0
    if isinstance(value, str):
        return "another", "another"
    shorter = value[:1]
    return json.dumps(shorter), tuple(shorter) if as_tuple else shorter


def _golden_test(plan: Plan) -> str:
    return f'''"""The package still gives what the notebook gave."""

from __future__ import annotations

import dataclasses
import json

from golden import FILE, differences, summary
from {plan.name}.config import load_config
from {plan.name}.pipeline import run

RECORDED = json.loads(FILE.read_text("utf-8"))


def test_the_configuration_is_the_recorded_one() -> None:
    found = json.loads(json.dumps(dataclasses.asdict(load_config())))
    assert found == RECORDED["config"], "renew the golden values after a wanted change: python tests/golden.py"


def test_results_are_the_recorded_ones() -> None:
    results = run(load_config())
    found = {{name: summary(getattr(results, name)) for name in RECORDED["results"]}}
    assert not list(differences(found, RECORDED["results"]))
'''


def _call_tests(plan: Plan, recording: RecordedRun) -> str:
    """Tests of pure functions on the small inputs that the original run gave them."""
    tests: list[str] = []
    imports: dict[str, list[str]] = {}
    for hoisted in plan.hoisted:
        calls = recording.calls.get(hoisted.name, ())
        if not hoisted.pure or not calls:
            continue
        imports.setdefault(hoisted.module, []).append(hoisted.name)
        for number, call in enumerate(calls[:3], start=1):
            written = ", ".join(
                [repr(a) for a in call.get("args", ())] + [f"{k}={v!r}" for k, v in call.get("kwargs", {}).items()]
            )
            name = re.sub(r"\W", "_", hoisted.name.lower()).strip("_")
            tests.append(
                f"def test_{name}_{number}() -> None:\n"
                f"    found = summary({hoisted.name}({written}))\n"
                f"    assert not list(differences(found, {call.get('result')!r}))\n"
            )
    if not tests:
        return ""
    lines = [f"from {plan.name}.{module} import {', '.join(sorted(names))}" for module, names in imports.items()]
    head = '"""Functions on inputs that the notebook gave them."""\n\nfrom __future__ import annotations\n\n'
    return head + "from golden import differences, summary\n" + "\n".join(lines) + "\n\n\n" + "\n\n".join(tests)
