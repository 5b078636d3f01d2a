"""`%mlee_experiment start --form`: a form that writes the cell which starts an experiment.

A front end takes a new cell only with the reply to a running one, never at a button's press. So the form is filled in,
its button pressed, and the form's own cell run once more: the new cell appears below it, and the form is gone. Where
nothing can be filled in, the cell's text is printed as a template.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from IPython.display import display

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.magics.live.live import WIDGET_MIME
from mlee_jupyter.session.plans.cell_text import TEMPLATE

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from .form import CharterForm

_open: CharterForm | None = None


def load(shell: InteractiveShell, verb: str, cell: str | None, filled: Mapping[str, str | None]) -> None:
    """Show the form, or put what it wrote below this cell.

    Args:
        shell: the kernel's.
        verb: of the magic's line.
        cell: a cell's body, which a form has not.
        filled: what the line says already, by the form's keys.

    Raises:
        MleeError: another verb than start, or a cell with a body.
    """
    global _open
    if verb != "start" or cell is not None:
        raise MleeError("--form belongs to start, on a line of its own.", "Type %mlee_experiment start --form.")
    if _open is not None and _open.written is not None:
        shell.set_next_input(_open.written, replace=False)
        _open.close()
        _open = None
        print("Written into the cell below this one: look it over, then run it.")
        return
    lacking = _lacking(shell)
    if lacking:
        print(f"--form {lacking}\nOr write the cell yourself:\n\n{TEMPLATE}")
        return
    from .form import CharterForm

    if _open is not None:
        _open.close()
    _open = CharterForm({key: text for key, text in filled.items() if text})
    mark: dict[str, Any] = {"version_major": 2, "version_minor": 0, "model_id": _open.box.model_id}
    display({WIDGET_MIME: mark, "text/plain": f"A form where widgets are shown. Else write:\n\n{TEMPLATE}"}, raw=True)


def _lacking(shell: InteractiveShell) -> str:
    """Why no form can be shown here; empty where one can."""
    kernel = getattr(shell, "kernel", None)
    if kernel is None or not getattr(kernel, "_allow_stdin", True):
        return "needs a notebook and somebody who fills it in."
    try:
        import ipywidgets  # noqa: F401
    except Exception:  # not installed, or broken in any way
        return "needs ipywidgets in this kernel's environment: pip install ipywidgets"
    return ""
