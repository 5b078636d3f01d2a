"""MLE504 cluster-for-megabytes: a cluster works on data that one machine holds.

What it sees: a run that counts and that gave its work to Spark, Dask's distributed scheduler or Ray, as its model or
the variables of its cell tell, and tables at hand of less than 10 GB together: the declared test and training rows
and those that the cell reads. An engine that says that it works on this machine alone is none. Another size, in GB:
[tool.mlee.rules.cluster-for-megabytes] limit = 50.

Why it misleads: it looks like being ready for growth. Until then every step is slower, since rows travel; every fault
is harder to find; and machines are paid for that wait for each other.

What to do: take the same rows into one machine's memory and run it there once, before anything is built on the
cluster.

Reference: F. McSherry, M. Isard and D. G. Murray (2015), Scalability, but at what COST?, HotOS XV: one thread was
faster than clusters of hundreds of cores on graphs of a few GB. The 10 GB are a judgement: machines with several
times as much memory are ordinary. A preview: [tool.mlee.rules.cluster-for-megabytes] preview = true.
"""

from mlee_jupyter.domain import Evidence, Finding, Level, Rule
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.readings import limit
from mlee_jupyter.guardrails.rule_words import number, short

MOST = 10.0  # GB
GB = 1e9


def check(evidence: Evidence) -> Finding:
    """Hold the size of the data against what works on them."""
    if not evidence.on_board:
        return not_applicable(RULE, "no result yet", "Record one: %%mlee_candidate NAME")
    runs = [(r.candidate, m) for r in evidence.on_board if (m := r.machine) is not None and m.cluster]
    if not runs:
        return ok(RULE, "no cluster was seen")
    sized = {name: (seen.cluster, seen.data_bytes) for name, seen in runs if seen.data_bytes is not None}
    if not sized:
        return not_applicable(RULE, "how large the data are is not known", "Name them: --features X_test")
    most = limit(evidence, RULE.name, MOST)
    small = {name: (engine, size) for name, (engine, size) in sized.items() if size < most * GB}
    facts = {"gigabytes": {name: size / GB for name, (_, size) in sized.items()}, "limit": most}
    if not small:
        return ok(RULE, facts=facts)
    name = max(small, key=lambda one: small[one][1])
    engine, size = small[name]
    return finding(
        RULE,
        f"{short(name)} runs on {engine} for {_size(size)}; one machine holds {number(most)} GB",
        "Run it once on one machine, with the same rows in memory, and compare the time",
        facts=facts,
    )


def _size(amount: int) -> str:
    return f"{number(amount / GB)} GB" if amount >= GB else f"{number(max(1.0, amount / 1e6))} MB"


RULE = Rule(code="MLE504", name="cluster-for-megabytes", level=Level.ADVICE, check=check, preview=True)
