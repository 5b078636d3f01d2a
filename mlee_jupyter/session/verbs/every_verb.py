"""Which verbs there are: every module of the folders beside this file, which holds a VERB."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import replace
from functools import cache
from pathlib import Path

from mlee_jupyter.domain.errors import MleeError, did_you_mean

from .declaration import Argument, Verb


@cache
def verbs() -> dict[str, Verb]:
    """All verbs by name, in the order of lists."""
    found = []
    here = Path(__file__).parent
    for folder in (path.parent for path in here.glob("*/__init__.py")):
        for module in pkgutil.iter_modules([str(folder)], f"{__package__}.{folder.name}."):
            loaded = importlib.import_module(module.name)
            verb: Verb = loaded.VERB
            name = module.name.rpartition(".")[2].rstrip("_")  # `import_`: the word alone is Python's
            about = (loaded.__doc__ or "").strip().partition("\n")[0]
            found.append(replace(verb, name=name, about=about))
    return {verb.name: verb for verb in sorted(found, key=lambda verb: (verb.place, verb.name))}


def options() -> tuple[Argument, ...]:
    """What may be typed behind a verb: options with a value in the order of verbs, then those that stand alone."""
    found = {option.key: option for verb in verbs().values() for option in verb.options}
    return tuple(sorted(found.values(), key=lambda option: option.is_flag))


def find(name: str) -> Verb:
    """The verb of that name.

    Raises:
        MleeError: there is none; the nearest ones are named.
    """
    if name in verbs():
        return verbs()[name]
    hint = did_you_mean(name, verbs()) or f"Verbs: {' '.join(verbs())}."
    raise MleeError(f"%mlee_experiment has no verb {name[:30]!r}.", hint)
