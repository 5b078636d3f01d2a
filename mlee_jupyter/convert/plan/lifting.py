"""Values that move from the code to config.toml, once each: features, constants, paths, hyper-parameters, seeds.

A lifted value becomes a variable that comes from the configuration, so all that follows (functions that read it, stages
that take it) is the same as for any other variable.
"""

from __future__ import annotations

from collections.abc import Collection

from mlee_jupyter.convert.draft import Draft
from mlee_jupyter.convert.read.rewrite import renamed
from mlee_jupyter.convert.types import Kind, Lifted

from .lift_calls import calls
from .lift_constants import constants
from .lift_lists import lists
from .wishes import Wishes


def lift(draft: Draft, wanted: Collection[str] = ()) -> None:
    """Rewrite the draft so that lifted values are variables which the configuration gives.

    Args:
        draft: is rewritten.
        wanted: variables that were asked for by name.
    """
    wishes = Wishes(draft)
    constants(wishes, wanted)
    lists(wishes)
    calls(wishes)
    _apply(wishes)


def _apply(wishes: Wishes) -> None:
    """Take the constants' statements out and rewrite the rest."""
    draft = wishes.draft
    for statement in wishes.removed:
        draft.flow.remove(statement.index)
        draft.gone.add(statement.index)
    draft.facts = wishes.editor.done()
    renames = {w.original: v for v, w in wishes.made.items() if w.original and w.original != v}
    renames |= {name: v for v, w in wishes.made.items() for name in w.also}
    renames |= _shouting(wishes)
    if renames:
        draft.facts = renamed(draft.facts, renames, draft.statements())
        draft.renames |= renames
    for variable, wish in wishes.made.items():
        value = wishes.roots.relative(wish.value) if wish.kind == "path" else wish.value
        if wish.kind == "path" and value != wish.value:
            draft.notes.append(f"{wish.section}.{wish.key} was an absolute path; it is read below the data root now")
        one = Lifted(
            section=wish.section,
            key=wish.key,
            value=value,
            places=tuple(dict.fromkeys(wish.places)),
            kind="absolute path" if value != wish.value else wish.kind,
            variable=wish.original,
            as_tuple=wish.as_tuple,
            also=tuple(wish.also),
            comment=wish.comment if wish.original else "",
        )
        draft.lifted.append(one)
        draft.constants[variable] = one
    draft.data_root = wishes.roots.found


def _shouting(wishes: Wishes) -> dict[str, str]:
    """Variables written like constants that are none: SCALER becomes scaler where nothing else is called so."""
    removed = {s.index for s in wishes.removed}
    kinds = (Kind.IMPORT, Kind.FUNCTION, Kind.CLASS)
    flowing = [s for s in wishes.statements if s.index not in removed]
    code = {n for s in flowing if s.kind in kinds for n in s.binds} | {n for s in flowing for n in s.string_uses}
    names = {n for s in flowing for n in s.binds if len(n) > 1 and n.isupper()} - code - wishes.stable.names
    return {n: lower for n in sorted(names) if (lower := wishes.lower(n)) != n}
