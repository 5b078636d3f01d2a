"""__main__.py and data_root.py: a package runs by its name, from wherever one is."""

from __future__ import annotations

from mlee_jupyter.convert.types import Plan

from .filling import filled, region
from .sections import is_configured, keywords, option

_MAIN = "src/package_name/__main__.py"


def main_py(plan: Plan, data_folder: str | None) -> str:
    """The command line; where files are read or written, it runs in their folder, as the notebook did.

    Args:
        plan: where everything goes.
        data_folder: where the notebook's files lie, seen from the package's folder; None when it touches none.
    """
    regions = {} if is_configured(plan) else _few_settings(plan)
    lines = region(_MAIN, plan.name, "imports").splitlines(keepends=True)
    gone = [] if data_folder is not None else ["import os\n", "from .data_root"]
    gone += ["from .config"] if regions else []
    regions |= {"imports": "".join(line for line in lines if not line.startswith(tuple(gone)))} if gone else {}
    return filled(_MAIN, plan.name, **regions, **({} if data_folder is not None else {"folder": ""}))


_OPTIONS = {"int": "type=int, ", "float": "type=float, ", "str": "", "bool": "action=argparse.BooleanOptionalAction, "}


def _few_settings(plan: Plan) -> dict[str, str]:
    """One option for each parameter of `run`; what is not given is left to its default."""
    options, example = [], ""
    for variable, keyword in keywords(plan).items():
        value = plan.constants[variable].value
        kind = type(value).__name__
        if isinstance(value, list):
            inner = {type(v).__name__ for v in value}
            kind = next(iter(inner)) if len(inner) == 1 and not plan.constants[variable].as_tuple else ""
        if kind not in _OPTIONS or (isinstance(value, list) and kind == "bool"):
            continue  # only from Python
        several = 'nargs="*", ' if isinstance(value, list) else ""
        written = f"{option(keyword)!r}, dest={keyword!r}, {several}{_OPTIONS[kind]}default=argparse.SUPPRESS"
        options.append(f"    parser.add_argument({written})")
        example = example or f" {option(keyword)} VALUE"
    parse = "options = parser.parse_args(arguments)" if options else "parser.parse_args(arguments)"
    return {
        "doc": f'"""The command line: python -m {plan.name}{example}."""',
        "options": "\n".join([*options, f"    {parse}"]),
        "results": "    results = run(**vars(options))" if options else "    results = run()",
    }


def data_root_py(plan: Plan, data_folder: str) -> str:
    """The module that knows where the data files lie."""
    root = f"ROOT = {data_folder!r}  # seen from the project's folder"
    return filled("src/package_name/data_root.py", plan.name, root=root)
