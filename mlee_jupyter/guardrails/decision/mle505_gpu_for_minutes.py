"""MLE505 gpu-for-minutes: a graphics processor is used for what takes minutes.

What it sees: runs that count and used a graphics processor, as the model's own settings (device = "cuda"), a
network's numbers or the code of their cell tell, and that no run of that candidate took ten minutes. What only might
be used, as `"cuda" if available() else "cpu"`, does not count, nor do networks and remote models (simplicity 5 and
6), which answer too slowly without. Another time, in minutes: [tool.mlee.rules.gpu-for-minutes] limit = 30.

Why it misleads: the quick run is the pleasant part. Such a machine costs ten times an ordinary one by the hour, must
be found, booked and kept up with its drivers, and often waits for data; on one processor the same fit may take half
an hour a month, at night, which nobody waits for.

What to do: time it once without. Keep the graphics processor where the difference is worth its price.

Reference: the ten minutes are a judgement. L. Grinsztajn, E. Oyallon and G. Varoquaux (2022), Why do tree-based
models still outperform deep learning on typical tabular data?, NeurIPS 35, for how little of such data needs one. A
preview: [tool.mlee.rules.gpu-for-minutes] preview = true.
"""

from datetime import timedelta

from mlee_jupyter.domain import Evidence, Finding, Level, Rule
from mlee_jupyter.domain.durations import show
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.readings import limit
from mlee_jupyter.guardrails.rule_words import listed

LEAST = 10.0  # minutes
NETWORK = 5  # of simplicity


def check(evidence: Evidence) -> Finding:
    """Hold how long fits took against what they ran on."""
    if not evidence.on_board:
        return not_applicable(RULE, "no result yet", "Record one: %%mlee_candidate NAME")
    longest: dict[str, timedelta] = {}
    for run in evidence.on_board:
        if run.machine is not None and run.machine.gpu and not _is_network(evidence, run.candidate):
            took = timedelta(microseconds=run.duration_us)
            longest[run.candidate] = max(took, longest.get(run.candidate, took))
    if not longest:
        return ok(RULE, "no graphics processor was seen, but for networks")
    least = timedelta(minutes=limit(evidence, RULE.name, LEAST))
    short_ones = {name: took for name, took in longest.items() if took < least}
    if not short_ones:
        return ok(RULE, facts={"longest": longest})
    names = sorted(short_ones, key=lambda name: short_ones[name], reverse=True)
    said = f"took {show(short_ones[names[0]])}{'' if len(names) == 1 else ' at most'} on a graphics processor"
    return finding(
        RULE,
        f"{listed(names)} {said}",
        "Time it once without one; where that is soon enough, an ordinary machine does",
        facts={"longest": longest, "limit": least},
        severity=float(len(names)),
    )


def _is_network(evidence: Evidence, name: str) -> bool:
    known = evidence.candidates.get(name)
    return known is not None and known.simplicity is not None and known.simplicity >= NETWORK


RULE = Rule(code="MLE505", name="gpu-for-minutes", level=Level.ADVICE, check=check, preview=True)
