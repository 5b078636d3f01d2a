"""What a search over settings minimises, and the rows on which that function scores its tries."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

from mlee_jupyter.convert.read.effects import calls_in
from mlee_jupyter.domain import Rows

from .health_row_words import PREDICTS, names_in, short_name
from .health_rows_known import RowsKnown


def objective_of(
    given: ast.expr | None, functions: Mapping[str, ast.FunctionDef]
) -> tuple[ast.FunctionDef | None, dict[str, ast.expr]]:
    """The function that is searched over, and what its parameters are given."""
    if isinstance(given, ast.Name):
        return functions.get(given.id), {}
    if isinstance(given, ast.Call) and short_name(given) == "partial" and given.args:
        body, names = objective_of(given.args[0], functions)
        free = [] if body is None else [a.arg for a in body.args.args]
        return body, names | dict(zip(free, given.args[1:], strict=False)) | {
            k.arg: k.value for k in given.keywords if k.arg
        }
    if isinstance(given, ast.Lambda) and isinstance(given.body, ast.Call) and isinstance(given.body.func, ast.Name):
        body = functions.get(given.body.func.id)
        if body is not None:
            arguments = [a.arg for a in body.args.args]
            bound = dict(zip(arguments, given.body.args, strict=False))
            return body, bound | {k.arg: k.value for k in given.body.keywords if k.arg}
    return None, {}


def scored_in(body: ast.FunctionDef, names: Mapping[str, ast.expr], known: RowsKnown) -> Rows | None:
    """The rows on which an objective scores a model that it fits; None where it has others, or splits itself."""
    own = {n.id for n in ast.walk(body) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
    own |= {a.arg for a in (*body.args.args, *body.args.kwonlyargs)} - set(names)
    found: dict[int, Rows] = {}
    fits = False
    for call in calls_in(body):
        short = short_name(call)
        if re.search(r"cross_val|train_test_split|KFold|ShuffleSplit", short):
            return None
        fits = fits or short in ("fit", "train", "fit_transform")
        if short in PREDICTS | {"score", "evaluate"} and call.args:
            argument = call.args[0]
            argument = names.get(argument.id, argument) if isinstance(argument, ast.Name) else argument
            if set(names_in(argument)) & own:
                return None
            rows = known.rows_of(argument)
            if rows is None:
                return None
            if rows.held != "train":
                found[rows.id] = rows
    return next(iter(found.values())) if fits and len(found) == 1 else None
