"""Change the charter: `change useful_gain=0.03 --because ...`, or a TOML body; `--fresh y_final` seals a sample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mlee_jupyter.domain import charter_toml
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.session import door_lines
from mlee_jupyter.session.verbs.declaration import BECAUSE, FRESH, Order, Spoken, Verb

if TYPE_CHECKING:
    from mlee_jupyter.session.session import Session


def run(here: Session, order: Order) -> list[str]:
    """Seal the sample that is named, then change what is named."""
    fresh, because = order.get(FRESH), order.get(BECAUSE)
    if fresh is not None:
        sealed = list(here.seal(fresh, because)) or [f"{fresh[:40]} is sealed already."]
        rest = replace(order, options={key: value for key, value in order.options.items() if key != FRESH.key})
        return [*sealed, *(run(here, rest) if order.words or order.cell else [])]
    if order.cell is not None:
        values = charter_toml.to_table(charter_toml.parse(order.cell))
    else:
        order.word(0, "value", "change useful_gain=0.03 --because ...")
        values = dict(_assignment(word, order.words[place + 1 :]) for place, word in enumerate(order.words))
    done = _changed(here, values, because)
    nothing = "The charter says so already; the reason is kept." if because else "The charter says so already."
    said = f"Charter changed: {'; '.join(done.value)}." if done.value else nothing
    return [said, *done.lines, *door_lines.news_lines(here)]


def change(here: Session, /, *, because: str | None = None, **values: Any) -> Spoken[list[str]]:
    """Change the charter; gives back what differs."""
    return _changed(here, values, because)


def _changed(here: Session, values: Mapping[str, Any], because: str | None) -> Spoken[list[str]]:
    """What differs, and what could not be read of the rows."""
    changes = here.change(values, because)
    return Spoken(changes, here.read_layouts())


def _assignment(word: str, behind: Sequence[str]) -> tuple[str, Any]:
    """One KEY=VALUE; `behind` are the words after it, of which the first may be the value that was meant."""
    key, sign, value = word.partition("=")
    if not sign:
        meant = f"{word[:40]}={behind[0][:40]}" if behind and word.isidentifier() else "useful_gain=0.03"
        raise MleeError(f"{word[:40]!r} changes nothing.", f"Type %mlee_experiment change {meant} --because ...")
    return key.strip(), charter_toml.parse_value(value.strip())


VERB = Verb(place=40, run=run, method=change, options=(FRESH, BECAUSE))
