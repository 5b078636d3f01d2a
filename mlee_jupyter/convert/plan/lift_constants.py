"""Constants that had a name in the notebook and go to the configuration under it."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection
from typing import Any

from mlee_jupyter.convert.read import effects
from mlee_jupyter.convert.read.literals import SHORTEST_LIST, literal
from mlee_jupyter.convert.read.paths import is_path
from mlee_jupyter.convert.types import Kind, Statement

from .lift_lists import are_colours
from .steering import Role, is_setting, roles_of
from .wishes import SEED_WORDS, Wishes

_TUNED = re.compile(
    r"(^|_)(n|num|max|min|size|rate|ratio|frac|epochs?|batch|alpha|beta|gamma|lambda|lr|k|threshold|depth|iter|iterations|window"
    r"|lags?|horizon|folds?|splits?|neighbors|clusters|components|estimators|degree|tol|steps?|units|hidden|dropout|momentum)(_|$)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\d$")
_LIST_NAME = re.compile(
    r"feature|column|cols|fields|predictor|variables|categor|numeric|vars|target|labels|names", re.IGNORECASE
)


def constants(wishes: Wishes, wanted: Collection[str] = ()) -> None:
    """Wish for what stands behind a name that is bound to one literal and never changed.

    Args:
        wishes: what is lifted so far.
        wanted: variables that were asked for: they stay, whether anything reads them or not.
    """
    bindings: dict[str, list[Statement]] = {}
    for statement in wishes.statements:
        for name in statement.binds | statement.deletes:
            bindings.setdefault(name, []).append(statement)
    repeated = wishes.repeated_lists()
    first_use: dict[str, int] = {}
    for statement in wishes.statements:
        for name in statement.uses:
            first_use.setdefault(name, statement.index)
    read = {n for s in wishes.statements for n in s.uses | s.late_uses}
    in_texts = {n for s in wishes.statements for n in s.string_uses}
    stable, arguments = wishes.stable.names, _arguments(wishes)
    computing = {n for s in wishes.statements if not wishes.draws(s) for n in s.uses | s.late_uses}
    roles = roles_of(wishes.statements, wishes.stable, wishes.drawing)
    unread: list[Statement] = []
    for name, places in bindings.items():
        node = _one_value(places)
        value = literal(node) if node is not None else None
        used_before = first_use.get(name, places[0].index + 1) <= places[0].index
        if (
            node is None
            or value is None
            or name in wishes.updated | stable | in_texts
            or used_before
            or name.startswith("_")
        ):
            continue
        if name in read and not _steers(name, value, roles.get(name, set()), computing):
            continue
        kind = _kind(arguments, name, value, node, ast.dump(node) in repeated)
        if not kind:
            continue
        if name not in read:
            if name not in wanted:
                unread += places
            continue
        if _is_known(wishes, name, value, node, places):
            continue
        section, key = wishes.section(kind, places[0]), name.lower().strip("_")
        if (section, key) in wishes.keys:
            continue  # alpha and ALPHA: the second stays where it is
        variable = wishes.lower(name)
        wish = wishes.wish(kind, section, key, variable, value, node)
        wish.original = name
        wish.comment = "\n".join(t for s in places[:1] for t in (s.leading.strip(), s.trailing.strip()) if t)
        wish.places += [(s.cell, s.first_line) for s in places]
        wishes.removed += places
    idle = {s.index for s in unread}
    if any(s.binds and s.kind is not Kind.IMPORT for s in wishes.statements if s.index not in idle):
        for statement in unread:  # else they are all that the notebook gives
            wishes.draft.take_out(statement, "a constant that nothing reads")


def _is_known(wishes: Wishes, name: str, value: Any, node: ast.expr, places: list[Statement]) -> bool:
    """Whether a list has a setting already, under another variable; then this one reads it too."""
    known = [w for w in wishes.made.values() if isinstance(value, list) and w.value == value and len(value) > 2]
    if not known or known[0].as_tuple != isinstance(node, ast.Tuple):
        return False
    known[0].also.append(name)
    known[0].places += [(s.cell, s.first_line) for s in places]
    wishes.removed += places
    return True


def _steers(name: str, value: Any, roles: set[Role], computing: set[str]) -> bool:
    """Whether what a variable holds steers a result: not a picture's values, not which element is taken."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return is_setting(name, roles)
    return name in computing and roles != {Role.PICTURE}


def _kind(arguments: set[str], name: str, value: Any, node: ast.expr, repeated: bool) -> str:
    if isinstance(value, list):
        if (len(value) < SHORTEST_LIST and not name.isupper()) or are_colours(value):
            return ""
        is_named = name.isupper() or _LIST_NAME.search(name) or repeated
        return "features" if is_named and all(isinstance(v, str) for v in value) else ("constant" if is_named else "")
    if _NUMBERED.search(name) and not isinstance(value, str):
        return ""  # x_1, x_2, x_3 are data, one by one
    if isinstance(value, bool):
        return "constant" if name.isupper() else ""
    if isinstance(value, str):
        return "path" if is_path(value) else ("constant" if name.isupper() else "")
    if name.lower() in SEED_WORDS or name.lower().endswith("seed"):
        return "seed"
    if name.isupper():
        return "constant"
    if len(name) < 2:
        return ""
    return "hyper-parameter" if _TUNED.search(name) and name in arguments else "constant"


def _arguments(wishes: Wishes) -> set[str]:
    """Names that are given to a call by keyword."""
    return {
        keyword.value.id
        for statement in wishes.statements
        for call in effects.calls_in(statement.node)
        for keyword in call.keywords
        if isinstance(keyword.value, ast.Name)
    }


def _one_value(places: list[Statement]) -> ast.expr | None:
    """What a variable is bound to where every binding says the same."""
    values = [v for s in places if (v := _plain_assignment(s)) is not None]
    alike = len(values) == len(places) and len({ast.dump(v) for v in values}) == 1
    return values[0] if alike else None


def _plain_assignment(statement: Statement) -> ast.expr | None:
    node = statement.node
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        return node.value
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.value
    return None
