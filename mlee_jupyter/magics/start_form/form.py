"""The charter as a form of ipywidgets: questions in plain words, one line under a field that is not right yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import ipywidgets as widgets
from markupsafe import escape

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.report.render.marks import safe
from mlee_jupyter.session.plans.cell_text import FIELDS, FormField, cell, complaints
from mlee_jupyter.stats.metrics.catalogue import offered_metrics

_WIDE, _LABEL = "min(44rem, 98%)", "14rem"
_WRONG = "color: var(--jp-error-color1, var(--vscode-errorForeground, #c62828))"
_QUIET = "opacity: 0.8"
_NEXT = "Now run the cell above this form once more: the new cell appears below it."
_HOW = "Fill in what you know; only the name is needed. What it writes is a cell that you can read and change."


class CharterForm:
    """The form.

    Args:
        filled: what is known already, by field.

    `written` is the cell's text once the button was pressed and all was right; a later change takes it back.
    """

    def __init__(self, filled: Mapping[str, str]) -> None:
        self.written: str | None = None
        self._touched: set[str] = set()
        self._inputs = {field.key: _input(field, filled.get(field.key, field.value)) for field in FIELDS}
        self._under = {field.key: widgets.HTML(_note(field)) for field in FIELDS}
        self._said = widgets.HTML("")
        self._preview = widgets.HTML("")
        self._button = widgets.Button(description="Write the cell", button_style="primary", icon="")
        for key, one in self._inputs.items():
            one.observe(self._changes(key), names="value")
        self._button.on_click(lambda _: self._press())
        rows = [one for key in self._inputs for one in (self._inputs[key], self._under[key])]
        self.box = widgets.VBox(
            [
                widgets.HTML(f'<div style="line-height: 1.3">{safe(_HOW)}</div>'),
                *rows,
                self._button,
                self._said,
                self._preview,
            ],
            layout=widgets.Layout(max_width="48rem"),
        )
        self._show()

    def close(self) -> None:
        """Take the form off the page."""
        for one in (*self._inputs.values(), *self._under.values(), self._said, self._preview, self._button, self.box):
            one.close()

    def _changes(self, key: str) -> Callable[[Any], None]:
        def changed(_: Any) -> None:
            with suppress(Exception):  # a fault of ours must not print into the log at every key
                self._touched.add(key)
                self.written = None
                self._said.value = ""
                self._show()

        return changed

    def _press(self) -> None:
        self._touched.update(self._inputs)
        self._show()
        try:
            self.written = cell(self._values())
        except MleeError as fault:
            self._said.value = _line(str(fault), _WRONG)
        else:
            self._said.value = _line(_NEXT, "font-weight: 600")

    def _values(self) -> dict[str, str]:
        return {key: str(one.value) for key, one in self._inputs.items()}

    def _show(self) -> None:
        """Lines under the fields that were touched, and the cell as it would be written."""
        values = self._values()
        wrong = complaints(values)
        for field in FIELDS:
            said = wrong.get(field.key, "") if field.key in self._touched else ""
            self._under[field.key].value = _line(said, _WRONG) if said else _note(field)
        self._preview.value = "" if wrong else f'<pre style="white-space: pre-wrap">{escape(cell(values))}</pre>'


def _input(field: FormField, value: str) -> Any:
    shared: dict[str, Any] = {
        "value": value,
        "description": field.label,
        "placeholder": field.example,
        "style": {"description_width": _LABEL},
        "layout": widgets.Layout(width=_WIDE),
    }
    if field.key == "metric":
        return widgets.Combobox(options=offered_metrics(), ensure_option=False, **shared)
    return widgets.Text(**shared)


def _note(field: FormField) -> str:
    return _line(field.hint, _QUIET) if field.hint else ""


def _line(text: str, style: str) -> str:
    role = ' role="alert"' if style == _WRONG else ' role="status"' if style != _QUIET else ""
    return f'<div{role} style="{style}; margin-left: calc({_LABEL} + 8px); line-height: 1.3">{safe(text)}</div>'
