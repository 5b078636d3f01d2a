"""What a package needs installed: from its imports and install lines, at the versions that are here."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Mapping
from os.path import isfile
from pathlib import Path
from typing import TypeGuard

from mlee_jupyter.convert.draft import Draft
from mlee_jupyter.convert.interpreter import OWN, Interpreter, plain_name
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.domain.files import read_text

# Where a distribution's name is not its module's and nothing is installed that tells.
_KNOWN = {
    "sklearn": "scikit-learn",
    "cv2": "opencv-python",
    "PIL": "pillow",
    "yaml": "pyyaml",
    "bs4": "beautifulsoup4",
    "skimage": "scikit-image",
    "pylab": "matplotlib",
    "mpl_toolkits": "matplotlib",
    "dateutil": "python-dateutil",
    "Bio": "biopython",
    "umap": "umap-learn",
    "imblearn": "imbalanced-learn",
    "dotenv": "python-dotenv",
    "IPython": "ipython",
    "Crypto": "pycryptodome",
    "serial": "pyserial",
    "attr": "attrs",
}

_BEFORE = 'python_version < "3.11"'

# What pandas imports when a method is called.
_FOR_PANDAS = {
    "read_excel": "openpyxl", "to_excel": "openpyxl", "read_parquet": "pyarrow", "to_parquet": "pyarrow",
    "read_feather": "pyarrow", "to_feather": "pyarrow", "read_hdf": "tables", "to_hdf": "tables",
    "read_html": "lxml", "read_xml": "lxml", "to_markdown": "tabulate",
}  # fmt: skip


def distribution_of(module: str, here: Interpreter = OWN) -> str:
    """The distribution that brings a module: "scikit-learn" for sklearn."""
    return _KNOWN.get(module) or here.distribution_of(module) or module.replace("_", "-")


def dependencies_of(files: Mapping[str, str], here: Interpreter = OWN) -> tuple[str, ...]:
    """Requirements of a package, sorted: "pandas==2.2.3" where it is installed here, else the bare name.

    They are read from the modules as written: what is imported there, and what pandas imports for a call of theirs.

    Args:
        files: the package's files by path; those below src/ count.
        here: the interpreter that ran them.
    """
    trees = [ast.parse(text) for name, text in files.items() if name.startswith("src/") and name.endswith(".py")]
    own = {name.split("/")[1].removesuffix(".py") for name in files if name.startswith("src/")}
    tops = {top for tree in trees for top in _inner_imports(tree)}
    calls = {n.func.attr for tree in trees for n in ast.walk(tree) if isinstance(n, ast.Call) and _is_method(n.func)}
    if "pandas" in tops:
        tops |= {_FOR_PANDAS[name] for name in calls & _FOR_PANDAS.keys()}
    backport = {"tomli"} & tops  # asked for by older interpreters alone
    names = {distribution_of(t, here) for t in tops - backport if t and t not in here.stdlib and t not in own}
    unique = {plain_name(n): n for n in sorted(names)}
    unique.pop("mlee-jupyter", None)
    return tuple(sorted([*(_pinned(n, here) for n in unique.values()), *(f"{n}; {_BEFORE}" for n in backport)]))


def _is_method(node: ast.expr) -> TypeGuard[ast.Attribute]:
    return isinstance(node, ast.Attribute)


def _pinned(name: str, here: Interpreter) -> str:
    version = here.version_of(name)
    return f"{name}=={version}" if version else name


def _inner_imports(node: ast.AST) -> set[str]:
    found: set[str] = set()
    for inner in ast.walk(node):
        if isinstance(inner, ast.Import):
            found |= {a.name.partition(".")[0] for a in inner.names}
        elif isinstance(inner, ast.ImportFrom) and not inner.level and inner.module:
            found.add(inner.module.partition(".")[0])
    return found


def local_modules(draft: Draft) -> dict[str, Path]:
    """Modules that lie beside the notebook (or in a folder it adds to sys.path) and go into the package's src."""
    home = draft.original.notebook.path.absolute().parent
    folders = [home]
    for statement in draft.original.statements:
        if any(c.startswith("sys.path.") for c in statement.calls):
            folders += [home / text for text in re.findall(r"['\"]([^'\"]+)['\"]", statement.code)]
    found: dict[str, Path] = {}
    pending = {i.top for s in draft.statements() for i in s.imports}
    pending |= {t for s in draft.statements() for t in _inner_imports(s.node)}
    while pending:
        top = pending.pop()
        if not top or top in found or top in sys.stdlib_module_names:
            continue
        for folder in folders:
            file, package = folder / f"{top}.py", folder / top / "__init__.py"
            place = file if isfile(file) else package.parent if isfile(package) else None
            if place is not None:
                found[top] = place
                pending |= _imported_by(place)
                break
    return found


def _imported_by(place: Path) -> set[str]:
    found: set[str] = set()
    for file in [place] if place.is_file() else list(place.rglob("*.py"))[:200]:
        try:
            found |= _inner_imports(ast.parse(read_text(file)))
        except (OSError, SyntaxError, ValueError, RecursionError, MemoryError, MleeError):
            continue
    return found
