"""An audit in plain words: each answer a few sentences, by the numbers of the judgement and nothing else."""

from __future__ import annotations

from mlee_jupyter.domain import Judgement, Verdict
from mlee_jupyter.domain.audits import Audit, Tuning
from mlee_jupyter.domain.text.names import clean, count, cut, label, listed, sentences
from mlee_jupyter.domain.text.numbers import gain_text, number, rows_text, score_text

_NAMED = 4


def heading(audit: Audit) -> str:
    """What was read, and where."""
    tried = audit.tried
    return f"{cut(label(tried.name), 60)}: {tried.kind} in {cut(clean(tried.place), 120)}"


def scope(audit: Audit) -> str:
    """How many tries there are, and what they were judged by."""
    tried = audit.tried
    said = [f"{_things(audit, len(tried.tries))}, {audit.scored:,} judged"]
    said += [f"{many:,} {clean(why, 60)}" for why, many in audit.lacking.items()]
    failed = audit.judgement.failed if audit.judgement else {}
    if failed:
        said.append(f"{len(failed):,} that cannot be")
    direction = "higher is better" if audit.higher_is_better else "lower is better"
    score = "" if tried.score in ("", audit.metric) else f", read from {cut(clean(tried.score), 40)}"
    what = f"Score: {clean(audit.label, 60)}{score}, {direction}"
    return sentences([", ".join(said), what, *(clean(one, 200) for one in tried.remarks), _by(audit)])


def _by(audit: Audit) -> str:
    judgement = audit.judgement
    if judgement is None:
        return ""
    if judgement.by == "scores":
        return f"Judged by the scores and {judgement.n:,} rows, as if each were on rows of its own: a bound"
    if judgement.caveat:
        return judgement.caveat
    return f"Judged by predictions on the same {judgement.n:,} rows"


def answers(audit: Audit) -> dict[str, str]:
    """The answers, by their short heads, the most important first."""
    judgement = audit.judgement
    if judgement is None:
        return {"Best": _bare(audit)}
    if len(judgement.standings) < 2:
        return {"Best": f"Only {_name(judgement.leader)} was judged: there is nothing to compare it with."}
    found = {
        "Top": _top(audit, judgement),
        "Luck": _luck(audit, judgement),
        "Gain": _gain(judgement),
        "Tuning": _tuning(audit, audit.tuning) if audit.tuning else "",
        "Failed": _failed(judgement),
    }
    return {head: text for head, text in found.items() if text}


def _bare(audit: Audit) -> str:
    best = audit.best
    if best is None:
        return f"{audit.why_not}."
    score = score_text(best.score, audit.bounded, unit=True)
    return sentences(
        [f"{_name(best.name)} scored best: {score}", audit.why_not, "So nobody can say whether it is best"]
    )


def _top(audit: Audit, judgement: Judgement) -> str:
    leader = _name(judgement.leader)
    if judgement.winner is not None:
        return f"{leader} is best: beyond chance ahead of all {audit.scored - 1:,} others."
    if audit.top < 2 and not audit.at_least:
        told = f"{leader} scored best"
    else:
        least = "at least " if audit.at_least else ""
        told = f"{leader} scored best, and {least}{audit.top:,} of {audit.scored:,} cannot be told apart at the top"
    good = [
        s.candidate for s in judgement.standings if s.verdict is Verdict.AS_GOOD and s.candidate != judgement.leader
    ]
    as_good = ""
    if good:
        gain = gain_text(judgement.useful_gain, judgement.bounded)
        verb = "is" if len(good) == 1 else "are"
        as_good = f"{listed(good, most=_NAMED)} {verb} as good (within {gain})"
    no_winner = f"No winner is named: {judgement.no_winner_reason}" if judgement.no_winner_reason else ""
    return sentences([told, as_good, no_winner, _guessing(judgement)])


def _guessing(judgement: Judgement) -> str:
    unbeaten = judgement.unbeaten()
    if not unbeaten:
        return ""
    shown = score_text(unbeaten[0].score, judgement.bounded, unit=True)
    return f"Nothing beats guessing yet: {_name(unbeaten[0].name)} alone scores {shown}"


def _luck(audit: Audit, judgement: Judgement) -> str:
    """The luck of the choice, for tries that were fixed beforehand; steering comes on top."""
    if not judgement.flattery > 0:
        return ""
    by = gain_text(judgement.flattery, judgement.bounded)
    about = "" if by.startswith("less") else "at most about " if judgement.by == "scores" else "about "
    said = f"Choosing the best of {judgement.looks:,} flatters {_name(judgement.leader)} by {about}{by}"
    more = {None: "More, if tries were chosen by earlier scores", True: "More, as tries were chosen by earlier scores"}
    steering = more.get(audit.steered, "")
    bound = number(judgement.leader_bound)
    if bound is None:
        return sentences([said, steering])
    leader = judgement.of(judgement.leader)
    shown = score_text(leader.score if leader else None, judgement.bounded, unit=True)
    side = "above" if judgement.higher_is_better else "below"
    sure = score_text(bound, judgement.bounded, unit=True)
    return sentences([f"{said}; with {shown} seen it is surely {side} {sure} (95 in 100)", steering])


def _gain(judgement: Judgement) -> str:
    """Whether the sample carries the useful gain."""
    gain = gain_text(judgement.useful_gain, judgement.bounded)
    assumed = " (assumed)" if judgement.useful_gain_assumed else ""
    what = count(judgement.n, "fold" if judgement.by == "folds" else "row")
    if judgement.winner is not None:
        return f"{what} tell {_name(judgement.leader)} from the others."
    rivals = [s for s in judgement.standings if s.in_set and s.candidate != judgement.leader]
    if not rivals:
        return ""  # why nobody is the winner is said above
    if all(s.verdict is Verdict.AS_GOOD for s in rivals):
        return f"{what} carry a gain of {gain}{assumed}: who leads is as good as each other."
    if judgement.by == "folds":
        return f"{what} do not carry a gain of {gain}{assumed}: {_cost(judgement)}."
    needed, smallest = judgement.rows_needed_for_gain, judgement.smallest_gain
    if needed is None:
        return ""
    if needed <= judgement.n:
        return f"{what} carry a gain of {gain}{assumed}: about {rows_text(needed)} are needed."
    alone, most = ("By the scores alone ", "at most about") if judgement.by == "scores" else ("", "about")
    shown = "" if smallest is None or (judgement.bounded and smallest >= 1) else gain_text(smallest, judgement.bounded)
    least = f" The least that they show is {shown}." if shown else ""
    return f"{alone}{what} do not carry a gain of {gain}{assumed}: it needs {most} {rows_text(needed)}.{least}"


def _cost(judgement: Judgement) -> str:
    """What may be lost by the wrong one of those that are not told apart."""
    open_still = [s.cost_bound for s in judgement.standings if s.in_set and s.verdict is not Verdict.AS_GOOD]
    most = gain_text(max(open_still), judgement.bounded)
    return f"the wrong one of those not told apart may cost up to {most}"


def _tuning(audit: Audit, tuning: Tuning) -> str:
    if audit.steered is False:
        return ""  # fixed beforehand, all luck is that of the choice
    start = tuning.steered_from
    if start is None:
        even = "each chosen by the scores before it" if audit.steered else "even if each was chosen by those before it"
        return f"The {tuning.tries:,} tries, {even}, are within what this carries."
    may = "may give" if tuning.is_bound else "is expected to give"
    luck = f"luck alone {may} more than {gain_text(tuning.luck, audit.bounded)} from try {start:,} on"
    made = f"{tuning.tries:,} were made"
    if audit.steered:
        return f"As each try was chosen by the scores before it, {luck}; {made}."
    return f"If each try was chosen by the scores before it, {luck}; {made}."


def _failed(judgement: Judgement) -> str:
    if not judgement.failed:
        return ""
    name, why = next(iter(judgement.failed.items()))
    more = f" {len(judgement.failed) - 1:,} more could not be judged." if len(judgement.failed) > 1 else ""
    return sentences([f"{_name(name)}: {clean(why, 200)}"]) + more


def _things(audit: Audit, many: int) -> str:
    return count(many, audit.tried.thing)


def _name(name: str) -> str:
    return cut(label(name), 40)
