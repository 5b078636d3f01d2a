"""What is kept whatever happens, one command: `python -m benchmarks.reliability [--long] [--store URL] [--part NAME]`.

Killed writers and kernels, many writers at once, a disk that fills up, a clock that jumps, files of older and newer
versions, damaged stores and hostile input. Each part says what it did, what was lost and what was not expected; one
that loses or is surprised makes the command fail. `--long` is the run whose figures stand in docs/reliability.md;
`--store` takes kills and writers to a PostgreSQL server as well.
"""

from __future__ import annotations

import argparse
import contextlib
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.short import Short

SHORT = Short(arguments=("--short",), columns=("part", "what happened", "verdict", "seconds"), rows=8)
ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, kw_only=True)
class Part:
    """A command, and what of its output says that it went well."""

    module: str
    arguments: dict[str, tuple[str, ...]]  # of each form
    shown: str  # patterns: the groups are what the table shows
    wanted: tuple[str, ...]  # that must all be found
    on_server: bool = False


PARTS = {
    "killed writers": Part(
        module="store_kill",
        arguments={"short": ("--kills", "2"), "usual": ("--kills", "20"), "long": ("--kills", "200")},
        shown=r"(\d+ kills: [\d,]+ acknowledged, \d+ lost)",
        wanted=(r", 0 lost,", r"0 half-written"),
        on_server=True,
    ),
    "killed kernels": Part(
        module="kernel_kill",
        arguments={"short": ("--kills", "1"), "usual": ("--kills", "5"), "long": ("--kills", "50")},
        shown=r"(records acknowledged .*|acknowledged and lost .*|half-written .*)",
        wanted=(r"acknowledged and lost +0\n", r"half-written and shown +0 of"),
    ),
    "many writers": Part(
        module="store_writers",
        arguments={"short": ("--processes", "2", "--records", "3"), "usual": (), "long": ("--processes", "20")},
        shown=r"(\d+/\d+ done, no error|\d+ lost, \d+ shown)",
        wanted=(r"(\d+)/\1 done, no error", r"\n +0 lost, "),
        on_server=True,
    ),
    "a full disk": Part(
        module="reliability_faults",
        arguments={"short": ("disk",), "usual": ("disk", "--times", "5"), "long": ("disk", "--times", "50")},
        shown=r"(\d+ .*)",
        wanted=(r", 0 lost, 0 unexpected",),
    ),
    "a clock that jumps": Part(
        module="reliability_faults",
        arguments={"short": ("clock",), "usual": ("clock", "--times", "20"), "long": ("clock", "--times", "300")},
        shown=r"(\d+ .*)",
        wanted=(r", 0 lost, 0 unexpected",),
    ),
    "older files": Part(
        module="reliability_faults",
        arguments=dict.fromkeys(("short", "usual", "long"), ("older",)),
        shown=r"(\d+ .*)",
        wanted=(r", 0 lost, 0 unexpected",),
    ),
    "newer files": Part(
        module="reliability_faults",
        arguments=dict.fromkeys(("short", "usual", "long"), ("newer",)),
        shown=r"(\d+ .*)",
        wanted=(r", 0 lost, 0 unexpected",),
    ),
    "damaged and hostile input": Part(
        module="fuzz",
        arguments={
            "short": ("--notebooks", "5", "--lines", "10", "--imports", "5", "--stores", "5"),
            "usual": ("--notebooks", "300", "--lines", "1000", "--imports", "300", "--stores", "50"),
            "long": ("--notebooks", "40000", "--lines", "40000", "--imports", "19000", "--stores", "1000"),
        },
        shown=r"(\w+: [\d,]+ inputs)",
        wanted=tuple(rf"{kind}: [^\n]*, 0 faults" for kind in ("notebooks", "lines", "imports", "stores")),
    ),
}


@contextlib.contextmanager
def schema_of_its_own(server: str) -> Iterator[str]:
    """The server's URL with a new schema, so that no part finds what another one left."""
    import psycopg

    name = f"mlee_reliability_{time.time_ns()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"create schema {name}")
        try:
            yield f"{server}{'&' if '?' in server else '?'}options=-csearch_path%3D{name}"
        finally:
            connection.execute(f"drop schema {name} cascade")


def ran(part: Part, form: str, server: str | None) -> tuple[bool, str]:
    """Whether it went well, and what it says."""
    command = [sys.executable, "-m", f"benchmarks.{part.module}", *part.arguments[form]]
    command += [] if server is None else ["--store", server]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    well = done.returncode == 0 and all(re.search(one, done.stdout) for one in part.wanted)
    said = "; ".join(re.sub(r"\s{2,}", " ", one) for one in re.findall(part.shown, done.stdout))
    if not well:
        print(done.stdout[-2_000:], done.stderr[-2_000:], file=sys.stderr)
    return well, said or "nothing was said"


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    forms = options.add_mutually_exclusive_group()
    forms.add_argument("--short", action="store_true", help="seconds: whether all of it runs")
    forms.add_argument("--long", action="store_true", help="hours: 200 kills, 100,000 inputs")
    options.add_argument("--store", help="a postgresql:// URL, beside SQLite; schemas are made and dropped")
    options.add_argument("--part", choices=tuple(PARTS), action="append", help="that alone; may be named again")
    asked = options.parse_args()
    form = "short" if asked.short else "long" if asked.long else "usual"
    failures = 0
    print("| part | what happened | verdict | seconds |\n|---|---|---|---|")
    for name in asked.part or PARTS:
        part = PARTS[name]
        for server in (None, asked.store) if asked.store and part.on_server else (None,):
            started = time.perf_counter()
            with schema_of_its_own(server) if server else contextlib.nullcontext() as place:
                well, said = ran(part, form, place)
            failures += not well
            where = f"{name}, on a server" if server else name
            verdict = "as promised" if well else "NOT as promised"
            print(f"| {where} | {said} | {verdict} | {time.perf_counter() - started:.0f} |", flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
