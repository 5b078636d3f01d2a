"""What a verb's file declares; the magic, its help and completion, the command line and the handle are made of it."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from mlee_jupyter.domain.errors import MleeError

if TYPE_CHECKING:
    from mlee_jupyter.session.session import Session

Value = TypeVar("Value")


class Argument:
    """A word or an option, as argparse takes it: `Argument("--loud", action="store_true", help="...")`."""

    def __init__(self, *names: str, **settings: Any) -> None:
        self.names = names
        self.settings = settings

    @property
    def key(self) -> str:
        """Under which name its value is found: `because` for `--because`."""
        return self.names[0].lstrip("-").replace("-", "_")

    @property
    def is_flag(self) -> bool:
        """Whether it stands alone, without a value."""
        return "action" in self.settings


BECAUSE = Argument("--because", help="the reason, kept with the experiment")
FEATURES = Argument("--features", help="the variable that an estimator predicts on")
FORMAT = Argument("--format", help="text, html or json, a brief also md; by the file's name where one is given")
OUTPUT = Argument("--output", help="a file to write, as brief.html")
FRESH = Argument("--fresh", help="a second sample's right answers, sealed until confirm opens it once")


@dataclass(frozen=True, kw_only=True)
class Order:
    """A verb's words and options, as typed behind %mlee_experiment."""

    words: tuple[str, ...] = ()
    cell: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    def get(self, option: Argument) -> str | None:
        """What was typed for an option; None where it was not."""
        typed: str | None = self.options.get(option.key)
        return typed

    def word(self, position: int, what: str, example: str) -> str:
        """The word at a position.

        Raises:
            MleeError: it is missing; the example shows the whole line.
        """
        if position < len(self.words):
            return self.words[position]
        raise MleeError(f"Which {what}?", f"Type %mlee_experiment {example}.")

    def reason(self, example: str) -> str:
        """The reason.

        Raises:
            MleeError: it is missing.
        """
        because = self.get(BECAUSE)
        if because and because.strip():
            return because
        raise MleeError(
            "This needs a reason; it goes to the record.", f'Type %mlee_experiment {example} --because "...".'
        )

    def day(self, option: Argument) -> date | None:
        """The date of an option; None where it was not typed.

        Raises:
            MleeError: it is no date.
        """
        text = self.get(option)
        if text is None:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            (name,) = option.names
            raise MleeError(f"{name} {text[:20]!r} is not a date.", f"Write {name} 2026-12-01.") from None


@dataclass(frozen=True)
class Spoken(Generic[Value]):
    """What a method gives back, and the lines that a door says besides: the session prints nothing."""

    value: Value
    lines: Iterable[str]  # said as they come


@dataclass(frozen=True, kw_only=True)
class Command:
    """The verb on the command line, where no experiment is open: arguments, and the lines to print."""

    help: str
    run: Callable[[Session, argparse.Namespace], list[str]]
    arguments: tuple[Argument, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Verb:
    """One verb.

    Args:
        place: where it stands in lists: 1x from the start, 2x time, 3x candidates, 4x charter and rules, 5x the end,
            6x records.
        run: what it does behind %mlee_experiment; gives back the lines to print.
        options: those it reads.
        complete: what Tab offers behind it, apart from options.
        method: the same for the experiment's handle; its first argument is the session, the others are the method's.
        command: the same for the command line.
        name: of its file, without a closing underscore; given by the walk.
        about: the first line of its file's docstring; given by the walk.
    """

    place: int
    run: Callable[[Session, Order], Iterable[str]]
    options: tuple[Argument, ...] = ()
    complete: Callable[[], Iterable[str]] = tuple
    method: Callable[..., Any] | None = None
    command: Command | None = None
    name: str = ""
    about: str = ""
