"""All habits of the catalogue in tests/habits: every shape in every world, for every metric that it fits.

    python -m benchmarks.habits

The tests try a part of them. Prints how many there are by their right outcome, and each that came out otherwise.
"""

from __future__ import annotations

import argparse
from collections import Counter
from itertools import islice

from benchmarks.short import Short
from tests.habits.shapes import crossed
from tests.habits.test_habits import outcome
from tests.habits.worlds import world

SHORT = Short(
    arguments=("--every", "400"),
    columns=("habits", "by outcome"),
    row=r"([\d,]+) habits: (.+)",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only each Nth")
    every = parser.parse_args().every
    wrong: list[str] = []
    counted = Counter[str]()
    for name, metric, habit, one in islice(crossed(), 0, None, every):
        counted[one.right.what] += 1
        try:
            said = outcome(world(name), metric, one)
        except Exception as fault:
            said = f"{type(fault).__name__}: {fault}"
        if said is not None:
            wrong.append(f"{habit}: {said}")
    print(f"{sum(counted.values()):,} habits: {', '.join(f'{n} {what}' for what, n in counted.most_common())}")
    print(f"{len(wrong)} came out otherwise")
    print("\n".join(wrong))
    raise SystemExit(bool(wrong))


if __name__ == "__main__":
    main()
