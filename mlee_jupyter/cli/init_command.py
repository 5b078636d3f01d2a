"""`mlee init`: a notebook that starts an experiment, with what is known of it; on a terminal it asks in plain words."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from mlee_jupyter.domain import files
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.session.plans.cell_text import FIELDS, FormField, cell, complaints, empty_cell

HOW = "What is known of it? Enter passes over a question, Ctrl-C ends it and writes nothing."
TRIES = 5  # for one question, before it is passed over
FIRST = """## The simplest first

What would one do by hand? A query, a rule, an average: what clever approaches are worth is seen beside it.

    %%mlee_candidate by_hand --simplicity 1
    rule_of_thumb(X_test)  # the last value of the cell: one prediction for each right answer"""
PLANNED = "What is planned, and what it takes: `%mlee_experiment plan NAME --try 3h --build 5d` adds an approach."


def run(args: argparse.Namespace) -> int:
    """Write the notebook; nothing that is there is written over."""
    place: Path = args.notebook
    if place.suffix != ".ipynb":
        raise MleeError(f"{place} is no name of a notebook.", f"Type mlee init {place.stem or 'experiment'}.ipynb.")
    if files.plain_file(place) is not None:
        raise MleeError(f"{place} is there already.", "Name another one: mlee init NAME.ipynb")
    name = args.name or place.stem
    asks = sys.stdin.isatty() and sys.stdout.isatty()
    filled = {"name": name, **(asked({"name": name}, input, print) if asks else {})}
    start = cell(filled) if asks else empty_cell(name)
    files.write(place, json.dumps(_notebook(filled["name"], start), indent=1, ensure_ascii=False) + "\n")
    print(f"Written to {place}: open it, look the second cell over, run it.")
    return 0


def asked(known: Mapping[str, str], ask: Callable[[str], str], say: Callable[[str], None]) -> dict[str, str]:
    """Answers to the questions of the form that are not known, by field; one that is not right is asked again."""
    say(HOW)
    filled: dict[str, str] = dict(known)
    for field in FIELDS:
        if field.key not in known and (answer := _answer(field, filled, ask, say)):
            filled[field.key] = answer
    return filled


def _answer(field: FormField, filled: Mapping[str, str], ask: Callable[[str], str], say: Callable[[str], None]) -> str:
    example = f" ({field.example})" if field.example else f" [{field.value}]" if field.value else ""
    for _ in range(TRIES):
        try:
            answer = ask(f"{field.label}{example}: ").strip() or field.value
        except EOFError:
            return field.value
        wrong = complaints({**filled, field.key: answer}).get(field.key)
        if wrong is None:
            return answer
        say(f"  {wrong}")
    return field.value


def _notebook(name: str, start: str) -> dict[str, Any]:
    """The notebook as JSON."""
    cells = [
        ("title", "markdown", f"# {name}"),
        ("load", "code", "%load_ext mlee_jupyter"),
        ("start", "code", start),
        ("first", "markdown", FIRST),
        ("planned", "markdown", PLANNED),
        ("plan", "code", "%mlee_experiment plan"),
    ]
    code: dict[str, Any] = {"execution_count": None, "outputs": []}
    return {
        "cells": [
            {
                "cell_type": kind,
                "id": key,
                "metadata": {},
                "source": text.splitlines(True),
                **(code if kind == "code" else {}),
            }
            for key, kind, text in cells
        ],
        "metadata": {
            "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
