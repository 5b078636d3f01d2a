"""A function of stats or judge is called by its docstring alone: what comes back, what goes in, what is raised."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "mlee_jupyter"
FILES = sorted(path for area in ("stats", "judge") for path in (PACKAGE / area).rglob("[!_]*.py"))
SHAPE = re.compile(r"\((?:\w+,(?: \w+)?)\)|canonical|of any shape|two dimensions")  # (n,), (n, classes), (K, B)


def public(body: list[ast.stmt]) -> Iterator[ast.FunctionDef]:
    """Functions of a module, and methods of its classes, that others may call."""
    for node in body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from public(node.body)
        elif isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node


def arguments(function: ast.FunctionDef) -> list[ast.arg]:
    every = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    return [one for one in every if one.arg not in ("self", "cls")]


def said_of(name: str, docstring: str) -> str | None:
    """What the docstring says of an argument; None where it says nothing."""
    found = re.search(rf"^ {{4}}{name}: (.*(?:\n {{8}}.*)*)", docstring, re.MULTILINE)
    return found[1] if found else None


def holds_arrays(argument: ast.arg) -> bool:
    told = ast.unparse(argument.annotation) if argument.annotation is not None else ""
    return re.fullmatch(r"np\.ndarray(\[.*\])?( \| None)?", told) is not None


def faults(function: ast.FunctionDef, method: bool) -> Iterator[str]:
    docstring = ast.get_docstring(function) or ""
    first = docstring.partition("\n\n")[0].strip()
    if docstring.startswith("Args:"):
        first = "Raises."  # a check, which gives nothing back
    if not first.endswith((".", ":")):
        yield "its first sentence does not end"
    for argument in arguments(function):
        said = said_of(argument.arg, docstring)
        if said is None and not method:
            yield f"nothing is said of {argument.arg}"
        if said is not None and holds_arrays(argument) and not SHAPE.search(said):
            yield f"{argument.arg} has no shape, such as (n,) or (K, B)"
    raised = [node for node in ast.walk(function) if isinstance(node, ast.Raise) and node.exc is not None]
    if raised and not re.search(r"[Rr]aises", docstring):
        yield "what it raises is not said"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_public_functions_say_what_a_caller_needs(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    alone = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    found = [f"{one.name}: {fault}" for one in public(tree.body) for fault in faults(one, one not in alone)]
    assert found == []


def test_a_docstring_that_says_too_little_is_seen() -> None:
    (poor,) = ast.parse(
        'def f(x: np.ndarray, y: int) -> int:\n    """Half\n\n    Args:\n        x: values.\n    """\n    raise E'
    ).body
    assert isinstance(poor, ast.FunctionDef)
    assert len(list(faults(poor, method=False))) == 4
