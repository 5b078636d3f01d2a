"""What a board says in plain words: who scored best, who is as good, what would settle the rest, what luck did."""

from __future__ import annotations

from mlee_jupyter.domain import Charter, Judgement, Standing, Verdict
from mlee_jupyter.domain.text.names import clean, cut, label, listed
from mlee_jupyter.domain.text.numbers import gain_text, number, rows_text, score_text, target_text
from mlee_jupyter.domain.text.units import WITHOUT_ROWS, cases

_NAMED = 3  # candidates named one by one; more are counted
_WIDE = 20  # a range whose end is more than so many times its beginning says nothing: its end alone is said


def of_judgement(judgement: Judgement, charter: Charter) -> list[str]:
    """Sentences, most important first, each complete in itself."""
    parts = [
        _wrong(judgement),
        _who_leads(judgement),
        _guessing(judgement),
        the_same(judgement),
        _target(judgement, charter),
        _undecided(judgement),
        _settling(judgement),
        _no_winner(judgement),
        _luck(judgement),
        _assumed(judgement),
        _resting_on(judgement),
    ]
    return [clean(part, 1000) for part in parts if part]


def said_by_rules(judgement: Judgement, charter: Charter) -> dict[str, str]:
    """Sentences of these that say what a rule says too, by the rule."""
    said = {
        "MLE201": _settling(judgement),  # more cases
        "MLE202": _target(judgement, charter),
        "MLE305": _luck(judgement),
    }
    return {rule: clean(sentence, 1000) for rule, sentence in said.items() if sentence}


def _wrong(judgement: Judgement) -> str:
    return f"{clean(judgement.wrong, 400)}: until that is mended nothing here counts." if judgement.wrong else ""


def _who_leads(judgement: Judgement) -> str:
    leader = cut(label(judgement.leader), 40)
    others = [s for s in judgement.standings if s.candidate != judgement.leader]
    if not others:
        return f"Only {leader} has been scored here: there is nothing yet to compare it with."
    if judgement.winner is not None:
        first = f"{leader} is best: beyond chance ahead of {_the_others(others)}"
    else:
        first = f"{leader} scored best"
    good = [s for s in others if s.verdict is Verdict.AS_GOOD]
    if not good:
        return first + "."
    worst = gain_text(max(s.cost_bound for s in good), judgement.bounded)
    verb = "is" if len(good) == 1 else "are"
    return f"{first}; {_names(good)} {verb} as good for your purpose (at most {worst} behind)."


def _the_others(others: list[Standing]) -> str:
    return cut(label(others[0].candidate), 40) if len(others) == 1 else f"all {len(others)} others"


def _guessing(judgement: Judgement) -> str:
    unbeaten = judgement.unbeaten()
    if not unbeaten:
        return ""
    best = unbeaten[0]
    shown = score_text(best.score, judgement.bounded, unit=True)
    name = cut(label(best.name), 40)
    return f"Nothing beats guessing yet: {name} alone scores {shown}, and no candidate is better beyond chance."


def the_same(judgement: Judgement, candidate: str | None = None) -> str:
    """Which candidates (or whether this one) are a free baseline by another name; empty where none is."""
    known = [(b, b.same_as if candidate is None else tuple(n for n in b.same_as if n == candidate))
             for b in judgement.baselines]  # fmt: skip
    said = [same_text(names, b.name) for b, names in known if names]
    return f"{'; '.join(said[:2])}." if said else ""


def same_text(names: tuple[str, ...], baseline: str) -> str:
    """That these candidates are that baseline, without a full stop."""
    if names == (baseline,):
        return f"{cut(label(baseline), 40)} is the free baseline of that name"
    verb = "counts" if len(names) == 1 else "count"
    return f"{listed(names, most=_NAMED)} {verb} the same on every row as the free baseline {cut(label(baseline), 40)}"


def _target(judgement: Judgement, charter: Charter) -> str:
    target, leader = charter.must_reach, judgement.of(judgement.leader)
    if target is None or leader is None:
        return ""
    sign = 1 if judgement.higher_is_better else -1
    sure, hoped = sorted((sign * leader.low, sign * leader.high))
    shown, name = target_text(target, judgement.bounded), cut(label(leader.candidate), 40)
    if sure >= sign * target:
        return f"{name} reaches the target of {shown} with its whole range."
    if hoped < sign * target:
        return f"No candidate reaches the target of {shown}."
    if number(leader.low) is None or number(leader.high) is None:
        return f"{name} may miss the target of {shown}: its score has no range."
    return f"{name} may miss the target of {shown}: it lies within its range."


def _undecided(judgement: Judgement) -> str:
    if judgement.recommended is not None or judgement.winner is not None or judgement.wrong:
        return ""
    members = [s for s in judgement.standings if s.in_set and s.simplicity is not None]
    if len(members) < 2:
        return ""
    simplest = min(members, key=lambda s: s.simplicity or 0)
    if simplest.candidate == judgement.leader or simplest.cost_bound <= judgement.useful_gain:
        return ""  # it would be suggested, but for an error that stands
    cost = gain_text(simplest.cost_bound, judgement.bounded)
    return (
        f"Undecided: {cut(label(simplest.candidate), 40)} is the simplest not ruled out, and it may cost up to {cost}."
    )


def _settling(judgement: Judgement) -> str:
    open_cases = [s for s in judgement.standings if s.verdict is Verdict.CANT_TELL and s.candidate != judgement.leader]
    known = [s for s in open_cases if s.rows_needed is not None and s.rows_needed > judgement.n]
    if not known:
        return ""
    if judgement.by == "time":
        open_still = f"{_names(known)} can't be told apart yet"
        return f"{open_still}; forecasts from several origins would tell more than waiting for cases."
    if len(known) == 1:
        return f"About {rows_text(known[0].rows_needed)} cases would settle {_names(known)}."
    needed = [s.rows_needed or 0 for s in known]
    if len(known) <= _NAMED:
        each = [f"about {rows_text(s.rows_needed)} would settle {cut(label(s.candidate), 40)}" for s in known]
        return f"More cases decide: {'; '.join(each)}."
    if max(needed) > _WIDE * min(needed):
        return f"With about {rows_text(max(needed))} cases all {len(known)} that can't be told apart could be settled."
    between = f"Between {rows_text(min(needed))} and {rows_text(max(needed))} cases"
    return f"{between} would settle the {len(known)} that can't be told apart."


def _no_winner(judgement: Judgement) -> str:
    reason = "" if judgement.wrong else (judgement.no_winner_reason or "").strip().rstrip(".")
    return f"No winner is named: {reason}." if reason and len(judgement.standings) > 1 else ""


def _luck(judgement: Judgement) -> str:
    if judgement.looks < 2 or not judgement.flattery > 0:
        return ""
    by = gain_text(judgement.flattery, judgement.bounded)
    about = "" if by.startswith("less") else "about "
    said = f"Choosing the best of {judgement.looks:,} flatters {cut(label(judgement.leader), 40)} by {about}{by}"
    bound = number(judgement.leader_bound)
    if bound is None:
        return f"{said}."
    side = "above" if judgement.higher_is_better else "below"
    return f"{said}; surely {side} {score_text(bound, judgement.bounded, unit=True)} (95 in 100)."


def _assumed(judgement: Judgement) -> str:
    if not judgement.useful_gain_assumed or len(judgement.standings) < 2:
        return ""
    gain = gain_text(judgement.useful_gain, judgement.bounded)
    return f"You named no useful gain, so {gain} was assumed; useful_gain in the charter sets it."


def _resting_on(judgement: Judgement) -> str:
    if not judgement.standings:
        return ""
    one = {
        "folds": "All from one cross-validation of one data set.",
        "scores": "",  # nobody knows what they are from
    }.get(judgement.by, "All from one split of one data set.")
    return " ".join(part for part in (clean(judgement.caveat or "", 500), one) if part)


def several_truths(judgements: tuple[Judgement, ...]) -> str:
    """Why there is more than one board; empty when there is one."""
    if len(judgements) < 2:
        return ""
    with_rows = [j for j in judgements if j.by not in WITHOUT_ROWS]
    if len(with_rows) < len(judgements):
        kinds = [f"rows ({listed([cases(j) for j in with_rows])})"] if with_rows else []
        kinds += [f"fold scores ({cases(j)})" for j in judgements if j.by == "folds"]
        kinds += ["bare scores" for j in judgements if j.by == "scores"]
        what = f"Candidates were judged by {listed(kinds)}"
    else:
        sizes = listed([cases(j) for j in judgements])
        what = f"Candidates were scored on {len(judgements)} different truths ({sizes})"
    return f"{what}: each has its own board, and scores of different boards do not compare."


def _names(standings: list[Standing]) -> str:
    return listed([s.candidate for s in standings], most=_NAMED)
