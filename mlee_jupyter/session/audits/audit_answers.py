"""Which rules speak about a search, and what would tell more of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from mlee_jupyter import guardrails
from mlee_jupyter.domain import Charter, Decision, Evidence, Experiment, Finding, Judgement, Level, Outcome, Records
from mlee_jupyter.domain.audits import Audit
from mlee_jupyter.domain.text.numbers import gain_text
from mlee_jupyter.stats.metrics.metric_names import counts_right_rows

_ASKED = ("test-set-too-small", "winner-by-luck", "winner-flattered", "below-baseline")
_REMEDY = {
    "MLE201": "Score on more rows, or name a greater useful gain: --useful-gain.",
    "MLE301": "Take the simplest of those that are not told apart, or score them on more rows.",
    "MLE305": "Confirm the best on rows that nobody has looked at before you promise its score.",
    "MLE306": "Confirm the best on rows that nobody has looked at; tune on by folds of the training rows.",
    "MLE405": "Look at the data and the features before another model.",
}


def findings_of(audit: Audit) -> tuple[Finding, ...]:
    """What the rules of a board find, were the best taken.

    Args:
        audit: judged, its tuning known.
    """
    judgement = audit.judgement
    if judgement is None or len(judgement.standings) < 2:
        return ()
    evidence = _evidence(judgement)
    answers = [guardrails.ask(name, evidence) for name in _ASKED]
    found = [replace(a, remedy=_remedy(a.rule, judgement)) for a in answers if a.outcome is Outcome.FINDING]
    return tuple(sorted([*found, *_worn(audit)], key=lambda one: one.rule))


def _remedy(rule: str, judgement: Judgement) -> str:
    if rule == "MLE201" and judgement.by == "scores":
        return "Predictions on the same rows may do; else score on more rows, or name a greater --useful-gain."
    return _REMEDY[rule]


def _evidence(judgement: Judgement) -> Evidence:
    """As if somebody had decided for the best score, which is what an export of a search suggests."""
    now = datetime.now(UTC)
    charter = Charter(
        metric=judgement.metric, useful_gain=None if judgement.useful_gain_assumed else judgement.useful_gain
    )
    experiment = Experiment(
        id=0,
        name="",
        charter=charter,
        budget=None,
        deadline=None,
        opened_at=now,
        decision=Decision(candidate=judgement.leader, because="the best score", at=now),
    )
    return Evidence(
        now=now, records=Records(experiment=experiment), used=timedelta(), efforts={}, judgements=(judgement,)
    )


def _worn(audit: Audit) -> list[Finding]:
    tuning = audit.tuning
    if tuning is None or not audit.steered or tuning.steered_from is None:
        return []
    return [
        Finding(
            rule="MLE306",
            name="test-set-worn",
            level=Level.WARNING,
            outcome=Outcome.FINDING,
            message=f"{tuning.tries:,} tries, each chosen by the scores before it: from try {tuning.steered_from:,} on "
            f"luck alone may give {gain_text(tuning.luck, audit.bounded)}",
            remedy=_REMEDY["MLE306"],
            facts={"tries": tuning.tries, "from": tuning.steered_from, "luck": tuning.luck},
        )
    ]


def missing_of(audit: Audit, rows: int | None) -> tuple[str, ...]:
    """What is not known and would tell more, with what to type.

    Args:
        audit: all else of it.
        rows: behind each score, if anybody said so.
    """
    judgement, tried = audit.judgement, audit.tried
    said = []
    if judgement is None and counts_right_rows(audit.metric) and rows is None:
        said.append("The number of rows behind each score: --rows N gives bounds of luck and error.")
    if judgement is None or judgement.by in ("scores", "folds"):
        said.append(_predictions(tried.kind))
    if judgement is None and tried.kind != "scikit-learn search":
        said.append("Or fold scores of each, as cv_results_ has them: they tell their own error.")
    if judgement is not None and judgement.useful_gain_assumed and len(judgement.standings) > 1:
        gain = gain_text(judgement.useful_gain, judgement.bounded)
        said.append(f"The gain that would change a decision: --useful-gain G; {gain} was assumed.")
    tuning = audit.tuning
    if audit.steered is None and tuning is not None and tuning.steered_from is not None:
        said.append("How tries were chosen: --tried steered (each by the scores before it) or --tried planned.")
    return tuple(said)


def _predictions(kind: str) -> str:
    more = "tell most, for all are judged on the same rows"
    if kind == "MLflow experiment":
        return f"Predictions {more}: log a file of truth and prediction with each run, and add --predictions FILE."
    return f"Predictions {more}: a folder of files, one column a model, with the truth; then mlee audit FOLDER."
