"""Our best set beside every peer, on the same samples: who drops a truly best candidate, and who finds the one winner.

    python -m benchmarks.peers [--cells TEXT] [--rules TEXT] [--replicates 200] [--slow 100] [--results peers.jsonl]
    python -m benchmarks.peers --table [--results peers.jsonl]

Cells and seeds are in `peer_samples`, the rules in `peer_rules`; a peer that is not installed is left out and said
so. What a peer cannot answer is counted: a fault, or no end within the time limit; after three that do not end the
peer is not asked again in that cell. A null cell above 5% plus two standard errors is run again with a fresh seed
and more samples before it counts (ten times; for slow rules four times), unless it is above by five standard errors
already. A peer is valid for a kind of evidence if none of its null cells there counts as above. Each cell and rule
is a line of the results file with the answer to every sample, so a run that was stopped goes on where it was, and
any two rules can be paired.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import math
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.short import Short

from .peer_rules import ALPHA, PEERS, Peer, quietly
from .peer_samples import Cell, cells
from .peer_table import finished, print_tables

SHORT = Short(
    arguments=(
        "--cells",
        "null accuracy r=0.8 n=100",
        "--rules",
        "ours",
        "--replicates",
        "2",
        "--results",
        "{made}/peers.jsonl",
    ),
    columns=("cell", "rule", "lost", "of", "median ms"),
    row=r"(\S.*?) +(ours) +([\d.]+%) of (\d+) +([\d.]+) ms.*",
    rows=4,
)

TIME_LIMIT = 10.0  # seconds a sample
MOST_ENDLESS = 3
FAR = 5.0  # standard errors above which no second run is needed
MORE, MORE_SLOW = 10, 4


class NoEnd(Exception):
    """A rule that takes longer than the time limit."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    def stop(*_: Any) -> None:
        raise NoEnd

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def answer(peer: Peer, sample: Any) -> tuple[str, float]:
    """The set as a hexadecimal number (candidate 0 is its lowest bit), "fault" or "no end"; with the seconds."""
    began = time.perf_counter()
    try:
        with time_limit(TIME_LIMIT):
            kept = quietly(peer.rule, sample)
    except NoEnd:
        return "no end", time.perf_counter() - began
    except Exception as fault:  # whatever a peer raises is its answer
        return f"fault {type(fault).__name__}", time.perf_counter() - began
    seconds = time.perf_counter() - began
    return format(int(sum(1 << int(place) for place in np.flatnonzero(kept))), "x"), seconds


def run(cell: Cell, name: str, replicates: int, fresh: int = 0) -> dict[str, Any] | None:
    """None where the rule does not apply."""
    peer = PEERS[name]
    if peer.package:
        importlib.import_module(peer.package)  # not within the time limit: half an import breaks every later answer
    answers, seconds = [], []
    for place in range(replicates):
        sample = cell.sample(place, fresh)
        if not peer.applies(sample):
            return None
        found, took = answer(peer, sample)
        answers.append(found)
        seconds.append(took)
        if answers.count("no end") >= MOST_ENDLESS:
            break
    everything = (1 << cell.count) - 1
    lost = sum(_is_set(a) and int(a, 16) & _mask(cell) != _mask(cell) for a in answers)
    share = lost / len(answers)
    return {
        "cell": cell.name,
        "block": cell.block,
        "count": cell.count,
        "null": cell.is_null,
        "best": format(_mask(cell) & everything, "x"),
        "rule": name,
        "replicates": len(answers),
        "asked": replicates,
        "fresh": fresh,
        "lost": share,
        "median_ms": round(float(np.median(seconds)) * 1e3, 3),
        "above": cell.is_null and share > ALPHA + 2 * _error(len(answers)),
        "answers": answers,
        "done": time.strftime("%Y-%m-%d %H:%M"),
    }


def run_twice(cell: Cell, name: str, replicates: int) -> dict[str, Any] | None:
    first = run(cell, name, replicates)
    if first is None or not first["above"] or first["lost"] > ALPHA + FAR * _error(first["replicates"]):
        return first
    second = run(cell, name, replicates * (MORE_SLOW if PEERS[name].slow else MORE), fresh=1)
    assert second is not None
    again = {key: second[key] for key in ("replicates", "lost", "above")}
    return {**first, "above": second["above"], "again": again}


def _is_installed(peer: Peer) -> bool:
    return peer.package is None or importlib.util.find_spec(peer.package.partition(".")[0]) is not None


def _mask(cell: Cell) -> int:
    return sum(1 << place for place in cell.best)


def _is_set(found: str) -> bool:
    return found[:5] != "fault" and found != "no end"


def _error(replicates: int) -> float:
    return math.sqrt(ALPHA * (1 - ALPHA) / replicates)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cells", action="append", help="words a cell's name must all contain; may be repeated")
    parser.add_argument("--rules", action="append", help="a rule by its name; may be repeated")
    parser.add_argument("--replicates", type=int, default=200)
    parser.add_argument("--slow", type=int, default=100, help="replicates of slow rules")
    parser.add_argument("--results", type=Path, default=Path("peers.jsonl"))
    parser.add_argument("--table", action="store_true", help="print what is in the results and run nothing")
    asked = parser.parse_args()
    if asked.table:
        return print_tables(asked.results)
    done = finished(asked.results)
    for name, peer in PEERS.items():
        if not _is_installed(peer):
            print(f"{name}: {peer.package} is not installed, left out")
    wanted = [set(words.split()) for words in asked.cells or [""]]
    chosen = {cell.name: cell for words in wanted for cell in cells() if words <= set(cell.name.split())}
    for cell in chosen.values():
        for name, peer in PEERS.items():
            replicates = asked.slow if peer.slow else asked.replicates
            known = done.get((cell.name, name))
            if (known and known["asked"] >= replicates) or (asked.rules and name not in asked.rules):
                continue
            if not _is_installed(peer):
                continue
            found = run_twice(cell, name, replicates)
            if found is None:
                continue
            with asked.results.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(found) + "\n")
            again = found.get("again")
            print(
                f"{cell.name:<34}{name:<20}{found['lost']:>7.1%} of {found['replicates']:<5}"
                f"{found['median_ms']:>9.1f} ms"
                + (f"   again {again['lost']:.1%} of {again['replicates']}" if again else "")
                + ("   ABOVE" if found["above"] else ""),
                flush=True,
            )
    return print_tables(asked.results)


if __name__ == "__main__":
    raise SystemExit(main())
