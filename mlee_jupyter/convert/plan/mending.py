"""Functions that read notebook variables get them as keyword parameters, and every call site is mended.

def scale(df):                      def scale(df, *, SCALER):
    return SCALER.transform(df)  ->     return SCALER.transform(df)
scale(train)                        scale(train, SCALER=SCALER)
map(scale, frames)                  map(functools.partial(scale, SCALER=SCALER), frames)
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from mlee_jupyter.convert.analyse.flow import Stable, stable_names
from mlee_jupyter.convert.draft import Draft
from mlee_jupyter.convert.read import effects
from mlee_jupyter.convert.read.rewrite import Editor, out_of_reach
from mlee_jupyter.convert.read.tokens import without_comments
from mlee_jupyter.convert.types import Statement

MOST_PARAMETERS = 8  # a function that reads more variables than this stays where it is


def mend_functions(draft: Draft) -> dict[str, tuple[str, ...]]:
    """Rewrite the draft; gives back the parameters each function got."""
    statements = draft.statements()
    stable = stable_names(statements, draft.constants)
    reading = _reading(statements, stable, draft.constants)
    reading = {name: names for name, names in reading.items() if _can_be_mended(name, statements, draft)}
    reading = _closed(reading, statements, _reading(statements, stable, draft.constants))
    if not reading:
        return {}
    editor = Editor(draft.facts)
    for statement in statements:
        node = statement.node
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name in reading:
            _add_parameters(editor, statement, node, reading[node.name])
        _mend_calls(editor, statement, reading)
    draft.facts = editor.done()
    return reading


def _reading(statements: list[Statement], stable: Stable, given: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Functions defined once, plain, that read variables when called: name -> the variables, nested calls included."""
    bound: dict[str, list[Statement]] = {}
    for statement in statements:
        for name in statement.binds:
            bound.setdefault(name, []).append(statement)
    plain = {}
    for statement in statements:
        node = statement.node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) or len(bound[node.name]) > 1:
            continue
        if any(_remembers(d) for d in node.decorator_list):
            continue  # its arguments are the keys of what it remembers
        if node.name not in stable.functions and not any(node.name in s.updates for s in statements):
            plain[node.name] = statement
    functions = {*plain, *stable.functions}
    variables = {n for n in {*bound, *given} if n not in stable.names and n not in functions}
    needs = {name: set(s.late_uses & variables) for name, s in plain.items()}
    varying_at_definition = {name for name, s in plain.items() if s.uses & (variables | set(plain)) - {name}}
    calls = {name: s.late_uses & set(plain) for name, s in plain.items()}
    changed = True
    while changed:
        changed = False
        for name, called in calls.items():
            more = {n for c in called for n in needs[c]} - needs[name]
            if more:
                needs[name] |= more
                changed = True
    own = {name: _own_names(s) for name, s in plain.items()}
    return {
        name: tuple(sorted(found))
        for name, found in needs.items()
        if found and len(found) <= MOST_PARAMETERS and name not in varying_at_definition and not found & own[name]
    }


def _remembers(decorator: ast.expr) -> bool:
    name = effects.dotted(decorator.func if isinstance(decorator, ast.Call) else decorator)
    return bool(re.search(r"cache|memo|jit|vectorize|singledispatch|task|flow|fixture", name, re.IGNORECASE))


def _own_names(statement: Statement) -> set[str]:
    """Names that anything inside a function binds for itself."""
    outer = {id(m.node) for m in statement.mentions}
    names = {n.id for n in ast.walk(statement.node) if isinstance(n, ast.Name) and id(n) not in outer}
    return names | {a.arg for a in ast.walk(statement.node) if isinstance(a, ast.arg)}


def _closed(
    reading: dict[str, tuple[str, ...]], statements: list[Statement], all_reading: dict[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """Only functions whose callees that read variables are mended as well."""
    by_name = {}
    for statement in statements:
        if isinstance(statement.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            by_name[statement.node.name] = statement
    while True:
        leaving = {n for n in reading if (by_name[n].late_uses & set(all_reading)) - set(reading)}
        if not leaving:
            return reading
        reading = {n: v for n, v in reading.items() if n not in leaving}


def _can_be_mended(name: str, statements: list[Statement], draft: Draft) -> bool:
    """Every mention is a read whose position is known; no call takes a bare generator; none inside a class body."""
    for statement in statements:
        if name not in {m.name for m in statement.mentions}:
            continue
        far = out_of_reach(statement.node)
        if name in statement.string_uses or isinstance(statement.node, ast.ClassDef):
            return False
        for mention in statement.mentions:
            if mention.name == name and id(mention.node) in far:
                return False
        for call in ast.walk(statement.node):
            is_call = isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == name
            if is_call and _takes_bare_generator(call):
                return False
    return True


def _takes_bare_generator(call: ast.AST) -> bool:
    is_single = isinstance(call, ast.Call) and len(call.args) == 1 and not call.keywords
    return is_single and isinstance(call.args[0], ast.GeneratorExp)  # type: ignore[attr-defined]


def _add_parameters(
    editor: Editor, statement: Statement, node: ast.FunctionDef | ast.AsyncFunctionDef, names: tuple[str, ...]
) -> None:
    source = editor.source(statement.cell)
    arguments = node.args
    star = "" if arguments.kwonlyargs or arguments.vararg else "*, "
    text = star + ", ".join(names)
    everything = [*arguments.posonlyargs, *arguments.args, *([arguments.vararg] if arguments.vararg else [])]
    everything += arguments.kwonlyargs
    defaults = [d for d in (*arguments.defaults, *arguments.kw_defaults) if d is not None]
    if arguments.kwarg is not None:
        start = source.span(arguments.kwarg)[0]
        stars = source.text.rindex("**", 0, start)
        editor.insert(statement, stars, f"{text}, ")
        return
    ends = [source.span(a)[1] for a in (*everything, *defaults)]
    if not ends:
        opening = source.text.index("(", source.text.index(node.name, source.offset(node.lineno, node.col_offset)))
        editor.insert(statement, opening + 1, text)
        return
    end = max(ends)
    while source.text[end] == ")" and source.text[:end].count("(") and _closes_default(source.text, end, node, source):
        end += 1  # a default in parentheses
    editor.insert(statement, end, f", {text}")


def _closes_default(text: str, position: int, node: ast.FunctionDef | ast.AsyncFunctionDef, source: object) -> bool:
    """Whether the parenthesis at a position closes one opened inside the signature."""
    opening = text.index("(", text.index(node.name, source.offset(node.lineno, node.col_offset)))  # type: ignore[attr-defined]
    return text.count("(", opening, position) - text.count(")", opening, position) > 1


def _mend_calls(editor: Editor, statement: Statement, reading: dict[str, tuple[str, ...]]) -> None:
    source = editor.source(statement.cell)
    called: dict[int, ast.Call] = {
        id(n.func): n for n in ast.walk(statement.node) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
    }
    for mention in statement.mentions:
        if mention.name not in reading or mention.binds or not isinstance(mention.node, ast.Name):
            continue
        keywords = ", ".join(f"{n}={n}" for n in reading[mention.name])
        call = called.get(id(mention.node))
        if call is None:
            editor.replace(statement, mention.node, f"functools.partial({mention.name}, {keywords})")
            editor.need(statement, "functools")
            continue
        end = source.span(call)[1] - 1  # the closing parenthesis
        written = source.text[source.span(call.func)[1] + 1 : end]
        bare = without_comments(written)
        comma = "" if not bare.strip() or bare.rstrip().endswith(",") else ", "
        tail = len(written) - len(written.rstrip())
        if "#" in written.rpartition("\n")[2] and not bare.rpartition("\n")[2].strip():
            tail = 0
        position = end - tail if "#" not in written else end
        editor.insert(statement, position, f"{comma}{keywords}")
