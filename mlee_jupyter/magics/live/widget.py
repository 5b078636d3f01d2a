"""The live scoreboard as a widget: one text that the page draws. Needs anywidget."""

from __future__ import annotations

from importlib.resources import files

import anywidget
import traitlets

from mlee_jupyter.report.render.stylesheet import style

SCRIPTS = ("live_parts.js", "live_board.js", "live.js")  # one module, in this order


def _file(name: str) -> str:
    return files(__package__).joinpath(name).read_text("utf-8")


class LiveWidget(anywidget.AnyWidget):
    """What the page draws; `live.js` draws it, with what the files before it define."""

    _esm = "".join(map(_file, SCRIPTS))
    _css = style() + _file("live.css")
    view = traitlets.Unicode("").tag(sync=True)
    me = traitlets.Unicode("").tag(sync=True)  # its own id, by which the page finds its model
