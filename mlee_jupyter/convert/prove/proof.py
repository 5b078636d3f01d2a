"""Original and package held together: variables, printed text, displayed values, figures and written files.

What differs between two runs of the original is set aside by name. A difference is never called equal; what cannot be
compared is named with the reason.
"""

from __future__ import annotations

import ast
import itertools
import re
import time
from collections.abc import Collection, Iterator, Mapping

from mlee_jupyter.convert.analyse.reaches import commands_of
from mlee_jupyter.convert.child.canonical import Node
from mlee_jupyter.convert.child.harness_files import GONE
from mlee_jupyter.convert.read.facts import imports_of
from mlee_jupyter.convert.types import Effect, Facts, Kind, Proof, Sameness, ValueVerdict, Written

from .displays import displays_of
from .equal import Difference, NodeComparison, compare
from .printed_text import text_verdict, unsteady_text
from .processes import JobRun

MOST_PLACES = 50  # of one variable that differ between two runs; with more the whole variable is set aside
_JOINT = re.compile(r"[.\[#]")


def stable_parts(first: JobRun, second: JobRun) -> frozenset[str]:
    """The places that differ between two runs of the original: variables or parts of them, text, files, figures."""
    found: set[str] = set()
    for name in first.values.names.keys() | second.values.names.keys():
        if name not in first.values.names or name not in second.values.names:
            found.add(name)
            continue
        one, other = first.values.names[name], second.values.names[name]
        found |= _places(compare(first.values, second.values, one, other, name).differences, name)
    for statement in first.text.keys() | second.text.keys():
        found |= {*unsteady_text(statement, first.text.get(statement, ""), second.text.get(statement, ""))}
    for statement in first.commands.keys() | second.commands.keys():
        if first.commands.get(statement, "") != second.commands.get(statement, ""):
            found.add(f"commands of {statement}")
    shown, others = _shown_by(first), _shown_by(second)
    for at in shown.keys() | others.keys():
        pairs = [*zip(shown.get(at, []), others.get(at, []), strict=False)]
        name = f"shown by {at}"
        if len(shown.get(at, [])) != len(others.get(at, [])):
            found.add(name)
            continue
        for one, other in pairs:
            found |= _places(compare(first.shown_values, second.shown_values, one, other, name).differences, name)
    for place in range(max(len(first.figures), len(second.figures))):
        if first.figures[place : place + 1] != second.figures[place : place + 1]:
            found.add(f"figure {place + 1}")
    for name in first.files.keys() | second.files.keys():
        if first.files.get(name) != second.files.get(name):
            found.add(f"file {name}")
    return frozenset(found)


def _places(differences: list[Difference], name: str) -> set[str]:
    """The places to set aside, or the whole variable when they are many.

    A private attribute that is not steady on one object (memory that a library leaves unfilled) is not on others of
    its class, though two runs may agree there by chance.
    """
    if len(differences) > MOST_PLACES:
        return {name}
    return {d.path for d in differences} | {f"every {d.private}" for d in differences if d.private}


def hold_together(
    written: Written,
    original: JobRun,
    package: JobRun,
    displays: JobRun | None,
    unstable: frozenset[str],
    seconds: Mapping[str, float],
    started: float,
) -> Proof:
    """The proof from one run of the original and one of the package.

    Args:
        written: the package, with its probes.
        original: the first run of the notebook.
        package: the run of the package.
        displays: another run of it, with the notebook's displays put back; None: there are none.
        unstable: what differs between two runs of the notebook.
        seconds: how long the runs took.
        started: when the comparison began, by the performance counter.
    """
    if package.error:
        verdict = Sameness.NOT_PROVEN if package.timed_out else Sameness.DIFFERENT
        return Proof(
            verdict=verdict,
            values=(ValueVerdict(name="the run", verdict=verdict, detail=_where(package)),),
            reason=f"the package stopped: {package.error}",
            seconds={**seconds, "compare": time.perf_counter() - started},
        )
    values = [
        *_variables(written, original, package, unstable),
        *filter(None, [text_verdict(written.plan, original.text, package.text, unstable)]),
        *_commands(written, original, package, unstable),
        *_figures(written, original, package, unstable),
        *_files(written, original, package, unstable),
        *(_displays(written, original, displays, unstable) if displays is not None else ()),
    ]
    if not values:
        values += _same_definitions(written)
    verdicts = {v.verdict for v in values}
    if Sameness.DIFFERENT in verdicts:
        whole = Sameness.DIFFERENT
    elif Sameness.IDENTICAL in verdicts:
        whole = Sameness.IDENTICAL
    else:
        whole = Sameness.NOT_PROVEN
    wrong = next((v for v in values if v.verdict is Sameness.DIFFERENT), None)
    reason = f"{wrong.name} differs: {wrong.detail}" if wrong else ""
    if whole is Sameness.NOT_PROVEN:
        reason = "nothing in it could be compared"
    return Proof(
        verdict=whole,
        values=tuple(values),
        unstable=_by_cell(unstable, written.plan.original or written.plan.facts),
        reason=reason,
        seconds={**seconds, "compare": time.perf_counter() - started},
    )


def _by_cell(unstable: Collection[str], facts: Facts) -> tuple[str, ...]:
    """Places as a reader knows them: by cells, not by statements."""

    def cell(found: re.Match[str]) -> str:
        return f"{found[1]} cell {facts.statements[int(found[2])].cell}" if found[2] else found[0]

    pattern = re.compile(r"^(printed by|shown by|commands of) (\d+)")
    return tuple(dict.fromkeys(pattern.sub(cell, place) for place in sorted(unstable)))


def _where(package: JobRun) -> str:
    lines = [line.strip() for line in package.trace.splitlines() if "/src/" in line]
    place = lines[-1].partition("/src/")[2].replace('"', "") if lines else ""
    return f"{package.error} ({place})" if place else package.error


def _variables(written: Written, original: JobRun, package: JobRun, unstable: frozenset[str]) -> Iterator[ValueVerdict]:
    facts = written.plan.original or written.plan.facts
    left_out = set(written.unproven)
    renamed = {new: old for old, new in written.plan.renames.items()}
    for name, node in original.values.names.items():
        if name not in facts.bound or name in left_out:
            continue
        inside = node if "r" not in node else original.values.pool[node["r"]]
        if inside["k"] == "name" and (inside["mine"] or name not in written.probes):
            continue  # functions, classes and modules: what they do shows in the values
        if all(facts.statements[i].kind is Kind.IMPORT for i in facts.bound[name]):
            continue
        if name in unstable:
            continue
        if name not in package.values.names and inside["k"] == "name" and _is_imported(name, facts):
            continue  # an import in a block that nothing uses is tidied away
        if name not in package.values.names:
            gone = name in written.probes
            detail = "is not there when the package has run" if gone else "is not seen while the package runs"
            yield ValueVerdict(name=name, verdict=Sameness.DIFFERENT if gone else Sameness.NOT_PROVEN, detail=detail)
            continue
        found = compare(original.values, package.values, node, package.values.names[name], name)
        yield _judged(name, found, unstable)
    for name, node in package.values.names.items():
        if not name.startswith("results."):
            continue
        old = renamed.get(name.removeprefix("results."), name.removeprefix("results."))
        if old in original.values.names and old not in unstable and old not in left_out:
            found = compare(original.values, package.values, original.values.names[old], node, old)
            if any(not _is_aside(d, unstable) for d in found.differences):
                yield _judged(name, found, unstable)


def _is_imported(name: str, facts: Facts) -> bool:
    """Whether a statement that binds a name may do so by an import, in a block as well."""
    nodes = (inner for place in facts.bound[name] for inner in ast.walk(facts.statements[place].node))
    return any(one.name == name for n in nodes if isinstance(n, ast.stmt) for one in imports_of(n))


def _judged(name: str, found: NodeComparison, unstable: frozenset[str]) -> ValueVerdict:
    apart = [d for d in found.differences if not _is_aside(d, unstable)]
    if apart:
        return ValueVerdict(name=name, verdict=Sameness.DIFFERENT, detail=_told(name, apart))
    aside = sorted({d.path for d in found.differences})
    notes = [f"set aside: {', '.join(aside[:3])}"] if aside else []
    holes = [h for h in found.holes if "code is not compared" not in h.what]
    if holes or found.holes:
        notes.append("not compared: " + _told(name, holes or found.holes))
    # Functions inside a value are no reason to doubt it; anything else that was not looked into is.
    unsure = bool(holes) or not found.compared
    return ValueVerdict(
        name=name, verdict=Sameness.NOT_PROVEN if unsure else Sameness.IDENTICAL, detail="; ".join(notes)
    )


def _is_aside(apart: Difference, unstable: frozenset[str]) -> bool:
    """Whether a place is one that differs between runs of the original, or lies inside of one."""
    path = apart.path
    if path in unstable or any(path[: m.start()] in unstable for m in _JOINT.finditer(path)):
        return True
    return bool(apart.private) and f"every {apart.private}" in unstable


def _told(name: str, differences: list[Difference]) -> str:
    first = differences[0]
    path = first.path.removeprefix(name)
    more = f" (and {len(differences) - 1} more)" if len(differences) > 1 else ""
    return f"{path}: {first.what}{more}" if path else f"{first.what}{more}"


def _commands(written: Written, original: JobRun, package: JobRun, unstable: frozenset[str]) -> Iterator[ValueVerdict]:
    """What commands print on their output, in order; what they print as errors is not kept."""
    plan = written.plan
    facts = plan.original or plan.facts
    if not commands_of(facts):
        return
    places = [str(i) for i in plan.flow]
    told = "".join(original.commands.get(place, "") for place in places)
    got = "".join(package.commands.values())
    shaky = [p for p in places if f"commands of {p}" in unstable]
    if shaky:
        cells = ", ".join(dict.fromkeys(str(facts.statements[int(p)].cell) for p in shaky))
        yield ValueVerdict(
            name="what commands print",
            verdict=Sameness.NOT_PROVEN,
            detail=f"it is not the same in two runs of the notebook (cell {cells})",
        )
    elif told or got:
        same = told == got
        yield ValueVerdict(
            name="what commands print",
            verdict=Sameness.IDENTICAL if same else Sameness.DIFFERENT,
            detail="" if same else _first_other_line(told, got),
        )


def _first_other_line(told: str, got: str) -> str:
    one, other = told.splitlines(), got.splitlines()
    pairs = itertools.zip_longest(one, other, fillvalue="nothing")
    place, (was, now) = next((n, p) for n, p in enumerate(pairs, start=1) if p[0] != p[1] or n > len(one + other))
    return f"line {place}: {was[:60]!r} in the notebook, {now[:60]!r} in the package"


def _figures(written: Written, original: JobRun, package: JobRun, unstable: frozenset[str]) -> Iterator[ValueVerdict]:
    """Every figure of the package is one of the notebook's, in order; a missing one was in a cell that lost a part."""
    facts = written.plan.original or written.plan.facts
    flow = set(written.plan.flow)
    whole = {
        c.number
        for c in facts.notebook.code
        if all(s.index in flow or not _may_draw(s.effects) for s in facts.of_cell(c.number))
    }
    rest = [f["pixels"] for f in package.figures]
    at = 0
    for number, figure in enumerate(original.figures, start=1):
        name = f"figure {number}"
        if name in unstable:
            at += at < len(rest) and figure["cell"] in whole
        elif at < len(rest) and rest[at] == figure["pixels"]:
            at += 1
            yield ValueVerdict(name=name, verdict=Sameness.IDENTICAL, detail=f"cell {figure['cell']}")
        elif figure["cell"] in whole and any(s.index in flow for s in facts.of_cell(figure["cell"])):
            there = "has other pixels" if at < len(rest) else "is not drawn"
            yield ValueVerdict(name=name, verdict=Sameness.DIFFERENT, detail=f"cell {figure['cell']}: {there}")
            at += 1
    if at < len(rest):
        yield ValueVerdict(
            name="figures", verdict=Sameness.DIFFERENT, detail=f"{len(rest) - at} that the notebook does not draw"
        )


def _shown_by(run: JobRun) -> dict[str, list[Node]]:
    """What each statement displayed; one whose display could not be evaluated has a hole."""
    found: dict[str, list[Node]] = {}
    for one in run.shown:
        node = one.get("node") or {"k": "hole", "t": "display", "v": one["error"]}
        found.setdefault(one["at"], []).append(node)
    return found


def _displays(written: Written, original: JobRun, package: JobRun, unstable: frozenset[str]) -> Iterator[ValueVerdict]:
    """What cells display: a value that the package's variables do not give is a difference like any other."""
    ours, theirs = _shown_by(original), _shown_by(package)
    for statement in displays_of(written.plan):
        at = str(statement.index)
        wanted, found = ours.get(at, []), theirs.get(at, [])
        place, name = f"shown by {at}", f"display of cell {statement.cell}"
        if not wanted or place in unstable:
            continue
        if package.error or len(wanted) != len(found) or any(n.get("k") == "hole" for n in found):
            holes = [n["v"] for n in found if n.get("k") == "hole"]
            detail = package.error or (holes[0] if holes else f"shows {len(found)} values, not {len(wanted)}")
            yield ValueVerdict(name=name, verdict=Sameness.NOT_PROVEN, detail=detail)
            continue
        for one, other in zip(wanted, found, strict=True):
            comparison = compare(original.shown_values, package.shown_values, one, other, place)
            judged = _judged(place, comparison, unstable)
            yield ValueVerdict(name=name, verdict=judged.verdict, detail=judged.detail)


def _may_draw(effects: frozenset[Effect]) -> bool:
    return bool(effects & {Effect.PLOTS, Effect.UNKNOWN, Effect.SHOWS})


def _files(written: Written, original: JobRun, package: JobRun, unstable: frozenset[str]) -> Iterator[ValueVerdict]:
    facts = written.plan.original or written.plan.facts
    flow = set(written.plan.flow)
    all_there = all(s.index in flow or Effect.WRITES_FILE not in s.effects for s in facts.statements)
    for name, content in sorted(original.files.items()):
        if f"file {name}" in unstable:
            continue
        if name in package.files:
            alike = package.files[name] == content
            verdict = Sameness.IDENTICAL if alike else Sameness.DIFFERENT
            other = "is deleted by one of the two" if GONE in (content, package.files[name]) else "has other content"
            yield ValueVerdict(name=f"file {name}", verdict=verdict, detail="" if alike else other)
        elif all_there:
            done = "deleted" if content == GONE else "written"
            yield ValueVerdict(name=f"file {name}", verdict=Sameness.NOT_PROVEN, detail=f"is not {done} by the package")
    for name in sorted(package.files.keys() - original.files.keys()):
        done = "deleted" if package.files[name] == GONE else "written"
        yield ValueVerdict(name=f"file {name}", verdict=Sameness.DIFFERENT, detail=f"is not {done} by the notebook")


def _same_definitions(written: Written) -> tuple[ValueVerdict, ...]:
    """Where a notebook only defines, nothing but code can be compared: by the syntax trees of both sides.

    Returns:
        nothing, when the package runs any statement besides imports and definitions.
    """
    plan = written.plan
    facts = plan.original or plan.facts
    homes = {h.statement: h for h in plan.hoisted}
    rest = [i for i in plan.flow if i not in homes and facts.statements[i].kind is not Kind.IMPORT]
    if rest:
        return ()
    found = []
    for i, home in homes.items():
        same = _definition(written, home.module, home.name) == ast.dump(facts.statements[i].node)
        verdict = Sameness.IDENTICAL if same else Sameness.NOT_PROVEN
        found.append(ValueVerdict(name=home.name, verdict=verdict, detail="its code; nothing called it"))
    return tuple(found)


def _definition(written: Written, module: str, name: str) -> str:
    """The definition as the package has it; empty: it is not there."""
    text = written.files.get(f"src/{written.plan.name}/{module}.py", "")
    found = [n for n in ast.parse(text).body if getattr(n, "name", None) == name]
    return ast.dump(found[0]) if len(found) == 1 else ""
