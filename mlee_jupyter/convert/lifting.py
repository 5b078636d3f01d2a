"""Values that move from the code to config.toml, once each: features, constants, paths, hyper-parameters, seeds.

A lifted value becomes a variable that comes from the configuration, so all that follows (functions that read it, stages
that take it) is the same as for any other variable.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from . import effects
from .draft import Draft
from .flow import Stable, stable_names
from .literals import SHORTEST_LIST, dump_value, in_signature, lists_in, literal
from .naming import snake
from .paths import Roots, is_path
from .rewrite import Editor, out_of_reach, renamed
from .topics import VERBS, topics_of
from .types import Effect, Kind, Lifted, Statement

_TUNED = re.compile(
    r"(^|_)(n|num|max|min|size|rate|ratio|frac|epochs?|batch|alpha|beta|gamma|lambda|lr|k|threshold|depth|iter|iterations|window"
    r"|lags?|horizon|folds?|splits?|neighbors|clusters|components|estimators|degree|tol|steps?|units|hidden|dropout|momentum)(_|$)",
    re.IGNORECASE,
)
_LIST_NAME = re.compile(
    r"feature|column|cols|fields|predictor|variables|categor|numeric|vars|target|labels|names", re.IGNORECASE
)
_MODELS = frozenset(
    [
        "sklearn",
        "xgboost",
        "lightgbm",
        "catboost",
        "statsmodels",
        "keras",
        "tensorflow",
        "torch",
        "imblearn",
        "prophet",
        "umap",
        "hdbscan",
    ]
)
_NOT_TUNED = frozenset(
    {"verbose", "n_jobs", "axis", "as_frame", "return_X_y", "copy", "figsize", "ax", "inplace", "dtype"}
)
_SEED_WORDS = frozenset({"random_state", "seed", "random_seed"})
_SHARED = frozenset({"cv", "scoring", "test_size", "train_size", "n_splits"})  # one choice for the whole project
_POSITIONAL = {
    "KNeighborsClassifier": "n_neighbors",
    "KNeighborsRegressor": "n_neighbors",
    "KMeans": "n_clusters",
    "PCA": "n_components",
    "KFold": "n_splits",
    "RandomForestClassifier": "n_estimators",
    "RandomForestRegressor": "n_estimators",
    "PolynomialFeatures": "degree",
    "Ridge": "alpha",
    "Lasso": "alpha",
}


@dataclass
class _Wish:
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


def lift(draft: Draft) -> None:
    """Rewrite the draft so that lifted values are variables which the configuration gives."""
    lifting = _Lifting(draft)
    lifting.constants()
    lifting.lists()
    lifting.calls()
    lifting.apply()


class _Lifting:
    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.statements = draft.statements()
        self.stable: Stable = stable_names(self.statements)
        flowing = [s for s in self.statements if s.index not in self.stable.statements]
        self.roles = {cell: topic.role for cell, topic in topics_of(draft.facts, flowing).items()}
        self.editor = Editor(draft.facts)
        self.wishes: dict[str, _Wish] = {}  # by variable
        self.removed: list[Statement] = []
        self.words = {
            w for c in draft.facts.notebook.code for n in ast.walk(ast.parse(c.python)) for w in _own_words(n)
        }
        self.keys: dict[tuple[str, str], str] = {}  # (section, key) -> variable
        self.roots = Roots(draft.facts.notebook.path.absolute().parent)
        self.updated = {n for s in self.statements for n in s.updates}

    # constants that had a name

    def constants(self) -> None:
        bindings: dict[str, list[Statement]] = {}
        for statement in self.statements:
            for name in statement.binds | statement.deletes:
                bindings.setdefault(name, []).append(statement)
        repeated = self._repeated_lists()
        for name, places in bindings.items():
            values = [_plain_assignment(s) for s in places]
            if any(v is None for v in values) or len({ast.dump(v) for v in values if v is not None}) != 1:
                continue
            node = values[0]
            assert node is not None
            value = literal(node)
            used_before = any(name in s.uses for s in self.statements if s.index <= places[0].index)
            if (
                value is None
                or name in self.updated
                or used_before
                or name in self.stable.names
                or name.startswith("_")
            ):
                continue
            if any(name in s.string_uses for s in self.statements):
                continue
            kind = self._kind(name, value, node, ast.dump(node) in repeated)
            if not kind:
                continue
            if not any(name in s.uses | s.late_uses for s in self.statements):
                for statement in places:
                    self.draft.take_out(statement, "a constant that nothing reads")
                continue
            known = [w for w in self.wishes.values() if isinstance(value, list) and w.value == value and len(value) > 2]
            if known and known[0].as_tuple == isinstance(node, ast.Tuple):
                known[0].also.append(name)
                known[0].places += [(s.cell, s.first_line) for s in places]
                self.removed += places
                continue
            variable = self._lower(name)
            wish = self._wish(kind, self._section(kind, places[0]), name.lower().strip("_"), variable, value, node)
            wish.original = name
            wish.comment = "\n".join(t for s in places[:1] for t in (s.leading.strip(), s.trailing.strip()) if t)
            wish.places += [(s.cell, s.first_line) for s in places]
            self.removed += places

    def _kind(self, name: str, value: Any, node: ast.expr, repeated: bool) -> str:
        if isinstance(value, list):
            if len(value) < SHORTEST_LIST and not name.isupper():
                return ""
            is_named = name.isupper() or _LIST_NAME.search(name) or repeated
            return (
                "features" if is_named and all(isinstance(v, str) for v in value) else ("constant" if is_named else "")
            )
        if isinstance(value, bool):
            return "constant" if name.isupper() else ""
        if isinstance(value, str):
            return "path" if is_path(value) else ("constant" if name.isupper() else "")
        if name.lower() in _SEED_WORDS or name.lower().endswith("seed"):
            return "seed"
        if name.isupper():
            return "constant"
        return "hyper-parameter" if _TUNED.search(name) and len(name) > 1 and self._is_argument(name) else ""

    def _is_argument(self, name: str) -> bool:
        """Whether a name is given to a call by keyword, or to a range or size."""
        for statement in self.statements:
            for call in effects.calls_in(statement.node):
                if any(isinstance(k.value, ast.Name) and k.value.id == name for k in call.keywords):
                    return True
        return False

    def _lower(self, name: str) -> str:
        """The name in lower case where nothing else is called so and every mention can be rewritten."""
        lower = name.lower()
        if lower == name or lower in self.words or not lower.isidentifier():
            return name
        for statement in self.statements:
            far = out_of_reach(statement.node)
            if any(m.name == name and id(m.node) in far for m in statement.mentions):
                return name
        from .facts import BUILTINS

        if lower in BUILTINS or lower in self.stable.names:
            return name
        self.words.add(lower)
        return lower

    # lists that stand in several places

    def _repeated_lists(self) -> set[str]:
        counts: dict[str, int] = {}
        for statement in self.statements:
            for node in lists_in(statement.node):
                counts[ast.dump(node)] = counts.get(ast.dump(node), 0) + 1
        return {dump for dump, count in counts.items() if count > 1}

    def lists(self) -> None:
        known = {dump_value(w.value, w.as_tuple): v for v, w in self.wishes.items() if isinstance(w.value, list)}
        repeated = self._repeated_lists()
        removed = {s.index for s in self.removed}
        for statement in self.statements:
            if statement.index in removed or isinstance(statement.node, ast.ClassDef):
                continue
            far = out_of_reach(statement.node) | in_signature(statement.node)
            for node in lists_in(statement.node):
                value = literal(node)
                dump = dump_value(value, isinstance(node, ast.Tuple))
                if value is None or id(node) in far or not (dump in known or ast.dump(node) in repeated):
                    continue
                if dump not in known:
                    variable = self._fresh(self._list_name(statement, node))
                    kind = "features" if all(isinstance(v, str) for v in value) else "constant"
                    self._wish(kind, self._section(kind, statement), variable, variable, value, node)
                    known[dump] = variable
                wish = self.wishes[known[dump]]
                if _local_words(statement) & {wish.variable, wish.original}:
                    continue  # a function there has a name of its own that reads the same
                wish.places.append((statement.cell, node.lineno))
                text = wish.original or known[dump]
                kept = isinstance(statement.node, ast.Assign) and statement.node.value is node
                if kept and statement.binds & self.updated:
                    text = f"list({text})"
                self.editor.replace(statement, node, text)

    def _list_name(self, statement: Statement, node: ast.expr) -> str:
        for call in effects.calls_in(statement.node):
            for keyword in call.keywords:
                if keyword.value is node and keyword.arg and keyword.arg.isidentifier():
                    return keyword.arg
        if isinstance(statement.node, ast.Assign) and statement.node.value is node:
            target = statement.node.targets[0]
            if isinstance(target, ast.Name):
                return snake(target.id)
        return "columns" if all(isinstance(v, str) for v in literal(node) or []) else "values"

    # values inside calls

    def calls(self) -> None:
        removed = {s.index for s in self.removed}
        for statement in self.statements:
            if statement.index in removed or statement.kind in (Kind.FUNCTION, Kind.CLASS, Kind.IMPORT):
                continue
            far = out_of_reach(statement.node)
            for call in effects.calls_in(statement.node):
                for kind, word, node in self._tuned(call):
                    value = literal(node)
                    if value is None or isinstance(value, (list, bool)) or id(node) in far:
                        continue
                    self._lift_argument(statement, call, kind, word, node, value)

    def _tuned(self, call: ast.Call) -> Iterator[tuple[str, str, ast.expr]]:
        name = effects.dotted(call.func)
        found = effects.of_call(call)
        short = name.rpartition(".")[2]
        if Effect.SEEDS in found and call.args:
            yield "seed", "seed", call.args[0]
        if short in ("RandomState", "default_rng") and call.args:
            yield "seed", "seed", call.args[0]
        if found & {Effect.READS_FILE, Effect.WRITES_FILE} and call.args:
            first = call.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str) and is_path(first.value):
                yield "path", _path_word(first.value), first
        root = name.partition(".")[0]
        imported = self.stable.imports.get(root)
        is_model = bool(imported) and imported is not None and imported[0][0].top in _MODELS
        for keyword in call.keywords:
            if keyword.arg in _SEED_WORDS:
                yield "seed", "seed", keyword.value
            elif is_model and keyword.arg and keyword.arg not in _NOT_TUNED:
                yield "hyper-parameter", keyword.arg, keyword.value
        if is_model and short in _POSITIONAL and len(call.args) == 1:
            yield "hyper-parameter", _POSITIONAL[short], call.args[0]

    def _lift_argument(
        self, statement: Statement, call: ast.Call, kind: str, word: str, node: ast.expr, value: Any
    ) -> None:
        section = "random" if kind == "seed" else self._section(kind, statement)
        short = snake(effects.dotted(call.func).rpartition(".")[2])
        short = "other" if short == word else short
        same = [
            v for v, w in self.wishes.items() if w.kind == kind and w.value == value and type(w.value) is type(value)
        ]
        if kind in ("seed", "path") and same:
            variable = same[0]
        else:
            everywhere = [v for v in same if word in _SHARED and self.wishes[v].key == word]
            variable = everywhere[0] if everywhere else ""
            for key in () if variable else (word, f"{short}_{word}"):
                known = self.keys.get((section, key))
                shared = word in _SHARED or (known is not None and self.wishes[known].comment == short)
                if known and self.wishes[known].value == value and shared:
                    variable = known
                    break
                if known is None:
                    variable = self._fresh(key, f"{short}_{word}")
                    wish = self._wish(kind, section, key, variable, value, node)
                    wish.comment = short if kind == "hyper-parameter" else ""
                    break
            if not variable:
                key = self._fresh(f"{short}_{word}_{statement.cell}")
                variable = key
                self._wish(kind, section, key, variable, value, node)
        wish = self.wishes[variable]
        wish.places.append((statement.cell, node.lineno))
        self.editor.replace(statement, node, wish.original or variable)

    # names and places

    def _fresh(self, *choices: str) -> str:
        from .facts import BUILTINS

        for choice in choices:
            if choice.isidentifier() and choice not in self.words and choice not in BUILTINS:
                self.words.add(choice)
                return choice
        number = 2
        while f"{choices[-1]}_{number}" in self.words:
            number += 1
        self.words.add(f"{choices[-1]}_{number}")
        return f"{choices[-1]}_{number}"

    def _section(self, kind: str, statement: Statement) -> str:
        if kind in ("path", "features"):
            return {"path": "data", "features": "features"}[kind]
        if kind == "seed":
            return "random"
        role = self.roles.get(statement.cell, "")
        return role if role in VERBS and role != "setup" else ("model" if kind == "hyper-parameter" else "settings")

    def _wish(self, kind: str, section: str, key: str, variable: str, value: Any, node: ast.expr) -> _Wish:
        number, stem = 2, key
        while (section, key) in self.keys:
            key, number = f"{stem}_{number}", number + 1
        self.keys[(section, key)] = variable
        wish = _Wish(
            kind=kind, section=section, key=key, variable=variable, value=value, as_tuple=isinstance(node, ast.Tuple)
        )
        self.wishes[variable] = wish
        return wish

    def _shouting(self) -> dict[str, str]:
        """Variables written like constants that are none: SCALER becomes scaler where nothing else is called so."""
        removed = {s.index for s in self.removed}
        kinds = (Kind.IMPORT, Kind.FUNCTION, Kind.CLASS)
        flowing = [s for s in self.statements if s.index not in removed]
        code = {n for s in flowing if s.kind in kinds for n in s.binds} | {n for s in flowing for n in s.string_uses}
        names = {n for s in flowing for n in s.binds if len(n) > 1 and n.isupper()} - code - self.stable.names
        return {n: lower for n in sorted(names) if (lower := self._lower(n)) != n}

    def apply(self) -> None:
        """Take the constants' statements out and rewrite the rest."""
        draft = self.draft
        for statement in self.removed:
            draft.flow.remove(statement.index)
            draft.gone.add(statement.index)
        draft.facts = self.editor.done()
        renames = {w.original: v for v, w in self.wishes.items() if w.original and w.original != v}
        renames |= {name: v for v, w in self.wishes.items() for name in w.also}
        renames |= self._shouting()
        if renames:
            draft.facts = renamed(draft.facts, renames, draft.statements())
            draft.renames |= renames
        for variable, wish in self.wishes.items():
            value = self.roots.relative(wish.value) if wish.kind == "path" else wish.value
            if wish.kind == "path" and value != wish.value:
                draft.notes.append(
                    f"{wish.section}.{wish.key} was an absolute path; it is read below the data root now"
                )
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
        draft.data_root = self.roots.found


def _local_words(statement: Statement) -> set[str | None]:
    """Names inside a statement that are not the notebook's."""
    outer = {id(m.node) for m in statement.mentions}
    names = {n.id for n in ast.walk(statement.node) if isinstance(n, ast.Name) and id(n) not in outer}
    return {*names, *(a.arg for a in ast.walk(statement.node) if isinstance(a, ast.arg))}


def _own_words(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
        yield node.name
    elif isinstance(node, ast.alias):
        yield (node.asname or node.name).partition(".")[0]


def _plain_assignment(statement: Statement) -> ast.expr | None:
    node = statement.node
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        return node.value
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.value
    return None


def _path_word(path: str) -> str:
    stem = re.split(r"[/\\]", path.rstrip("/\\"))[-1].partition(".")[0]
    word = snake(re.sub(r"\W+", "_", stem)).strip("_")
    return f"{word}_path" if word and not word[0].isdigit() else "path"


def by_section(lifted: Mapping[str, Lifted]) -> dict[str, list[tuple[str, Lifted]]]:
    """The lifted values by section of the configuration, in order: (variable, value)."""
    found: dict[str, list[tuple[str, Lifted]]] = {}
    for variable, one in lifted.items():
        found.setdefault(one.section, []).append((variable, one))
    return found
