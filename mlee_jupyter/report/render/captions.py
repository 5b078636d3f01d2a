"""The lines around a board's rows, as text: whoever draws the board, they read the same."""

from __future__ import annotations

from mlee_jupyter.domain.text.names import count
from mlee_jupyter.report.text.plain_json import JSON


def clock_text(time: JSON) -> str:
    """ "3 h 40 of 6 h, 2 h 20 left, paused"."""
    said = ", ".join(part for part in (time["text"], time["left_text"], time["deadline_text"]) if part)
    return said if time["state"] == "open" else f"{said}, {time['state']}"


def caption_text(board: JSON, part: JSON) -> str:
    """What is measured, which way is better, on how many rows; what it stands on where there are several boards."""
    experiment, metric = board["experiment"], part["metric"]
    unit = " in %" if metric["unit"] else ""
    said = [f"{metric['label']}{unit}", metric["direction"]]
    if part["n_text"]:
        said.append(part["n_text"])
    if len(board["boards"]) > 1:
        said.append(part["source_text"])
    else:
        said += [experiment["candidates_text"], experiment["variants_text"]]
    return ", ".join(said)


def legend_text(part: JSON) -> str:
    """What the grey band is; empty where none is drawn."""
    if part["axis"] is None or part["axis"]["band"] is None:
        return ""
    return f"grey band: within your useful gain ({part['useful_gain_text']})"


def notes_text(row: JSON) -> str:
    """What stands under a name; why there is no range stands elsewhere."""
    notes = [note for note in row["notes"] if note != row["reason"]]
    if row["variants"] > 2:
        notes.append(row["variants_text"])
    return ", ".join(notes)


def hidden_text(hidden: int) -> str:
    """How many rows are not shown; empty where all are."""
    return f"{count(hidden, 'row')} more, not shown here; exp.scoreboard() has all of them." if hidden else ""
