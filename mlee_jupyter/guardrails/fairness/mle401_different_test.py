"""MLE401 different-test: candidates of one board were judged on different test rows.

What it sees: the fingerprint of the truth, made from its values and its order, of every result on the board. It
fires when no single truth has been used for all candidates still on the board. Results on an older truth are
history and do no harm once each candidate has one on a common truth; runs with --stage development are left out.

Why it misleads: different rows are differently hard. A candidate can lead only because it got the easier ones, and
no statistic can tell afterwards. The board is split, so that such scores never stand in one column.

What to do: record the candidates it names again on the declared truth, or drop them.

Reference: an exact comparison of hashes, so there is no threshold and no false alarm by chance.
"""

from collections import Counter

from mlee_jupyter.domain import Evidence, Finding, Level, Rule
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.readings import HAND_OVER, NO_JUDGEMENT
from mlee_jupyter.guardrails.rule_words import listed, short, typed

MOST_TRUTHS = 2  # of the other truths, said one by one


def check(evidence: Evidence) -> Finding:
    """Look for one truth that all candidates of the board share."""
    judged: dict[str, dict[str, int]] = {}  # candidate -> truth -> rows
    for line in evidence.on_board:
        if line.truth is not None:
            judged.setdefault(line.candidate, {})[line.truth] = line.n or 0
    if not judged:
        return not_applicable(RULE, NO_JUDGEMENT, HAND_OVER)
    users = Counter(truth for truths in judged.values() for truth in truths)
    if max(users.values()) == len(judged):
        return ok(RULE, "every candidate was judged on the same rows", {"truths": len(users)})
    declared = evidence.declared_truth.fingerprint if evidence.declared_truth else None
    main = declared if declared in users and declared is not None else users.most_common(1)[0][0]
    apart = [name for name, truths in judged.items() if main not in truths]
    same = next(truths[main] for truths in judged.values() if main in truths)
    main_name = _name(evidence, main)
    return finding(
        RULE,
        f"{_said(evidence, apart, judged, main_name)}, the others on {main_name} ({same:,}): not comparable",
        f"Record again on the same rows: %%mlee_candidate {typed(apart[0])} --truth {_typed(evidence, main)}",
        facts={"apart": tuple(apart), "truths": tuple(users)},
        severity=float(len(apart)),
    )


def _said(evidence: Evidence, apart: list[str], judged: dict[str, dict[str, int]], main_name: str) -> str:
    """Who was judged last on which other truth."""
    by_truth: dict[str, list[str]] = {}
    for name in apart:
        by_truth.setdefault(next(reversed(judged[name])), []).append(name)
    parts: list[str] = []
    for other, names in by_truth.items():
        where, rows = _name(evidence, other), judged[names[0]][other]
        where = f"another {where}" if where == main_name else where
        how = f"{where} ({rows:,})" if parts else f"{where} ({rows:,} cases)"
        parts.append(f"{listed(names)} {'' if parts else 'judged '}on {how}")
    left = len(parts) - MOST_TRUTHS
    return ", ".join(parts[:MOST_TRUTHS]) + (f", {left} more elsewhere" if left > 0 else "")


def _name(evidence: Evidence, fingerprint: str) -> str:
    known = evidence.records.truths.get(fingerprint)
    return short(known.name, 20) if known else "truth no longer known"


def _typed(evidence: Evidence, fingerprint: str) -> str:
    known = evidence.records.truths.get(fingerprint)
    return typed(known.name) if known else "y_test"


RULE = Rule(code="MLE401", name="different-test", level=Level.ERROR, check=check)
