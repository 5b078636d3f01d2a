"""Evidence and findings in, Board out: one plain JSON value that arrives finished, every number also as ready text.

Version 1 is described in board.schema.json; a front end draws it and does no arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from mlee_jupyter.domain import Evidence, Experiment, Finding, Judgement, held
from mlee_jupyter.domain.text import numbers, units
from mlee_jupyter.domain.text.names import clean, count, label, line_or_none, listed, whole
from mlee_jupyter.domain.text.numbers import gain_text, number, score_text
from mlee_jupyter.report.text.plain_json import JSON, iso
from mlee_jupyter.report.text.states import State
from mlee_jupyter.stats.metrics.metric_names import is_bounded, metric_label

from . import bars, board_rows, headlines, run_history, wear_words
from .board_findings import grouped
from .run_history import History
from .second_sample_words import fresh_lines, fresh_value

VERSION = 1


def board(evidence: Evidence, findings: Sequence[Finding] = (), *, notices: Sequence[str] = ()) -> JSON:
    """The scoreboard of one experiment as a plain JSON value.

    Args:
        evidence: the experiment as it stands.
        findings: every rule's answer, of all outcomes.
        notices: standing lines of the session, such as "kept in memory only".
    """
    evidence = held(evidence, findings)
    past = run_history.read(evidence)
    boards = _boards(evidence, past)
    experiment = evidence.experiment
    groups = grouped(findings)
    return {
        "version": VERSION,
        "experiment": _experiment(evidence, past, boards),
        "decided": _decided(experiment),
        "time": _time(evidence),
        "boards": boards,
        "words": [text for text in (headlines.several_truths(evidence.judgements), *fresh_lines(evidence)) if text],
        "fresh": fresh_value(evidence),
        "findings": groups,
        "notices": [clean(notice) for notice in notices],
    }


def side_board(evidence: Evidence, agreed: Evidence, findings: Sequence[Finding] = ()) -> JSON:
    """The scoreboard by another metric than the one agreed on: the first thing it says is that it is one.

    Args:
        evidence: the experiment, judged by the other metric.
        agreed: the experiment as it stands.
        findings: those that forbid verdicts.
    """
    made = board(evidence, findings)
    by = metric_label(evidence.charter.metric)
    instead = metric_label(agreed.judgement.metric) if agreed.judgement else ""
    said = [f"A side view by {by}, not what was agreed on{f' ({instead})' if instead else ''}."]
    said.append("It suggests nobody, and counts as one more look at these answers.")
    tried = {one.candidate for one in agreed.records.results if one.metric is not None}
    if missing := sorted(tried - set(evidence.candidates)):
        said.append(f"Without their predictions, and so not here: {listed(missing)}.")
    for one in made["boards"]:
        one["words"] = [*(clean(line, 400) for line in said), *one["words"]]
    return made


def _experiment(evidence: Evidence, past: History, boards: list[JSON]) -> JSON:
    experiment, charter = evidence.experiment, evidence.charter
    candidates = len(evidence.records.candidates)
    truth = evidence.declared_truth
    return {
        "name": whole(experiment.name),
        "label": label(experiment.name),
        "question": line_or_none(charter.question),
        "decision": line_or_none(charter.decision),
        "owner": line_or_none(charter.owner),
        "metric": boards[0]["metric"],
        "n": boards[0]["n"],
        "n_text": boards[0]["n_text"],
        "truth": line_or_none(truth.name if truth else experiment.truth_name),
        "must_reach": number(charter.must_reach),
        "must_reach_text": numbers.target_text(charter.must_reach, boards[0]["metric"]["bounded"]),
        "candidates": candidates,
        "candidates_text": count(candidates, "candidate"),
        "variants": len(past.kinds),
        "variants_text": count(len(past.kinds), "variant"),
    }


def _decided(experiment: Experiment) -> JSON | None:
    decision = experiment.decision
    if decision is None:
        return None
    chosen = "none of the candidates" if decision.candidate is None else label(decision.candidate)
    because = line_or_none(decision.because)
    return {
        "candidate": None if decision.candidate is None else whole(decision.candidate),
        "because": because,
        "at": iso(decision.at),
        "text": f"Decided: {chosen}" + (f", because {because}" if because else ", no reason given"),
    }


def _time(evidence: Evidence) -> JSON:
    experiment, used = evidence.experiment, evidence.used
    box, share = experiment.box, evidence.share_used
    left = None if box is None else box - used
    return {
        "state": state_text(experiment),
        "used_seconds": used.total_seconds(),
        "used_text": numbers.time_text(used),
        "box_seconds": None if box is None else box.total_seconds(),
        "box_text": numbers.time_text(box),
        "left_seconds": None if left is None else left.total_seconds(),
        "left_text": "" if left is None else left_text(left),
        "share": None if share is None else number(share),
        "share_text": "" if share is None else f"{100 * share:.0f}%",
        "from": iso(experiment.opened_at),
        "from_text": f"{experiment.opened_at.astimezone():%d %b %Y %H:%M}",
        "deadline": iso(experiment.deadline),
        "deadline_text": "" if experiment.deadline is None else deadline_text(experiment.deadline, evidence.now.date()),
        "extensions": [
            {
                "by_seconds": e.by.total_seconds(),
                "by_text": numbers.time_text(e.by),
                "because": clean(e.because),
                "at": iso(e.at),
            }
            for e in experiment.extensions
        ],
        "text": time_text(used, box),
    }


def state_text(experiment: Experiment) -> str:
    """open, paused, decided or closed."""
    if experiment.decision is not None:
        return "decided"
    if experiment.closed_at is not None:
        return "closed"
    return "paused" if experiment.paused_at is not None else "open"


def time_text(used: timedelta, box: timedelta | None) -> str:
    """ "3 h 40 of 6 h", or "3 h 40" where there is no box."""
    return numbers.time_text(used) + ("" if box is None else f" of {numbers.time_text(box)}")


def left_text(left: timedelta) -> str:
    """ "2 h 20 left", or "20 min over"."""
    return f"{numbers.time_text(left)} left" if left >= timedelta() else f"{numbers.time_text(-left)} over"


def deadline_text(deadline: date, today: date) -> str:
    """ "due 08 May 2026 (in 4 days)"."""
    days = (deadline - today).days
    when = "today" if days == 0 else f"in {count(days, 'day')}" if days > 0 else f"{count(-days, 'day')} ago"
    return f"due {deadline:%d %b %Y} ({when})"


def _boards(evidence: Evidence, past: History) -> list[JSON]:
    """One board per truth; what stands on none of them goes under the first."""
    seen = [s.candidate for j in evidence.judgements for s in j.standings]
    judgement = evidence.judgement
    bounded = judgement.bounded if judgement else is_bounded(past.metric)
    rest = board_rows.unjudged(evidence, past, seen, bounded)
    if judgement is None:
        return [_board(evidence, None, past, rest)]
    return [
        _board(evidence, j, past, board_rows.judged(evidence, j, past) + (rest if i == 0 else []))
        for i, j in enumerate(evidence.judgements)
    ]


def _board(evidence: Evidence, judgement: Judgement | None, past: History, entries: list[JSON]) -> JSON:
    metric = judgement.metric if judgement else past.metric
    bounded = judgement.bounded if judgement else is_bounded(metric)
    higher = judgement.higher_is_better if judgement else past.higher_is_better
    fingerprint = judgement.truth if judgement else None
    has_rows = judgement is None or judgement.by not in units.WITHOUT_ROWS
    truth = evidence.records.truths.get(fingerprint or "") or (
        evidence.declared_truth if has_rows and len(evidence.judgements) < 2 else None
    )
    n = judgement.n if judgement else None
    axis = bars.place(entries, number(judgement.useful_gain) if judgement else None, higher)
    if axis is not None:
        axis["low_text"], axis["high_text"] = (score_text(axis[end], bounded) for end in ("low", "high"))
    said = headlines.of_judgement(judgement, evidence.charter) if judgement else _nothing_yet(entries)
    if judgement is not None and judgement.wear is not None:
        said += wear_words.words(judgement, judgement.wear, truth.name if truth else None)
    if judgement is not None:
        said += _apart(judgement, entries)
    return {
        "truth": {"name": line_or_none(truth.name if truth else None), "fingerprint": fingerprint},
        "metric": {
            "name": metric,
            "label": clean(metric_label(metric), 60),
            "higher_is_better": higher,
            "direction": "higher is better" if higher else "lower is better",
            "bounded": bounded,
            "unit": "%" if bounded else "",
        },
        "n": n,
        "n_text": "" if judgement is None else units.how_many(judgement),
        "by": None if judgement is None else judgement.by,
        "source_text": units.source(judgement, line_or_none(truth.name if truth else None)),
        "effective_n": None if judgement is None else number(judgement.effective_n),
        "effective_n_text": "" if judgement is None else units.worth(judgement),
        "caveat": None if judgement is None else line_or_none(judgement.caveat),
        "alpha": None if judgement is None else number(judgement.alpha),
        "useful_gain": None if judgement is None else number(judgement.useful_gain),
        "useful_gain_text": "" if judgement is None else gain_text(judgement.useful_gain, bounded),
        "useful_gain_assumed": None if judgement is None else judgement.useful_gain_assumed,
        "leader": None if judgement is None else whole(judgement.leader),
        "winner": None if judgement is None or judgement.winner is None else whole(judgement.winner),
        "recommended": None if judgement is None or judgement.recommended is None else whole(judgement.recommended),
        "best_set": [] if judgement is None else [whole(name) for name in judgement.best_set],
        "flattery": None if judgement is None else number(judgement.flattery),
        "flattery_text": "" if judgement is None else gain_text(judgement.flattery, bounded),
        "leader_corrected": None if judgement is None else number(judgement.leader_corrected),
        "leader_bound": None if judgement is None else number(judgement.leader_bound),
        "looks": None if judgement is None else judgement.looks,
        "wear": None if judgement is None else wear_words.value(judgement),
        "rows_needed": None if judgement is None else numbers.whole_number(judgement.rows_needed),
        "rows_needed_for_gain": None if judgement is None else numbers.whole_number(judgement.rows_needed_for_gain),
        "nothing_beats_guessing": None if judgement is None else judgement.nothing_beats_guessing,
        "axis": axis,
        "rows": entries,
        "rows_hidden": 0,
        "words": said,
    }


def _apart(judgement: Judgement, entries: list[JSON]) -> list[str]:
    """That a score without its rows reads better than the best one, and cannot be held against it."""
    sign, best = (1 if judgement.higher_is_better else -1), judgement.standings[0].score
    better = [
        row
        for row in entries
        if row["state"] == State.APART and row["score"] is not None and sign * row["score"] > sign * best
    ]
    return [
        f"{row['label']} reads {row['score_text']}{'%' if judgement.bounded and '%' not in row['score_text'] else ''},"
        " but without its rows it cannot be compared: it stands apart."
        for row in better[:2]
    ]


def _nothing_yet(entries: list[JSON]) -> list[str]:
    if any(row["state"] == State.APART for row in entries):
        return [
            "Only scores without their rows so far: they have no range and cannot be compared; predictions would be."
        ]
    return ["No result yet."]
