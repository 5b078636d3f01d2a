"""How worn a truth is, in plain words: who looked how often, and what a gain must exceed by now."""

from __future__ import annotations

from mlee_jupyter.domain import Judgement, Wear
from mlee_jupyter.domain.text.names import clean, count, cut
from mlee_jupyter.domain.text.numbers import gain_text, number
from mlee_jupyter.report.text.plain_json import JSON


def words(judgement: Judgement, wear: Wear, truth: str | None) -> list[str]:
    """One sentence, once earlier scores have steered later looks."""
    if wear.steered == 0:
        return []
    name = cut(clean(truth), 40) if truth else "these rows"
    where = f" in {count(wear.notebooks, 'notebook')}" if wear.notebooks > 1 else ""
    looks = f"{count(wear.looks, 'look')} at {name}{where}; {wear.steered:,} steered by earlier scores"
    if not wear.budget > 0 and not wear.proven:
        return [f"{looks}: luck gained nothing by them."]
    budget = gain_text(wear.budget, judgement.bounded)
    if wear.proven:
        gain = gain_text(wear.gain, judgement.bounded)
        most = f"up to {budget}" if wear.budget > 0 else "nothing"
        return [f"{looks}: luck alone gains {most}, and {gain} were gained since the first: real progress."]
    if wear.spent(judgement.useful_gain):
        nobody = " and nobody is suggested" if judgement.recommended is None else ""
        if judgement.beyond_proof:
            return [f"{looks}: no gain on these rows proves anything now{nobody}."]
        return [f"{looks}: the luck budget is spent, so a gain below {budget} proves nothing{nobody}."]
    small = "any gain" if judgement.beyond_proof else f"a gain below {budget}"
    return [f"{looks}: {small} over the first may be luck."]


def value(judgement: Judgement) -> JSON | None:
    """The wear as plain JSON; None where nothing is known of it."""
    wear = judgement.wear
    if wear is None:
        return None
    return {
        "looks": wear.looks,
        "steered": wear.steered,
        "experiments": wear.experiments,
        "notebooks": wear.notebooks,
        "budget": number(wear.budget),
        "budget_text": gain_text(wear.budget, judgement.bounded),
        "gain": number(wear.gain),
        "proven": wear.proven,
    }
