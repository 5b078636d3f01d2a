"""The figure as whoever asks can have it: matplotlib's Axes, or a picture that a notebook shows by itself."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from mlee_jupyter.domain import Judgement
from mlee_jupyter.domain.errors import MleeError

from .chart import Chart, as_lines, chart
from .chart_svg import svg

_DOTS = 144  # per inch of a PNG, twice what is shown, for fine screens


class Picture:
    """The figure as SVG; a notebook shows it by itself."""

    def __init__(self, drawn: Chart) -> None:
        self._drawn = drawn

    @property
    def svg(self) -> str:
        """The picture with paper of its own, light or dark as the system is; to be written to a file."""
        return svg(self._drawn, alone=True)

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_html_(self) -> str:
        """In a page it takes the page's own text colour."""
        return f'<div class="mlee-board">{svg(self._drawn)}</div>'

    def __repr__(self) -> str:
        return as_lines(self._drawn)


def figure(judgements: Sequence[Judgement], ax: Any = None, board: int = 1) -> Any:
    """The figure of one board.

    Args:
        judgements: those of an experiment, or the one of a comparison.
        ax: matplotlib's Axes to draw on; None: new ones, or a `Picture` where matplotlib is not installed.
        board: which of the judgements, from 1 on.

    Raises:
        MleeError: nothing is judged, or there is no such board.
    """
    drawn = _chart(judgements, board)
    if ax is None and _matplotlib() is None:
        return Picture(drawn)
    from .chart_axes import EACH, LEAST, WIDTH, draw

    if ax is None:
        import matplotlib.pyplot as plt

        _, ax = plt.subplots(figsize=(WIDTH, LEAST + EACH * len(drawn.lines)), layout="constrained")
    return draw(drawn, ax)


def figure_bundle(judgements: Sequence[Judgement]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The first board's figure as a mimebundle with its metadata; no state of matplotlib's is touched.

    Raises:
        MleeError: nothing is judged.
    """
    drawn = _chart(judgements, 1)
    said = as_lines(drawn)
    if _matplotlib() is None:
        picture = Picture(drawn)
        return {"text/html": picture._repr_html_(), "image/svg+xml": picture.svg, "text/plain": said}, {}
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from .chart_axes import EACH, LEAST, WIDTH, draw

    page = Figure(figsize=(WIDTH, LEAST + EACH * len(drawn.lines)), layout="constrained")
    FigureCanvasAgg(page)
    file = BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of fonts: a name may be in any script
        draw(drawn, page.add_subplot())
        page.savefig(file, format="png", dpi=_DOTS)
    width, height = (round(_DOTS / 2 * inches) for inches in page.get_size_inches())
    return {"image/png": file.getvalue(), "text/plain": said}, {"image/png": {"width": width, "height": height}}


def _chart(judgements: Sequence[Judgement], board: int) -> Chart:
    if not judgements:
        raise MleeError("There is nothing to draw yet: no candidate is judged.", "Record predictions first.")
    if not 1 <= board <= len(judgements):
        raise MleeError(f"There is no board {board}.", f"Boards: 1 to {len(judgements)}.")
    return chart(judgements[board - 1])


def _matplotlib() -> Any:
    """matplotlib, or None where it is not installed or does not work here."""
    try:
        import matplotlib
    except Exception:  # not installed; or built for another numpy, which raises anything
        return None
    return matplotlib
