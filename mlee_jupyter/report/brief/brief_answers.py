"""The sentences of a brief: each answers one question of someone who has seen nothing else, without our jargon."""

from __future__ import annotations

from collections.abc import Sequence

from mlee_jupyter.domain import Evidence, Finding, Judgement, Level, Outcome, Standing, Verdict
from mlee_jupyter.domain.text import units
from mlee_jupyter.domain.text.names import clean, count, cut, label, sentences
from mlee_jupyter.domain.text.numbers import (
    gain_text,
    gains_text,
    money_text,
    range_text,
    rows_text,
    score_text,
    target_text,
    time_text,
)
from mlee_jupyter.report.board.target_words import looked_at, reached
from mlee_jupyter.report.text.plain_json import JSON
from mlee_jupyter.report.text.serving_words import cost_text
from mlee_jupyter.stats.metrics.metric_names import counts_right_rows

_AFTERWARDS = "No measurement is written here: without a group that goes on as today, nobody can say what it earned."
MOST = 4  # risks and reasons that are listed one by one


def answers(evidence: Evidence, findings: Sequence[Finding], board: JSON) -> list[JSON]:
    """Heads with their answers, in the order in which someone who decides would ask."""
    return [
        {"head": head, "text": text}
        for head, text in (
            ("Is it solved?", _solved(evidence, findings)),
            ("How sure is that?", _how_sure(evidence, board)),
            ("What is done today?", _today(evidence)),
            ("What do we suggest?", _suggested(evidence, findings)),
            ("How long does it take?", _how_long(board)),
            ("What does it cost, and what is it worth?", _worth(evidence)),
            ("How will we know that it worked?", _afterwards(evidence)),
        )
        if text
    ]


def open_risks(findings: Sequence[Finding]) -> list[str]:
    """What stands and was not accepted, the worst first: errors, then warnings."""
    found = [f for f in findings if f.outcome is Outcome.FINDING and f.level is not Level.ADVICE]
    found.sort(key=lambda f: (f.level is not Level.ERROR, f.rule))
    return _few([sentences([clean(f.message, 300)]) for f in found])


def accepted(evidence: Evidence, findings: Sequence[Finding]) -> list[str]:
    """What was accepted, with the reason that was given: warnings, more time, changes of what was agreed."""
    said = []
    for one in findings:
        if one.outcome is Outcome.IGNORED and one.ignored is not None:
            reason = clean(one.ignored.because or "no reason was given", 200)
            said.append(f"{clean(one.message or one.name, 200)}: {reason}")
    said += [f"More time ({time_text(e.by)}): {clean(e.because, 200)}" for e in evidence.experiment.extensions]
    for version in evidence.records.charters[1:]:
        reason = clean(version.because or "no reason was given", 200)
        said.append(f"What was agreed changed on {version.at.astimezone():%d %b %Y}: {reason}")
    return _few([sentences([line]) for line in said])


def not_said(evidence: Evidence) -> list[str]:
    """What nobody wrote down, each with what can therefore not be said."""
    charter, decision = evidence.charter, evidence.experiment.decision
    lacking = [
        ("The question", charter.question, "what this answers"),
        ("What is done today", charter.today, "what this is better than"),
        ("What hangs on it", charter.decision, "what changes with the answer"),
        ("Who decides", charter.owner, "whom to ask"),
        ("What would be good enough", charter.must_reach, "whether it is solved"),
    ]
    said = [f"{what}: nobody can read here {why}" for what, value, why in lacking if value is None]
    if decision is not None and not (decision.because or "").strip():
        said.append("Why it was decided so")
    return [sentences([line]) for line in said]


def _few(lines: list[str]) -> list[str]:
    left = len(lines) - MOST
    return lines if left <= 0 else [*lines[:MOST], f"And {left} more."]


def _error(findings: Sequence[Finding]) -> str:
    """The first error that stands; an answer built on it would be none."""
    wrong = [f for f in findings if f.outcome is Outcome.FINDING and f.level is Level.ERROR]
    return clean(min(wrong, key=lambda f: f.rule).message, 300) if wrong else ""


def _solved(evidence: Evidence, findings: Sequence[Finding]) -> str:
    decision, judgement, one = evidence.experiment.decision, evidence.judgement, looked_at(evidence)
    yet = "Nobody can tell yet" if decision is None else "Nobody can tell"
    if wrong := _error(findings):
        return sentences([f"{yet}: something is wrong with the comparison", wrong])
    if decision is not None and decision.candidate is None:
        return "No: none of the approaches was taken."
    chip, _, why = reached(evidence, yet).partition(": ")
    said = [f"{chip}: {why}" if why and judgement is None else chip]
    if judgement is not None and one is not None:
        said.append(_seen(judgement, one, evidence))
        if judgement.nothing_beats_guessing:
            said.append("That is no better than a guess that has learned nothing")
    return sentences(said)


def _seen(judgement: Judgement, one: Standing, evidence: Evidence) -> str:
    """What the approach did in the test, as a share of cases where that is what was counted."""
    sure = range_text(one.low, one.high, judgement.bounded, joint=" to ")
    target = evidence.charter.must_reach
    wanted = "nobody wrote what would be good enough"
    if target is not None:
        wanted = f"{target_text(target, judgement.bounded)} would be good enough"
    if counts_right_rows(judgement.metric) and judgement.by not in units.WITHOUT_ROWS:
        return f"{_name(one.candidate)} was right in {score_text(one.score, True)} of 100 test cases ({sure}); {wanted}"
    better = "" if judgement.higher_is_better else ", lower is better"
    scored = score_text(one.score, judgement.bounded, unit=True)
    return f"{_name(one.candidate)} scored {scored} in the test ({sure}{better}); {wanted}"


def _how_sure(evidence: Evidence, board: JSON) -> str:
    judgement = evidence.judgement
    if judgement is None:
        return ""
    others = [s for s in judgement.standings if s.candidate != judgement.leader]
    said = [f"It rests on {units.how_many(judgement)}"]
    if judgement.caveat:
        said.append(clean(judgement.caveat, 300))
    elif judgement.by != "scores":
        said.append("All of them come from one data set: what that does not hold, this cannot say")
    said += board["words"][:1]  # that there are several truths
    unsure = sum(s.verdict is Verdict.CANT_TELL for s in others)
    tried = count(len(judgement.standings), "approach", "approaches")
    if judgement.wrong:
        said.append("The comparison does not count until what is wrong is mended")
    elif judgement.winner is not None and others:
        said.append(f"Of {tried} tried, the best is ahead by more than luck")
    elif unsure:
        more = f"; about {rows_text(judgement.rows_needed)} cases would tell more" if judgement.rows_needed else ""
        said.append(f"Of {tried} tried, {unsure} may be as good as the best{more}")
    by = gain_text(judgement.flattery, judgement.bounded) if judgement.looks > 1 and judgement.flattery > 0 else ""
    if by and not by.startswith("less") and not judgement.wrong:
        said.append(f"Picking the best of {judgement.looks:,} tries makes it look about {by} better than it is")
    return sentences(said)


def _today(evidence: Evidence) -> str:
    """What is done now, and what one would do without a model; empty where nobody wrote it."""
    charter = evidence.charter
    by_hand = f"Without anything learned from data one would: {clean(charter.by_hand, 300)}" if charter.by_hand else ""
    return sentences([line for line in (clean(charter.today or "", 300), by_hand) if line])


def _suggested(evidence: Evidence, findings: Sequence[Finding]) -> str:
    decision, judgement = evidence.experiment.decision, evidence.judgement
    if decision is not None:
        chosen = "None of the approaches" if decision.candidate is None else _name(decision.candidate)
        because = f", because {clean(decision.because, 300)}" if (decision.because or "").strip() else ""
        said = [f"Decided on {decision.at.astimezone():%d %b %Y}: {chosen}{because}"]
        if judgement is not None and decision.candidate is not None:
            said.append(_beside_the_best(judgement, judgement.of(decision.candidate)))
        return sentences(said)
    if _error(findings) or (judgement is not None and judgement.wrong):
        return "Nothing, until what is wrong is mended."
    if judgement is None:
        return "Nothing yet: nothing has been scored."
    if judgement.recommended is None and judgement.leader in judgement.worse_than_guessing:
        return "Nothing: a guess that has learned nothing does better."
    if judgement.recommended is None:
        return "Nothing yet: what was seen does not carry a choice."
    one = judgement.of(judgement.recommended)
    if judgement.recommended == judgement.winner:
        return f"{_name(judgement.recommended)}, the best."
    simplest = one is not None and one.simplicity is not None and len(judgement.standings) > 1
    gain = gain_text(judgement.useful_gain, judgement.bounded)
    matter = f"no other is better by the {gain} that matter"
    return f"{_name(judgement.recommended)}{', the simplest that is good enough' * simplest}: {matter}."


def _beside_the_best(judgement: Judgement, one: Standing | None) -> str:
    if one is None or judgement.wrong or len(judgement.standings) < 2:
        return ""
    if one.candidate == judgement.winner:
        return "It is the best of those tried"
    if one.verdict is Verdict.AS_GOOD:
        return "It is as good as the best for this purpose"
    if one.candidate == judgement.leader:
        return "It scored best, though others may be as good"
    if one.verdict is Verdict.CANT_TELL:
        most = gain_text(one.cost_bound, judgement.bounded)
        return f"Whether another is better cannot be told: it may cost up to {most}"
    points = " points" if judgement.bounded else ""
    return f"Another is better, by {gains_text(one.behind_low, one.behind_high, judgement.bounded)}{points}"


def _name(candidate: str) -> str:
    return f'"{cut(label(candidate), 40)}"'


def _how_long(board: JSON) -> str:
    time = board["time"]
    if time["state"] in ("decided", "closed"):
        return sentences([f"It is {time['state']}, after {time['used_text']} of work"])
    said = [f"{time['text']} used" + (f", {time['left_text']}" if time["left_text"] else ", and no end was set")]
    return sentences([*said, time["deadline_text"][:1].upper() + time["deadline_text"][1:]])


def _afterwards(evidence: Evidence) -> str:
    measure = clean(evidence.charter.measure or "", 300)
    return sentences([measure]) if measure else _AFTERWARDS


def _worth(evidence: Evidence) -> str:
    serving = evidence.charter.serving
    value = None if serving is None else serving.value_per_month
    cost = None if serving is None else serving.cost_per_month
    if cost is None and (found := _measured_cost(evidence)):
        worth = "Nobody wrote what it is worth" if value is None else ""
        worth = worth or f"It is said to be worth {money_text(value or 0.0)} a month"
        return sentences([f"Running it costs about {found}", worth])
    if value is None and cost is None:
        return "Nobody wrote what it is worth, nor what running it costs."
    told, worth = "Nobody wrote what running it costs", "nobody wrote what it is worth"
    if cost is not None:
        told = f"Running it is said to cost {money_text(cost)} a month"
    if value is not None:
        worth = f"it is said to be worth {money_text(value)} a month"
    return sentences([f"{told}, and {worth}", *_share(cost, value)])


def _measured_cost(evidence: Evidence) -> str:
    """What running the approach that is looked at costs, from what was measured of it; empty where nothing was."""
    one = looked_at(evidence)
    return cost_text(None if one is None else evidence.costs.get(one.candidate))


def _share(cost: float | None, value: float | None) -> list[str]:
    if cost is None or value is None or not value > 0:
        return []
    return ["It costs more than it is worth" if cost > value else f"That is {100 * cost / value:.0f}% of its worth"]
