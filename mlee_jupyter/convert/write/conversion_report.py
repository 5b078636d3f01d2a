"""What is said of a conversion: the plan as text, report.md, and one JSON object."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

from mlee_jupyter.convert.analyse.reach_calls import COMMAND
from mlee_jupyter.convert.analyse.reaches import commands_to_hold_back, cut, reaches
from mlee_jupyter.convert.interpreter import OWN
from mlee_jupyter.convert.secrets.blanking import Blanker
from mlee_jupyter.convert.types import Plan, Sameness, Written

from .markdown_text import plain
from .outcome import Conversion
from .sections import is_configured, keywords, setting_name

MOST_OUTSIDE = 3  # places outside the folder that one line names


def plan_text(plan: Plan) -> str:
    """Cell by cell where the code goes, what is lifted and what is left out with its reason."""
    original = plan.original or plan.facts
    code = original.notebook.code
    blank = Blanker(plan.hidden)
    lines = [f"{original.notebook.path.name}: {len(code)} code cells -> {plan.name}", ""]
    lines += ["Steps, in the notebook's order:"]
    width = max((len(f"{s.module}.{s.name}") for s in plan.stages), default=10)
    for stage in plan.stages:
        takes = ", ".join((*stage.inputs, *(setting_name(plan, s) for s in stage.settings))) or "nothing"
        gives = ", ".join(stage.outputs) or "nothing"
        named = f"{stage.module}.{stage.name}".ljust(width)
        lines.append(f"  {named}  {_cells(stage.cells)}: takes {takes}; gives {gives}")
    for hoisted in plan.hoisted:
        with_what = f", takes {', '.join(hoisted.parameters)}" if hoisted.parameters else ""
        cell = plan.facts.statements[hoisted.statement].cell
        lines.append(f"  {f'{hoisted.module}.{hoisted.name}'.ljust(width)}  cell {cell}: as it stands{with_what}")
    if plan.lifted:
        lines += ["", "config.toml:" if is_configured(plan) else "Settings, defaults of run in pipeline.py:"]
        given = keywords(plan)
        spoken = {id(one): given[variable] for variable, one in plan.constants.items() if given}
        for one in plan.lifted:
            shown = blank(json.dumps(one.value, ensure_ascii=False))
            shown = shown if len(shown) <= 50 else shown[:47] + "..."
            places = f" ({len(one.places)} places)" if len(one.places) > 1 else ""
            lines.append(f"  {spoken.get(id(one), one.dotted)} = {shown}{places}")
    if plan.secrets:
        lines += ["", "Secrets that become environment variables:"]
        lines += [f"  {s.variable}  cell {s.cell}: {s.why}" for s in plan.secrets]
    if plan.dropped:
        lines += ["", "Left out:"]
        lines += [f"  cell {d.cell}: {d.reason}{f'  | {d.code}' if d.code else ''}" for d in plan.dropped]
    magics = [(c.number, m) for c in original.notebook.cells for m in c.magics]
    if magics:
        lines += ["", "Magics:"]
        lines += [f"  cell {number}: {blank(m.text).splitlines()[0][:60]}  -> {m.fate}" for number, m in magics]
    outside = reaches(original)
    if outside:
        lines += ["", "May reach outside its folder (a proof holds that back):"]
        lines += [f"  cell {one.cell}: {one.kind}: {cut(blank(one.text))}" for one in outside]
    if plan.not_run:
        lines += ["", f"{not_run_line(plan)}"]
    for note in plan.notes:
        lines += ["", f"Note: {note}"]
    lines += ["", summary_line(plan)]
    return blank.said("\n".join(lines) + "\n")


def not_run_line(plan: Plan) -> str:
    """Which cells the proof does not run, and why."""
    cells = [(plan.original or plan.facts).notebook.cell(number) for number in plan.not_run]
    names = ", ".join(dict.fromkeys(c.candidate for c in cells if c.candidate))
    numbers = ", ".join(str(c.number) for c in cells)
    of = f" ({names})" if names else ""
    return f"Not run in the proof: {'cell' if len(cells) == 1 else 'cells'} {numbers}{of}; nothing kept needs them."


def outside_line(plan: Plan) -> str:
    """What the proof says nothing of, since it lies outside the folder; empty where nothing does.

    Commands that are plainly harmless inside the folder are compared by what they print and write.
    """
    facts = plan.original or plan.facts
    held = commands_to_hold_back(facts)
    found = [r for r in reaches(facts) if (r.kind != COMMAND or r in held) and r.cell not in plan.not_run]
    told = [f"cell {cell} {kind}" for cell, kind in dict.fromkeys((r.cell, r.kind) for r in found)]
    if not told:
        return ""
    more = f" and {len(told) - MOST_OUTSIDE} more" if len(told) > MOST_OUTSIDE else ""
    return f"Not proven is what happens outside the folder: {', '.join(told[:MOST_OUTSIDE])}{more}."


def aside_lines(plan: Plan) -> list[str]:
    """What a proof leaves out of its word: cells that are not run, and what lies outside the folder."""
    return [*([not_run_line(plan)] if plan.not_run else []), *filter(None, [outside_line(plan)])]


def summary_line(plan: Plan) -> str:
    """Kept, dropped and thin cells counted."""
    reasons = Counter(d.reason.split(":")[0] for d in plan.dropped if not d.code)
    dropped = "".join(f" / {count} {reason}" for reason, count in reasons.most_common())
    return f"kept {len(plan.kept)} cells{dropped} / {len(plan.thin)} shown in the thin notebook"


def _cells(numbers: tuple[int, ...]) -> str:
    if len(numbers) == 1:
        return f"cell {numbers[0]}"
    return f"cells {numbers[0]}-{numbers[-1]}"


def report_md(outcome: Conversion) -> str:
    """The report that goes into the package."""
    plan, proof = outcome.plan, outcome.proof
    lines = [
        f"# How {plan.name} was made",
        "",
        f"From {plain(plan.facts.notebook.path.name)}. {summary_line(plan)}.",
        "",
    ]
    lines += ["## Proof", "", _proof_line(outcome)]
    if proof is not None:
        counted = Counter(v.verdict for v in proof.values)
        lines.append("Values: " + ", ".join(f"{n} {v}" for v, n in counted.items()) + "." if counted else "No values.")
        lines += ["", "| value | verdict | detail |", "|---|---|---|"]
        lines += [f"| {plain(v.name)} | {v.verdict} | {plain(v.detail.replace('|', '/'))} |" for v in proof.values]
        if proof.unstable:
            lines += [
                "",
                f"Set aside, as the notebook itself does not repeat them: {plain(', '.join(proof.unstable))}.",
            ]
    if outcome.written is not None and outcome.written.unproven:
        lines += ["", f"Left out on purpose: {plain(', '.join(outcome.written.unproven))}."]
    for step, reason in outcome.steps_dropped:
        lines += ["", f"The improvement '{plain(step)}' was dropped: {plain(reason)}"]
    said = plan_text(plan).rstrip()
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", said)), default=0))  # longer than any in it
    lines += ["", "## Plan", "", fence, said, fence, ""]
    return "\n".join(lines)


def _proof_line(outcome: Conversion) -> str:
    if outcome.proof is None:
        return "**NOT PROVEN**: nothing was run."
    if outcome.proof.verdict is Sameness.DIFFERENT and outcome.accepted:
        return f"**DIFFERENT**, accepted: {plain(outcome.accepted)}"
    if outcome.proof.verdict is Sameness.NOT_PROVEN:
        return f"**NOT PROVEN**: {plain(outcome.proof.reason)}"
    said = [f"{str(outcome.proof.verdict).upper()}: original and package in fresh processes."]
    said += [] if python_of(outcome.plan) is None else [f"Both ran in {python_of(outcome.plan)}."]
    return " ".join(said + [plain(line) for line in aside_lines(outcome.plan)])


def python_of(plan: Plan) -> str | None:
    """The interpreter of the proof, where it is not the one that this runs in."""
    return None if (plan.interpreter or OWN).is_own else (plan.interpreter or OWN).said


def package_value(outcome: Conversion) -> dict[str, Any]:
    """The outcome as one JSON object; the contract of --format json."""
    plan, written, proof = outcome.plan, outcome.written, outcome.proof
    outside, blank = reaches(plan.original or plan.facts), Blanker(plan.hidden)
    config: dict[str, dict[str, Any]] = {}
    for one in plan.constants.values():
        config.setdefault(one.section, {})[one.key] = one.value
    return {
        "package": plan.name,
        "modules": list(plan.modules),
        "functions": _functions(written),
        "config": config,
        "kept": list(plan.kept),
        "dropped": [{"cell": d.cell, "reason": d.reason} for d in plan.dropped],
        "proof": {
            "status": str(proof.verdict) if proof is not None else str(Sameness.NOT_PROVEN),
            "values": {v.name: str(v.verdict) for v in proof.values} if proof is not None else {},
            "unstable": list(proof.unstable) if proof is not None else [],
            "reason": proof.reason if proof is not None else "nothing was run",
            "python": (plan.interpreter or OWN).said,
        },
        "accepted": outcome.accepted,
        "secrets": [{"cell": s.cell, "variable": s.variable} for s in plan.secrets],
        "reaches": [{"cell": r.cell, "kind": r.kind, "text": cut(blank.said(r.text))} for r in outside],
        "not_run": list(plan.not_run),
        "beside": list(outcome.landed.beside) if outcome.landed else [],
        "removed": list(outcome.landed.removed) if outcome.landed else [],
        "left": list(outcome.landed.left) if outcome.landed else [],
        "seconds": {k: round(v, 3) for k, v in outcome.seconds.items()},
    }


def _functions(written: Written | None) -> list[dict[str, Any]]:
    if written is None:
        return []
    return [
        {"name": f.name, "module": f.module, "inputs": list(f.inputs), "outputs": list(f.outputs), "lines": f.lines}
        for f in written.functions
    ]
