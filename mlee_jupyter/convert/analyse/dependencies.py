"""What a package needs installed: from its imports and install lines, at the versions that are here."""

from __future__ import annotations

import re
import sys
from functools import cache
from importlib import metadata
from os.path import isfile
from pathlib import Path

from mlee_jupyter.convert.draft import Draft
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.domain.files import read_text

from .flow import Stable

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


@cache
def _distributions() -> dict[str, list[str]]:
    return dict(metadata.packages_distributions())


def distribution_of(module: str) -> str:
    """The distribution that brings a module: "scikit-learn" for sklearn."""
    if module in _KNOWN:
        return _KNOWN[module]
    found = _distributions().get(module)
    return sorted(found)[0] if found else module.replace("_", "-")


def dependencies_of(draft: Draft, stable: Stable) -> tuple[str, ...]:
    """Requirements of what flows, sorted: "pandas==2.2.3" where it is installed here, else the bare name."""
    tops: set[str] = set()
    for statement in draft.statements():
        tops |= {i.top for i in statement.imports}
        for node_import in _inner_imports(statement.node):
            tops.add(node_import)
    tops |= {module for s in draft.statements() for module in draft.facts.notebook.cell(s.cell).needs}
    local = local_modules(draft)
    asked = {_plain(p) for c in draft.original.notebook.cells for m in c.magics for p in m.packages}
    names = {distribution_of(t) for t in tops if t and t not in sys.stdlib_module_names and t not in local}
    names |= {n for n in asked if n in {x.lower() for x in names}}
    unique = {re.sub(r"[-_.]+", "-", n).lower(): n for n in sorted(names)}
    unique.pop("mlee-jupyter", None)
    return tuple(sorted(_pinned(n) for n in unique.values()))


def _plain(requirement: str) -> str:
    return re.split(r"[\[=<>!~]", requirement, maxsplit=1)[0].lower()


def _pinned(name: str) -> str:
    try:
        return f"{name}=={metadata.version(name)}"
    except (metadata.PackageNotFoundError, ValueError):
        return name


def _inner_imports(node: object) -> set[str]:
    import ast

    found: set[str] = set()
    for inner in ast.walk(node):  # type: ignore[arg-type]
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
    import ast

    found: set[str] = set()
    for file in [place] if place.is_file() else list(place.rglob("*.py"))[:200]:
        try:
            found |= _inner_imports(ast.parse(read_text(file)))
        except (OSError, SyntaxError, ValueError, RecursionError, MemoryError, MleeError):
            continue
    return found
