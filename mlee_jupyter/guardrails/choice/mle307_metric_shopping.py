"""MLE307 metric-shopping: the choice was made by another metric than the one agreed on.

What it sees: a decision for a candidate by a metric that came into the charter after the first result, without a
reason; or for a candidate that has scores in other metrics only, none in the one of the charter. A reason given with
the change, or with a later version of the charter, is enough.

Why it misleads: candidates change places from one metric to the next, so with several metrics to choose from nearly
everyone can be made the winner.

What to do: go back to the metric that was agreed on, or say why the other one serves the question better.

Reference: B. A. Nosek and others (2018), The preregistration revolution, PNAS 115, 2600-2606.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from mlee_jupyter.domain import CharterVersion, Evidence, Finding, Level, Result, Rule
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.readings import DECIDE, NO_DECISION, chosen
from mlee_jupyter.guardrails.rule_words import listed, short
from mlee_jupyter.stats.metrics.metric_names import known, may_be_loss

REASON = "Go back to it, or say why: %mlee_experiment change metric={} --because ..."


def check(evidence: Evidence) -> Finding:
    """Hold the metric of the decision against the one that stood when the first result came."""
    if evidence.experiment.decision is None:
        return not_applicable(RULE, NO_DECISION, DECIDE)
    name, metric = chosen(evidence), evidence.charter.metric
    results = [r for r in evidence.on_board if r.metric is not None]
    if name is None or metric is None or not results:
        return ok(RULE, "no metric was left")
    own = {r.metric for r in results if r.candidate == name}
    if own and _spelled_out(metric) not in {_spelled_out(one) for one in own} and not _judged(evidence, name):
        return finding(
            RULE,
            f"{short(name)} was chosen with {listed(sorted(map(str, own)))} only; the charter says {short(metric)}",
            f"Record it in {short(metric)}, or agree on another metric: %mlee_experiment change --because ...",
            facts={"chosen": name, "metric": metric, "others": tuple(sorted(map(str, own)))},
        )
    first = _metric_at(evidence.records.charters, _ended(results[0])) or results[0].metric
    if first is None or _spelled_out(first) == _spelled_out(metric) or _reasoned(evidence.records.charters, metric):
        return ok(RULE, f"decided by {short(metric)}, as agreed")
    leader = _leader(results, first, evidence)
    by_it = f", which {short(leader)} led" if leader is not None and leader != name else ""
    return finding(
        RULE,
        f"{short(name)} was chosen by {short(metric)}; until results came it was {short(first)}{by_it}",
        REASON.format(short(metric)),
        facts={"chosen": name, "metric": metric, "agreed": first, "leader": leader},
        severity=2.0 if by_it else 1.0,
    )


def _judged(evidence: Evidence, name: str) -> bool:
    """Whether it was judged in the charter's metric all the same: predictions can be scored again."""
    agreed = _spelled_out(evidence.charter.metric)
    return any(_spelled_out(j.metric) == agreed and j.of(name) is not None for j in evidence.judgements)


def _spelled_out(metric: str | None) -> str | None:
    """A metric's one name: a charter may say mae where a judgement says mean_absolute_error."""
    facts = known(metric)
    return facts.name if facts else metric  # what nobody knows goes by one name only


def _ended(result: Result) -> datetime:
    return datetime.fromtimestamp((result.started_us + result.duration_us) / 1e6, UTC)


def _metric_at(charters: Sequence[CharterVersion], at: datetime) -> str | None:
    before = [version for version in sorted(charters, key=lambda v: v.version) if version.at <= at]
    return before[-1].charter.metric if before else None


def _reasoned(charters: Sequence[CharterVersion], metric: str) -> bool:
    """Whether a version that names this metric, but for the very first, gives a reason."""
    ordered = sorted(charters, key=lambda v: v.version)
    agreed = _spelled_out(metric)
    return any((v.because or "").strip() and _spelled_out(v.charter.metric) == agreed for v in ordered[1:])


def _leader(results: Sequence[Result], metric: str, evidence: Evidence) -> str | None:
    """Who led by the scores recorded in a metric; None where its direction is not known."""
    scores: dict[str, list[float]] = {}
    for r in results:
        if r.metric == metric and r.value is not None and r.value == r.value:
            scores.setdefault(r.candidate, []).append(r.value)
    if len(scores) < 2 or may_be_loss(metric):
        return None
    return max(scores, key=lambda one: max(scores[one]))


RULE = Rule(code="MLE307", name="metric-shopping", level=Level.WARNING, check=check)
