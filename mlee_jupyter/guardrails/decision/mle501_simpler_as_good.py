"""MLE501 simpler-as-good: a simpler candidate is as good as the chosen one.

What it sees: the decision names a candidate, and another one, declared simpler with --simplicity (1 is simplest)
and not dropped, costs at most the useful gain against the best.

Why it misleads: the board sorts by score, and the top line looks like the answer. What is simpler is cheaper to
run, to explain and to repair, for years.

What to do: take the simpler one; or keep your choice and say in the reason what it is better at: answer time,
memory, something the metric does not see.

Reference: R. C. Holte (1993), Very simple classification rules perform well on most commonly used datasets, Machine
Learning 11, 63-90. "As good" means that the upper bound of what it may cost, at 95% for all candidates at once, is
within the useful gain: not merely that no difference was found.
"""

from mlee_jupyter.domain import CandidateState, Evidence, Finding, Level, Rule
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.readings import (
    DECIDE,
    HAND_OVER,
    NO_DECISION,
    NO_JUDGEMENT,
    chosen,
    good_enough,
    simplicity,
)
from mlee_jupyter.guardrails.rule_words import number, short, typed


def check(evidence: Evidence) -> Finding:
    """Look for a simpler candidate that is as good as the chosen one."""
    judgement, name = evidence.judgement, chosen(evidence)
    if evidence.experiment.decision is None:
        return not_applicable(RULE, NO_DECISION, DECIDE)
    if name is None:
        return ok(RULE, "decided against all of them")
    standing = judgement.of(name) if judgement else None
    if judgement is None or standing is None:
        return not_applicable(RULE, NO_JUDGEMENT, HAND_OVER)
    if judgement.wrong is not None:
        return not_applicable(RULE, "an error stands first", "Mend it: %mlee_check")
    rank = simplicity(evidence, standing)
    if rank is None:
        read = evidence.candidates[name].read_from if name in evidence.candidates else None
        why = f"was not declared, and cannot be told ({read})" if read else "was not declared"
        return not_applicable(
            RULE, f"how simple {short(name)} is {why}", "Say so: %%mlee_candidate NAME --simplicity 2"
        )
    dropped = {c.name for c in evidence.records.candidates if c.state is CandidateState.DROPPED}
    simpler = {
        s.candidate: ranked
        for s in judgement.standings
        if s.candidate not in dropped and good_enough(judgement, s)
        if (ranked := simplicity(evidence, s)) is not None and ranked < rank
    }
    if not simpler:
        return ok(RULE, f"nothing simpler is as good as {short(name)}")
    better = min(simpler, key=lambda other: simpler[other])
    keep = f"keep {short(name)} {_merit(evidence, name, better)}"
    return finding(
        RULE,
        f"{short(better)} is as good and simpler ({simpler[better]} against {rank})",
        f"%mlee_experiment decide {typed(better)} --because ..., or {keep}",
        facts={"chosen": name, "simpler": better, "ranks": (rank, simpler[better])},
    )


def _merit(evidence: Evidence, name: str, better: str) -> str:
    """What speaks for the chosen one: its answer time, where it is the shorter."""
    times = {line.candidate: line.answer_seconds for line in evidence.on_board if line.answer_seconds}
    mine, other = times.get(name), times.get(better)
    if mine is None or other is None or not 0 < mine < other:
        return "for a reason of its own"
    return f"if answer time matters: {number(1000 * mine)} against {number(1000 * other)} ms"


RULE = Rule(code="MLE501", name="simpler-as-good", level=Level.ADVICE, check=check)
