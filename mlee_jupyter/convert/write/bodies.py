"""The text of stage functions and of functions that were there: the notebook's own lines, comments and all."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from mlee_jupyter.convert.analyse.flow import FlowStep, Stable, flow_of, reads_builtin_before_binding, stable_names
from mlee_jupyter.convert.analyse.hints import Hints
from mlee_jupyter.convert.analyse.showing import drawing_names, draws, sets_options
from mlee_jupyter.convert.read.facts import BUILTINS
from mlee_jupyter.convert.read.positions import Source
from mlee_jupyter.convert.read.rewrite import Edit, applied, indented, out_of_reach
from mlee_jupyter.convert.types import Plan, Stage, Statement

from .grouping import MOST_INPUTS, Group, Groups
from .sections import is_configured

BUNDLE_FROM = 4  # so many values of one section go in as the section; two where a stage takes too much


@dataclass
class Emission:
    """What all modules of one package share while they are written."""

    plan: Plan
    hints: Hints
    stable: Stable = field(init=False)
    figure_ends: set[int] = field(init=False)
    moved: dict[int, str] = field(init=False)
    silent: set[int] = field(default_factory=set)  # import statements whose comment moved down
    said: set[int] = field(default_factory=set)  # import statements whose comments are written already
    groups: Groups = field(init=False)

    def __post_init__(self) -> None:
        """Find the functions, and the statements behind which a cell's figures end."""
        facts, flow = self.plan.facts, self.plan.flow
        statements = [facts.statements[i] for i in flow]
        self.stable = stable_names(statements, self.plan.constants)
        drawing = drawing_names(self.stable)
        last: dict[int, Statement] = {}
        drawn: set[int] = set()
        for statement in statements:
            if statement.index in self.stable.statements:
                continue
            last[statement.cell] = statement
            if (draws(statement, drawing) and not sets_options(statement)) or "show_figures" in statement.calls:
                drawn.add(statement.cell)
        if self.plan.drawn is not None:  # what a run saw, where code that may have drawn is there
            whole = last.keys() - {s.cell for s in facts.statements if s.index not in flow}
            drawn = {cell for cell in self.plan.drawn if cell in drawn or cell in whole}
        self.figure_ends = {s.index for cell, s in last.items() if cell in drawn and s.code != "show_figures()"}
        self.moved = self._moved_comments()
        everything = flow_of(statements, self.stable, self.plan.results, frozenset(self.plan.constants))
        self._steps = {s.statement.index: s for s in everything.steps}
        self.groups = Groups(self.plan, lambda stage: _parameters(stage, self._sections(stage, 2)))

    def _moved_comments(self) -> dict[int, str]:
        """Comments above an import that speak of what follows it in the cell: following statement -> comment."""
        moved: dict[int, str] = {}
        hoisted = {h.statement for h in self.plan.hoisted}
        above: list[Statement] = []  # imports with a comment, whose cell has not come to other code yet
        for statement in (self.plan.facts.statements[i] for i in self.plan.flow):
            above = [s for s in above if s.cell == statement.cell]
            if statement.imports and statement.index in self.stable.statements:
                above += [statement] if statement.leading else []
            elif above:
                if statement.index in hoisted or statement.index not in self.stable.statements:
                    moved[statement.index] = "".join(s.leading for s in above)
                    self.silent |= {s.index for s in above}
                above = []
        return moved

    def statement(self, index: int) -> Statement:
        """A statement of the rewritten notebook."""
        return self.plan.facts.statements[index]

    def step(self, index: int) -> FlowStep:
        """What a statement does to variables."""
        return self._steps[index]

    def bundles(self, stage: Stage) -> dict[str, list[str]]:
        """Sections of the configuration that go into a stage whole: section -> the variables it stands for."""
        found = self._sections(stage, BUNDLE_FROM)
        if len(self.groups.parameters(stage)) + _parameters(stage, found) > MOST_INPUTS:
            return self._sections(stage, 2)
        return found

    def _sections(self, stage: Stage, least: int) -> dict[str, list[str]]:
        if not is_configured(self.plan):
            return {}
        by_section: dict[str, list[str]] = {}
        for name in stage.settings:
            by_section.setdefault(self.plan.constants[name].section, []).append(name)
        return {
            section: names
            for section, names in by_section.items()
            if len(names) >= least
            and bundle_name(section) not in {*self.plan.facts.bound, *self.plan.constants}
            and all(self._can_be_bundled(stage, n) for n in names)
        }

    def unpacked(self, stage: Stage) -> list[str]:
        """Variables of groups that a stage needs under their own name: they are bound anew, or stand in a text."""
        return [n for n in self.groups.of(stage) if not self._can_be_edited(stage, n)]

    def parameter_names(self, stage: Stage) -> dict[str, str]:
        """What each setting is called inside a stage: its short key where nothing there has that name."""
        covered = {n for names in self.bundles(stage).values() for n in names}
        nodes = [n for i in stage.statements for n in ast.walk(self.statement(i).node)]
        words = {n.id for n in nodes if isinstance(n, ast.Name)} | {n.arg for n in nodes if isinstance(n, ast.arg)}
        words |= {w for i in stage.statements for w in self.statement(i).string_uses}
        taken = words | set(stage.inputs) | self.stable.names | BUILTINS
        found: dict[str, str] = {}
        for name in stage.settings:
            one = self.plan.constants[name]
            free = one.key not in taken and one.key.isidentifier() and one.variable is None
            short = free and name not in covered and self._can_be_edited(stage, name)
            found[name] = one.key if short else name
            taken.add(found[name])
        return found

    def _can_be_bundled(self, stage: Stage, name: str) -> bool:
        one = self.plan.constants[name]
        return not one.as_tuple and one.kind != "absolute path" and self._can_be_edited(stage, name)

    def _can_be_edited(self, stage: Stage, name: str) -> bool:
        for index in stage.statements:
            statement = self.statement(index)
            far = out_of_reach(statement.node)
            mine = [m for m in statement.mentions if m.name == name]
            if name in statement.string_uses | statement.deletes or any(id(m.node) in far or m.binds for m in mine):
                return False
        return True


def bundle_name(section: str) -> str:
    """What the parameter is called that holds a section."""
    return f"{section}_config"


def stage_source(emission: Emission, stage: Stage) -> str:
    """A stage as the text of one function."""
    bundles = emission.bundles(stage)
    bundled = {n: f"{bundle_name(s)}.{emission.plan.constants[n].key}" for s, names in bundles.items() for n in names}
    spoken = emission.parameter_names(stage)
    unpacked, groups = emission.unpacked(stage), emission.groups.of(stage)
    inside = {n: f"{g.variable}.{n}" for n, g in groups.items() if n not in unpacked}
    parameters = [
        f"{one.variable}: {one.name}" if isinstance(one, Group) else f"{one}: {emission.hints.of(one)[0]}"
        for one in emission.groups.parameters(stage)
    ]
    parameters += [f"{bundle_name(s)}: {class_name(s)}" for s in bundles]
    parameters += [f"{spoken[n]}: {emission.hints.of(n)[0]}" for n in stage.settings if n not in bundled]
    hints = [emission.hints.of(n)[0] for n in stage.outputs]
    returned = "None" if not hints else hints[0] if len(hints) == 1 else f"tuple[{', '.join(hints)}]"
    given = emission.groups.given.get(stage.name)
    returned = given.name if given else returned
    lines = [f"def {stage.name}({', '.join(parameters)}) -> {returned}:"]
    lines += [f'    """{stage.doc}"""'] if stage.doc else []
    lines += [f"    {n} = {groups[n].variable}.{n}" for n in unpacked]
    lines.append(indented(_body(emission, stage, {**{n: s for n, s in spoken.items() if n != s}, **bundled, **inside})))
    if given:
        lines.append(f"    return {given.name}({', '.join(f'{n}={n}' for n in stage.outputs)})")
    elif stage.outputs:
        lines.append(f"    return {', '.join(stage.outputs)}")
    return "\n".join(lines)


def group_source(emission: Emission, group: Group) -> str:
    """A group as the text of its class."""
    fields = [f"    {n}: {emission.hints.of(n)[0]}" for n in group.fields]
    return "\n".join(["@dataclass(frozen=True, eq=False)", f"class {group.name}:", *fields])


def _parameters(stage: Stage, sections: dict[str, list[str]]) -> int:
    """How many parameters the settings of a stage need where some go in as their sections."""
    return len(stage.settings) - sum(len(names) - 1 for names in sections.values())


def class_name(section: str) -> str:
    """The dataclass of a section: "model" gives ModelConfig."""
    return "".join(w.capitalize() for w in section.split("_")) + "Config"


def _body(emission: Emission, stage: Stage, bundled: dict[str, str]) -> str:
    steps = [emission.step(i) for i in stage.statements]
    early = reads_builtin_before_binding(steps)
    parts: list[str] = []
    previous: Statement | None = None
    for place, step in enumerate(steps):
        statement = step.statement
        names = dict(bundled) | {n: f"builtins.{n}" for n, places in early.items() if place in places}
        if previous is not None and (previous.cell != statement.cell or _blank_between(emission, previous, statement)):
            parts.append("")
        above, text = lines_above(emission.plan, statement, names)
        parts.append(emission.moved.get(statement.index, "") + "\n".join([*above, text]))
        if statement.index in emission.figure_ends:
            parts.append("show_figures()")
        previous = statement
    return "\n".join(parts)


def _blank_between(emission: Emission, previous: Statement, statement: Statement) -> bool:
    cell = emission.plan.facts.notebook.cell(statement.cell)
    between = cell.python[previous.start + len(previous.code) : statement.start]
    return any(not line.strip() for line in between.split("\n")[1:-1])


def named_inside(plan: Plan, statement: Statement) -> list[ast.NamedExpr]:
    """Results that a statement prints and that were given names: each is written as a line of its own above it."""
    given = plan.named.get(statement.index, ())
    found = [n for n in ast.walk(statement.node) if isinstance(n, ast.NamedExpr) and n.target.id in given]
    return sorted(found, key=lambda n: (n.lineno, n.col_offset))


def lines_above(plan: Plan, statement: Statement, names: dict[str, str]) -> tuple[list[str], str]:
    """The lines that name what a statement prints, and the statement as it then reads."""
    inside = named_inside(plan, statement)
    if not inside:
        return [], statement_text(plan, statement, names)
    source = Source(plan.facts.notebook.cell(statement.cell).python)
    edits = _renaming(source, statement, names)
    above, inner = [], []
    for node in inside:
        (start, end), (opening, closing) = source.span(node.value), source.span(node)
        mine = [
            Edit(e.start + statement.start - start, e.end + statement.start - start, e.text)
            for e in edits
            if start <= e.start + statement.start < end
        ]
        above.append(f"{node.target.id} = {applied(source.text[start:end], mine)}")
        whole = opening - 1 - statement.start, closing + 1 - statement.start  # the parentheses around it as well
        inner.append(Edit(*whole, node.target.id))
    if statement.leading:
        above[0] = f"{statement.leading}{above[0]}"
    return above, f"{applied(statement.code, [*edits, *inner])}{_beside(statement)}"


def _renaming(source: Source, statement: Statement, names: dict[str, str]) -> list[Edit]:
    edits = []
    for mention in statement.mentions:
        if mention.name in names and isinstance(mention.node, ast.Name) and not mention.binds:
            start, end = source.span(mention.node)
            edits.append(Edit(start - statement.start, end - statement.start, names[mention.name]))
    return edits


def statement_text(plan: Plan, statement: Statement, names: dict[str, str]) -> str:
    """A statement's own text, with some names written differently."""
    code = statement.code
    if names:
        source = Source(plan.facts.notebook.cell(statement.cell).python)
        code = applied(code, _renaming(source, statement, names))
    return f"{statement.leading}{code}{_beside(statement)}"


def _beside(statement: Statement) -> str:
    beside = statement.trailing if statement.trailing.startswith("\n") else f"  {statement.trailing}"
    return beside if statement.trailing else ""


def line_count(source: str) -> int:
    """Lines of a function that hold something, its docstring left out."""
    tree = ast.parse(source).body[0]
    lines = sum(1 for line in source.split("\n") if line.strip())
    body = getattr(tree, "body", [])
    if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        lines -= (body[0].end_lineno or 0) - body[0].lineno + 1
    return lines
