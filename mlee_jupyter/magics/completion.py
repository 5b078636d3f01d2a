"""Tab completion: verbs, options, candidates, rules and metrics. What they need is loaded at the first Tab."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell


def register(shell: InteractiveShell, magics: type) -> None:
    """Tell IPython's completer about our magics, whose options stand in their parsers."""

    def options(magic: str) -> list[str]:
        parser = getattr(magics, magic).parser
        return [name for action in parser._actions for name in action.option_strings if name.startswith("--")]

    def of_experiment(words: list[str]) -> Iterable[str]:
        from mlee_jupyter.session.verbs import every_verb

        verbs = every_verb.verbs()
        if not words:
            return verbs
        if words[-1] == "metric=":
            return _metrics()
        return (*(verbs[words[0]].complete() if words[0] in verbs else ()), *options("mlee_experiment"))

    sources: dict[str, Callable[[list[str]], Iterable[str]]] = {
        "mlee_experiment": of_experiment,
        "mlee_candidate": lambda words: options("mlee_candidate") if words else _candidates(),
        "mlee_scoreboard": lambda words: _candidates() if words[-1:] == ["--why"] else options("mlee_scoreboard"),
        "mlee_check": lambda words: (*_rules(), *options("mlee_check")),
    }
    for magic, source in sources.items():
        for prefix in ("%", "%%"):
            shell.set_hook("complete_command", _completer(source), str_key=prefix + magic)


def _completer(source: Callable[[list[str]], Iterable[str]]) -> Callable[[Any, Any], list[str]]:
    def complete(_: Any, event: Any) -> list[str]:
        before = event.line[: len(event.line) - len(event.symbol)].split()[1:]
        with suppress(Exception):  # a failing completion must not disturb typing
            return [word for word in source(before) if word.startswith(event.symbol)]
        return []

    return complete


def _candidates() -> list[str]:
    from mlee_jupyter.session.verbs import completing

    return completing.candidates()


def _rules() -> list[str]:
    from mlee_jupyter.session.verbs import completing

    return completing.rules()


def _metrics() -> list[str]:
    from mlee_jupyter.stats.metrics import catalogue

    return [*catalogue.metrics(), *catalogue.REGISTERED]
