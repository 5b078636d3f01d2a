"""What running a statement may do to others: changes in place, random draws, seeds, files; functions included.

A call of the notebook's own code does what its body does, and so does code that is handed on (`map(grow, lists)`).
A module beside the notebook may do anything with what it is given. Where it is not known, too much is said.
"""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mlee_jupyter.convert.read import effects
from mlee_jupyter.convert.read.facts import BUILTINS, updated_in
from mlee_jupyter.convert.types import Effect, Statement

from .aliases import TRUSTED, Aliases, held, is_trusted
from .flow import Stable

FAMILIES = frozenset({"numpy", "random", "torch", "tensorflow"})  # generators that a seed can set
_FAMILY_OF = dict.fromkeys(("numpy", "pandas", "sklearn", "scipy", "seaborn", "statsmodels", "imblearn"), "numpy") | {
    "random": "random", "torch": "torch", "pytorch_lightning": "torch", "lightning": "torch",
}  # fmt: skip
_ITERATORS = frozenset({"iter", "zip", "map", "filter", "enumerate", "reversed", "open"})
_ITERATOR_MODULES = frozenset({"itertools", "csv"})
_ITERATOR_METHODS = frozenset(
    {"iterrows", "itertuples", "iteritems", "finditer", "scandir", "iterdir", "glob", "rglob"}
)
_LOOKING = frozenset({"transform", "inverse_transform", "decision_function", "kneighbors"})
_WORLD = frozenset({Effect.READS_FILE, Effect.WRITES_FILE, Effect.RUNS_COMMAND, Effect.ENVIRONMENT, Effect.UNKNOWN})
_Code = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef


@dataclass
class Deeds:
    """What something may do when it runs. `<f>` stands for what a function, class or module keeps for itself."""

    reads: set[str] = field(default_factory=set)  # variables that code reads when it is called
    changes: set[str] = field(default_factory=set)
    effects: set[Effect] = field(default_factory=set)
    draws: set[str] = field(default_factory=set)  # generators that it moves
    seeds: set[str] = field(default_factory=set)

    def add(self, other: Deeds) -> None:
        """Do that as well."""
        self.reads |= other.reads
        self.changes |= other.changes
        self.effects |= other.effects
        self.draws |= other.draws
        self.seeds |= other.seeds

    @property
    def size(self) -> int:
        """Grows with every deed."""
        return len(self.reads) + len(self.changes) + len(self.effects) + len(self.draws) + len(self.seeds)


@dataclass
class _Own:
    """A function, class or lambda of the notebook."""

    name: str
    node: _Code
    deeds: Deeds = field(default_factory=Deeds)  # of names outside
    changed: set[str] = field(default_factory=set)  # parameters whose object it changes
    self_changed: bool = False  # of a method

    @property
    def arguments(self) -> ast.arguments | None:
        node = self.node
        if isinstance(node, ast.ClassDef):
            made = [n for n in node.body if isinstance(n, ast.FunctionDef) and n.name == "__init__"]
            return made[0].args if made else None
        return node.args


class Readings:
    """What the statements of a notebook do, read from their text.

    Args:
        statements: what flows.
        stable: names that mean the same everywhere.
        folder: the notebook's; modules in it are not known.
    """

    def __init__(self, statements: Sequence[Statement], stable: Stable, folder: Path) -> None:
        self._stable, self._folder = stable, folder
        self._local: dict[str, bool] = {}
        self._lambdas: dict[int, bool] = {}  # by their ids: whether they change what they are given
        self._names = {n for s in statements for n in s.binds}
        self._code: dict[str, list[_Own]] = {}
        self._methods: dict[str, list[_Own]] = {}
        for statement in statements:
            for name, node in _code_in([statement.node]):
                self._code.setdefault(name, []).append(_Own(name, node))
                for inner in node.body if isinstance(node, ast.ClassDef) else ():
                    if isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef)):
                        self._methods.setdefault(inner.name, []).append(_Own(inner.name, inner))
        for statement in statements:
            same = statement.node
            if isinstance(same, ast.Assign) and isinstance(same.value, ast.Name) and same.value.id in self._code:
                for name in statement.binds:
                    self._code.setdefault(name, []).extend(self._code[same.value.id])
        everything = [o for own in (*self._code.values(), *self._methods.values()) for o in own]
        before = -1
        while before != (before := sum(o.deeds.size + len(o.changed) + o.self_changed for o in everything)):
            for own in everything:
                self._learn(own)
        self._holders = {n for s in statements if self._holds_generator(s.node) for n in s.binds}
        self._iterators = {n for s in statements for n in self._iterators_of(s.node)}

    def of(self, statement: Statement) -> Deeds:
        """What running a statement may do, beside binding names."""
        node = statement.node
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            defaults = [d for d in (*node.args.defaults, *node.args.kw_defaults) if d is not None]
            return self._deeds([*node.decorator_list, *defaults])
        found = self._deeds([node])
        found.changes |= statement.updates | (statement.uses & self._iterators)
        found.effects |= statement.effects
        if self._uses_up(node):
            found.draws |= FAMILIES
        return found

    def kept_by(self, names: Iterable[str]) -> set[str]:
        """The names of what code and modules keep for themselves, where a statement mentions them."""
        imports = {self._stable.imports[n][0][0].top for n in names if n in self._stable.imports}
        return {f"<{n}>" for n in names if n in self._code} | {f"<module {top}>" for top in imports}

    def _learn(self, own: _Own) -> None:
        node = own.node
        if isinstance(node, ast.ClassDef):
            inside: list[ast.AST] = [*node.decorator_list, *node.bases]
            inside += [s for s in node.body if not isinstance(s, (ast.FunctionDef, ast.AsyncFunctionDef))]
            own.deeds.add(self._deeds(inside))
            for made in self._methods.get("__init__", ()):
                if made.node in node.body:
                    own.deeds.add(made.deeds)
                    own.changed |= made.changed
            return
        arguments = {a.arg for a in ast.walk(node.args) if isinstance(a, ast.arg)}
        declared = {n for i in ast.walk(node) if isinstance(i, (ast.Global, ast.Nonlocal)) for n in i.names}
        stored = {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        inner = {n.name for n in ast.walk(node) if isinstance(n, ast.FunctionDef) and n is not node}
        body: list[ast.AST] = [node.body] if isinstance(node, ast.Lambda) else [*node.body, *node.decorator_list]
        found = self._deeds(body)
        aliases = Aliases()
        for part in body:
            aliases.note(part, self._stable)
        changed = {n for name in found.changes | (declared & stored) for n in aliases.of(name)}
        own.changed |= changed & arguments
        defaults = [*node.args.defaults, *(d for d in node.args.kw_defaults if d is not None)]
        remembers = changed & arguments and any(not isinstance(d, (ast.Constant, ast.Name)) for d in defaults)
        outside = {n for n in changed if n not in (arguments | stored | inner) - declared}
        if remembers or own.name in outside:
            outside.add(f"<{own.name}>")
        first = [a.arg for a in (*node.args.posonlyargs, *node.args.args)][:1]
        own.self_changed = own.self_changed or bool(changed.intersection(first))
        outside |= {f"<{n}>" for n in outside if n in self._code}
        read = {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
        read = (read - (arguments | stored | inner) | read & declared) & self._names | found.reads
        own.deeds.add(Deeds(read, outside, found.effects & _WORLD, found.draws, found.seeds))

    def _deeds(self, trees: Sequence[ast.AST]) -> Deeds:
        """What evaluating trees does; names are as written there."""
        self._lambdas.clear()  # what code of the notebook is known to do may have grown
        return self._deeds_within(trees)

    def _deeds_within(self, trees: Sequence[ast.AST]) -> Deeds:
        found = Deeds()
        for tree in trees:
            if not isinstance(tree, ast.ClassDef):
                found.changes |= updated_in(tree)
            called: set[int] = set()
            for call in effects.calls_in(tree):
                called.add(id(call.func))
                found.add(self._of_call(call))
            for node in ast.walk(tree):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                    for own in self._code.get(node.id, ()):
                        found.add(own.deeds)
                elif isinstance(node, ast.Attribute):
                    found.add(self._of_attribute(node))
                elif isinstance(node, (ast.Assign, ast.AugAssign, ast.Delete)):
                    targets = [node.target] if isinstance(node, ast.AugAssign) else node.targets
                    parts = (n for t in targets for n in ast.walk(t) if isinstance(n, (ast.Attribute, ast.Subscript)))
                    found.changes |= self._modules(n for n in parts if not isinstance(n.ctx, ast.Load))
        return found

    def _modules(self, targets: Iterable[ast.expr]) -> set[str]:
        roots = [r.id for t in targets if (r := effects.root(t))]
        return {f"<module {self._stable.imports[r][0][0].top}>" for r in roots if r in self._stable.imports}

    def _of_attribute(self, node: ast.Attribute) -> Deeds:
        """Methods are known by their name alone: whose they are is not known."""
        found = Deeds()
        for own in self._methods.get(node.attr, ()):
            found.add(own.deeds)
            root = effects.root(node.value)
            if own.self_changed and root is not None:
                found.changes.add(root.id)
        return found

    def _of_call(self, call: ast.Call) -> Deeds:
        given = [*call.args, *(k.value for k in call.keywords)]
        everything = {n for a in given for n in self._in(a)}
        found = Deeds(effects=effects.of_call(call))
        root = effects.root(call.func)
        name = root.id if root is not None else ""
        plain = isinstance(call.func, ast.Name)
        full = self._full(call)
        known = (Effect.DRAWS_RANDOM in found.effects, Effect.SEEDS in found.effects)
        if known[0] or effects.is_random(full):
            found.draws |= self._families(name)
        if known[1] or effects.is_seed(full):
            found.seeds |= self._families(name)
        if plain and name in self._code:
            for own in self._code[name]:
                found.changes |= self._given(call, own)
        elif not plain and isinstance(call.func, ast.Attribute) and call.func.attr in self._methods:
            for own in self._methods[call.func.attr]:
                found.changes |= self._given(call, own, skip=1)
        elif name in self._stable.imports:
            if not is_trusted(name, self._stable):
                found.changes |= everything
            if self._is_local(self._stable.imports[name][0][0].top):
                found.draws |= FAMILIES
                found.seeds |= FAMILIES
                found.effects |= {Effect.READS_FILE, Effect.WRITES_FILE}
            if full.rpartition(".")[2] in ("setattr", "delattr"):
                found.changes |= self._modules(call.args[:1])
        elif plain and name not in BUILTINS:
            found.changes |= {name} | everything
            for own in self._methods.get("__call__", ()):
                found.add(own.deeds)
        if plain and name in ("setattr", "delattr"):
            found.changes |= self._modules(call.args[:1])
        is_unknown = not isinstance(call.func, (ast.Name, ast.Attribute))  # f()(x), steps[0](x)
        if is_unknown or any(self._changes_what_it_is_given(a) for a in given):  # code that is handed on
            found.changes |= everything | ({name} if name and not plain else set())
        return found

    def _changes_what_it_is_given(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Lambda):
            if id(node) not in self._lambdas:  # read once, though the call around each is looked at as well
                parameters = {a.arg for a in ast.walk(node.args) if isinstance(a, ast.arg)}
                self._lambdas[id(node)] = bool(self._deeds_within([node.body]).changes & parameters)
            return self._lambdas[id(node)]
        if isinstance(node, ast.Name) and node.id in self._code:
            return any(own.changed for own in self._code[node.id])
        root = effects.root(node)
        return root is not None and root.id in self._stable.imports and not is_trusted(root.id, self._stable)

    def _in(self, argument: ast.expr) -> set[str]:
        root = effects.root(argument)
        return held(argument, self._stable) | ({root.id} if root is not None else set())

    def _given(self, call: ast.Call, own: _Own, skip: int = 0) -> set[str]:
        """What the caller names where code changes a parameter."""
        arguments = own.arguments
        if arguments is None or not own.changed:
            return set()
        skip = skip or int(isinstance(own.node, ast.ClassDef))
        places = [a.arg for a in (*arguments.posonlyargs, *arguments.args)][skip:]
        rest = arguments.vararg.arg if arguments.vararg else ""
        named = {*places, *(a.arg for a in arguments.kwonlyargs)}
        more = arguments.kwarg.arg if arguments.kwarg else ""
        found: set[str] = set()
        starred = False
        for place, argument in enumerate(call.args):
            starred = starred or isinstance(argument, ast.Starred)
            parameter = places[place] if place < len(places) else rest
            if starred or parameter in own.changed:
                found |= self._in(argument)
        for keyword in call.keywords:
            parameter = keyword.arg if keyword.arg in named else more
            if keyword.arg is None or parameter in own.changed:
                found |= self._in(keyword.value)
        return found

    def _holds_generator(self, node: ast.AST) -> bool:
        """Whether an object is made that draws from a global generator when it is used: a forest without a state."""
        return any(
            Effect.DRAWS_RANDOM in effects.of_call(c) and effects.dotted(c.func).rpartition(".")[2][:1].isupper()
            for c in effects.calls_in(node)
        )

    def _uses_up(self, tree: ast.AST) -> bool:
        """Whether such an object may draw in a tree: at anything but a look at what it has learnt."""
        quiet: set[int] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute):
                looks = node.attr.startswith(("predict", "score", "get_")) or node.attr.endswith("_")
                if looks or node.attr in _LOOKING:
                    quiet.add(id(node.value))
        loaded = (n for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load))
        return any(n.id in self._holders and id(n) not in quiet for n in loaded)

    def _full(self, call: ast.Call) -> str:
        """The dotted name of a function with its import spelled out: `npr.normal` is `numpy.random.normal`."""
        first, _, rest = effects.dotted(call.func).partition(".")
        if first not in self._stable.imports:
            return ""
        one = self._stable.imports[first][0][0]
        module = one.module if one.alias or one.attribute is not None else first
        return ".".join(part for part in (module, one.attribute, rest) if part)

    def _families(self, name: str) -> set[str]:
        """The generators that a call may move, by where its function comes from."""
        if name not in self._stable.imports:
            return set(FAMILIES)
        top = self._stable.imports[name][0][0].top
        return {_FAMILY_OF[top]} if top in _FAMILY_OF else set(FAMILIES)

    def _is_local(self, top: str) -> bool:
        """Whether a module lies beside the notebook, or is nowhere yet: its cell may write it."""
        if top not in self._local:
            beside = (self._folder / f"{top}.py").exists() or (self._folder / top / "__init__.py").exists()
            known = top in TRUSTED or top in sys.stdlib_module_names
            self._local[top] = beside or not (known or (top and importlib.util.find_spec(top) is not None))
        return self._local[top]

    def _iterators_of(self, node: ast.AST) -> Iterator[str]:
        """Variables that hold something which is used up by reading it."""
        for inner in ast.walk(node):
            if isinstance(inner, ast.withitem) and isinstance(inner.optional_vars, ast.Name):
                if self._is_iterator(inner.context_expr):
                    yield inner.optional_vars.id
            elif isinstance(inner, (ast.Assign, ast.NamedExpr)) and self._is_iterator(inner.value):
                for target in inner.targets if isinstance(inner, ast.Assign) else [inner.target]:
                    yield from (n.id for n in ast.walk(target) if isinstance(n, ast.Name))

    def _is_iterator(self, value: ast.expr) -> bool:
        if isinstance(value, ast.GeneratorExp):
            return True
        if not isinstance(value, ast.Call):
            return False
        name = effects.dotted(value.func)
        first, last = name.partition(".")[0], name.rpartition(".")[2]
        if name in _ITERATORS or last in _ITERATOR_METHODS or last == "open":
            return True
        if first in self._stable.imports and self._stable.imports[first][0][0].top in _ITERATOR_MODULES:
            return True
        return any(
            isinstance(i, (ast.Yield, ast.YieldFrom)) for own in self._code.get(name, ()) for i in ast.walk(own.node)
        )


def _code_in(statements: Sequence[ast.stmt]) -> Iterator[tuple[str, _Code]]:
    """Functions, classes and named lambdas that statements define, blocks included."""
    for node in statements:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name, node
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id, node.value
        else:
            for name in ("body", "orelse", "finalbody"):
                inner = getattr(node, name, None)
                if isinstance(inner, list):
                    yield from _code_in(inner)
            for handler in getattr(node, "handlers", ()):
                yield from _code_in(handler.body)
