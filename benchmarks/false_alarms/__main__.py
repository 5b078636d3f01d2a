"""Does any rule nag in a healthy experiment, and is it raised where its flaw was planted?

    python -m benchmarks.false_alarms [--healthy 400] [--each 40] [--rules MLE201 MLE305] [--seed 0]

Healthy experiments are drawn, written as notebooks and run cell by cell: a real IPython, the real session, magics or
handle, a real store, real models of scikit-learn. Only the clock is turned by hand. Whatever a rule raises at any look,
or at a last look at everything with the notebook's text, is counted. Then each flaw that can be planted is put into
the same experiments, one at a time.

What "healthy" means here, written before any outcome was seen:

- The question has an answer: rows come from one process, training and test rows are drawn from it without overlap (by
  chance, in order of time, or by customer), no column gives the answer away, and no candidate is perfect.
- Two to four approaches, the simplest first and one of them simple, one to three settings each, all planned settings
  told as they ran. Every candidate has its first result before three quarters of the box are used.
- Rows are enough: twice as many as see the useful gain between any two settings with 80% power at the 5% level, by
  their true differences; without a charter enough for the gain that is assumed (2 points, or a fiftieth of the loss).
- The charter is honest: the metric that is meant, a gain that the rows can carry, a target (where there is one) four
  standard errors or more from every true score, the true number of kinds. A quarter leave out question, decision and
  owner; an eighth have no charter at all.
- The box is not exceeded, people sleep between sittings, the owner is shown something half-way through the runs.
- Whoever decides takes what the board recommends, or nobody where that misses the target (said so after the first six
  had been seen, as the target is meant), and does not decide where it recommends nothing. Serving is in
  batches, or at once where answers are used every five minutes; it is worth far more than it costs, and how it will be
  measured is written down.
- Fold scores come with a dummy's; grades of answers are of the same answers.
- The notebook was saved after a run from top to bottom, with seeds, relative paths and no code twice.

Not healthy by this, and so not drawn: a target at the edge, two candidates that only more rows can tell apart, a rare
class of a few rows. A warning there is true.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import warnings
from collections import Counter
from pathlib import Path

from benchmarks.short import Short
from mlee_jupyter.domain import Level
from mlee_jupyter.guardrails import rules

from .drawing import drawn
from .planting import FLAWS, NOT_PLANTED
from .playing import Player

SHORT = Short(
    arguments=("--healthy", "3", "--each", "1", "--rules", "MLE103", "MLE304"),
    columns=("rule", "level", "false alarms", "raised when planted"),
    rows=40,
)
PREVIEWS = "".join(f"[tool.mlee.rules.{rule.name}]\npreview = true\n" for rule in rules() if rule.preview)
MOST_WARNINGS, RAISED = 0.1, 0.95


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--healthy", type=int, default=400, metavar="N", help="healthy experiments")
    parser.add_argument("--each", type=int, default=40, metavar="N", help="experiments with each flaw planted")
    parser.add_argument("--rules", nargs="*", metavar="MLE201", help="flaws to plant; all by default")
    parser.add_argument("--seed", type=int, default=0, help="of the first experiment")
    parser.add_argument("--verbose", action="store_true", help="print every error, warning and miss")
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    os.environ["OMP_NUM_THREADS"] = "1"
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        os.chdir(folder)
        os.environ.pop("MLEE_STORE", None)
        player = Player(Path(folder))
        alarms, broken = healthy(player, args.seed, args.healthy, args.verbose)
        planted = {
            flaw: plant(player, flaw, args.seed, args.each, args.verbose)
            for flaw in FLAWS
            if args.rules is None or flaw in args.rules
        }
        os.chdir("/")
    raise SystemExit(told(alarms, broken, planted, args.healthy))


def healthy(player: Player, seed: int, count: int, verbose: bool) -> tuple[Counter[tuple[str, Level]], int]:
    """How many experiments each rule spoke in, at its heaviest."""
    alarms, broken = Counter[tuple[str, Level]](), 0
    for one in map(drawn, range(seed, seed + count)):
        one.settings = PREVIEWS
        heard = player.play(one)
        broken += bool(heard.faults)
        for rule, (level, words) in heard.raised.items():
            alarms[rule, level] += 1
            if verbose and level is not Level.ADVICE:
                print(f"{one.seed} {one.style} {one.kind} {one.metric} n={one.n}: {rule} {level} {words}", flush=True)
        for fault in heard.faults:
            print(f"{one.seed} {one.style}: {fault}", file=sys.stderr)
    return alarms, broken


def plant(player: Player, flaw: str, seed: int, count: int, verbose: bool) -> tuple[int, int]:
    """In how many experiments a flaw was planted, and in how many its rule was raised."""
    done = found = 0
    for k in range(seed, seed + 50 * count):
        if done >= count:
            break
        one = drawn(k)
        one.settings = PREVIEWS
        if not FLAWS[flaw](one):
            continue
        heard = player.play(one)
        done += 1
        found += flaw in heard.raised
        if verbose and flaw not in heard.raised:
            print(f"missed {flaw} in {k}: {one.style} {one.kind} {one.metric} n={one.n} {heard.faults[:1]}", flush=True)
    return done, found


def told(alarms: Counter[tuple[str, Level]], broken: int, planted: dict[str, tuple[int, int]], count: int) -> bool:
    """Print the table; True where a promise is not kept."""
    print("| rule | level | false alarms | raised when planted |")
    print("| --- | --- | --- | --- |")
    for rule in rules():
        mine = {level: n for (code, level), n in alarms.items() if code == rule.code}
        spoke = ", ".join(f"{n} {level}" for level, n in sorted(mine.items())) or "0"
        done, found = planted.get(rule.code, (0, 0))
        caught = f"{found} of {done}" if done else NOT_PLANTED.get(rule.code, "not run")
        level = f"{rule.level}{', preview' if rule.preview else ''}"
        print(f"| {rule.code} {rule.name} | {level} | {spoke} | {caught} |")
    errors = sum(n for (_, level), n in alarms.items() if level is Level.ERROR)
    loud = sum(n for (_, level), n in alarms.items() if level is Level.WARNING)
    print(f"\n{count} healthy experiments: {errors} errors, {loud} warnings ({loud / max(1, count):.3f} an experiment)")
    print(f"{broken} of them had a cell that failed")
    low = [rule for rule, (done, found) in planted.items() if found < RAISED * done]
    print(f"Below {RAISED:.0%} where planted: {', '.join(low) or 'none'}")
    return bool(errors or loud >= MOST_WARNINGS * count or low or broken)


if __name__ == "__main__":
    main()
