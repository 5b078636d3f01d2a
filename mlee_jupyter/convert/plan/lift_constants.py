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

from .lift_lists import is_colour
from .wishes import SEED_WORDS, Wishes

_TUNED = re.compile(
    r"(^|_)(n|num|max|min|size|rate|ratio|frac|epochs?|batch|alpha|beta|gamma|lambda|lr|k|threshold|depth|iter|iterations|window"
    r"|lags?|horizon|folds?|splits?|neighbors|clusters|components|estimators|degree|tol|steps?|units|hidden|dropout|momentum)(_|$)",
    re.IGNORECASE,
)
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
    unread: list[Statement] = []
    for name, places in bindings.items():
        values = [_plain_assignment(s) for s in places]
        if any(v is None for v in values) or len({ast.dump(v) for v in values if v is not None}) != 1:
            continue
        node = values[0]
        assert node is not None
        value = literal(node)
        used_before = first_use.get(name, places[0].index + 1) <= places[0].index
        if value is None or name in wishes.updated or used_before or name in stable or name.startswith("_"):
            continue
        if name in in_texts or (name in read and name not in computing):
            continue
        kind = _kind(arguments, name, value, node, ast.dump(node) in repeated)
        if not kind:
            continue
        if name not in read:
            if name not in wanted:
                unread += places
            continue
        known = [w for w in wishes.made.values() if isinstance(value, list) and w.value == value and len(value) > 2]
        if known and known[0].as_tuple == isinstance(node, ast.Tuple):
            known[0].also.append(name)
            known[0].places += [(s.cell, s.first_line) for s in places]
            wishes.removed += places
            continue
        variable = wishes.lower(name)
        wish = wishes.wish(kind, wishes.section(kind, places[0]), name.lower().strip("_"), variable, value, node)
        wish.original = name
        wish.comment = "\n".join(t for s in places[:1] for t in (s.leading.strip(), s.trailing.strip()) if t)
        wish.places += [(s.cell, s.first_line) for s in places]
        wishes.removed += places
    idle = {s.index for s in unread}
    if any(s.binds and s.kind is not Kind.IMPORT for s in wishes.statements if s.index not in idle):
        for statement in unread:  # else they are all that the notebook gives
            wishes.draft.take_out(statement, "a constant that nothing reads")


def _kind(arguments: set[str], name: str, value: Any, node: ast.expr, repeated: bool) -> str:
    if isinstance(value, list):
        if (len(value) < SHORTEST_LIST and not name.isupper()) or any(map(is_colour, value)):
            return ""
        is_named = name.isupper() or _LIST_NAME.search(name) or repeated
        return "features" if is_named and all(isinstance(v, str) for v in value) else ("constant" if is_named else "")
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


def _plain_assignment(statement: Statement) -> ast.expr | None:
    node = statement.node
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        return node.value
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.value
    return None
