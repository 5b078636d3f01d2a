"""The plan: from a notebook's facts to stages, modules, configuration and what is left out. Executes nothing."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from mlee_jupyter.convert.analyse.flow import Flow, Stable, flow_of, stable_names
from mlee_jupyter.convert.analyse.import_order import environment_first
from mlee_jupyter.convert.analyse.showing import (
    captured_notes,
    drawing_names,
    draws,
    drop_displays,
    drop_failures,
    end_figures,
    refuse_the_shell,
    sets_options,
)
from mlee_jupyter.convert.analyse.topics import deeds_of, topics_of
from mlee_jupyter.convert.draft import Draft
from mlee_jupyter.convert.read.file_facts import read_facts
from mlee_jupyter.convert.secrets import secret_places
from mlee_jupyter.convert.secrets.blanking import environment_secrets, texts_of
from mlee_jupyter.convert.types import Cell, Dropped, Facts, Kind, Plan, Stage, Statement
from mlee_jupyter.domain.errors import MleeError

from . import candidate_variables
from .chunking import chunks_of
from .exploration import drop_exploration
from .lifting import lift
from .mending import mend_functions
from .naming import OPTIONS, docstring, function_name
from .placing import place_functions
from .refusals import check_name, check_variables, is_module, refuse
from .results import results_of
from .shown_results import name_results
from .slicing import slice_to


def plan_notebook(
    path: Path | str,
    keep: str | None = None,
    keep_variables: tuple[str, ...] | None = None,
    *,
    name: str | None = None,
    without: Collection[str] = (),
) -> Plan:
    """Where everything in a notebook would go; nothing is executed and nothing written.

    Args:
        path: an .ipynb file (or a text notebook, with jupytext).
        keep: the candidate to keep: only what it needs is kept.
        keep_variables: the variables to keep instead.
        name: the package's name; from the file's name by default.
        without: improvement steps to leave out, of `draft.STEPS`.

    Raises:
        MleeError: the notebook cannot become a package; one line says which cell and what to change.
    """
    facts = candidate_variables.with_results(read_facts(path), keep)
    refuse(facts)
    name = check_name(name if name is not None else _free_name(package_name(Path(path)), facts), facts)
    draft = Draft(name=name, facts=facts, original=facts, flow=[s.index for s in facts.statements])
    draft.notes += facts.notebook.remarks
    wanted = candidate_variables.wanted(facts, keep, keep_variables)
    check_variables(wanted, facts)
    hidden = texts_of(secret_places.secrets_of(facts)) | environment_secrets()
    secret_places.take_out(draft, hidden)
    drop_failures(draft)
    end_figures(draft)
    if "name results" not in without and not wanted:
        name_results(draft)
    if "drop displays" not in without:
        drop_displays(draft)
    environment_first(draft)
    if wanted and "slice" not in without:
        slice_to(draft, wanted)
    elif not wanted and "drop exploration" not in without and "drop displays" not in without:
        drop_exploration(draft)
    refuse_the_shell(draft.statements())
    if all(s.kind is Kind.IMPORT for s in draft.statements()):
        raise MleeError("Nothing is left to package: the notebook only shows things.", "Bind a result to a name.")
    if "lift" not in without:
        lift(draft, wanted)
    if "mend functions" not in without:
        mend_functions(draft)
    return replace(_planned(draft, keep, wanted, keep_variables, frozenset(without)), hidden=hidden)


def package_name(path: Path) -> str:
    """A package's name from a file's name: "My Notebook-2.ipynb" gives my_notebook_2."""
    plain = re.sub(r"[^a-z0-9]+", "_", path.stem.lower()).strip("_")
    return f"nb_{plain}" if not plain or plain[0].isdigit() else plain


def _free_name(name: str, facts: Facts) -> str:
    """The name, or with `_package` behind it where a module has it: statistics.ipynb must not hide `statistics`."""
    return f"{name}_package" if is_module(name, facts) else name


def _planned(
    draft: Draft,
    keep: str | None,
    wanted: tuple[str, ...],
    keep_variables: tuple[str, ...] | None,
    without: frozenset[str],
) -> Plan:
    statements = draft.statements()
    given = frozenset(draft.constants)
    stable = stable_names(statements, given)
    flowing = [s for s in statements if s.index not in stable.statements]
    bound = {n for s in flowing for n in s.defines}
    asked = tuple(draft.renames.get(n, n) for n in wanted or draft.results)
    asked = asked if wanted else tuple(n for n in asked if n in bound)
    results = results_of(flow_of(statements, stable, (), given), stable, asked, draft.named, draft.shown)
    flow = flow_of(statements, stable, results, given)
    stages = _stages(draft, flow, stable, flowing, given, whole_headings="split" in without)
    written = _names_written(draft.original)  # a name of ours (show_figures) is no ghost
    for ghost, cell in draft.facts.ghosts.items():
        if ghost in written and ghost not in draft.constants and ghost not in stable.names:
            draft.notes.append(f"cell {cell} reads {ghost}, which nothing above it binds")
    draft.notes += captured_notes(draft.facts, {s.cell for s in statements})
    hoisted = place_functions(draft.facts, statements, stable, stages)
    kept = {s.cell for s in statements}
    dropped = _whole_cells(draft, kept)
    return Plan(
        name=draft.name,
        facts=draft.facts,
        stages=stages,
        hoisted=hoisted,
        kept=tuple(sorted(kept)),
        thin=tuple(sorted(draft.thin)),
        dropped=dropped,
        lifted=tuple(draft.lifted),
        secrets=tuple(draft.secrets),
        results=results,
        notes=tuple(draft.notes),
        keep=keep,
        keep_variables=wanted or keep_variables,
        original=draft.original,
        flow=tuple(draft.flow),
        left_out=dict(draft.reasons),
        constants=dict(draft.constants),
        environment=dict(draft.environment),
        named=dict(draft.named),
        renames=dict(draft.renames),
        data_root=draft.data_root,
        without=without,
        first=tuple(draft.first),
        not_run=candidate_variables.others(draft.original, keep, {*kept, *draft.thin}) if wanted else (),
    )


def _stages(
    draft: Draft,
    flow: Flow,
    stable: Stable,
    flowing: list[Statement],
    given: frozenset[str],
    whole_headings: bool,
) -> tuple[Stage, ...]:
    topics = topics_of(draft.facts, flowing)
    drawing = drawing_names(stable)
    taken = _names_written(draft.facts) | stable.names
    stages: list[Stage] = []
    headings_seen: set[str] = set()
    for chunk in chunks_of(flow, topics, given, whole=whole_headings):
        steps = flow.steps[chunk.start : chunk.stop]
        inputs = flow.inputs(chunk.start, chunk.stop)
        outputs = flow.outputs(chunk.start, chunk.stop)
        spoken = [topics[s.statement.cell] for s in steps]
        topic = next((t for t in spoken if t.heading and t.module == chunk.module), spoken[0])
        bound = [n for s in steps for n in sorted(s.sure)]
        does = deeds_of(s.statement for s in steps)
        does |= {"plots"} if any(draws(s.statement, drawing) for s in steps) else set()
        does |= {OPTIONS} if all(sets_options(s.statement) for s in steps) else set()
        name = function_name(topic, outputs or ([] if "plots" in does else bound[-1:]), inputs, does, taken)
        taken.add(name)
        stages.append(
            Stage(
                name=name,
                module=chunk.module,
                statements=tuple(s.statement.index for s in steps),
                inputs=tuple(n for n in inputs if n not in given),
                outputs=outputs,
                settings=tuple(n for n in inputs if n in given),
                doc="" if OPTIONS in does else docstring(topic, name, topic.heading not in headings_seen),
                cells=tuple(dict.fromkeys(s.statement.cell for s in steps)),
            )
        )
        headings_seen.add(topic.heading)
    return tuple(stages)


def _names_written(facts: Facts) -> set[str]:
    """Every word of the notebook's code: a stage may not be called like any of them."""
    return {w for c in facts.notebook.code for w in re.findall(r"[^\W\d]\w*", c.python)}


def _whole_cells(draft: Draft, kept: set[int]) -> tuple[Dropped, ...]:
    """What was dropped, whole cells said once, cells without statements included."""
    found: list[Dropped] = []
    flowing = {s.cell for s in draft.statements()}
    constant_cells = {place[0] for one in draft.lifted for place in one.places}
    of_cell: dict[int, list[Dropped]] = {}
    for one in draft.dropped:
        of_cell.setdefault(one.cell, []).append(one)
    for cell in draft.original.notebook.code:
        mine = of_cell.get(cell.number, [])
        if cell.number in flowing:
            found += mine
        elif mine:
            reasons = dict.fromkeys(d.reason for d in mine if d.reason != "lifted")
            if reasons:
                found.append(Dropped(cell=cell.number, reason=", ".join(reasons)))
        elif not draft.original.of_cell(cell.number) and cell.number not in constant_cells:
            found.append(Dropped(cell=cell.number, reason=_empty_reason(cell)))
    return tuple(found)


def _empty_reason(cell: Cell) -> str:
    if cell.magics:
        return f"only for the notebook: {cell.magics[0].name}"
    return "only comments"
