"""The tests that a package carries: golden values, recorded calls of pure functions, the configuration."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from mlee_jupyter.convert.types import Plan, RecordedRun

from .configuring import root_variable
from .filling import filled, region, template_text
from .sections import by_section, has_root, is_configured

_MARK = "\0text"
_GOLDEN_TEST = "tests/test_golden.py"


def recording_summary() -> str:
    """The package's tests/golden.py for the process that records.

    It keeps the texts, so that `golden_values` can look for secrets in them.
    """
    keeping = f"def fingerprint(text):\n    return {{{_MARK!r}: text}}\n"
    return f"{template_text('tests/golden.py')}\n\n{keeping}"


def fingerprint(text: str) -> str:
    """What stands for a text in golden.json; the package's tests/golden.py makes the same."""
    return "sha256 " + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def golden_values(told: Mapping[str, Any], hidden: Collection[str]) -> dict[str, Any]:
    """Recorded values as golden.json holds them: texts as fingerprints, and none that holds something hidden.

    Args:
        told: name -> what recording_summary told of it.
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
        calls: function -> {"args", "kwargs", "result"}, the result as recording_summary told it.
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
    files = {"tests/conftest.py": _conftest(plan, data_folder)}
    configured = is_configured(plan)
    if configured:
        files["tests/test_config.py"] = _config_test(plan)
    elif recording is None:
        taken = "    taken = list(inspect.signature(pipeline.run).parameters.values())"
        files["tests/test_pipeline.py"] = filled("tests/test_pipeline.py", plan.name, taken=taken)
    if recording is not None:
        numbers = _recorded(plan, recording)
        config: dict[str, dict[str, Any]] = {}
        for section, entries in by_section(plan.constants).items():
            config[section] = {one.key: one.value for _, one in entries}
        if has_root(plan):
            config.setdefault("data", {})["root"] = "."
        golden = {"config": config, "results": numbers} if configured else {"results": numbers}
        files["tests/golden.json"] = json.dumps(golden, indent=2, sort_keys=True) + "\n"
        files["tests/golden.py"] = filled("tests/golden.py", plan.name, **({} if configured else _renewed(plan)))
        files["tests/test_golden.py"] = _golden_test(plan, configured)
        calls = _call_tests(plan, recording)
        if calls:
            files["tests/test_functions.py"] = calls
    return files


def _renewed(plan: Plan) -> dict[str, str]:
    """How golden values are renewed where there is no configuration to record."""
    kept = region("tests/golden.py", plan.name, "run").splitlines(keepends=True)
    gone = ("import dataclasses\n", f"import {plan.name}.config\n", "config = ", 'recorded["config"] = ')
    left = (line for line in kept if not line.lstrip().startswith(gone))
    return {"run": "".join(left).replace("run(config)", "run()").lstrip("\n")}


def _golden_test(plan: Plan, configured: bool) -> str:
    """The test that holds the results, and the configuration where there is one."""
    if configured:
        return filled(_GOLDEN_TEST, plan.name)
    lines = region(_GOLDEN_TEST, plan.name, "imports").splitlines(keepends=True)
    gone = ("import dataclasses", f"from {plan.name}.config import")
    imports = "".join(line for line in lines if not line.startswith(gone))
    return filled(_GOLDEN_TEST, plan.name, imports=imports, configuration="", run="    results = run()")


def _recorded(plan: Plan, recording: RecordedRun) -> dict[str, Any]:
    """The golden values of the results; the recording knows them by the notebook's names."""
    original = {new: old for old, new in plan.renames.items()}
    names = {n: original.get(n, n) for n in plan.results}
    return {n: recording.numbers[old] for n, old in names.items() if old in recording.numbers}


def _conftest(plan: Plan, data_folder: str | None) -> str:
    if data_folder is None:
        return filled("tests/conftest.py", plan.name)
    place = f'os.environ.get("{root_variable(plan)}", HERE / {data_folder!r})'
    return filled("tests/conftest_beside_data.py", plan.name, data=f"DATA = Path({place})")


def _config_test(plan: Plan) -> str:
    first = next(((s, e[0][1]) for s, e in by_section(plan.constants).items() if e), None)
    if first is None:
        return filled("tests/test_config.py", plan.name, override="")
    section, one = first
    text, wanted = _other(one.value, one.as_tuple)
    override = f"""def test_one_value_can_be_overridden() -> None:
    config = load_config(overrides=[{f"{section}.{one.key}={text}"!r}])
    assert config.{section}.{one.key} == {wanted!r}
    assert load_config().{section}.{one.key} != {wanted!r}
"""
    return filled("tests/test_config.py", plan.name, override=override)


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
    return filled("tests/test_functions.py", plan.name, calls="\n".join(lines) + "\n\n\n" + "\n\n".join(tests))
