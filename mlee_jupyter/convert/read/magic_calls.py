"""Magics written as calls of IPython's shell, as exports have them: `get_ipython().system('ls')` is `!ls`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from . import effects
from .positions import Source

_SHELL = frozenset({"system", "system_raw", "system_piped", "getoutput"})
# What a call may say to the notebook itself: nothing that a cell computes depends on it.
_ABOUT_THE_NOTEBOOK = frozenset(
    {"ast_node_interactivity", "autosave", "config", "display_formatter", "display_pub", "enable_gui",
     "enable_matplotlib", "events", "extension_manager", "history_manager", "input_transformers_cleanup",
     "input_transformers_post", "magics_manager", "payload_manager", "register_magic_function", "register_magics",
     "set_custom_exc", "set_next_input", "showtraceback"}
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Call:
    """A call of the shell that stands for a magic."""

    node: ast.Call
    text: str  # the magic: "!ls", "%cd data", "%%bash --out x" with its body below
    alone: bool  # a statement of its own: nothing reads what it gives back
    assigned: bool  # its answer is wanted: `getoutput`, or a magic whose value is read


def is_shell(node: ast.AST) -> bool:
    """Whether an expression is IPython's shell: get_ipython()."""
    return isinstance(node, ast.Call) and effects.dotted(node.func).rpartition(".")[2] == "get_ipython"


def calls_in(tree: ast.Module) -> Iterator[Call]:
    """The calls that stand for a magic and say all of it in plain text."""
    alone = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and is_shell(node.func.value):
            is_alone = id(node) in alone
            text = _magic(node)
            if text is not None:
                assigned = node.func.attr == "getoutput" or (not is_alone and text.startswith("%"))
                yield Call(node=node, text=text, alone=is_alone, assigned=assigned)


def _magic(node: ast.Call) -> str | None:
    method = node.func.attr  # type: ignore[attr-defined]
    later = {"run_line_magic": ("magic_name", "line"), "run_cell_magic": ("magic_name", "line", "cell")}.get(method, ())
    named = zip(node.keywords, later[len(node.args) :], strict=False)
    given = [*node.args, *(k.value for k, name in named if k.arg == name)]
    if len(given) != len(node.args) + len(node.keywords):
        return None
    words = [a.value for a in given if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    if len(words) != len(given) or (method != "run_cell_magic" and any("\n" in w.strip() for w in words)):
        return None
    if method in _SHELL and len(words) == 1:
        return f"!{words[0].strip()}"
    if method == "magic" and len(words) == 1:
        return f"%{words[0].strip()}"
    if method == "run_line_magic" and len(words) == 2:
        return f"%{words[0]} {words[1]}".strip()
    if method == "run_cell_magic" and len(words) == 3:
        body = words[2] if words[2].endswith("\n") or not words[2] else f"{words[2]}\n"
        return f"{f'%%{words[0]} {words[1]}'.strip()}\n{body}"
    return None


def rewritten(python: str, carry: Callable[[Call], str | None]) -> str:
    """The Python with every such call replaced by what `carry` says for it; None leaves it."""
    source = Source(python)
    for call in sorted(calls_in(ast.parse(python)), key=lambda c: source.span(c.node), reverse=True):
        made = carry(call)
        if made is not None:
            start, end = source.span(call.node)
            below = "\n" * python.count("\n", start, end)  # later lines keep their numbers
            rest, newline, after = python[end:].partition("\n")
            python = f"{python[:start]}{made}{rest}{below}{newline}{after}"
    return python


def about_the_notebook(node: ast.stmt) -> bool:
    """Whether a statement only speaks to the notebook through its shell: settings, events, what is shown."""
    if isinstance(node, ast.Assign):
        parts: list[ast.expr] = [t for t in node.targets if not isinstance(t, ast.Name)]
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        parts = [node.value.func]
    else:
        parts = []
    return bool(parts) and all(_first_attribute(p) in _ABOUT_THE_NOTEBOOK for p in parts)


def _first_attribute(node: ast.expr) -> str:
    """`config` for get_ipython().config.X.y; empty where it does not begin with the shell."""
    name = ""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        name = node.attr if isinstance(node, ast.Attribute) else name
        node = node.value
    return name if is_shell(node) else ""


def uses_shell(node: ast.AST) -> int:
    """The line on which a statement speaks to IPython's shell; 0: it does not."""
    for one in ast.walk(node):
        if is_shell(one) or (isinstance(one, ast.Name) and one.id == "get_ipython" and isinstance(one.ctx, ast.Load)):
            return int(one.lineno)  # type: ignore[attr-defined]
    return 0
