"""What it takes to put a candidate to use, in words: how long it answers, its size, what running it costs a month."""

from __future__ import annotations

from mlee_jupyter.domain import Evidence, MonthCost
from mlee_jupyter.domain.text.names import clean, columns, cut, label, pad, sentences
from mlee_jupyter.domain.text.numbers import money_range_text, money_text
from mlee_jupyter.report.text.serving_words import cost_text, measured_text

NO_MODEL = "no fitted model was handed over, so how long it answers, its size and its cost cannot be said"
_HOW = "End its cell with the fitted model (and --features X_test) to have them measured."
_WRITE = 'Write serving = {mode = "weekly batch", answers_per_month = 400000} into the charter for a cost a month.'


def serving_lines(evidence: Evidence) -> list[str]:
    """Candidate by candidate; what could not be measured or counted is named once, with what cannot be said."""
    names = [c.name for c in evidence.in_play if c.name in evidence.served]
    if not names:
        return ["Nothing is recorded yet, so there is nothing to be measured."]
    width = min(24, max(columns(label(name)) for name in names))
    lines, missing, without = [_head(evidence)], dict[str, list[str]](), list[str]()
    for name in names:
        model, cost = evidence.served[name].model, evidence.costs.get(name)
        measured = measured_text(model)
        if not measured:
            without.append(cut(label(name), 40))
        said = sentences([cost_text(cost), measured[:1].upper() + measured[1:]]) if measured else "not measured"
        lines.append(f"  {pad(cut(label(name), width), width)}  {said}")
        if cost is not None and cost.known:
            lines.append(f"  {' ' * width}  {_parts(cost)}")
        for why in (*(model.unmeasured if model else ()), *(cost.missing if cost and measured else ())):
            missing.setdefault(clean(why, 200), []).append(cut(label(name), 40))
    lines += [sentences([f"{', '.join(who)}: {why}"]) for why, who in missing.items()]
    if without:
        lines += [sentences([f"{', '.join(without)}: {NO_MODEL}"]), _HOW]
    if not evidence.costs:
        lines.append(_WRITE)
    return lines


def _head(evidence: Evidence) -> str:
    serving = evidence.charter.serving
    if serving is None or not serving.mode:
        return "How long a candidate takes to answer, as measured on this machine."
    said = [clean(serving.mode, 40)]
    if serving.answers_per_month is not None:
        said.append(f"{money_text(serving.answers_per_month)} answers a month")
    if serving.value_per_month is not None:
        said.append(f"worth {money_text(serving.value_per_month)} {clean(serving.currency or '', 10)}".strip())
    return f"What running it costs a month: {', '.join(said)}. {_prices(evidence)}"


def _prices(evidence: Evidence) -> str:
    as_of = next((cost.as_of for cost in evidence.costs.values() if cost.as_of), "")
    listed = f", rough, as of {as_of} (yours: [tool.mlee.prices])" if as_of else ""
    return f"A low and a high price of each thing{listed}; nobody's work."


def _parts(cost: MonthCost) -> str:
    return ", ".join(f"{part.what} {money_range_text(part.low, part.high)}" for part in cost.parts)
