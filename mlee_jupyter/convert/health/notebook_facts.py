"""What the guardrails may know of a notebook's text: read, counted and located; nothing is run, nothing is judged."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from mlee_jupyter.convert.read.notebook_file import NotebookDocument
from mlee_jupyter.convert.secrets.blanking import Blanker, texts_of
from mlee_jupyter.convert.secrets.secret_places import secrets_of
from mlee_jupyter.convert.types import Kind, Statement
from mlee_jupyter.domain import Definition, NotebookFacts, Place

from .health_aliases import OwnNames
from .health_cells import Patient, cells_seen, ignores_in, patient_of, read_patient
from .health_declared import handed_over
from .health_inlined import Inliner
from .health_literals import constants_in, lists_in, paths_in
from .health_names import known_names, names_seen, open_names
from .health_nodes import walked
from .health_random import modules_of, randoms_and_seeds
from .health_rows import RowsFollowed
from .health_steps import Steps, same_values

_AGAIN = frozenset(
    {"overload", "register", "setter", "getter", "deleter", "dispatch", "patch", "add_to_class", "patch_to"}
)


def notebook_facts(path: Path | str) -> NotebookFacts:
    """What rules may know of a notebook file.

    Args:
        path: an .ipynb file of any format, or a text notebook where jupytext is installed. A cell that is no
            Python is left out and marked; the others are read.

    Raises:
        MleeError: no such file, corrupt JSON, another language.
    """
    return _facts(read_patient(path), str(path))


def facts_of_cells(cells: Sequence[str]) -> NotebookFacts:
    """The same of cells that were run, whatever file they stand in.

    Raises:
        MleeError: they cannot be read.
    """
    written = {"nbformat": 4, "cells": [{"cell_type": "code", "source": cell} for cell in cells]}
    return _facts(patient_of(NotebookDocument(path=Path(), content=written)), "")


def _facts(patient: Patient, path: str) -> NotebookFacts:
    statements = patient.facts.statements
    nodes = tuple(walked(s) for s in statements)
    modules = modules_of(statements)
    own_names, inliner = OwnNames(), Inliner()
    followed = [made for s in nodes for made in inliner.of(own_names.of(s))]
    steps, rows = Steps(followed), RowsFollowed(handed_over(patient.facts.notebook.cells), inliner.body_of)
    secrets = secrets_of(patient.facts)
    rows.read_all(followed)
    randoms, seeds = randoms_and_seeds(nodes, modules)
    facts = NotebookFacts(
        path=path,
        cells=tuple(cells_seen(patient)),
        broken=patient.broken,
        names=tuple(names_seen(patient, nodes)),
        known_names=known_names(patient),
        open_names=open_names(patient),
        definitions=tuple(_definitions(patient)),
        lists=tuple(found for s in nodes for found in lists_in(s)),
        constants=tuple(found for s in nodes for found in constants_in(s)),
        paths=tuple(found for s in nodes for found in paths_in(s)),
        secrets=tuple(Place(s.cell, s.line, "secret", s.why) for s in secrets if not s.example),
        randoms=tuple(randoms),
        seeds=tuple(seeds),
        steps=tuple(step for s in followed for step in steps.of(s)),
        fits=rows.fits,
        on_test=frozenset(rows.on_test),
        searches=rows.searches,
        same_values=tuple(same_values(statements)),
        ignores=tuple(ignores_in(patient.facts.notebook)),
    )
    return _without(facts, Blanker(texts_of(secrets))) if secrets else facts


def _without(facts: NotebookFacts, blank: Blanker) -> NotebookFacts:
    """The facts with no secret in any text that another rule may quote."""
    quoted = ("lists", "constants", "paths", "steps", "same_values", "ignores")
    return replace(facts, **{name: blank.value(getattr(facts, name)) for name in quoted})


def _definitions(patient: Patient) -> Iterator[Definition]:
    statements = patient.facts.statements
    made: set[str] = set()
    defined: set[str] = set()
    for statement in statements:
        names = {i.name for i in statement.imports}
        if statement.kind in (Kind.FUNCTION, Kind.CLASS):
            names |= statement.defines
        defined |= names
        made |= statement.binds - names
    for statement in statements:
        node = statement.node
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            reads = (made - defined) & statement.late_uses - statement.defines
            yield Definition(
                cell=statement.cell,
                line=node.lineno,
                name=node.name,
                body=_fingerprint(node),
                reads=tuple(sorted(reads)),
                again=_again(node, statement),
            )


def _fingerprint(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> str:
    body = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
    rest = [ast.dump(part) for part in (*node.decorator_list, *body)]
    head = ast.dump(node.args) if not isinstance(node, ast.ClassDef) else "".join(map(ast.dump, node.bases))
    return hashlib.sha256("\n".join([type(node).__name__, head, *rest]).encode()).hexdigest()[:16]


def _again(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, statement: Statement) -> bool:
    words = {n.attr if isinstance(n, ast.Attribute) else n.id for d in node.decorator_list for n in ast.walk(d)
             if isinstance(n, (ast.Attribute, ast.Name))}  # fmt: skip
    extends = isinstance(node, ast.ClassDef) and any(
        isinstance(n, ast.Name) and n.id == node.name for b in node.bases for n in ast.walk(b)
    )
    return bool(words & _AGAIN) or extends or node.name == "_" or statement.defines == frozenset()
