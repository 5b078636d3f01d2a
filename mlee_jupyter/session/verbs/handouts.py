"""What a verb shows or writes to a file, in one of several forms: the brief, the plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mlee_jupyter.domain import files
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.domain.text.names import listed
from mlee_jupyter.session.verbs.declaration import Argument

if TYPE_CHECKING:
    from mlee_jupyter.report import Said
    from mlee_jupyter.session.session import Session

_ENDINGS = {"htm": "html", "markdown": "md"}


@dataclass(frozen=True, kw_only=True)
class Handout:
    """One kind of handout.

    Args:
        name: in a word.
        forms: of its files, as they end; on a screen there is "text" as well.
        begins: how a file of ours begins, which alone is written over.
        write: the document of an experiment (None: the open one) in a form.
        remark: what is said of a written one besides.
    """

    name: str
    forms: tuple[str, ...]
    begins: tuple[bytes, ...]
    write: Callable[[Session, str | None, str], Said]
    remark: str = ""

    @property
    def arguments(self) -> tuple[Argument, ...]:
        """Of the command line: the experiment, the form, the file."""
        return (
            Argument("name", nargs="?"),
            Argument("--format", choices=("text", *self.forms)),
            Argument("--output", metavar="FILE", help=f"a file to write, as {self.name}.html"),
        )

    def said(self, here: Session, name: str | None, form: str) -> Said:
        """The document.

        Raises:
            MleeError: there is no such form.
        """
        if form not in ("text", *self.forms):
            raise MleeError(
                f"There is no form {form[:20]!r}.", f"Write --format {listed(['text', *self.forms], joint='or')}."
            )
        return self.write(here, name, form)

    def lines(self, here: Session, name: str | None, form: str | None, output: str | None) -> list[str]:
        """The document on the screen, or that it was written.

        Raises:
            MleeError: no such form, or a file that is none of ours or cannot be written.
        """
        if output is None:
            return [self.said(here, name, form or "text").rstrip("\n")]
        file = Path(output)
        ending = file.suffix[1:].lower()
        wanted = form or _ENDINGS.get(ending, ending)
        if wanted not in self.forms:
            endings = listed([f".{one}" for one in sorted(self.forms, key=lambda one: one != "html")], joint="or")
            raise MleeError(f"{file} does not say in which form.", f"Name it {file.stem or self.name}{endings}.")
        files.demand_ours(file, self.name, lambda start: start.startswith(self.begins))
        files.write(file, self.said(here, name, wanted))
        return [f"Written to {file}.{self.remark}"]
