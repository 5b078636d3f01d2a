"""Why a candidate stands where it does, in four sentences: its score, how sure, against the best, what would settle it.

Made of the judgement's own numbers and nothing else; no p-values, no formulas. A reader who knows no statistics
should know after them what to do.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from mlee_jupyter.domain import Baseline, Judgement, Standing, Verdict
from mlee_jupyter.domain.judgements import NO_LOSS
from mlee_jupyter.domain.text.names import clean, cut, label, listed, ordinal
from mlee_jupyter.domain.text.numbers import (
    gain_text,
    gains_apart,
    gains_text,
    number,
    rows_text,
    score_text,
    target_text,
)
from mlee_jupyter.domain.text.units import cases
from mlee_jupyter.report.board.headlines import same_text, the_same
from mlee_jupyter.stats.compare.pairs import FEWEST_DISAGREEMENTS
from mlee_jupyter.stats.metrics.metric_names import counts_right_rows, metric_label

_WORN = "these rows were steered by so often that a choice on them may be luck"


def of_candidate(
    judgement: Judgement, standing: Standing, *, must_reach: float | None = None, held_by: Sequence[str] = ()
) -> list[str]:
    """The four sentences, and a fifth where it is a free baseline by another name.

    Args:
        judgement: on which it stands.
        standing: its own.
        must_reach: the target, if one was declared.
        held_by: codes of errors that stand first, while nothing is suggested.
    """
    said = [
        _score(judgement, standing),
        _how_sure(judgement, standing, must_reach),
        _against(judgement, standing),
        _to_do(judgement, standing, held_by),
        the_same(judgement, standing.candidate),
    ]
    return [sentence for sentence in said if sentence]


def of_headline(judgement: Judgement, *, held_by: Sequence[str] = ()) -> list[str]:
    """Why there is a winner or none, and why the suggested one is suggested."""
    leader = judgement.standings[0]
    wrong = f"{clean(judgement.wrong, 400)}: until that is mended nothing here counts." if judgement.wrong else ""
    parts = [wrong, _score(judgement, leader), _why_winner(judgement), _why_suggested(judgement, held_by)]
    if judgement.nothing_beats_guessing:
        best = judgement.unbeaten()[0]
        shown = score_text(best.score, judgement.bounded, unit=True)
        parts.append(f"Nothing beats guessing yet: {label(best.name)} alone scores {shown}.")
    if judgement.looks > 1 and judgement.flattery > 0:
        by = gain_text(judgement.flattery, judgement.bounded)
        about = "" if by.startswith("less") else "about "
        parts.append(f"Being chosen as the best of {judgement.looks:,} flatters {_name(leader)} by {about}{by}.")
    return [part for part in parts if part]


def of_baseline(judgement: Judgement, baseline: Baseline) -> list[str]:
    """What a free constant rule is, and who beats it."""
    shown, others = score_text(baseline.score, judgement.bounded, unit=True), judgement.standings
    left = [s.candidate for s in others if s.candidate not in baseline.beaten_by]
    if not left:
        who = "Every candidate" if len(others) > 1 else _name(others[0])
        beaten = f"{who} is better than it by more than chance explains"
    elif baseline.beaten_by:
        beaten = f"{listed(left)} {'is' if len(left) == 1 else 'are'} not better than it by more than chance explains"
    else:
        beaten = "No candidate is better than it by more than chance explains, so nothing beats guessing yet"
    of_past = "a rule that learns nothing, computed from the training rows"
    source = of_past if baseline.of_past else "a constant rule that learns nothing, computed from the truth"
    return [
        f"{label(baseline.name)} is a free baseline: {source}.",
        f"It scores {shown} on {cases(judgement)}, between {_range(judgement, baseline.low, baseline.high)}.",
        f"{beaten}.",
        "It competes with nobody and costs nothing; what does not beat it is not worth building.",
        *([same_text(baseline.same_as, baseline.name) + "."] if baseline.same_as else []),
    ]


# ---------------------------------------------------------------- the sentences


def _score(judgement: Judgement, standing: Standing) -> str:
    name, shown = _name(standing), score_text(standing.score, judgement.bounded, unit=True)
    metric, right = metric_label(judgement.metric), standing.score * judgement.n
    rank = "" if len(judgement.standings) == 1 else f", {_rank(judgement, standing)}"
    if judgement.by == "folds":
        return f"{name} averages {shown} {metric} over {cases(judgement)} of cross-validation{rank}{_lower(judgement)}."
    if judgement.by == "scores":
        return f"{name} was handed over with {shown} {metric}, without the rows that it was taken on{rank}."
    if counts_right_rows(judgement.metric) and abs(right - round(right)) < 1e-6:
        most = "at most " if judgement.unlabelled else ""
        return f"{name} is right on {most}{round(right):,} of {cases(judgement)}, {shown}{rank}."
    return f"{name} scores {shown} in {metric} on {cases(judgement)}{rank}{_lower(judgement)}."


def _rank(judgement: Judgement, standing: Standing) -> str:
    sign = 1 if judgement.higher_is_better else -1
    mine, scores = sign * standing.score, [sign * s.score for s in judgement.standings]
    same = [math.isclose(score, mine, rel_tol=1e-12) for score in scores]  # sums differ in the last bit
    place = 1 + sum(score > mine and not alike for score, alike in zip(scores, same, strict=True))
    shared = ", shared" if sum(same) > 1 else ""
    return f"{'the best' if place == 1 else f'the {ordinal(place)}'} of {len(scores)} scores{shared}"


def _lower(judgement: Judgement) -> str:
    return "" if judgement.higher_is_better else " (lower is better)"


def _how_sure(judgement: Judgement, standing: Standing, must_reach: float | None) -> str:
    low, high = standing.low, standing.high
    if number(low) is None or number(high) is None:
        return _without_a_range(judgement, standing)
    held = f"{100 * (1 - judgement.alpha):.4g} times in 100"
    between = f"between {_range(judgement, low, high)}, a range that is right {held}"
    return f"{_because_of_rows(judgement)} its score lies {between}{_target(judgement, standing, must_reach)}."


def _without_a_range(judgement: Judgement, standing: Standing) -> str:
    """Of a loss that is the same everywhere; of none at all the answers may have been seen."""
    where = "in every fold" if judgement.by == "folds" else "on every case"
    said = f"It is the same {where}, which says nothing of others: there is no range"
    best = standing.high if judgement.higher_is_better else standing.low
    perfect = abs(standing.score - best) < NO_LOSS
    return f"{said}. Without any error, look whether it has seen the answers." if perfect else f"{said}."


def _because_of_rows(judgement: Judgement) -> str:
    if judgement.by == "folds":
        return "Folds share their training rows, so the error is widened: on new data"
    how = {"groups": "come in groups", "time": "stand in time order"}.get(judgement.by, "do not all count alike")
    if judgement.effective_n is not None:
        worth = f"{max(1, round(judgement.effective_n)):,}"
        return f"The {cases(judgement)} {how} and tell as much as about {worth} independent ones, so on all such cases"
    return "On all cases of this kind"


def _target(judgement: Judgement, standing: Standing, must_reach: float | None) -> str:
    if must_reach is None:
        return ""
    sign, shown = (1 if judgement.higher_is_better else -1), target_text(must_reach, judgement.bounded)
    sure, hoped = sorted((sign * standing.low, sign * standing.high))
    if sure >= sign * must_reach:
        return f"; all of it reaches the target of {shown}"
    if hoped < sign * must_reach:
        return f"; all of it misses the target of {shown}"
    return f"; the target of {shown} lies inside, so it may be missed"


def _against(judgement: Judgement, standing: Standing) -> str:
    if len(judgement.standings) == 1:
        return "It is the only one scored here, so there is nothing to compare it with yet."
    leader = judgement.standings[0]
    if standing is not leader:
        return f"{_gap(judgement, leader, standing)}, {_meaning(judgement, standing)}."
    rival = _rival(judgement)
    said = f"{_gap(judgement, leader, rival)}, {_chance(judgement, rival)}"
    others = len(judgement.standings) - 2
    if judgement.winner == leader.candidate and others:
        said += f", and so it is with the other {'one' if others == 1 else others}"
    return f"{said}."


def _rival(judgement: Judgement) -> Standing:
    """The nearest that may be best as well, else the next."""
    others = judgement.standings[1:]
    return next((s for s in others if s.in_set), others[0])


def _gap(judgement: Judgement, leader: Standing, standing: Standing) -> str:
    """ "knn is 0.6 points behind svm, the best score (they differ on 4 of 360 cases, 3 to 1)" """
    first, name = _name(leader), _name(standing)
    by = gain_text(standing.behind, judgement.bounded)
    same = standing.behind == 0
    ahead = f"{name} has the same score as {first}" if same else f"{name} is {by} behind {first}, the best score"
    within = _counted(judgement, standing) or _between(judgement, standing)
    return f"{ahead} ({within})" if within else ahead


def _between(judgement: Judgement, standing: Standing) -> str:
    """Where the true difference lies, in words for each side."""
    ends = tuple(end for end in sorted((standing.behind_low, standing.behind_high)) if math.isfinite(end))
    if len(ends) < 2:
        return ""
    if ends[0] == ends[1] == 0:
        return ""  # alike on every case: there is no range to speak of
    if _with_caution(judgement, standing):
        return ""  # the range by itself would say more than the verdict
    if ends[0] >= 0:
        return f"truly {gains_text(ends[0], ends[1], judgement.bounded)}{_unit(judgement)} behind"
    sides = [f"{gain_text(abs(end), judgement.bounded)} {'ahead' if end < 0 else 'behind'}" for end in ends]
    return f"truly between {' and '.join(sides)}"


def _counted(judgement: Judgement, standing: Standing) -> str:
    differ = standing.disagreements
    if differ is None:
        return ""
    if differ == 0:
        return f"they are right and wrong on the same of {cases(judgement)}"
    said = f"they differ on {differ:,} of {cases(judgement)}"
    more = standing.behind * judgement.n
    better = (differ + more) / 2
    if not counts_right_rows(judgement.metric) or abs(better - round(better)) > 1e-6:
        return said
    return f"{said}, {round(better):,} to {differ - round(better):,}"


def _chance(judgement: Judgement, standing: Standing) -> str:
    """Whether chance explains the difference of the leader to a standing."""
    if not standing.in_set:
        return "more than chance explains"
    if standing.disagreements is not None and 0 < standing.disagreements < FEWEST_DISAGREEMENTS:
        return "too few to tell from chance"
    if judgement.no_winner_reason:
        return "on too little to go by"
    if standing.behind_low > 0 and judgement.looks > 2:  # the range is of the pair, the verdict of them all
        return f"more than chance explains of this pair alone, not of the best of {judgement.looks:,}"
    if _with_caution(judgement, standing):
        return "which rests on few cases, so chance is not ruled out"
    return "which chance alone could explain"


def _with_caution(judgement: Judgement, standing: Standing) -> bool:
    """Whether the plain range of the only pair leaves no doubt, and few rows that carry the difference do."""
    return standing.in_set and standing.behind_low > 0 and judgement.looks == 2


def _meaning(judgement: Judgement, standing: Standing) -> str:
    if standing.verdict is Verdict.CANT_TELL and judgement.wrong:
        return f"which counts for nothing while {_error_of(judgement.wrong)} stands: can't tell"
    bound, gain = gains_apart(standing.cost_bound, judgement.useful_gain, judgement.bounded)
    chance = _chance(judgement, standing)
    matter = "that matters to you" if gain == "1 point" else "that matter to you"
    assumed = "taken as useful" if judgement.useful_gain_assumed else matter
    if standing.verdict is Verdict.WORSE:
        if not _counted(judgement, standing):  # then how much was said already
            return f"{chance}, so it is worse"
        low, high = sorted((standing.behind_low, standing.behind_high))
        return f"{chance}, so it is worse, by {gains_text(low, high, judgement.bounded)}{_unit(judgement)}"
    if standing.verdict is Verdict.AS_GOOD:
        return f"{chance}, and taking it costs at most {bound}, no more than the {gain} {assumed}: as good"
    return f"{chance}, and taking it may cost up to {bound}, more than the {gain} {assumed}: can't tell"


def _to_do(judgement: Judgement, standing: Standing, held_by: Sequence[str]) -> str:
    parts = [part for part in (_guessing(judgement, standing), _settling(judgement, standing)) if part]
    said = "; ".join([*parts, _advice(judgement, standing, held_by)])
    return f"{said[:1].upper()}{said[1:]}."


def _guessing(judgement: Judgement, standing: Standing) -> str:
    unbeaten = judgement.unbeaten(standing.candidate)
    if not unbeaten:
        return ""
    shown = score_text(unbeaten[0].score, judgement.bounded, unit=True)
    return f"it does not beat guessing by more than chance ({label(unbeaten[0].name)} alone scores {shown})"


def _settling(judgement: Judgement, standing: Standing) -> str:
    """What would tell it from the leader; for the leader, from its rival."""
    if len(judgement.standings) == 1:
        return "record another candidate on the same cases" if judgement.by != "folds" else "score another on the folds"
    if judgement.winner is not None or not standing.in_set:
        return "nothing is left to settle here"
    other = _rival(judgement) if standing is judgement.standings[0] else standing
    if other.verdict is Verdict.AS_GOOD:
        return "for your purpose nothing is left to settle"
    if judgement.by == "folds":
        return "predictions on rows kept aside would tell more than further folds"
    if other.rows_needed is None or other.behind == 0:
        return "more cases will hardly tell the two apart"
    if judgement.no_winner_reason:
        return _reason(judgement.no_winner_reason)
    if other.rows_needed <= judgement.n:
        return "a few more cases may settle it"
    if judgement.by == "time":
        return "forecasts from several origins would tell more than waiting for cases"
    return f"about {rows_text(other.rows_needed)} cases would settle it if the difference is real"


def _advice(judgement: Judgement, standing: Standing, held_by: Sequence[str]) -> str:
    gain = gain_text(judgement.useful_gain, judgement.bounded)
    if held_by:
        return f"nothing is suggested while {listed(held_by)} stands"
    if len(judgement.standings) == 1:
        return "until then nothing is suggested"
    if worse := _worse_than_guessing(judgement):
        return worse[0].lower() + worse[1:]
    if judgement.recommended is None:
        because = _WORN if judgement.safe else f"each may cost more than {gain}"
        return f"nothing is suggested yet, as {because}"
    if judgement.recommended == standing.candidate and _guessing(judgement, standing):
        return "of the candidates it is the one to take, but the free rule does as well"
    if judgement.recommended == standing.candidate:
        alone = len(judgement.safe) == 1
        what = "the only one" if alone else "the simplest" if standing.simplicity is not None else "the best score"
        open_case = judgement.no_winner_reason and _rival(judgement).verdict is not Verdict.AS_GOOD
        now = "if you choose now, " if open_case else ""
        return f"{now}take it: it is {what} that is sure to cost at most {gain}"
    other = judgement.of(judgement.recommended)
    return f"{_named(judgement.recommended)} is suggested instead{_simpler(other, standing)}"


def _worse_than_guessing(judgement: Judgement) -> str:
    """Why nothing is suggested where only what guessing beats would be; empty where that is not so."""
    beaten = judgement.worse_than_guessing
    if judgement.recommended is not None or judgement.wrong or judgement.leader not in beaten:
        return ""
    worse = [s.candidate for s in judgement.standings if s.candidate in beaten]
    return f"Nothing is suggested because guessing does better than {listed(worse, most=2)}"


def _simpler(other: Standing | None, standing: Standing) -> str:
    if other is None or other.simplicity is None:
        return ""
    if standing.simplicity is None or other.simplicity >= standing.simplicity or not standing.in_set:
        return ""  # what is worse is passed over for that
    return f", as it is simpler ({other.simplicity} against {standing.simplicity})"


def _why_winner(judgement: Judgement) -> str:
    leader, others = judgement.standings[0], judgement.standings[1:]
    if not others:
        return f"There is no winner because {_name(leader)} is the only one scored here."
    if judgement.winner is not None:
        every = "the other is" if len(others) == 1 else f"all {len(others)} others are"
        return f"It wins because {every} behind by more than chance explains: {_gap(judgement, leader, others[0])}."
    if judgement.no_winner_reason:
        return f"There is no winner because {_reason(judgement.no_winner_reason)}."
    rivals = [s.candidate for s in others if s.in_set]
    rival = _rival(judgement)
    return (
        f"There is no winner because {listed(rivals)} may be as good or better: {_gap(judgement, leader, rival)}, "
        f"{_chance(judgement, rival)}."
    )


def _why_suggested(judgement: Judgement, held_by: Sequence[str]) -> str:
    gain = gain_text(judgement.useful_gain, judgement.bounded)
    if held_by:
        return f"Nothing is suggested while {listed(held_by)} stands."
    if len(judgement.standings) == 1:
        return ""
    chosen = judgement.of(judgement.recommended) if judgement.recommended is not None else None
    safe = judgement.safe
    if worse := _worse_than_guessing(judgement):
        return f"{worse}."
    if chosen is None and judgement.safe:
        return f"Nothing is suggested: {_WORN}."
    if chosen is None:
        least = min(judgement.standings, key=lambda s: s.cost_bound)
        bound, gain = gains_apart(least.cost_bound, judgement.useful_gain, judgement.bounded)
        return (
            f"Nothing is suggested because each may cost more than {gain} ({_name(least)}, the safest, up to {bound})."
        )
    if len(safe) == 1:
        return f"{_name(chosen)} is suggested because it alone is sure to cost at most {gain}."
    rank = "the simplest" if chosen.simplicity is not None else "the best score"
    return f"{_name(chosen)} is suggested because it is {rank} of the {len(safe)} that are sure to cost at most {gain}."


# ---------------------------------------------------------------- small pieces


def _range(judgement: Judgement, low: float, high: float) -> str:
    ends = (score_text(end, judgement.bounded, unit=True) for end in sorted((low, high)))
    return " and ".join(ends)


def _named(name: str) -> str:
    return cut(label(name), 40)


def _name(standing: Standing) -> str:
    return _named(standing.candidate)


def _reason(sentence: str) -> str:
    """A sentence of the judgement as a part of ours."""
    said = clean(sentence, 400).strip().rstrip(".").replace("; ", ", and ").replace(". So ", ", so ")
    starts = said.split(" ")[0] in ("The", "There", "Only", "No", "All", "Groups", "Weights", "Time")
    return said[:1].lower() + said[1:] if starts else said


def _error_of(wrong: str) -> str:
    """The code that an error's sentence ends with: "... (MLE401)"."""
    return wrong.rpartition("(")[2].rstrip(")")


def _unit(judgement: Judgement) -> str:
    return " points" if judgement.bounded else ""
