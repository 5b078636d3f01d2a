"""The help and the parser of %mlee_experiment: made of what the verbs declare, when they are first asked for.

`%load_ext` is paid by every notebook that names it, so it reads no verb.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from IPython.core.magic_arguments import MagicArgumentParser, argument, construct_parser


class LateParser:
    """The parser of a magic, made when something of it is first used; the magic's docstring is then its help."""

    def __init__(self, magic: Any) -> None:
        self._magic = magic

    def __getattr__(self, name: str) -> Any:
        return getattr(self._made(), name)

    @cache  # noqa: B019 - one for the process
    def _made(self) -> MagicArgumentParser:
        """The parser itself, which takes this one's place."""
        from mlee_jupyter.session.verbs import every_verb

        verb = argument("verb", nargs="?", default="status", metavar="VERB", help=", ".join(every_verb.verbs()))
        words = argument(
            "words", nargs="*", help="a name, a time, a candidate, a rule, key=value: what the verb is about"
        )
        options = [argument(*option.names, **option.settings) for option in every_verb.options()]
        self._magic.decorators = [verb, words, *options][::-1]  # IPython reads decorators from the lowest
        made: MagicArgumentParser = construct_parser(self._magic)
        self._magic.parser = made
        return made

    def help(self) -> str:
        """What `?` shows."""
        self._made()
        return str(self._magic.__doc__)


def with_the_verbs(magic: Any) -> Any:
    """Give a magic the words and options of all verbs, as `magic_arguments` gives those that decorators name."""
    late = LateParser(magic)
    magic.has_arguments = True
    magic.parser = late
    magic.getdoc = late.help
    return magic
