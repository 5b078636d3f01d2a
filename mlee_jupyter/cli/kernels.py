"""Which interpreter a notebook is proven with: the one that is named, else that of the notebook's own kernel."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from mlee_jupyter.convert.prove.interpreters import is_ours
from mlee_jupyter.domain.errors import MleeError, did_you_mean
from mlee_jupyter.session.packaging import PackageOrder, kernel_named_in, made_with

_NAME = "name the interpreter itself: --python PATH."


@dataclass(frozen=True, kw_only=True)
class Kernel:
    """A kernel as Jupyter knows it."""

    program: str
    is_python: bool
    environment: Mapping[str, str] = field(default_factory=dict)


def with_interpreter(order: PackageOrder, python: Path | None, kernel: str | None) -> PackageOrder:
    """The order with the interpreter of its proof.

    Args:
        order: what was asked for.
        python: the interpreter, where it is named.
        kernel: a kernel's name, likewise. Where neither is, that of the package to refresh counts, then the notebook's
            own if Jupyter knows it and it is Python's.

    Raises:
        MleeError: there is no such kernel, it does not begin with an interpreter, or a package to refresh was made with
            an interpreter of its own: only who is asked may name one.
    """
    if order.refresh and python is None and kernel is None:
        before = made_with(order)
        if "python" in before and "kernel" not in before:  # the folder may be anybody's, and so what it would run
            raise MleeError(f"This package was made with {before['python']}.", f"Name it: --python {before['python']}")
        kernel = before.get("kernel")
    if python is not None:
        return replace(order, python=python, asked={"python": str(python)})
    if kernel is not None:
        return _of_kernel(order, kernel)
    own = kernel_named_in(order.notebook)
    found = _known().get(own) if own else None
    if found is None or not found.is_python or not Path(found.program).is_file():
        return order
    if not is_ours(found.program):
        print(f"In the notebook's kernel {own}, {found.program}; --python or --kernel names another.", file=sys.stderr)
    return replace(order, python=Path(found.program), environment=found.environment)


def _of_kernel(order: PackageOrder, name: str) -> PackageOrder:
    known = _known()
    if name not in known:
        near = did_you_mean(name, known) or f"There are: {', '.join(sorted(known)[:8]) or 'none'}. "
        raise MleeError(f"Jupyter knows no kernel {name!r}.", f"{near}Or {_NAME}")
    found = known[name]
    if not found.is_python:
        raise MleeError(f"The kernel {name} begins with {found.program}, which is no interpreter.", _NAME.capitalize())
    return replace(order, python=Path(found.program), environment=found.environment, asked={"kernel": name})


def _known() -> dict[str, Kernel]:
    """The kernels that Jupyter finds here, by name; none where there is no Jupyter."""
    try:
        from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
    except ImportError:
        return {}
    manager, found = KernelSpecManager(), {}
    for name in manager.find_kernel_specs():
        try:
            spec = manager.get_kernel_spec(name)
        except (NoSuchKernel, OSError, ValueError):
            continue
        if spec.argv:
            found[name] = _kernel(spec.argv, spec.env)
    return found


def _kernel(words: list[str], environment: Mapping[str, str]) -> Kernel:
    program = Path(words[0])
    is_python = program.name.lower().startswith(("python", "pypy")) and any("ipykernel" in w for w in words[1:])
    here = is_python and len(program.parts) == 1  # as Jupyter itself reads a bare name
    return Kernel(program=sys.executable if here else words[0], is_python=is_python, environment=environment)
