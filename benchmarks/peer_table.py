"""The tables of `benchmarks.peers`, from its results file."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np

OURS = "ours"
Found = dict[tuple[str, str], dict[str, Any]]  # by cell and rule


def finished(results: Path) -> Found:
    if not results.exists():
        return {}
    lines = map(json.loads, filter(None, results.read_text(encoding="utf-8").splitlines()))
    return {(one["cell"], one["rule"]): one for one in lines}


def sets(found: dict[str, Any]) -> list[int]:
    """The answers as bit masks; 0 where there was none."""
    return [0 if a == "no end" or a.startswith("fault") else int(a, 16) for a in found["answers"]]


def right(found: dict[str, Any]) -> np.ndarray:
    """Where exactly the truly best candidate was left."""
    return np.array([one == int(found["best"], 16) for one in sets(found)], dtype=np.float64)


def single(found: dict[str, Any]) -> float:
    return float(np.mean([bin(one).count("1") == 1 for one in sets(found)]))


def size(found: dict[str, Any]) -> float:
    sizes = [bin(one).count("1") for one in sets(found) if one]
    return float(np.mean(sizes)) if sizes else math.nan


def without_answer(found: dict[str, Any]) -> float:
    return float(np.mean([one == 0 for one in sets(found)]))


def evidence(block: str) -> str:
    """What kind of evidence a block of cells is of: a rule must hold on all shares and sizes of it."""
    return block.split()[0]


def above(found: Found, rule: str) -> set[str]:
    """The kinds of evidence for which one of its null cells counts as above."""
    return {evidence(one["block"]) for (_, name), one in found.items() if name == rule and one["above"]}


def edges(found: Found, rule: str) -> list[tuple[str, str, float, float]]:
    """In each power cell (evidence, cell), the rule's power less ours on the same samples, with its paired error."""
    compared = []
    for (cell, name), one in found.items():
        mine = found.get((cell, OURS))
        if name != rule or one["null"] or mine is None or one["replicates"] < one["asked"]:
            continue
        n = min(one["replicates"], mine["replicates"])
        difference = right(one)[:n] - right(mine)[:n]
        error = float(difference.std(ddof=1)) / math.sqrt(n)
        compared.append((evidence(one["block"]), cell, float(difference.mean()), error))
    return compared


def print_tables(results: Path) -> int:
    """The tables; the exit code is 1 where our own rule is not valid or a valid peer finds more."""
    found = finished(results)
    rules = list(dict.fromkeys(rule for _, rule in found))
    blocks = list(dict.fromkeys(one["block"] for one in found.values()))
    print("\nSome truly best candidate dropped, all equal in truth: worst cell (its replicates), mean over cells")
    _by_block(found, rules, blocks, null=True)
    print("\nThe one truly best candidate found alone, at noncentrality 3.5: mean over cells (paired mean of ours)")
    _by_block(found, rules, blocks, null=False)
    return _verdicts(found, rules)


def _by_block(found: Found, rules: list[str], blocks: list[str], null: bool) -> None:
    print(f"| {'rule':<20} | " + " | ".join(f"{block:<21}" for block in blocks) + " |")
    print("| --- |" + " --- |" * len(blocks))
    for rule in rules:
        shown = []
        for block in blocks:
            mine = [o for (_, r), o in found.items() if r == rule and o["block"] == block and o["null"] is null]
            shown.append(_nulls(mine) if null else _powers(mine, found))
        print(f"| {rule:<20} | " + " | ".join(f"{one:<21}" for one in shown) + " |")


def _nulls(cells: list[dict[str, Any]]) -> str:
    counted = [one.get("again", one) for one in cells if one["replicates"] > without_answer(one) * one["replicates"]]
    if not counted:
        return "no answer" if cells else "-"
    worst = max(counted, key=lambda one: one["lost"])
    mark = " !" if any(one["above"] for one in cells) else ""
    return f"{worst['lost']:.1%} ({worst['replicates']}), {np.mean([o['lost'] for o in counted]):.1%}{mark}"


def _powers(cells: list[dict[str, Any]], found: Found) -> str:
    whole = [one for one in cells if one["replicates"] == one["asked"] and (one["cell"], OURS) in found]
    if not whole:
        return "no answer" if cells else "-"
    beside = [right(found[(one["cell"], OURS)])[: one["replicates"]].mean() for one in whole]
    return f"{np.mean([right(one).mean() for one in whole]):.1%} ({np.mean(beside):.1%})"


def _verdicts(found: Found, rules: list[str]) -> int:
    heads = ["rule", "null cells above", "valid for", "power cells where valid", "finds more than ours", "finds less"]
    print("\n| " + " | ".join([*heads, "no answer", "time / ours"]) + " |")
    print("| --- " * (len(heads) + 2) + "|")
    failed = bool(above(found, OURS))
    details = []
    for rule in rules:
        mine = [one for (_, name), one in found.items() if name == rule]
        nulls, wrong = [one for one in mine if one["null"]], above(found, rule)
        kinds = list(dict.fromkeys(evidence(one["block"]) for one in nulls))
        compared = [edge for edge in edges(found, rule) if edge[0] in kinds and edge[0] not in wrong]
        more = [edge for edge in compared if edge[2] > 2 * edge[3]]
        less = [edge for edge in compared if edge[2] < -2 * edge[3]]
        empty = np.mean([without_answer(one) for one in mine])
        times = [o["median_ms"] / found[(o["cell"], OURS)]["median_ms"] for o in mine if (o["cell"], OURS) in found]
        valid = [kind for kind in kinds if kind not in wrong]
        shown = "all" if len(valid) == len(kinds) else ", ".join(valid) or "nothing"
        print(
            f"| {rule} | {sum(one['above'] for one in nulls)} of {len(nulls)} | {shown} | {len(compared)} | "
            f"{len(more)} | {len(less)} | {empty:.1%} | {np.median(times):.2f} |"
        )
        if rule != OURS:
            details += [f"  {rule} in {cell}: {edge:+.1%} (SE {error:.1%})" for _, cell, edge, error in more]
            failed |= len(more) > len(compared) / 20
    print("\nWhere a valid peer finds more than ours by over two paired standard errors:")
    print("\n".join(details) or "  nowhere")
    return int(failed)
