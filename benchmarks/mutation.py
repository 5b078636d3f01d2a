"""Do the tests notice when a line of a core module is changed? One-change mutants, drawn by a seed, and who survives.

    python -m benchmarks.mutation [--module X ...] [--mutants 420] [--seed 1] [--long] [--map FILE] [--keep FILE]

First the tests of the modules run unchanged, once; it is noted which test runs which line (kept in --map). Then every
mutant runs, in a process of its own, the tests that run its line, quickest first, to the first failure. A mutant
that takes too long counts as caught where the unchanged tests need less than a quarter of that time. Whole libraries
are loaded once; each process is forked from there and imports the project with the changed module in place.
Subprocesses that a test starts see the unchanged module. Linux only. --long draws five times as many and takes
all test files of the module's package.
Survivors, with a word on each, are in mutation.md.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import math
import os
import re
import signal
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any

from benchmarks.short import Short

from .mutants import Mutant, draw

SHORT = Short(
    arguments=("--module", "stats/compare/folds", "--mutants", "1", "--tests", "folds"),
    columns=("module", "mutants", "caught", ""),
    rows=2,
)

ROOT = Path(__file__).parent.parent
SECRETS = (
    "secret_places",
    "secret_code",
    "secret_parts",
    "secret_takers",
    "secret_tables",
    "secret_text",
    "secret_words",
)
CORE = (
    "evidence/looks",
    *(
        f"stats/compare/{name}"
        for name in ("wear", "luck", "confidence_set", "dependence", "folds", "few", "intervals")
    ),
    *("stats/compare/leader_bound", "stats/metrics/influence", "stats/size/rows_needed"),
    *(f"judge/{name}" for name in ("standings", "leader", "field")),
    *("store/tables/run_table", "guardrails/asking"),
    *(f"convert/secrets/{name}" for name in SECRETS),
    *("convert/plan/slicing", "convert/analyse/aliases", "convert/analyse/deeds"),
    *("convert/prove/proof", "convert/prove/equal", "convert/read/expansion"),
)
STRICT = {  # what the modules of one idea must reach together
    "odometer": ("evidence/looks",),
    "secrets": tuple(f"convert/secrets/{name}" for name in SECRETS),
    "slicing": ("convert/plan/slicing", "convert/analyse/aliases", "convert/analyse/deeds"),
    "proof": ("convert/prove/proof",),
}
LIBRARIES = (
    "numpy", "pandas", "scipy.stats", "scipy.special", "scipy.optimize", "sklearn.linear_model", "sklearn.metrics",
    "sklearn.model_selection", "sklearn.datasets", "sklearn.svm", "sklearn.tree", "sklearn.neighbors", "IPython",
    "IPython.core.interactiveshell", "matplotlib", "sqlalchemy", "alembic", "nbformat", "nbclient", "statsmodels.api",
    "pytest", "hypothesis", "hypothesis.strategies", "xdist",
)  # fmt: skip
ALSO = {  # tests that reach a module through others
    "evidence/looks": ("test_steering", "store/test_looks", "test_fresh", "guardrails/test_mle306_test_set_worn"),
    **dict.fromkeys(
        (f"convert/secrets/{name}" for name in SECRETS),
        (
            *("convert/test_secret_code", "convert/test_secret_code_found", "convert/test_secret_text"),
            *("convert/test_secrets", "convert/test_security", "guardrails/test_mle705_secret"),
        ),
    ),
    "judge/standings": (
        "test_judgements_pinned",
        "test_compare",
        "test_compare_edges",
        "present/test_board",
        "present/test_fresh_words",
    ),
    "judge/leader": ("test_judgements_pinned", "test_compare", "test_compare_edges", "stats/test_leader_bound"),
    "judge/field": (
        "test_judgements_pinned",
        "test_compare",
        "test_compare_edges",
        "stats/test_own",
        "stats/test_folds",
    ),
    "store/tables/run_table": (
        "store/test_experiments",
        "store/test_looks",
        "store/test_deleting",
        "store/test_arrays",
        "store/test_recording",
    ),
    "guardrails/asking": ("guardrails/test_every_rule",),
    "convert/prove/proof": ("convert/test_holding",),
    "convert/plan/slicing": ("convert/test_slices_run",),
    "convert/analyse/aliases": ("convert/test_slices_run", "convert/test_slicing", "convert/test_deeds"),
    "convert/analyse/deeds": ("convert/test_slices_run", "convert/test_slicing", "convert/test_slicing_exactly"),
}
LEAST_LIMIT, SLACK = 60.0, 5  # seconds, and times what the unchanged tests took
LONGEST = 40.0  # seconds of unchanged tests that one mutant is given; the rest, the slowest, is left out
MOST_NOTED = 300.0  # seconds for one test file unchanged, each of its lines noted; one that takes longer is left out
FIXTURES = "fixtures"  # the name of the tests that run what the fixtures of a file run: all of it


@cache  # what is written to the tests while this runs is no matter
def candidates(module: str, wide: bool = False) -> list[Path]:
    """The test files of a module: of its name, those that import it, and `ALSO`; wide: and its package's folder."""
    name, package = module.rpartition("/")[2], module.partition("/")[0]
    asks = re.compile(rf"^(?:from|import) .*\b{name}\b|^ +from .*\b{name} import", re.MULTILINE)
    found = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        place = path.relative_to(ROOT / "tests")
        also = str(place).removesuffix(".py") in ALSO.get(module, ())
        near = wide and bool(package) and place.parts[0] == package
        named = name in path.stem.split("test_", 1)[1] and place.parts[0] in (package, place.name)
        if place.parts[0] not in ("browser", "page") and (
            also or near or named or asks.search(path.read_text("utf-8"))
        ):
            found.append(path)
    return found


# Processes ------------------------------------------------------------------------------------------------------------


def forked(work: Callable[[], Any], seconds: float) -> Any:
    """What a piece of work gives back as JSON, done in a fork of this process; TimeoutError when it takes too long."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.setsid()
        os.close(reader)
        with open(os.devnull, "r+b") as nothing:
            for stream in (0, 1, 2):
                os.dup2(nothing.fileno(), stream)
        try:
            answer = json.dumps(work())
        except BaseException as fault:
            answer = json.dumps({"fault": repr(fault)})
        with os.fdopen(writer, "w") as pipe:
            pipe.write(answer + "\n")
        os._exit(0)
    os.close(writer)
    timed_out = threading.Event()

    def stop() -> None:
        timed_out.set()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)

    watch = threading.Timer(seconds, stop)
    watch.start()
    with os.fdopen(reader) as pipe:
        text = pipe.readline()
    watch.cancel()
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)  # kernels that it left
    os.waitpid(child, 0)
    if timed_out.is_set():
        raise TimeoutError
    return json.loads(text) if text else {"fault": "it died"}


class _Planted(importlib.abc.MetaPathFinder, importlib.machinery.SourceFileLoader):
    """Gives one module a changed code, and leaves the rest of importing alone."""

    def __init__(self, fullname: str, path: str, code: CodeType) -> None:
        super().__init__(fullname, path)
        self._code = code

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:
        if fullname != self.name:
            return None
        return importlib.util.spec_from_file_location(fullname, self.path, loader=self)

    def get_code(self, fullname: str) -> CodeType:
        return self._code

    def exec_module(self, module: ModuleType) -> None:
        exec(self._code, module.__dict__)


def _pytest(arguments: Sequence[str], plugins: Sequence[object] = ()) -> int:
    import hypothesis
    import pytest

    os.chdir(ROOT)
    sys.dont_write_bytecode = True
    phases = [hypothesis.Phase.explicit, hypothesis.Phase.generate]
    hypothesis.settings.register_profile("mutation", database=None, derandomize=True, phases=phases)
    hypothesis.settings.load_profile("mutation")
    options = ["-q", "-n", "0", "-p", "no:cacheprovider", "--assert=plain", f"--rootdir={ROOT}", f"--confcutdir={ROOT}"]
    return int(pytest.main([*options, *arguments], plugins=list(plugins)))


# The unchanged run ----------------------------------------------------------------------------------------------------


class _Notes:
    """A pytest plugin: which test runs which line of which module, how long it takes, and which ones fail."""

    def __init__(self, files: dict[str, str]) -> None:
        self._files = files  # path -> module
        self.lines: dict[str, set[str]] = defaultdict(set)  # "module:line" -> tests
        self.seconds: dict[str, float] = defaultdict(float)
        self.failed: set[str] = set()
        self._now = ""

    def _trace(self, frame: FrameType, event: str, _: Any) -> Any:
        module = self._files.get(frame.f_code.co_filename)
        if module is None:
            return None
        now, lines = self._now, self.lines

        def each(frame: FrameType, event: str, _: Any) -> Any:
            if event == "line":
                lines[f"{module}:{frame.f_lineno}"].add(now)
            return each

        return each

    def _watched(self, place: str) -> Any:
        self._now = place
        sys.settrace(self._trace)
        threading.settrace(self._trace)
        yield
        sys.settrace(None)
        threading.settrace(None)  # type: ignore[arg-type]

    def pytest_runtest_logreport(self, report: Any) -> None:
        self.seconds[report.nodeid] += report.duration
        if report.failed:
            self.failed.add(report.nodeid)


def _notes_plugin(files: dict[str, str]) -> _Notes:
    import pytest

    class Notes(_Notes):
        @pytest.hookimpl(hookwrapper=True)
        def pytest_runtest_setup(self, item: Any) -> Any:
            yield from self._watched(FIXTURES)

        @pytest.hookimpl(hookwrapper=True)
        def pytest_runtest_call(self, item: Any) -> Any:
            yield from self._watched(item.nodeid)

    return Notes(files)


def survey(modules: Sequence[str], map_file: Path | None, wide: bool, named: str = "") -> dict[str, Any]:
    """What is known of each test file, from a run of the unchanged tests: {file: {"lines", "seconds", "failed"}}.

    A file is run again when it, or one of the modules it serves, has changed since the map was written.
    """
    served: dict[Path, list[str]] = defaultdict(list)
    for module in modules:
        for path in candidates(module, wide):
            if named in path.stem:
                served[path].append(module)
    sources = {module: _hash(source_of(module)) for module in CORE if source_of(module).exists()}
    known: dict[str, Any] = {}
    if map_file is not None and map_file.exists():
        known = json.loads(map_file.read_text("utf-8"))
    stale = []
    for path, needed in served.items():
        entry = known.get(str(path.relative_to(ROOT)))
        if entry is None or entry["test"] != _hash(path) or any(entry["of"].get(m) != sources[m] for m in needed):
            stale.append(path)
    for number, path in enumerate(stale, start=1):
        name = str(path.relative_to(ROOT))
        print(f"  unchanged {number}/{len(stale)} {name}", file=sys.stderr, flush=True)
        try:
            entry = forked(lambda name=name: _noted(name), MOST_NOTED)  # type: ignore[misc]
        except TimeoutError:
            print(f"  {name} is left out: {MOST_NOTED:.0f} s were not enough", file=sys.stderr, flush=True)
            entry = {"lines": {}, "seconds": {}, "failed": []}
        known[name] = {**entry, "test": _hash(path), "of": sources}
        if map_file is not None:
            map_file.write_text(json.dumps(known), "utf-8")
    return known


def source_of(module: str) -> Path:
    return ROOT / "mlee_jupyter" / f"{module}.py"


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _noted(file: str) -> dict[str, Any]:
    notes = _notes_plugin({str(source_of(module)): module for module in CORE})
    _pytest([file], [notes])
    lines = {at: sorted(found) for at, found in notes.lines.items()}
    return {"lines": lines, "seconds": notes.seconds, "failed": sorted(notes.failed)}


def tests_for(mutant: Mutant, module: str, known: dict[str, Any], wide: bool) -> tuple[list[str], float]:
    """The tests that run a mutant's statement, the quickest first, and how long they take unchanged.

    Of what runs at import, every test may tell: those in files of the module's name come first.
    """
    name = module.rpartition("/")[2]
    found: list[tuple[float, float, str, str]] = []
    for path in candidates(module, wide):
        file = str(path.relative_to(ROOT))
        entry = known.get(file)
        if entry is None:  # written while this runs
            continue
        hits = {test for line in mutant.statement for test in entry["lines"].get(f"{module}:{line}", ())}
        whole = mutant.at_import or FIXTURES in hits
        for test, seconds in entry["seconds"].items():
            if (whole or test in hits) and test not in entry["failed"]:
                speed, is_other = round(math.log2(seconds + 0.05)), name not in path.stem
                found.append((*((is_other, speed) if mutant.at_import else (speed, is_other)), file, test))
    total, taken = 0.0, list[str]()
    for *_, file, test in sorted(found):
        seconds = known[file]["seconds"][test]
        if total + seconds > LONGEST and taken:
            break
        total += seconds
        taken.append(test)
    return taken, total


# Mutants --------------------------------------------------------------------------------------------------------------


def fate(mutant: Mutant, module: str, tests: Sequence[str], took: float) -> str:
    """ "caught", "too slow" (caught as well), or "survived"."""
    if not tests:
        return "survived"

    def work() -> int:
        name = f"mlee_jupyter.{module.replace('/', '.')}"
        sys.meta_path.insert(0, _Planted(name, str(source_of(module)), mutant.code))
        return _pytest(["-x", *tests])

    try:
        ended = forked(work, max(LEAST_LIMIT, SLACK * took))
    except TimeoutError:
        return "too slow"
    return "survived" if ended == 0 else "caught"


def run(
    modules: Sequence[str], count: int, seed: int, known: dict[str, Any], keep: Path | None, wide: bool
) -> list[Fate]:
    """The fate of so many mutants, spread evenly over the modules."""
    fates: list[Fate] = []
    for place, module in enumerate(modules):
        share = count // len(modules) + (place < count % len(modules))
        path = source_of(module)
        for mutant in draw(path.read_text("utf-8"), str(path.relative_to(ROOT)), share, seed):
            tests, took = tests_for(mutant, module, known, wide)
            fates.append(Fate(module, mutant, fate(mutant, module, tests, took), len(tests)))
            print(fates[-1], file=sys.stderr, flush=True)
            if keep is not None:
                with keep.open("a", encoding="utf-8") as file:
                    file.write(f"{fates[-1]}\n")
    return fates


@dataclass(frozen=True)
class Fate:
    module: str
    mutant: Mutant
    ended: str
    tests: int

    @property
    def is_caught(self) -> bool:
        return self.ended != "survived"

    def __str__(self) -> str:
        one = self.mutant
        return f"{self.ended:9} {one.module}:{one.line} {one.kind}: {one.change}  [{self.tests} tests]"


def table(fates: Sequence[Fate]) -> str:
    """Caught and drawn, by module and in all, and the survivors."""
    lines = ["| module | mutants | caught | |", "| --- | --- | --- | --- |"]
    by_module: dict[str, list[Fate]] = defaultdict(list)
    for one in fates:
        by_module[one.module].append(one)
    groups = [*by_module.items()]
    groups += [(f"**{name}**", [f for f in fates if f.module in parts]) for name, parts in STRICT.items()]
    for name, group in [*groups, ("**in all**", list(fates))]:
        if group:
            caught = sum(f.is_caught for f in group)
            lines.append(f"| {name} | {len(group)} | {caught} | {caught / len(group):.0%} |")
    survivors = [f for f in fates if not f.is_caught]
    lines += [
        "",
        f"{len(survivors)} survivors, {sum(f.ended == 'too slow' for f in fates)} caught by their time limit",
        "",
    ]
    lines += [f"- `{f.mutant.module}:{f.mutant.line}` {f.mutant.kind}: `{f.mutant.change}`" for f in survivors]
    return "\n".join(lines)


def load_libraries() -> None:
    """Import what is slow to import, once; the project itself is left to each process."""
    sys.path.insert(0, str(ROOT))
    for name in LIBRARIES:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    assert not any(name.partition(".")[0] == "mlee_jupyter" for name in sys.modules)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--module", action="append", choices=CORE, help="only this one; may be given again")
    parser.add_argument("--mutants", type=int, default=420)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--long", action="store_true", help="five times as many, and all tests of the package's folder")
    parser.add_argument("--tests", default="", help="only test files whose name holds this")
    parser.add_argument("--map", type=Path, help="where to keep which test runs which line")
    parser.add_argument("--keep", type=Path, help="a file to which each fate is added")
    asked = parser.parse_args()
    load_libraries()
    modules = asked.module or CORE
    known = survey(modules, asked.map, asked.long, asked.tests)
    fates = run(modules, asked.mutants * (5 if asked.long else 1), asked.seed, known, asked.keep, asked.long)
    print(table(fates))


if __name__ == "__main__":
    main()
