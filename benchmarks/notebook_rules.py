"""How often each rule of a notebook's text fires: python -m benchmarks.notebook_rules FOLDER [--list MLE702]

Walks the folder for .ipynb files (nothing is run), prints refused, read, seconds, and for each rule and level the
share of notebooks with a finding. `--list` prints every finding of a rule with its places, to be judged by eye.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from pathlib import Path
from statistics import median

from benchmarks.short import Short
from mlee_jupyter.convert.health.notebook_facts import notebook_facts
from mlee_jupyter.domain import Outcome
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.domain.settings import Settings
from mlee_jupyter.guardrails import rules
from mlee_jupyter.session.notebook_check import judge_notebook, notebooks_under

SHORT = Short(
    arguments=("{notebooks}",),
    columns=("rule", "name", "level", "notebooks", "share"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description="Rates of the rules about a notebook's text.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--list", nargs="*", default=[], metavar="RULE")
    asked = parser.parse_args()
    settings = Settings(root=asked.folder, rules={r.name: {"preview": True} for r in rules() if r.preview})
    fired: Counter[tuple[str, str, str]] = Counter()
    refused: Counter[str] = Counter()
    seconds: list[float] = []
    for path in notebooks_under(asked.folder):
        began = time.process_time()
        try:
            answers = judge_notebook(notebook_facts(path), settings, trust=False)
        except MleeError as fault:
            refused[str(fault).partition(" ")[2][:40]] += 1
            continue
        seconds.append(time.process_time() - began)
        for answer in answers:
            if answer.outcome is Outcome.FINDING:
                fired[answer.rule, answer.name, str(answer.level)] += 1
                if answer.rule in asked.list:
                    print(f"{path.relative_to(asked.folder)} | {answer.level} | {answer.message}")
                    for cell, line, words in answer.facts["places"]:
                        print(f"    cell {cell}, line {line}: {words}")
    read = len(seconds)
    print(f"\n{read} notebooks read, {sum(refused.values())} refused; median {1000 * median(seconds):.0f} ms, "
          f"slowest {max(seconds):.2f} s of processor time\n")  # fmt: skip
    print("| rule | name | level | notebooks | share |\n|---|---|---|---|---|")
    for (code, name, level), count in sorted(fired.items()):
        print(f"| {code} | {name} | {level} | {count} | {100 * count / read:.1f}% |")


if __name__ == "__main__":
    main()
