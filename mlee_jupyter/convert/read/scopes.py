"""Who binds and who reads which notebook-level name, position by position; Python's own scoping rules.

symtable answers this for whole functions but gives no positions and calls `df["a"] = 1` a mere use; here every
mention keeps its node, so that text can be edited in place. The tests hold both against each other.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from mlee_jupyter.convert.types import Mention

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def local_names(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> tuple[set[str], set[str]]:
    """The names a function binds for itself, and those it declares `global`."""
    arguments = node.args
    names = {a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    names |= {a.arg for a in (arguments.vararg, arguments.kwarg) if a is not None}
    body = [node.body] if isinstance(node, ast.Lambda) else node.body
    bound, declared_global, declared_nonlocal = bound_in(body)
    return (names | bound) - declared_global - declared_nonlocal, declared_global


def bound_in(body: Iterable[ast.AST]) -> tuple[set[str], set[str], set[str]]:
    """Names bound in a body without entering scopes of its own; names declared global; names declared nonlocal."""
    bound: set[str] = set()
    declared_global: set[str] = set()
    declared_nonlocal: set[str] = set()
    stack: list[tuple[ast.AST, bool]] = [(n, False) for n in body]
    while stack:
        node, comprehended = stack.pop()
        if isinstance(node, ast.Global):
            declared_global |= set(node.names)
        elif isinstance(node, ast.Nonlocal):
            declared_nonlocal |= set(node.names)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            bound.add(node.name)
            outer: list[ast.AST] = [*node.decorator_list]
            if isinstance(node, ast.ClassDef):
                outer += [*node.bases, *(k.value for k in node.keywords)]
            else:
                outer += [*node.args.defaults, *(d for d in node.args.kw_defaults if d is not None)]
            stack += [(n, comprehended) for n in outer]
            continue
        elif isinstance(node, ast.Lambda):
            stack += [(n, comprehended) for n in (*node.args.defaults, *node.args.kw_defaults) if n is not None]
            continue
        elif isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Load) and not comprehended:
                bound.add(node.id)
        elif isinstance(node, ast.NamedExpr):
            bound.add(node.target.id)
            stack.append((node.value, comprehended))
            continue
        elif isinstance(node, ast.comprehension):
            stack += [(node.target, True), (node.iter, comprehended), *((n, comprehended) for n in node.ifs)]
            continue
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            bound |= {a.asname or a.name.partition(".")[0] for a in node.names if a.name != "*"}
        elif (isinstance(node, ast.ExceptHandler) and node.name) or (
            isinstance(node, (ast.MatchAs, ast.MatchStar)) and node.name
        ):
            bound.add(node.name)
        elif isinstance(node, ast.MatchMapping) and node.rest:
            bound.add(node.rest)
        stack += [(child, comprehended) for child in ast.iter_child_nodes(node)]
    return bound, declared_global, declared_nonlocal


@dataclass
class Walk:
    """One pass over a top-level statement in the order in which it runs."""

    sure: set[str] = field(default_factory=set)  # notebook-level names surely bound so far
    bound: set[str] = field(default_factory=set)  # bound on some path
    deleted: set[str] = field(default_factory=set)
    mentions: list[Mention] = field(default_factory=list)
    _scopes: list[tuple[str, set[str]]] = field(default_factory=list)
    _late: int = 0

    # names

    def _is_own(self, name: str) -> bool:
        """Whether a scope inside the statement binds the name, seen from where we are."""
        for depth, (kind, names) in enumerate(reversed(self._scopes)):
            if kind == "global" and name in names:
                return False
            if name in names and (kind != "class" or depth == 0):
                return True
        return False

    def _mention(self, name: str, node: ast.AST, *, binds: bool) -> None:
        outside = not binds and name not in self.sure
        self.mentions.append(Mention(name=name, node=node, binds=binds, late=self._late > 0, outside=outside))

    def _bind(self, name: str, node: ast.AST) -> None:
        if self._is_own(name):
            return
        self._mention(name, node, binds=True)
        self.bound.add(name)
        self.deleted.discard(name)
        if not self._late:
            self.sure.add(name)

    # blocks

    def block(self, body: Sequence[ast.stmt]) -> None:
        """Walk statements in order."""
        for statement in body:
            self.statement(statement)

    def _branch(self, body: Sequence[ast.stmt], start: set[str]) -> set[str]:
        """Walk a branch from a state; what is sure at its end (everything, when it never ends)."""
        self.sure = set(start)
        self.block(body)
        return self.sure

    def statement(self, node: ast.stmt) -> None:
        """Walk one statement."""
        handler = getattr(self, f"_{type(node).__name__.lower()}", None)
        if handler is not None:
            handler(node)
            return
        for child in ast.iter_child_nodes(node):
            self._child(child)

    def _child(self, child: ast.AST) -> None:
        if isinstance(child, ast.stmt):
            self.statement(child)
        elif isinstance(child, ast.expr):
            self.expression(child)
        else:
            for inner in ast.iter_child_nodes(child):
                self._child(inner)

    def _assign(self, node: ast.Assign) -> None:
        self.expression(node.value)
        for target in node.targets:
            self.expression(target)

    def _augassign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name) and not self._is_own(node.target.id):
            self._mention(node.target.id, node.target, binds=False)
        self.expression(node.value)
        self.expression(node.target)

    def _annassign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.expression(node.value)
        self.expression(node.annotation)
        if node.value is not None or not isinstance(node.target, ast.Name):
            self.expression(node.target)

    def _for(self, node: ast.For | ast.AsyncFor) -> None:
        self.expression(node.iter)
        before = set(self.sure)
        self.expression(node.target)
        self.block(node.body)
        self._branch(node.orelse, before)
        self.sure = before

    _asyncfor = _for

    def _while(self, node: ast.While) -> None:
        self.expression(node.test)
        before = set(self.sure)
        self.block(node.body)
        self._branch(node.orelse, before)
        self.sure = before

    def _if(self, node: ast.If) -> None:
        self.expression(node.test)
        before = set(self.sure)
        if is_always(node.test):
            self.sure = self._branch(node.body, before)
            return
        ends = [self._branch(b, before) for b in (node.body, node.orelse) if not _leaves(b)]
        for leaving in (b for b in (node.body, node.orelse) if _leaves(b)):
            self._branch(leaving, before)
        self.sure = set.intersection(*ends) if ends else before

    def _try(self, node: ast.Try) -> None:
        before = set(self.sure)
        ends = []
        done = self._branch(node.body, before)
        done = self._branch(node.orelse, done)
        if not _leaves(node.body):
            ends.append(done)
        for handler in node.handlers:
            self.sure = set(before)
            if handler.type is not None:
                self.expression(handler.type)
            if handler.name:
                self._bind(handler.name, handler)
            self.block(handler.body)
            if handler.name and not self._is_own(handler.name):
                self.sure.discard(handler.name)
            if not _leaves(handler.body):
                ends.append(set(self.sure))
        after = set.intersection(*ends) if ends else before
        last = self._branch(node.finalbody, before)
        self.sure = after | last

    _trystar = _try

    def _match(self, node: ast.Match) -> None:
        self.expression(node.subject)
        before = set(self.sure)
        for case in node.cases:
            self.sure = set(before)
            self._pattern(case.pattern)
            if case.guard is not None:
                self.expression(case.guard)
            self.block(case.body)
        self.sure = before

    def _pattern(self, pattern: ast.AST) -> None:
        name = getattr(pattern, "rest" if isinstance(pattern, ast.MatchMapping) else "name", None)
        if isinstance(name, str):
            self._bind(name, pattern)
        for child in ast.iter_child_nodes(pattern):
            if isinstance(child, ast.expr):
                self.expression(child)
            else:
                self._pattern(child)

    def _delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name) and not self._is_own(target.id):
                self._mention(target.id, target, binds=False)
                self.sure.discard(target.id)
                self.bound.discard(target.id)
                self.deleted.add(target.id)
            else:
                self.expression(target)

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            if alias.name != "*":
                self._bind(alias.asname or alias.name.partition(".")[0], alias)

    _importfrom = _import

    def _functiondef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for decorator in node.decorator_list:
            self.expression(decorator)
        self._signature(node.args)
        if node.returns is not None:
            self.expression(node.returns)
        self._bind(node.name, node)
        self._body(node, node.body)

    _asyncfunctiondef = _functiondef

    def _signature(self, arguments: ast.arguments) -> None:
        for default in (*arguments.defaults, *arguments.kw_defaults):
            if default is not None:
                self.expression(default)
        everyone = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
        for argument in everyone:
            if argument is not None and argument.annotation is not None:
                self.expression(argument.annotation)

    def _body(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, body: Sequence[ast.AST]) -> None:
        own, declared = local_names(node)
        self._scopes += [("global", declared), ("function", own)]
        self._late += not isinstance(node, ast.Lambda)
        kept, self.sure = self.sure, set(self.sure)
        for child in body:
            self._child(child)
        self.sure = kept
        self._late -= not isinstance(node, ast.Lambda)
        del self._scopes[-2:]

    def _classdef(self, node: ast.ClassDef) -> None:
        for outer in (*node.decorator_list, *node.bases, *(k.value for k in node.keywords)):
            self.expression(outer)
        bound, declared, _ = bound_in(node.body)
        # A class body reads a name from outside until it has bound it itself; both are mentions of the outer name.
        self._scopes += [("global", declared), ("class", set())]
        own = self._scopes[-1][1]
        for child in node.body:
            self.statement_in_class(child, own, bound - declared)
        del self._scopes[-2:]
        self._bind(node.name, node)

    def statement_in_class(self, child: ast.stmt, own: set[str], bound: set[str]) -> None:
        """One statement of a class body; what it binds belongs to the class from then on."""
        names, _, _ = bound_in([child])
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)):
            own |= names & bound
            self.statement(child)
        elif isinstance(child, (ast.Assign, ast.AnnAssign)) and child.value is not None:
            self.expression(child.value)
            own |= names & bound
            self.statement(child)
        else:
            own |= names & bound
            self.statement(child)

    # expressions

    def expression(self, node: ast.expr) -> None:
        """Walk one expression in the order in which it is evaluated."""
        if isinstance(node, ast.Name):
            if self._is_own(node.id):
                return
            if isinstance(node.ctx, ast.Load):
                self._mention(node.id, node, binds=False)
            else:
                self._bind(node.id, node)
        elif isinstance(node, ast.NamedExpr):
            self.expression(node.value)
            self._walrus(node)
        elif isinstance(node, ast.Lambda):
            self._signature(node.args)
            self._body(node, [node.body])
        elif isinstance(node, _COMPREHENSIONS):
            self._comprehension(node)
        elif isinstance(node, (ast.BoolOp, ast.IfExp)):
            self._short_circuit(node)
        else:
            for child in ast.iter_child_nodes(node):
                self._child(child)

    def _walrus(self, node: ast.NamedExpr) -> None:
        comprehensions = [s for s in self._scopes if s[0] == "comprehension"]
        if comprehensions:
            kept, self._scopes = self._scopes, [s for s in self._scopes if s[0] != "comprehension"]
            self._bind(node.target.id, node.target)
            self._scopes = kept
        else:
            self._bind(node.target.id, node.target)

    def _short_circuit(self, node: ast.BoolOp | ast.IfExp) -> None:
        first, *others = node.values if isinstance(node, ast.BoolOp) else (node.test, node.body, node.orelse)
        self.expression(first)
        before = set(self.sure)
        for other in others:
            self.expression(other)
        self.sure = before

    def _comprehension(self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) -> None:
        self.expression(node.generators[0].iter)
        own: set[str] = set()
        self._scopes.append(("comprehension", own))
        before = set(self.sure)
        for place, generator in enumerate(node.generators):
            if place:
                self.expression(generator.iter)
            own |= {
                n.id for n in ast.walk(generator.target) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)
            }
            self.expression(generator.target)
            for condition in generator.ifs:
                self.expression(condition)
        for value in (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,):
            self.expression(value)
        self.sure = before
        self._scopes.pop()


def _leaves(body: Sequence[ast.stmt]) -> bool:
    """Whether a block surely does not reach its end."""
    return bool(body) and isinstance(body[-1], (ast.Raise, ast.Return, ast.Continue, ast.Break))


def is_always(test: ast.expr) -> bool:
    """A test that holds in every notebook: True, or `__name__ == "__main__"`."""
    if isinstance(test, ast.Constant):
        return bool(test.value)
    if not isinstance(test, ast.Compare) or len(test.ops) != 1 or not isinstance(test.ops[0], ast.Eq):
        return False
    sides = (test.left, test.comparators[0])
    names = {s.id for s in sides if isinstance(s, ast.Name)} | {s.value for s in sides if isinstance(s, ast.Constant)}
    return names == {"__name__", "__main__"}
