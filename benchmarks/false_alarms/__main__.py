"""Does any rule nag in a healthy experiment, and is it raised where its flaw was planted?

    python -m benchmarks.false_alarms [--healthy 400] [--each 40] [--rules MLE201 MLE305] [--log FILE]

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
import json
import os
import tempfile
import warnings
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from benchmarks.short import Short
from mlee_jupyter.domain import Level
from mlee_jupyter.guardrails import rules

from .drawing import Healthy, drawn
from .flaws import flaws
from .planting import NOT_PLANTED
from .playing import Player

SHORT = Short(
    arguments=("--healthy", "2", "--each", "1", "--rules", "MLE103", "MLE304"),
    columns=("rule", "level", "false alarms", "raised when planted"),
    rows=40,
)
PREVIEWS = "".join(f"[tool.mlee.rules.{rule.name}]\npreview = true\n" for rule in rules() if rule.preview)
MOST_WARNINGS, RAISED = 0.1, 0.95
HEALTHY = "healthy"  # in the place of a flaw


class Played(NamedTuple):
    """What came of one experiment."""

    flaw: str  # code of the rule whose fault was planted, or HEALTHY
    seed: int
    raised: dict[str, tuple[str, str]]  # rule -> its heaviest level, and its words
    faults: list[str]  # cells that failed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--healthy", type=int, default=400, metavar="N", help="healthy experiments")
    parser.add_argument("--each", type=int, default=40, metavar="N", help="experiments with each flaw planted")
    parser.add_argument("--rules", nargs="*", metavar="MLE201", help="flaws to plant; all by default")
    parser.add_argument("--seed", type=int, default=0, help="of the first experiment")
    parser.add_argument("--log", type=Path, metavar="FILE", help="finished experiments, which are not run again")
    parser.add_argument("--verbose", action="store_true", help="print every error, warning, fault and miss")
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    os.environ["OMP_NUM_THREADS"] = "1"
    os.environ.pop("MLEE_STORE", None)
    log = args.log.absolute() if args.log else None
    wanted = [flaw for flaw in flaws() if args.rules is None or flaw in args.rules]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        os.chdir(folder)
        done = Done(log, Player(Path(folder)))
        healthy = [done.played(HEALTHY, seed) for seed in range(args.seed, args.seed + args.healthy)]
        planted = {flaw: done.planted(flaw, args.seed, args.each) for flaw in wanted}
        os.chdir("/")
    if args.verbose:
        told_one_by_one([one for one in healthy if one is not None], planted)
    raise SystemExit(told([one for one in healthy if one is not None], planted))


class Done:
    """Experiments that were played, now or in an earlier run."""

    def __init__(self, log: Path | None, player: Player) -> None:
        self._log, self._player = log, player
        lines = log.read_text("utf-8").splitlines() if log is not None and log.exists() else []
        self._known = {(one.flaw, one.seed): one for one in (Played(*json.loads(line)) for line in lines)}

    def played(self, flaw: str, seed: int) -> Played | None:
        """The experiment of a seed with a flaw in it; None where it cannot be planted there."""
        if (known := self._known.get((flaw, seed))) is not None:
            return known
        one = drawn(seed)
        if flaw != HEALTHY and not flaws()[flaw](one):
            return None
        one.settings = settings_of(one)
        heard = self._player.play(one)
        raised = {rule: (str(level), words) for rule, (level, words) in heard.raised.items()}
        found = Played(flaw, seed, raised, heard.faults)
        if self._log is not None:
            with self._log.open("a", encoding="utf-8") as file:
                file.write(json.dumps(found) + "\n")
        return found

    def planted(self, flaw: str, seed: int, count: int) -> list[Played]:
        """As many experiments with that flaw, from a seed on."""
        tries = (self.played(flaw, k) for k in range(seed, seed + 100 * count))
        return list(islice((one for one in tries if one is not None), count))


def settings_of(one: Healthy) -> str:
    """Every preview is on; models are timed where something is said of how they will be used."""
    return ("" if "serving" in one.charter else "[tool.mlee]\nmeasure_answers = false\n") + PREVIEWS


def told_one_by_one(healthy: list[Played], planted: dict[str, list[Played]]) -> None:
    """Print what was raised without a cause, and what was not with one."""
    for one in healthy:
        for rule, (level, words) in one.raised.items():
            if level != Level.ADVICE:
                print(f"{one.seed}: {rule} {level} {words}")
        print("".join(f"{one.seed}: {fault}\n" for fault in one.faults), end="")
    for flaw, several in planted.items():
        for one in several:
            if flaw not in one.raised:
                print(f"{one.seed}: {flaw} was planted and not raised {one.faults[:1]}")


def told(healthy: list[Played], planted: dict[str, list[Played]]) -> bool:
    """Print the table; True where a promise is not kept."""
    alarms = Counter((rule, level) for one in healthy for rule, (level, _) in one.raised.items())
    found = {flaw: sum(flaw in one.raised for one in several) for flaw, several in planted.items()}
    print("| rule | level | false alarms | raised when planted |")
    print("| --- | --- | --- | --- |")
    for rule in rules():
        spoke = ", ".join(f"{n} {level}" for (code, level), n in sorted(alarms.items()) if code == rule.code) or "0"
        many = len(planted.get(rule.code, ()))
        caught = f"{found[rule.code]} of {many}" if many else NOT_PLANTED.get(rule.code, "not run")
        print(f"| {rule.code} {rule.name} | {rule.level}{', preview' * rule.preview} | {spoke} | {caught} |")
    count, failed = len(healthy), sum(bool(one.faults) for one in healthy)
    errors = sum(n for (_, level), n in alarms.items() if level == Level.ERROR)
    loud = sum(n for (_, level), n in alarms.items() if level == Level.WARNING)
    low = [flaw for flaw, several in planted.items() if found[flaw] < RAISED * len(several)]
    print(f"\n{count} healthy experiments: {errors} errors, {loud} warnings ({loud / max(1, count):.3f} an experiment)")
    print(f"{failed} of them had a cell that failed")
    print(f"Below {RAISED:.0%} where planted: {', '.join(low) or 'none'}")
    return bool(errors or loud >= MOST_WARNINGS * count or low or failed)


if __name__ == "__main__":
    main()
