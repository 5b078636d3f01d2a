"""What a notebook's numbers are for: to compute with, or to pick an element, round, name an axis, draw, look.

Only the first steer a result and are settings. A number that goes into another number (`wide = rows * 2`) is for what
that one is for; what goes into anything else computes, though all that comes of it were drawn or printed.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import StrEnum

from mlee_jupyter.convert.analyse.flow import Stable
from mlee_jupyter.convert.analyse.showing import artists, draws
from mlee_jupyter.convert.read import effects
from mlee_jupyter.convert.types import Effect, Kind, Statement


class Role(StrEnum):
    """What a number is read for at one place."""

    COMPUTES = "computes"
    INDEX = "index"
    SLICE = "slice"
    AXIS = "axis"
    DIGITS = "digits"
    PICTURE = "picture"
    LOOK = "look"  # printed, or rows of a table to look at


_KEYWORDS = {
    **dict.fromkeys(("axis", "axes", "dim", "level", "index_col", "header"), Role.AXIS),
    **dict.fromkeys(("decimals", "digits", "ndigits", "precision", "indent"), Role.DIGITS),
    **dict.fromkeys(("figsize", "dpi", "fontsize", "linewidth", "lw", "markersize", "cmap", "color"), Role.PICTURE),
    **dict.fromkeys(("colors", "palette", "marker", "linestyle", "rotation", "title", "label"), Role.PICTURE),
}
_ROUNDS = frozenset({"round", "around", "round_", "set_printoptions"})
_AXES = frozenset({"squeeze", "expand_dims", "swapaxes", "moveaxis", "unsqueeze", "argmax", "argmin"})
_LOOKS = frozenset({"head", "tail", "print", "display", "pprint"})
_PICKS = frozenset({"take", "pop", "get", "nth"})
_SIMPLE = frozenset({"int", "float", "round", "min", "max", "abs"})
_PASSED = frozenset({Role.PICTURE, Role.AXIS, Role.DIGITS})
_CARRIES = (
    ast.BinOp,
    ast.UnaryOp,
    ast.Tuple,
    ast.List,
    ast.IfExp,
    ast.Starred,
)  # what is made of a number, for the same


def roles_of(statements: Collection[Statement], stable: Stable, drawing: Collection[str]) -> dict[str, set[Role]]:
    """What each variable is read for, over all statements."""
    drawing = _drawing(statements, set(drawing) - stable.functions.keys())
    drawn = artists(tuple(statements), drawing)
    ordered = sorted(statements, key=lambda s: s.index)
    read = {
        s.index: list(_reads(s, _only_draws(s, ordered[place + 1 :], drawing, stable), drawing, drawn))
        for place, s in enumerate(ordered)
    }
    numbers = _numbers(statements)
    found: dict[str, set[Role]] = {}
    known: dict[str, set[Role]] | None = None
    while found != known:  # what a variable is for tells what went into it
        known, found = found, {}
        for statement in statements:
            for name, role in read[statement.index]:
                passed = statement.binds and statement.binds <= numbers and role is Role.COMPUTES
                found.setdefault(name, set()).update(_passed_on(statement, known) if passed else {role})
    return found


def _drawing(statements: Collection[Statement], drawing: set[str]) -> set[str]:
    """Names of plotting libraries, and of functions that draw and give nothing back."""
    functions = [s for s in statements if isinstance(s.node, (ast.FunctionDef, ast.AsyncFunctionDef)) and not _gives(s)]
    while True:
        more = {
            name
            for s in functions
            for name in s.binds - drawing
            if (s.uses | s.late_uses) & drawing or any(_draws_call(c, drawing, ()) for c in effects.calls_in(s.node))
        }
        if not more:
            return drawing
        drawing |= more


def _gives(function: Statement) -> bool:
    return any(isinstance(n, ast.Return) and n.value is not None for n in ast.walk(function.node))


def _passed_on(statement: Statement, known: Mapping[str, set[Role]]) -> set[Role]:
    """The roles of the numbers that an assignment makes, where none of them computes."""
    roles = [known.get(name, set()) for name in statement.binds]
    return set().union(*roles) if all(one and one <= _PASSED for one in roles) else {Role.COMPUTES}


def _numbers(statements: Collection[Statement]) -> set[str]:
    """Variables that hold numbers written in the code, and what arithmetic makes of such, however often bound."""
    made: dict[str, list[ast.expr | None]] = {}
    for statement in statements:
        value = statement.node.value if isinstance(statement.node, (ast.Assign, ast.AnnAssign)) else None
        for name in statement.binds | statement.updates:
            made.setdefault(name, []).append(value)
    numbers = set(made)
    while gone := {n for n in numbers if not all(v is not None and _is_plain(v, numbers) for v in made[n])}:
        numbers -= gone
    return numbers


def _is_plain(node: ast.expr, numbers: set[str]) -> bool:
    """Whether an expression is of constants, numbers, arithmetic, parts of lists and lengths."""
    if isinstance(node, ast.Call):
        word = effects.dotted(node.func)
        return word == "len" or (
            word in _SIMPLE and all(_is_plain(a, numbers) for a in node.args) and not node.keywords
        )
    if isinstance(node, ast.Name):
        return node.id in numbers
    if isinstance(node, ast.Subscript):
        return _is_plain(node.value, numbers)
    inner = [n for n in ast.iter_child_nodes(node) if isinstance(n, ast.expr)]
    return isinstance(node, (ast.Constant, *_CARRIES)) and all(_is_plain(n, numbers) for n in inner)


def _reads(statement: Statement, whole: bool, drawing: set[str], drawn: Collection[str]) -> Iterator[tuple[str, Role]]:
    """Every read of a variable in a statement, with its role; `whole`: all of it is a picture."""
    parents = {child: node for node in ast.walk(statement.node) for child in ast.iter_child_nodes(node)}
    for mention in statement.mentions:
        if not mention.binds:
            role = Role.PICTURE if whole else _role(mention.node, parents, drawing, drawn)
            yield mention.name, role
    for name in statement.string_uses:
        yield name, Role.COMPUTES


def _only_draws(statement: Statement, later: Sequence[Statement], drawing: set[str], stable: Stable) -> bool:
    """Whether all that a statement does is a picture: a loop over axes, a function without a result."""
    if statement.kind is Kind.FUNCTION:
        return bool(statement.binds & drawing)
    if Effect.SETS_OPTION in statement.effects and not statement.binds:
        return True  # how many rows a table shows
    if statement.kind not in (Kind.BLOCK, Kind.EXPRESSION) or not draws(statement, drawing):
        return False
    if statement.updates - stable.names or statement.binds & statement.uses:
        return False
    return not any(_is_computed_with(name, later, drawing) for name in statement.binds)


def _is_computed_with(name: str, later: Sequence[Statement], drawing: set[str]) -> bool:
    """Whether a statement that is no picture reads the value that a name has now."""
    for statement in later:
        if name in statement.uses | statement.late_uses and not draws(statement, drawing):
            return True
        if name in statement.defines:
            return False
    return False


def _role(node: ast.AST, parents: Mapping[ast.AST, ast.AST], drawing: set[str], drawn: Collection[str]) -> Role:
    """What a name is read for, by what stands around it."""
    nearest: Role | None = None
    child, parent = node, parents.get(node)
    carried = True  # whether the number itself is still what is passed on
    while parent is not None and not isinstance(parent, ast.stmt):
        if isinstance(parent, ast.Call) and child is not parent.func and _draws_call(parent, drawing, drawn):
            return Role.PICTURE
        if nearest is None and carried:
            nearest = _nearest(child, parent)
        carried = carried and isinstance(parent, (*_CARRIES, ast.keyword, ast.Slice, ast.FormattedValue, ast.JoinedStr))
        child, parent = parent, parents.get(parent)
    return nearest or Role.COMPUTES


def _nearest(child: ast.AST, parent: ast.AST) -> Role | None:
    if isinstance(parent, ast.Slice):
        return Role.SLICE
    if isinstance(parent, ast.Subscript) and child is parent.slice:
        return Role.INDEX
    if isinstance(parent, ast.keyword):
        return _KEYWORDS.get(parent.arg or "")
    if isinstance(parent, ast.FormattedValue):
        return Role.DIGITS if child is parent.format_spec else Role.LOOK
    if isinstance(parent, ast.Call) and child in parent.args:
        return _argument(child, parent)
    return None


def _argument(child: ast.AST, call: ast.Call) -> Role | None:
    word = effects.dotted(call.func).rpartition(".")[2]
    is_method = isinstance(call.func, ast.Attribute) and len(call.args) == 1
    is_later = child is not call.args[0]
    if word in _ROUNDS and (is_later or (is_method and word == "round")):
        return Role.DIGITS
    if word in _AXES and (is_later or is_method):
        return Role.AXIS
    if word in _PICKS and is_method:
        return Role.INDEX
    return Role.LOOK if word in _LOOKS else None


def _draws_call(call: ast.Call, drawing: set[str], drawn: Collection[str]) -> bool:
    root = effects.root(call.func) if not isinstance(call.func, ast.Name) else call.func
    if root is not None and (root.id in drawing or root.id in drawn):
        return True
    return isinstance(call.func, ast.Attribute) and call.func.attr in effects.PLOT_METHODS


_STEERS = re.compile(
    r"(^|_)(n|num|size|window|lags?|horizon|cut\w*|split|train|test|rows|samples|limit)(_|$)", re.IGNORECASE
)


def is_setting(name: str, roles: Collection[Role]) -> bool:
    """Whether a number that is read so steers a result; a bound of a slice does where its name says so."""
    if Role.COMPUTES in roles:
        return True
    return Role.SLICE in roles and (name.isupper() or bool(_STEERS.search(name)))
