"""MLE601 charter-gaps: the charter leaves open what some rules need.

What it sees: missing fields of the charter, and what cannot be checked or said because of each:

- question, decision, owner: what the brief is about, what it decides and for whom;
- metric: it is chosen from the truth, and it can be chosen to please (MLE406 still looks);
- useful_gain: 0.02 is taken for scores in 0..1, 2% of the best for losses (MLE201, MLE305, "as good");
- must_reach: whether the target is reached (MLE202), and that you can stop (MLE508);
- population: whether the sample holds every kind it must (MLE203).

Why it misleads: silence looks like approval. A board without findings means little if half the rules had nothing to
go by. But an experiment may begin with a question half put, so it is said where it counts: at the decision. Before,
%mlee_check --all lists the gaps.

What to do: fill in what you know, before the first result if you can; or live with it, knowingly. It is said once.

Reference: B. A. Nosek and others (2018), The preregistration revolution, PNAS 115, 2600-2606, for why to write down
the question and the measure before looking.
"""

from mlee_jupyter.domain import Charter, Evidence, Finding, Level, Rule
from mlee_jupyter.guardrails.answers import finding, ok

FIELDS = ("question", "decision", "owner", "metric", "useful_gain", "must_reach", "population")
UNCHECKED = {"must_reach": "target (MLE202, MLE508)", "population": "kinds (MLE203)"}
TAKEN = {"metric": "a fitting metric", "useful_gain": "a gain of 2 points or 2%"}


def check(evidence: Evidence) -> Finding:
    """List the fields that are missing, and what stays unchecked."""
    gaps = tuple(field for field in FIELDS if _missing(evidence.charter, field))
    if not gaps:
        return ok(RULE, "the charter is complete")
    if evidence.experiment.decision is None:
        return ok(RULE, f"open in the charter until the decision: {', '.join(gaps)}", {"missing": gaps})
    unchecked = [UNCHECKED[field] for field in gaps if field in UNCHECKED]
    taken = [TAKEN[field] for field in gaps if field in TAKEN]
    costs = [
        *([f"Not checked: {', '.join(unchecked)}"] if unchecked else []),
        *([f"{'taken' if unchecked else 'Taken'}: {', '.join(taken)}"] if taken else []),
    ]
    return finding(
        RULE,
        f"The charter leaves open: {', '.join(gaps)}",
        f"{'; '.join(costs) or 'The brief will lack them'}. Fill in: %%mlee_experiment change",
        facts={"missing": gaps, "unchecked": tuple(unchecked), "taken": tuple(taken)},
    )


def _missing(charter: Charter, field: str) -> bool:
    value = getattr(charter, field)
    if field == "population":
        return value is None or (value.kinds is None and value.column is None and value.frame is None)
    return value is None or (isinstance(value, str) and not value.strip())


RULE = Rule(code="MLE601", name="charter-gaps", level=Level.ADVICE, check=check)
