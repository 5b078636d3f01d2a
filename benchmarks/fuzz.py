"""Mutated inputs by the thousand: `python -m benchmarks.fuzz [--notebooks N --lines N --imports N --stores N]`.

Notebooks go through `check` and `--plan`, lines and charters through a real IPython, imports and damaged stores
through the store and the board. Each input gives an outcome, or one line; nothing takes 5 seconds of the processor,
nothing outside of the folder is touched. Everything happens in a throw-away home and folder; no shell line is run, no
cell but a constant one, and no path outside is ever named. `--only notebooks:17` repeats one input.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import itertools
import json
import os
import random
import re
import resource
import shutil
import signal
import sqlite3
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.short import Short

SHORT = Short(
    arguments=("--notebooks", "5", "--lines", "10", "--imports", "5", "--stores", "5"),
    columns=("family", "inputs", "answers", "faults"),
    row=r"(\w+): ([\d,]+) inputs \((.+)\), ([\d,]+) faults",
    rows=4,
)

HONEST = "honest.db"
ANEW = 1_000  # lines, after which the store is emptied
SECONDS, ROOM = 5.0, 500 * 2**20  # of the processor for one input; bytes that all of them may add
LONG = {"notebooks": 20_000, "lines": 20_000, "imports": 10_000, "stores": 500}
ROOT = Path(__file__).parent.parent
Input = Callable[[random.Random, Path], object]

ODD_TEXT = (
    *("", " ", "\0", "\ud800", "\udfff\ud800", "\u202e", "\x1b[31m", "\r", "\x0c", "\u2028", "\x85", "e\u0301" * 9),
    *("x" * 300, "9" * 5000, "-1", "1e999", "nan", "../up", "a b", "'", '"', "\\", "#", "%", "%%", "!", "?", "{", "}"),
    *("--", "-", "=", "[[", "]]", "{{", "(" * 200, "None", "true", "lambda: (yield)", "await x", "global x", "\ufeff"),
)  # fmt: skip
ODD_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2**31, 2**63, -(2**63), 10**40, 0.5, -0.0, 1e308, float("inf"), float("nan")),
    *([], {}, [[]], {"": ""}, [None], ["x"], {"a": 1}, "inf", "-inf", "2026-12-01", "m003", "ok"),
)
SNIPPETS = (
    "import numpy as np\nimport pandas as pd\ndf = pd.DataFrame({'a': [1, 2], 'b': [3, 4]})",
    "from sklearn.model_selection import train_test_split\nX_train, X_test, y_train, y_test = train_test_split(X, y)",
    "def scale(values, by=2):\n    '''Scale.'''\n    return [v * by for v in values if v]\nz = scale([1, 2])",
    "class A:\n    x: int = 1\n    def f(self):\n        return self.x\na = A().f()",
    "%matplotlib inline\n!ls -l\n%cd ..\nx = !echo hi",
    "%%time\nfor i in range(3):\n    print(i)",
    '%%bash -s "$x"\necho $1',
    "%%writefile helper.py\nx = 1",
    "%env TOKEN=abc\n%pip install numpy\nfiles = %ls",
    "# mlee: ignore[hard-coded-path] a reason\npath = '/home/me/data.csv'",
    "with open('data.csv') as f:\n    text = f.read()\ntry:\n    n = int(text)\nexcept ValueError as e:\n    n = 0",
    "model = SVC(C=1.0, gamma=0.1)\nmodel.fit(X_train, y_train)\nprint(model.score(X_test, y_test))",
    "%%mlee_candidate knn --simplicity 2\nKNeighborsClassifier(3).fit(X_train, y_train).predict(X_test)",
    "match x:\n    case {'a': b, **rest}:\n        y = b\n    case [1, *more] | (2 as more):\n        y = more",
    "print(f'{x!r:>{width}} {y=}')\nlst = [*a, *b]\nd = {**a, 'k': (w := 3)}",
    "async def f():\n    async with g() as h:\n        return [i async for i in h]\n",
    "plt.plot(x, y)\nplt.title('t')\nplt.show()",
    "x = 1; y = 2; x += y\ndel y\nx",
)
WORDS = (
    *("shelf", "knn", "svm", "none", "2h", "90m", "3d", "candidate", "MLE201", "tuning-too-early", "out.json", "y"),
    *("useful_gain=0.03", "metric=f1", "--because", "'a reason'", "--budget", "6h", "--truth", "y", "--until"),
    *("2026-12-01", "--deadline", "--groups", "--time", "--weights", "--features", "--train", "knn=y", "--fresh"),
)
CHARTER = """question = "Which?"
decision = "Build it"
metric = "accuracy"
useful_gain = 0.02
must_reach = 0.95
higher_is_better = true
positive = 1
candidates = ["knn", "svm"]
population = {column = "y", kinds = 2}
serving = {mode = "batch", answers_per_month = 400, value_per_month = 30.5}
"""


# ---------------------------------------------------------------------- mutations


def of_text(text: str, by: random.Random) -> str:
    """A text with a few things cut, doubled, moved or put in."""
    for _ in range(by.choice((1, 1, 2, 3, 8))):
        here = by.randrange(len(text) + 1)
        there = min(len(text), here + by.choice((0, 1, 1, 3, 20, 200)))
        match by.randrange(5):
            case 0:
                text = text[:here] + text[there:]
            case 1:
                text = text[:there] + text[here:]
            case 2:
                text = text[:here] + by.choice(ODD_TEXT) + text[there:]
            case 3:
                text = text[:here] + chr(by.choice((by.randrange(128), by.randrange(0x3000)))) + text[here + 1 :]
            case _:
                lines = text.split("\n")
                by.shuffle(lines)
                text = "\n".join(lines)
    return text


def of_value(value: Any, by: random.Random) -> Any:
    """A JSON value with one place of it changed; what was given stays as it is."""
    value = json.loads(json.dumps(value))
    places: list[tuple[Any, Any]] = []
    stack = [value]
    while stack:
        one = stack.pop()
        for key, inner in one.items() if isinstance(one, dict) else enumerate(one):
            places.append((one, key))
            if isinstance(inner, (dict, list)):
                stack.append(inner)
    for _ in range(by.choice((1, 1, 2, 4))):
        if not places:
            return by.choice(ODD_VALUES)
        holder, key = by.choice(places)
        with contextlib.suppress(KeyError, IndexError):  # an earlier change took it away
            inner = holder[key]
            match by.randrange(5):
                case 0:
                    holder[key] = by.choice(ODD_VALUES)
                case 1:
                    holder[key] = by.choice(ODD_TEXT)
                case 2:
                    del holder[key]
                case 3 if isinstance(inner, str):
                    holder[key] = of_text(inner, by)
                case 3 if isinstance(inner, int):
                    holder[key] = inner + by.choice((-1, 1, 10**6, 2**40))
                case _:
                    other, its = by.choice(places)
                    with contextlib.suppress(KeyError, IndexError):
                        holder[key] = json.loads(json.dumps(other[its]))
    return value


# ---------------------------------------------------------------------- inputs


def notebooks(folder: Path) -> Input:
    """A few cells of ours or of the examples, mutated, checked and planned."""
    from mlee_jupyter.session.notebook_check import check_notebook
    from mlee_jupyter.session.packaging import PackageOrder, plan_lines

    cells: list[Any] = []
    for file in sorted((ROOT / "example_notebooks").glob("*.ipynb")):
        cells += [{**c, "outputs": []} for c in json.loads(file.read_text("utf-8"))["cells"]]
    for text in SNIPPETS:
        cells.append({"cell_type": "code", "metadata": {}, "source": text, "outputs": [], "execution_count": 1})

    def one(by: random.Random, place: Path) -> None:
        chosen = [dict(by.choice(cells)) for _ in range(by.randrange(1, 5))]
        for cell in chosen:
            if by.random() < 0.5:
                cell["source"] = of_text("".join(cell["source"]), by)
        whole: Any = {"cells": chosen, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        if by.random() < 0.2:
            whole = of_value(whole, by)
        text = json.dumps(whole)
        if by.random() < 0.1:
            text = of_text(text, by)
        file = place / "nb.ipynb"
        file.write_bytes(text.encode("utf-8", "surrogatepass"))
        for look in (lambda: check_notebook(file), lambda: plan_lines(PackageOrder(notebook=file))):
            in_one_line(look)

    return one


def lines(folder: Path) -> Input:
    """Lines of the magics and charters, mutated, in a real IPython with an experiment open."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    from mlee_jupyter.domain import charter_toml
    from mlee_jupyter.session import current
    from mlee_jupyter.session.verbs import every_verb

    config = Config()
    config.HistoryManager.enabled = False
    shell: Any = InteractiveShell.instance(config=config)
    shell.run_line_magic("load_ext", "mlee_jupyter")
    shell.user_ns.update(y=[0, 1] * 50, knn=[0, 1] * 50, number=0.5)
    shell.run_line_magic("mlee_experiment", "start shelf --truth y")
    verbs = tuple(every_verb.verbs())
    inputs = itertools.count(1)

    def one(by: random.Random, place: Path) -> None:
        if next(inputs) % ANEW == 0:  # what thousands of lines have left is not this line's to pay for
            store = current.session().store
            for experiment in store.experiments():
                store.delete_experiment(experiment.name, None, datetime.now(UTC))
        words = [by.choice(verbs)] + [by.choice(WORDS) for _ in range(by.randrange(5))]
        line = " ".join(words)
        line = of_text(line, by) if by.random() < 0.5 else line
        if by.random() < 0.2:  # whatever was closed, renamed or deleted before
            in_one_line(lambda: shell.run_line_magic("mlee_experiment", "start shelf --truth y"))
        line = "".join("_" if c in "/\\~\n" else c for c in line)  # no other folder is ever named
        charter = of_text(CHARTER, by)
        match by.randrange(6):
            case 0:
                in_one_line(lambda: charter_toml.parse(charter))
            case 1:
                in_one_line(lambda: shell.run_cell_magic("mlee_experiment", f"start e{by.randrange(30)}", charter))
            case 2:
                in_one_line(lambda: shell.run_cell_magic("mlee_candidate", line, "[0, 1] * 50"))
            case 3:
                magic = by.choice(("mlee_scoreboard", "mlee_check", "mlee_candidate"))
                in_one_line(lambda: shell.run_line_magic(magic, line))
            case _:
                in_one_line(lambda: shell.run_line_magic("mlee_experiment", line))

    return one


def imports(folder: Path) -> Input:
    """An export, mutated, taken in; what was taken in is looked at."""
    from mlee_jupyter.domain.settings import Settings
    from mlee_jupyter.session import boards
    from mlee_jupyter.session.session import Session
    from mlee_jupyter.session.verbs.records.import_ import import_from
    from mlee_jupyter.store import open_store

    honest = (folder / "all.json").read_text("utf-8")
    told = json.loads(honest)

    def one(by: random.Random, place: Path) -> None:
        text = of_text(honest, by) if by.random() < 0.2 else json.dumps(of_value(told, by))
        file = place / "in.json"
        file.write_bytes(text.encode("utf-8", "surrogatepass"))
        with open_store(":memory:") as store:
            here = Session(store, Settings(root=place))
            if in_one_line(lambda: import_from(here, file)):
                for experiment in store.experiments():
                    in_one_line(lambda name=experiment.name: boards.board_of(here, name))
                in_one_line(store.export)

    return one


def stores(folder: Path) -> Input:
    """A store with damaged bytes or tampered values, opened, read, judged and exported."""
    from mlee_jupyter.domain.settings import Settings
    from mlee_jupyter.session import boards
    from mlee_jupyter.session.session import Session
    from mlee_jupyter.store import open_store

    honest = folder / HONEST
    columns = []
    with contextlib.closing(sqlite3.connect(honest)) as connection:
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            columns += [(table, row[1]) for row in connection.execute(f"PRAGMA table_info({table})")]

    def one(by: random.Random, place: Path) -> None:
        file = place / ".mlee" / "experiments.db"
        file.parent.mkdir(exist_ok=True)
        for old in file.parent.glob("experiments.db*"):
            old.unlink()
        shutil.copy(honest, file)
        if by.random() < 0.6:
            with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
                for _ in range(by.choice((1, 2, 5))):
                    table, column = by.choice(columns)
                    value = by.choice((*ODD_VALUES, *ODD_TEXT, b"", b"\xff", b"x" * 50))
                    value = json.dumps(value) if isinstance(value, (list, dict)) else value
                    with contextlib.suppress(sqlite3.Error, OverflowError, UnicodeEncodeError):
                        connection.execute(f"UPDATE {table} SET {column} = ?", (value,))
        else:
            content = bytearray(file.read_bytes())
            for _ in range(by.choice((1, 4, 40))):
                here = by.randrange(len(content))
                content[here : here + by.choice((1, 1, 16))] = bytes([by.randrange(256)])
            file.write_bytes(content[: by.choice((None, None, None, by.randrange(len(content))))])

        def look() -> None:
            with open_store(str(file), fallback=False) as store:
                here = Session(store, Settings(root=place))
                for experiment in store.experiments():
                    in_one_line(lambda name=experiment.name: boards.board_of(here, name))
                    in_one_line(lambda name=experiment.name: store.records(name))
                in_one_line(store.export)

        in_one_line(look)

    return one


ANSWERS: Counter[str] = Counter()
FAMILIES = {"notebooks": notebooks, "lines": lines, "imports": imports, "stores": stores}


# ---------------------------------------------------------------------- running


class SlowError(BaseException):
    """An input used its seconds."""


class WordyError(Exception):
    """A refusal that is not one line."""


def in_one_line(work: Callable[[], object]) -> bool:
    """Whether it came to an outcome; else it was refused in one line."""
    from IPython.core.error import UsageError

    from mlee_jupyter.domain.errors import MleeError

    try:
        work()
    except (MleeError, UsageError) as fault:
        if len(str(fault).splitlines()) != 1 or not re.sub("[\u200c\u200d]", "", str(fault)).isprintable():
            raise WordyError(ascii(str(fault))[:300]) from fault
        ANSWERS["refused"] += 1
        return False
    ANSWERS["an outcome"] += 1
    return True


def fingerprint(folder: Path) -> str:
    """Of every name and content below a folder."""
    digest = hashlib.sha256()
    for place in sorted(folder.rglob("*")):
        digest.update(f"{place} {place.lstat().st_mode:o}".encode())
        if place.is_file():
            digest.update(place.read_bytes())
    return digest.hexdigest()


def prepare(root: Path) -> tuple[Path, Path]:
    """The folder to work in, with an honest store and export, and the world outside of it."""
    outside, folder = root / "outside", root / "work"
    (outside / "home").mkdir(parents=True)
    (outside / "home" / ".bashrc").write_text("alias ls='ls --color'\n")
    (outside / "notes.txt").write_text("mine\n")
    folder.mkdir()
    (folder / "pyproject.toml").touch()
    for name in ("MLEE_STORE", "JPY_SESSION_NAME"):
        os.environ.pop(name, None)
    (root / "ipython").mkdir()
    os.environ.update(HOME=str(outside / "home"), TMPDIR=str(root), IPYTHONDIR=str(root / "ipython"))
    os.chdir(folder)

    import mlee_jupyter as mlee
    from mlee_jupyter.cli import main as cli
    from mlee_jupyter.session import faults

    faults.shield_faults = False
    with contextlib.redirect_stdout(io.StringIO()):
        shelf = mlee.start("shelf", metric="accuracy", useful_gain=0.02, truth=[0, 1] * 50, candidates=["knn"])
        for name, wrong in (("knn", 1), ("svm", 4), ("forest", 9)):
            with shelf.candidate(name, tags=["a"]) as run:
                run.record([0, 1] * (50 - wrong) + [1, 0] * wrong)
        shelf.ignore("MLE601", because="in the wiki")
        cli.main(["export", "all.json"])
    kept = folder / ".mlee" / "experiments.db"
    with contextlib.closing(sqlite3.connect(kept)) as here, contextlib.closing(sqlite3.connect(HONEST)) as copy:
        here.backup(copy)  # as it is before the lines fill it
    return folder, outside


def run(family: str, count: int, seed: int, folder: Path, outside: Path, only: int | None) -> Counter[str]:
    """Faults by kind; each is printed once, with how to repeat it."""
    one = FAMILIES[family](folder)
    place = folder / family
    place.mkdir(exist_ok=True)
    (place / "pyproject.toml").touch()
    before = fingerprint(outside)
    faults: Counter[str] = Counter()
    for number in range(count) if only is None else [only]:
        by = random.Random(f"{family} {seed} {number}")
        kind = ""
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                one(by, place)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as fault:
            signal.setitimer(signal.ITIMER_PROF, 0)
            frames = [f for f in traceback.extract_tb(fault.__traceback__) if "fuzz.py" not in f.filename]
            where = next((f for f in reversed(frames) if "mlee_jupyter" in f.filename), frames[-1] if frames else None)
            said = f"{where.filename.rpartition('mlee_jupyter/')[2]}:{where.lineno}" if where else "?"
            kind = f"{type(fault).__name__} at {said}: {ascii(str(fault))[:120]}"
            kind = kind if isinstance(fault, WordyError) else kind.partition(": ")[0]
            if kind not in faults:
                print(f"{family}:{number} {kind}: {ascii(str(fault))[:200]}", flush=True)
                if only is not None:
                    traceback.print_exception(fault)
            faults[kind] += 1
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        if number % 500 == 499 and fingerprint(outside) != before:
            print(f"{family}:{number} or before: something outside was touched", flush=True)
            faults["outside"] += 1
            break
    if fingerprint(outside) != before:
        faults["outside"] += 1
    return faults


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for family, count in LONG.items():
        parser.add_argument(f"--{family}", type=int, default=count)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", metavar="FAMILY:NUMBER")
    args = parser.parse_args(arguments)

    def slow(*_: object) -> None:
        raise SlowError(f"{SECONDS:g} s of the processor")

    wrong = 0
    with tempfile.TemporaryDirectory(prefix="mlee-fuzz-") as name:
        folder, outside = prepare(Path(name))
        signal.signal(signal.SIGPROF, slow)
        mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (mapped + 2 * ROOM, mapped + 2 * ROOM))  # what is loaded later is ours
        only_family, _, only_number = (args.only or "").partition(":")
        for family in FAMILIES:
            count = getattr(args, family)
            if count == 0 or (only_family and family != only_family):
                continue
            ANSWERS.clear()
            faults = run(family, count, args.seed, folder, outside, int(only_number) if only_number else None)
            answers = ", ".join(f"{share} {what}" for what, share in sorted(ANSWERS.items()))
            print(f"{family}: {count:,} inputs ({answers}), {faults.total():,} faults", flush=True)
            wrong += faults.total()
        os.chdir("/")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
