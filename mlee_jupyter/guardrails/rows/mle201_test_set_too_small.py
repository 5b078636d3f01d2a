"""MLE201 test-set-too-small: the rows cannot resolve the gain that would matter.

What it sees: the smallest difference that these test rows can show with 80% power at the 5% level, against the
useful gain of the charter. Before two candidates are judged it is planned from the expected disagreement: two
good candidates answer differently on about 3% of the rows, or on as many as the gain itself needs. After, it is
measured, from the leader and the nearest candidate it is not separated from; free baselines never count. Two that
answer alike on fewer than 3 / gain rows have measured nothing, so the plan holds. It is silent once the candidates
are separated, or as good for your purpose. It is said again when eight times as many rows are missing.

Why it misleads: on too few rows the best score is mostly luck, and "no difference found" means only that none of
this size could be found.

What to do: score on more rows, about as many as it says; or name a larger useful gain, if a smaller difference
would not change what you do; or expect "can't tell" and take the simplest candidate.

Reference: R. J. Connor (1987), Sample size for testing differences in proportions for the paired-sample design,
Biometrics 43, 207-211: rows = (1.96 + 0.84)^2 d / gain^2 = 7.85 d / gain^2, d the share of rows on which the two
answer differently. 590 rows for 2 points at d = 3%, 2,355 for 1 point. For the 3: J. A. Hanley, A. Lippman-Hand
(1983), If nothing goes wrong, is everything all right?, JAMA 249, 1743-1745.
"""

import math

from mlee_jupyter.domain import Evidence, Finding, Judgement, Level, Rule, Verdict
from mlee_jupyter.domain.text.numbers import gain_text
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.readings import USEFUL_GAIN
from mlee_jupyter.guardrails.rule_words import about, gain_of, number, points, several, short
from mlee_jupyter.stats.metrics.metric_names import counts_right_rows

OFTEN = 0.25  # share of rows on which candidates of different kinds often differ
DISAGREEMENT = 0.03  # share of rows on which two good candidates are expected to differ, before it is measured
CONNOR = 7.85  # (1.96 + 0.8416)^2: two-sided 5%, power 80%
RULE_OF_THREE = 3  # no disagreement on n rows: the true share may still be 3 / n, at 95%
NEVER = 1e12  # rows nobody will ever have


def check(evidence: Evidence) -> Finding:
    """Compare the rows at hand with the rows that the useful gain needs."""
    judgement = evidence.judgement
    if judgement is not None and len(judgement.standings) > 1 and judgement.by != "folds":
        return _measured(judgement) if _disagreed(judgement) else _planned(evidence)
    return _planned(evidence)


def _disagreed(judgement: Judgement) -> bool:
    """Whether the rows have shown a disagreement, or could have shown one of the size of the useful gain."""
    counts = [s.disagreements for s in judgement.standings if s.candidate != judgement.leader]
    seen = [count for count in counts if count is not None]
    return judgement.n * judgement.useful_gain >= RULE_OF_THREE or not seen or min(seen) > 0


def _planned(evidence: Evidence) -> Finding:
    """Before two candidates are judged: from the expected disagreement."""
    truth, charter = evidence.declared_truth, evidence.charter
    if truth is None:
        return not_applicable(RULE, "no truth declared", "Start with it: %mlee_experiment start NAME --truth y_test")
    if truth.kind != "labels" or not (charter.metric is None or counts_right_rows(charter.metric)):
        return not_applicable(
            RULE,
            f"how far two candidates differ in {short(charter.metric or 'this metric', 25)} is not known beforehand",
            "It answers once two candidates are recorded: %%mlee_candidate NAME",
        )
    gain = USEFUL_GAIN if charter.useful_gain is None else charter.useful_gain
    if not 0 < gain < 1:
        return not_applicable(RULE, f"a useful gain of {number(gain)}", "Name one between 0 and 1, such as 0.02")
    needed = min(CONNOR * max(DISAGREEMENT, gain) / gain / gain, NEVER)
    if needed <= truth.n:
        return ok(RULE, f"{truth.n:,} test cases, {about(needed)} needed", {"n": truth.n, "needed": math.ceil(needed)})
    smallest = points(_smallest(truth.n), True, "")
    most = min(CONNOR * max(OFTEN, gain) / gain / gain, NEVER)
    differing = 100 * max(DISAGREEMENT, gain)
    cases = f"About {about(needed)} cases would do for candidates that differ on {differing:.0f}% of them"
    if most > needed:
        cases += f", {about(most)} at {100 * OFTEN:.0f}%"
    return _too_small(truth.n, needed, smallest, points(gain, True, ""), charter.useful_gain is None, cases)


def _smallest(rows: int) -> float:
    """The smallest gain so many rows resolve: two candidates disagree on no fewer rows than their gain."""
    if rows <= 0:
        return 1.0
    gain = math.sqrt(CONNOR * DISAGREEMENT / rows)
    return gain if gain <= DISAGREEMENT else min(1.0, CONNOR / rows)


def _measured(judgement: Judgement) -> Finding:
    """After: from the leader and the nearest candidate that is not separated from it."""
    if judgement.winner is not None:
        return ok(RULE, f"{judgement.n:,} test cases tell {short(judgement.leader)} from the others")
    rivals = [s for s in judgement.standings if s.in_set and s.candidate != judgement.leader]
    if rivals and all(s.verdict is Verdict.AS_GOOD for s in rivals):
        return ok(RULE, "the candidates that lead are as good as each other for the useful gain")
    needed = judgement.rows_needed_for_gain
    if needed is None:
        return not_applicable(RULE, "the candidates that lead answer alike on every row", "Compare another candidate")
    if needed <= judgement.n:
        return ok(RULE, f"{judgement.n:,} test cases, {about(needed)} needed", {"n": judgement.n, "needed": needed})
    smallest = judgement.smallest_gain
    if smallest is None:
        smallest = judgement.useful_gain * math.sqrt(needed / max(judgement.n, 1))
    gain = gain_of(judgement, judgement.useful_gain)
    cases = f"About {about(needed)} cases would do"
    if judgement.by == "time":
        cases += ", or forecasts from several origins"
    shown = gain_of(judgement, smallest) if judgement.bounded else gain_text(smallest, False)
    if judgement.bounded and smallest >= 1:
        shown = ""  # no two scores in 0..1 are so far apart
    return _too_small(judgement.n, needed, shown, gain, judgement.useful_gain_assumed, cases)


def _too_small(rows: int, needed: float, smallest: str, gain: str, assumed: bool, cases: str) -> Finding:
    wanted = f"you need {gain}" if not assumed else f"{gain} is assumed to be useful"
    tell = f"can tell candidates apart only if they differ by more than {smallest}"
    return finding(
        RULE,
        f"{several(rows, 'test case')} {tell if smallest else 'cannot tell these candidates apart'}; {wanted}",
        f'{cases}. With {rows:,}, expect "can\'t tell". %mlee_check MLE201 explains',
        facts={"n": rows, "needed": math.ceil(needed)},
        severity=1 + math.log(max(needed / max(rows, 1), 1), 8),  # a step: eight times as many rows are missing
    )


RULE = Rule(code="MLE201", name="test-set-too-small", level=Level.WARNING, check=check)
