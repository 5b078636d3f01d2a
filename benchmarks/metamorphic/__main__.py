"""The long form: many draws by seed, the kinds of failures, and of each the smallest example that was found."""

from __future__ import annotations

import argparse
import re
import time
import traceback
from dataclasses import asdict, replace

from benchmarks.short import Short

from .plans import Plan, drawn
from .relations import RELATIONS, problems

SHORT = Short(
    arguments=("--draws", "30"),
    columns=("draws", "seed", "applied", "kinds of failures"),
    row=r"([\d,]+) draws from seed (\d+), ([\d,]+) applied, (\d+) kinds of failures",
)


def tried(plan: Plan) -> list[str] | None:
    """What is wrong with a draw; a fault of ours is a kind of its own."""
    try:
        return problems(plan)
    except Exception as fault:
        where = traceback.extract_tb(fault.__traceback__)[-1]
        return [f"{type(fault).__name__} in {where.name}: {fault}"]


def kind_of(plan: Plan, said: list[str]) -> str:
    """Failures of one kind read alike but for names and numbers."""
    words = re.sub(r"-?\d[\d.e+-]*", "#", said[0].partition("[")[0])
    words = re.sub(r"\b(knn|svm|forest|boosting|logreg|mlp)\b", "X", words)
    return f"{plan.relation}: {words[:100]}"


def smallest(plan: Plan, kind: str) -> Plan:
    """A smaller plan that still fails in the same way."""
    for less in plan.smaller():
        for seed in range(less.seed, less.seed + 3):
            again = replace(less, seed=seed)
            said = tried(again)
            if said and kind_of(again, said) == kind:
                return smallest(again, kind)
    return plan


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=20_000)
    parser.add_argument("--first", type=int, default=0, help="the first seed: take a run up where it stopped")
    parser.add_argument("--relation", help="this one only")
    given = parser.parse_args()
    relations = (given.relation,) if given.relation else tuple(RELATIONS)
    kinds: dict[str, list[tuple[Plan, list[str]]]] = {}
    applied, began = 0, time.monotonic()
    for seed in range(given.first, given.first + given.draws):
        plan = drawn(seed, tuple(relations))
        said = tried(plan)
        applied += said is not None
        if said:
            kinds.setdefault(kind_of(plan, said), []).append((plan, said))
        if seed % 10_000 == 9_999:
            print(f"seed {seed}: {applied:,} applied, {len(kinds)} kinds, {time.monotonic() - began:.0f} s", flush=True)
    print(f"{given.draws:,} draws from seed {given.first}, {applied:,} applied, {len(kinds)} kinds of failures")
    for kind, found in sorted(kinds.items(), key=lambda one: -len(one[1])):
        least = smallest(found[0][0], kind)
        print(f"\n{len(found):,} x {kind}\n    {asdict(least)}")
        for line in (tried(least) or found[0][1])[:4]:
            print(f"    {line[:300]}")
    raise SystemExit(bool(kinds))


if __name__ == "__main__":
    main()
