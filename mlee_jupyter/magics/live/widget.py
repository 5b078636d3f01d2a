"""The live scoreboard as a widget: one text that the page draws. Needs anywidget."""

from __future__ import annotations

import anywidget
import traitlets

from mlee_jupyter.report.render.stylesheet import style

from .script import BUILT, MODULE, STYLE


class LiveWidget(anywidget.AnyWidget):
    """What the page draws; the scoreboard of labextension/src draws it, bundled into one module."""

    _esm = BUILT.joinpath(MODULE).read_text("utf-8")
    _css = style() + BUILT.joinpath(STYLE).read_text("utf-8")
    view = traitlets.Unicode("").tag(sync=True)
    me = traitlets.Unicode("").tag(sync=True)  # its own id, by which the page finds its model
