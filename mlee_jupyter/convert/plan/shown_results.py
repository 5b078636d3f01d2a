"""What a notebook shows of its results gets a name: a score that a cell ends on, or prints, is a field of the results.

`model.score(X, y)` at the end of a cell becomes `score = model.score(X, y)`. Inside `print(...)` it becomes
`(score := ...)`, which is written as a line of its own above (`bodies`).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mlee_jupyter.convert.analyse.flow import Stable, stable_names
from mlee_jupyter.convert.analyse.showing import drawing_names, draws, is_quiet
from mlee_jupyter.convert.analyse.topics import slug
from mlee_jupyter.convert.draft import Draft
from mlee_jupyter.convert.read import effects
from mlee_jupyter.convert.read.facts import BUILTINS
from mlee_jupyter.convert.read.literals import literal
from mlee_jupyter.convert.read.own_words import own_words
from mlee_jupyter.convert.read.rewrite import Editor, out_of_reach
from mlee_jupyter.convert.types import Effect, Kind, Statement

from .naming import snake
from .result_names import TELLING, chosen_rows, column_behind, names_of

MOST = 5  # results that one display names


def name_results(draft: Draft) -> None:
    """Give names to the results that cells end on and print."""
    stable = stable_names(draft.statements())
    drawing = drawing_names(stable)
    taken = {w for s in draft.facts.statements for n in ast.walk(s.node) for w in own_words(n)} | BUILTINS
    taken |= {w for s in draft.facts.statements for w in s.string_uses}
    editor = Editor(draft.facts)
    for statement in draft.statements():
        node = statement.node
        if not isinstance(node, ast.Expr) or draws(statement, drawing):
            continue
        far = out_of_reach(node)
        if statement.displays and id(node.value) not in far and Effect.PRINTS not in statement.effects:
            draft.shown |= {n for n in _bare_names(node.value) if TELLING.search(n.lower())}
            if not _name_display(draft, editor, statement, node.value, stable, taken):
                _name_passing(draft, editor, statement, node.value, taken)
        elif _is_print(node.value, stable):
            assert isinstance(node.value, ast.Call)
            _name_printed(draft, editor, statement, node.value, stable, taken, far)
    draft.facts = editor.done()


def _name_display(
    draft: Draft, editor: Editor, statement: Statement, value: ast.expr, stable: Stable, taken: set[str]
) -> bool:
    parts = value.elts if isinstance(value, ast.Tuple) else [value]
    computed = {n for s in draft.statements() if _is_computed(s) and s.index < statement.index for n in s.binds}
    choices = [names_of(part, stable) or chosen_rows(part, computed) for part in parts]
    if not parts or not all(choices) or len(parts) > MOST or (isinstance(value, ast.Tuple) and len(parts) == 1):
        return False
    _bind(draft, editor, statement, tuple(_free(found, taken) for found in choices))
    return True


def _bind(draft: Draft, editor: Editor, statement: Statement, names: tuple[str, ...]) -> None:
    editor.insert(statement, editor.source(statement.cell).span(statement.node)[0], f"{', '.join(names)} = ")
    draft.named[statement.index] = names


def _is_computed(statement: Statement) -> bool:
    value = getattr(statement.node, "value", None)
    return statement.kind is Kind.ASSIGNMENT and value is not None and literal(value) is None


def _name_passing(draft: Draft, editor: Editor, statement: Statement, value: ast.expr, taken: set[str]) -> None:
    """What a cell ends on and whose names are bound anew below, by which nothing but displays has read them."""
    names = _bare_names(value)
    statements = draft.statements()
    later = [s for s in statements if s.index > statement.index]
    if not 0 < len(names) <= MOST or not all(_passes(n, later) for n in names):
        return
    column = column_behind(names, [s for s in statements if s.index < statement.index])
    about = [column] if column else _headings(draft, statement)
    if about:
        found = [tuple(f"{one}_{snake(n)}" for one in about) for n in names]
        _bind(draft, editor, statement, tuple(_free(choices, taken) for choices in found))
        draft.shown |= set(names)  # so is what they are bound to at the end


def _bare_names(value: ast.expr) -> list[str]:
    """The names that an expression is made of, where it is nothing else."""
    parts = value.elts if isinstance(value, ast.Tuple) else [value]
    names = [part.id for part in parts if isinstance(part, ast.Name)]
    return names if len(names) == len(parts) else []


def _passes(name: str, later: list[Statement]) -> bool:
    """Whether a name is bound to something else before anything but a display reads it."""
    for statement in later:
        if statement.kind is Kind.EXPRESSION and statement.displays and name not in statement.updates:
            continue
        if name in statement.uses | statement.late_uses | statement.updates | statement.deletes:
            return False
        if name in statement.defines:
            return True
        if name in statement.may_define:
            return False
    return False


def _headings(draft: Draft, statement: Statement) -> list[str]:
    """The first words of the heading that a statement stands under: two, three or four of them."""
    above = [h for c in draft.facts.notebook.cells if c.number < statement.cell for h in c.headings]
    return [name for words in (2, 3, 4) if above and (name := slug(above[-1].text, words))]


def _name_printed(
    draft: Draft,
    editor: Editor,
    statement: Statement,
    call: ast.Call,
    stable: Stable,
    taken: set[str],
    far: set[int],
) -> None:
    """Results that are computed inside a print: a line above changes nothing where all that is printed is quiet."""
    arguments = [*call.args, *(k.value for k in call.keywords)]
    if not all(is_quiet(a, stable) for a in arguments):
        return
    names: list[str] = []
    for inner in _topmost(arguments, stable):
        if id(inner) in far:
            continue
        name = _free(names_of(inner, stable), taken)
        start, end = editor.source(statement.cell).span(inner)
        editor.insert(statement, start, f"({name} := ")
        editor.insert(statement, end, ")")
        names.append(name)
    if names:
        draft.named[statement.index] = tuple(names)


def _topmost(nodes: list[ast.expr], stable: Stable) -> Iterator[ast.expr]:
    """The outermost results among expressions; what a comprehension or a lambda computes is none of them."""
    for node in nodes:
        if isinstance(node, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.IfExp)):
            continue
        if isinstance(node, (ast.Call, ast.Attribute)) and names_of(node, stable):
            yield node
            continue
        if isinstance(node, ast.BoolOp):
            continue
        yield from _topmost(list(_inner(node)), stable)


def _inner(node: ast.AST) -> Iterator[ast.expr]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            yield child
        else:
            yield from _inner(child)


def _is_print(value: ast.expr, stable: Stable) -> bool:
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Name)
        and value.func.id == "print"
        and "print" not in stable.names
    )


def _free(choices: tuple[str, ...], taken: set[str]) -> str:
    """The first name that the notebook does not have."""
    for choice in choices:
        if choice not in taken:
            taken.add(choice)
            return choice
    number = 2
    while f"{choices[-1]}_{number}" in taken:
        number += 1
    taken.add(f"{choices[-1]}_{number}")
    return f"{choices[-1]}_{number}"


def fitted_names(statements: list[Statement]) -> dict[str, int]:
    """Variables that hold something fitted: by `model.fit(...)`, or as `model = Ridge().fit(...)`; where last."""
    found: dict[str, int] = {}
    for statement in statements:
        if statement.kind not in (Kind.ASSIGNMENT, Kind.EXPRESSION):
            continue
        for call in effects.calls_in(statement.node):
            if not isinstance(call.func, ast.Attribute) or call.func.attr not in _FITS:
                continue
            receiver = call.func.value
            if isinstance(receiver, ast.Name):
                found[receiver.id] = statement.index
        node = statement.node
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            value = node.value
            if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr == "fit":
                found[node.targets[0].id] = statement.index
    return found


_FITS = frozenset({"fit", "fit_transform", "fit_predict", "partial_fit"})
