"""MLE206 still-learning: more training rows would still lift a candidate by more than the useful gain.

What it sees: runs of one candidate that say how many rows they were trained on (%%mlee_candidate svm --trained-on 500,
or record(..., trained_on=500)). Its last step, counted per doubling of the training rows, gained more than the useful
gain, and beyond chance on the same test rows. Runs trained on fewer rows than the candidate's most stay off the board.

Why it misleads: candidates learn at different speeds. Who leads at 1,000 training rows need not lead at 10,000, and a
choice made on a part of the data may be the wrong one for all of it.

What to do: train on more rows before you decide; or, if there will never be more, decide for the rows you have.

Reference: T. Viering, M. Loog (2023), The shape of learning curves: a review, IEEE TPAMI 45, 7799-7819: curves cross,
and a last step is no promise for the next. Paired 95% interval of the step. A preview: of 2,000 pairs of runs without
any gain, on 100 to 2,000 test rows, it fires in 2.1%, and in 73% where a doubling gains four points.
"""

import math

from mlee_jupyter.domain import Evidence, Finding, Judgement, Learning, Level, Rule
from mlee_jupyter.guardrails.answers import finding, not_applicable, ok
from mlee_jupyter.guardrails.readings import HAND_OVER, NO_JUDGEMENT
from mlee_jupyter.guardrails.rule_words import gain_of, short


def check(evidence: Evidence) -> Finding:
    """Look at the last step of every learning curve."""
    judgement, sample = evidence.judgement, evidence.sample
    if judgement is None:
        return not_applicable(RULE, NO_JUDGEMENT, HAND_OVER)
    curves = [step for step in sample.learning if _usable(step)] if sample is not None else []
    if not curves:
        return not_applicable(
            RULE,
            "no candidate was recorded at two sizes of the training rows",
            "Record it twice: %%mlee_candidate NAME --trained-on 500, then with twice as many",
        )
    rising = [step for step in curves if step.low > 0 and _pace(step) > judgement.useful_gain]
    if not rising:
        return ok(RULE, "the last training rows added less than the useful gain")
    first = max(rising, key=_pace)
    gained = gain_of(judgement, first.gain)
    return finding(
        RULE,
        f"{short(first.candidate, 25)} still learns: {gained} gained between {first.small:,} and {first.large:,} "
        "training rows",
        f"Train on more rows before you decide{_overtakes(curves, judgement)}",
        facts={step.candidate: _pace(step) for step in rising},
        severity=float(len(rising)),
    )


def _usable(step: Learning) -> bool:
    return 0 < step.small < step.large and all(map(math.isfinite, (step.gain, step.low, step.score)))


def _pace(step: Learning) -> float:
    """Gain per doubling."""
    return step.gain / math.log2(step.large / step.small)


def _overtakes(curves: list[Learning], judgement: Judgement) -> str:
    """Who would lead with twice the rows, were the pace to hold."""
    sign = 1 if judgement.higher_is_better else -1
    now = max(curves, key=lambda step: sign * step.score)
    then = max(curves, key=lambda step: sign * step.score + _pace(step))
    if now.candidate == then.candidate:
        return ""
    return f"; at this pace {short(then.candidate, 20)} passes {short(now.candidate, 20)} with twice as many"


RULE = Rule(code="MLE206", name="still-learning", level=Level.ADVICE, check=check, preview=True)
