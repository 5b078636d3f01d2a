"""The form in a real kernel: filled in as a page does it, its cell comes with the next reply."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .wire import Wire

pytestmark = pytest.mark.slow

FORM = "%mlee_experiment start --form"


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[Wire]:
    opened = Wire(tmp_path)
    opened.run("%load_ext mlee_jupyter\nimport numpy as np\ny_test = np.arange(400) % 2")
    yield opened
    opened.close()


def replied(wire: Wire, code: str) -> tuple[list[dict[str, Any]], str]:
    """What a cell's reply asks of the front end, and what the cell printed."""
    while wire.client.shell_channel.msg_ready():
        wire.client.get_shell_msg(timeout=1)
    printed = wire.run(code)
    return wire.client.get_shell_msg(timeout=10)["content"].get("payload", []), printed


def widget(wire: Wire, description: str) -> str:
    """The newest widget with that description."""
    return [c for _, c, data in wire.comms if data.get("state", {}).get("description") == description][-1]


def said(wire: Wire) -> str:
    """All that HTML widgets were told."""
    pages = {c for _, c, data in wire.comms if data.get("state", {}).get("_model_name") == "HTMLModel"}
    states = [data.get("state", {}) for _, c, data in wire.comms if c in pages]
    return "\n".join(state["value"] for state in states if "value" in state)


def fill(wire: Wire, description: str, value: str) -> None:
    data = {"method": "update", "state": {"value": value}, "buffer_paths": []}
    wire.send("comm_msg", comm_id=widget(wire, description), data=data)


def press(wire: Wire) -> None:
    data = {"method": "custom", "content": {"event": "click"}}
    wire.send("comm_msg", comm_id=widget(wire, "Write the cell"), data=data)


def test_a_filled_form_becomes_the_cell_below(wire: Wire) -> None:
    payload, printed = replied(wire, "%mlee_experiment start --form --truth y_test")
    assert (payload, printed) == ([], "")
    press(wire)
    wire.listen(1)
    assert "The experiment needs a name." in said(wire)
    assert replied(wire, "1 + 1")[0] == [], "what is not right is not written"
    fill(wire, "Name", "shelf")
    fill(wire, "Metric", "accuracy")
    fill(wire, "Useful gain", "2")
    wire.listen(1)
    assert "between 0 and 1" in said(wire)
    fill(wire, "Useful gain", "0.02")
    fill(wire, "Question", "<img src=x onerror=alert(1)> right?")
    press(wire)
    wire.listen(1)
    assert "<img" not in said(wire)
    assert "once more" in said(wire)
    (cell,), printed = replied(wire, FORM)
    assert (cell["source"], cell["replace"]) == ("set_next_input", False)
    assert cell["text"].startswith("%%mlee_experiment start shelf --budget 6h --truth y_test\nquestion")
    assert "below" in printed
    assert wire.run(cell["text"]).startswith("shelf: 6 h of active work")
    payload, _ = replied(wire, FORM)
    assert payload == [], "the next one is a new form"


def test_a_change_after_the_press_takes_it_back(wire: Wire) -> None:
    replied(wire, "%mlee_experiment start shelf --form")
    press(wire)
    fill(wire, "Working time", "soon")
    wire.listen(1)
    assert replied(wire, FORM)[0] == []


REFUSED = {
    "another verb": "%mlee_experiment decide --form",
    "a body": "%%mlee_experiment start --form\nmetric = 'f1'",
}


def test_what_is_no_form_is_refused(wire: Wire) -> None:
    for name, code in REFUSED.items():
        wire.run(f"refused = get_ipython().run_cell({code!r}).error_in_exec")
        assert wire.run("print(refused)").startswith("--form belongs to start"), name


def test_without_ipywidgets_one_line_and_the_template(wire: Wire) -> None:
    printed = wire.run(f"import sys; sys.modules['ipywidgets'] = None\n{FORM}")
    first, _, rest = printed.partition("\n")
    assert first == "--form needs ipywidgets in this kernel's environment: pip install ipywidgets"
    assert "%%mlee_experiment start NAME" in rest
