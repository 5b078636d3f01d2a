"""What is wished to come from the configuration: values with names and keys, and where they stand in the notebook."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from keyword import iskeyword
from typing import Any

from mlee_jupyter.convert.analyse.changed_places import changed_places, relative_paths
from mlee_jupyter.convert.analyse.flow import Stable, stable_names
from mlee_jupyter.convert.analyse.showing import drawing_names, draws
from mlee_jupyter.convert.analyse.topics import VERBS, topics_of
from mlee_jupyter.convert.draft import Draft
from mlee_jupyter.convert.read.facts import BUILTINS
from mlee_jupyter.convert.read.literals import lists_in
from mlee_jupyter.convert.read.own_words import own_words
from mlee_jupyter.convert.read.paths import Roots
from mlee_jupyter.convert.read.rewrite import Editor, out_of_reach
from mlee_jupyter.convert.types import Kind, Statement

SEED_WORDS = frozenset({"random_state", "seed", "random_seed"})


@dataclass
class Wish:
    """A value to lift, with every place where it stands."""

    kind: str
    section: str
    key: str
    variable: str
    value: Any
    original: str | None = None  # the notebook's own variable
    comment: str = ""
    as_tuple: bool = False
    places: list[tuple[int, int]] = field(default_factory=list)
    also: list[str] = field(default_factory=list)  # other variables that held the same list


class Wishes:
    """Wishes by variable, with the notebook they are for."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.statements = draft.statements()
        self.stable: Stable = stable_names(self.statements)
        flowing = [s for s in self.statements if s.index not in self.stable.statements]
        self.roles = {cell: topic.role for cell, topic in topics_of(draft.facts, flowing).items()}
        self.editor = Editor(draft.facts)
        self.made: dict[str, Wish] = {}  # by variable
        self.removed: list[Statement] = []
        self.words = {w for c in draft.facts.notebook.code for n in ast.walk(ast.parse(c.python)) for w in own_words(n)}
        self.words |= {w for s in draft.facts.statements for w in s.string_uses}  # a formula's C(key) stays patsy's
        self.keys: dict[tuple[str, str], str] = {}  # (section, key) -> variable
        whole = draft.facts.statements
        home = draft.facts.notebook.path.absolute().parent
        self.roots = Roots(home, changed_places(whole), relative_paths(whole))
        self._far: set[str] | None = None
        self.drawing = drawing_names(self.stable)
        self.updated = {n for s in self.statements for n in s.updates}

    def draws(self, statement: Statement) -> bool:
        """Whether a statement is about a picture: what it is given is no setting."""
        if statement.kind in (Kind.FUNCTION, Kind.CLASS):
            return bool(statement.binds & self.drawing)
        return draws(statement, self.drawing)

    def is_free(self, key: str, section: str = "") -> bool:
        """Whether nothing in the notebook, and no other setting of the section, is called so."""
        plain = key.isidentifier() and not iskeyword(key)
        return plain and key not in self.words and key not in BUILTINS and (section, key) not in self.keys

    def fresh(self, *choices: str) -> str:
        """The first of some names that nothing in the notebook has; the last one with a number if need be."""
        for choice in choices:
            if choice.isidentifier() and choice not in self.words and choice not in BUILTINS:
                self.words.add(choice)
                return choice
        number = 2
        while f"{choices[-1]}_{number}" in self.words:
            number += 1
        self.words.add(f"{choices[-1]}_{number}")
        return f"{choices[-1]}_{number}"

    def section(self, kind: str, statement: Statement) -> str:
        """The section of config.toml for a value of a kind in a statement."""
        if kind in ("path", "features"):
            return {"path": "data", "features": "features"}[kind]
        if kind == "seed":
            return "random"
        role = self.roles.get(statement.cell, "")
        return role if role in VERBS and role != "setup" else ("model" if kind == "hyper-parameter" else "settings")

    def wish(self, kind: str, section: str, key: str, variable: str, value: Any, node: ast.expr) -> Wish:
        """A new wish under a key that nothing else of its section has."""
        assert (section, key) not in self.keys, "one key, one value"
        self.keys[(section, key)] = variable
        wish = Wish(
            kind=kind, section=section, key=key, variable=variable, value=value, as_tuple=isinstance(node, ast.Tuple)
        )
        self.made[variable] = wish
        return wish

    def lower(self, name: str) -> str:
        """The name in lower case where nothing else is called so and every mention can be rewritten."""
        lower = name.lower()
        if lower == name or lower in self.words or not lower.isidentifier() or iskeyword(lower):
            return name
        if name in self._unreachable():
            return name
        if lower in BUILTINS or lower in self.stable.names:
            return name
        self.words.add(lower)
        return lower

    def _unreachable(self) -> set[str]:
        """Names with a mention that cannot be rewritten."""
        if self._far is None:
            self._far = set()
            for statement in self.statements:
                far = out_of_reach(statement.node)
                self._far |= {m.name for m in statement.mentions if id(m.node) in far}
        return self._far

    def repeated_lists(self) -> set[str]:
        """Literal lists that are written more than once, as `ast.dump` tells them."""
        counts: dict[str, int] = {}
        for statement in self.statements:
            for node in lists_in(statement.node):
                counts[ast.dump(node)] = counts.get(ast.dump(node), 0) + 1
        return {dump for dump, count in counts.items() if count > 1}
