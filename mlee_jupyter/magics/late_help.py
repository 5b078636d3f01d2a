"""The help and the parser of magics whose options stand elsewhere, made when they are first asked for.

`%load_ext` is paid by every notebook that names it, so it reads no verb and no option.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from IPython.core.magic_arguments import MagicArgumentParser, argument, construct_parser


class LateParser:
    """The parser of a magic, made when something of it is first used; the magic's docstring is then its help."""

    def __init__(self, magic: Any, arguments: Callable[[], list[Any]]) -> None:
        self._magic = magic
        self._arguments = arguments

    def __getattr__(self, name: str) -> Any:
        return getattr(self._made(), name)

    @cache  # noqa: B019 - one for the process
    def _made(self) -> MagicArgumentParser:
        """The parser itself, which takes this one's place."""
        self._magic.decorators = self._arguments()[::-1]  # IPython reads decorators from the lowest
        made: MagicArgumentParser = construct_parser(self._magic)
        self._magic.parser = made
        return made

    def help(self) -> str:
        """What `?` shows."""
        self._made()
        return str(self._magic.__doc__)


def with_the_verbs(magic: Any) -> Any:
    """Give a magic the words and options of all verbs, as `magic_arguments` gives those that decorators name."""
    return _late(magic, _of_verbs)


def with_ab_options(magic: Any) -> Any:
    """Give a magic the options of `mlee ab plan` and `mlee ab read`."""
    return _late(magic, _of_ab)


def _late(magic: Any, arguments: Callable[[], list[Any]]) -> Any:
    late = LateParser(magic, arguments)
    magic.has_arguments = True
    magic.parser = late
    magic.getdoc = late.help
    return magic


def _of_verbs() -> list[Any]:
    from mlee_jupyter.session.verbs import every_verb

    verb = argument("verb", nargs="?", default="status", metavar="VERB", help=", ".join(every_verb.verbs()))
    words = argument("words", nargs="*", help="a name, a time, a candidate, a rule, key=value: what the verb is about")
    return [verb, words, *[argument(*option.names, **option.settings) for option in every_verb.options()]]


def _of_ab() -> list[Any]:
    from mlee_jupyter.session.trials import ab_options

    what = argument("what", metavar="plan|read", help="plan a test, or read its table")
    table = argument(
        "table", nargs="?", help="to read: a variable, a CSV or Parquet file, or a table with --in DATABASE"
    )
    return [what, table, *[argument(*option.names, **option.settings) for option in ab_options.MAGIC]]
