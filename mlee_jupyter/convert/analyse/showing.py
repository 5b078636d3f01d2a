"""What a notebook only shows: last expressions, display(), plots' ends; left out of the package or said in Python."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Sequence

from mlee_jupyter.convert.draft import Draft
from mlee_jupyter.convert.read import effects
from mlee_jupyter.convert.read.magic_calls import about_the_notebook, uses_shell
from mlee_jupyter.convert.read.rewrite import Editor, out_of_reach
from mlee_jupyter.convert.read.scopes import is_always
from mlee_jupyter.convert.types import Effect, Facts, Kind, Statement
from mlee_jupyter.domain.errors import MleeError

from .flow import Stable, stable_names

PLOT_LIBRARIES = frozenset(
    {"matplotlib", "seaborn", "pylab", "mpl_toolkits", "scikitplot", "yellowbrick", "wordcloud", "missingno", "shap"}
    | {"squarify", "adjustText", "plotnine", "cartopy", "mglearn", "dtreeviz"}
)
# Of libraries that mostly compute: sm.qqplot, sm.graphics.tsa.plot_acf, nx.draw_networkx, shap.summary_plot.
_DRAWING_CALL = re.compile(
    r"(^|\.)(\w*qqplot\w*|(\w+_)?plot_\w+|\w+_plot|draw(_\w+)?|beeswarm|waterfall|plot_diagnostics|graphics\.\w+)$|\.graphics\."
)
# Data of such libraries.
_LOADS = re.compile(r"\.(load_dataset|get_dataset_names|imread)$|\.data\.\w+$|\.datasets\.\w+$")
_QUIET_BUILTINS = frozenset(
    {"len", "type", "isinstance", "str", "int", "float", "abs", "round", "repr", "bool", "id", "dir", "hasattr"}
)
_READING_BUILTINS = frozenset({"list", "dict", "set", "tuple", "sorted", "sum", "min", "max", "any", "all"})
_QUIET_MODULES = ("numpy", "pandas", "math", "statistics", "sklearn.metrics", "scipy.stats", "collections")
_LOUD = (
    "random",
    "plot",
    "show",
    "save",
    "load",
    "read",
    "set",
    "print",
    "option",
    "shuffle",
    "put",
    "copyto",
    "Display",
)
_CALLS_BACK = frozenset({"apply", "map", "pipe", "agg", "aggregate", "transform", "applymap", "filter"})
_DRAWS = frozenset({"plot", "hist", "boxplot", "sample"})


def drop_displays(draft: Draft) -> None:
    """Take out expressions that only show a value; a call that may do more than that stays."""
    stable = stable_names(draft.statements())
    for statement in draft.statements():
        if _is_of_the_notebook(statement):
            draft.take_out(statement, "speaks to the notebook itself")
        elif _waits_for_a_person(statement, stable):
            if not _is_read(statement, draft):
                draft.take_out(statement, "a control that a person moves (interact)")
        elif _tells_the_reader(statement, stable):
            draft.take_out(statement, "tells the reader of the notebook")
            if statement.cell not in draft.thin:
                draft.thin.append(statement.cell)
        elif statement.kind is Kind.EXPRESSION and only_shows(statement, stable):
            docstring = isinstance(getattr(statement.node, "value", None), ast.Constant)
            shows = (statement.displays and not docstring) or "display" in statement.calls
            draft.take_out(statement, "shows a value" if shows else "has no effect")
            if shows and statement.cell not in draft.thin:
                draft.thin.append(statement.cell)


def _tells_the_reader(statement: Statement, stable: Stable) -> bool:
    """Whether it only prints what a library says: `help(df.to_csv)`, `df.info()`."""
    value = statement.node.value if isinstance(statement.node, ast.Expr) else None
    if not isinstance(value, ast.Call) or value.keywords:
        return False
    if isinstance(value.func, ast.Name) and value.func.id == "help":
        return "help" not in stable.names and all(is_quiet(a, stable) for a in value.args)
    is_info = isinstance(value.func, ast.Attribute) and value.func.attr == "info" and not value.args
    owner = effects.root(value.func) if is_info else None
    return owner is not None and owner.id not in stable.names and is_quiet(value.func.value, stable)  # type: ignore[attr-defined]


def _waits_for_a_person(statement: Statement, stable: Stable) -> bool:
    """Whether a statement makes controls of ipywidgets that call a function: what it prints is up to who moves them."""
    node = statement.node
    calls = getattr(node, "decorator_list", None) or ([node.value] if isinstance(node, ast.Expr) else [])
    for one in calls:
        name = effects.dotted(one.func if isinstance(one, ast.Call) else one)
        first = name.partition(".")[0]
        imported = first in stable.imports and stable.imports[first][0][0].top == "ipywidgets"
        if imported and name.rpartition(".")[2] in ("interact", "interact_manual"):
            return True
    return False


def _is_read(statement: Statement, draft: Draft) -> bool:
    return any(statement.binds & (s.uses | s.late_uses) for s in draft.statements() if s is not statement)


def drop_failures(draft: Draft) -> None:
    """Take the last statement out of cells that are tagged as failing: a notebook goes on after them, a package not."""
    cells = draft.facts.notebook.cells
    last = {s.cell: s for s in draft.statements() if "raises-exception" in cells[s.cell - 1].tags}
    for statement in last.values():
        draft.take_out(statement, "the cell is expected to fail here (raises-exception)")


def _is_of_the_notebook(statement: Statement) -> bool:
    """Statements about IPython or an experiment of the notebook: get_ipython(), mlee.start(...)."""
    node = statement.node
    if about_the_notebook(node):
        return True
    if isinstance(node, ast.Assign) and effects.dotted(node.targets[0]).endswith("ast_node_interactivity"):
        return True
    if any(i.top in ("mlee_jupyter", "IPython.core") or i.module.startswith("IPython.core") for i in statement.imports):
        return True
    return isinstance(node, ast.Expr) and any(c.startswith("mlee.") for c in statement.calls)


def refuse_the_shell(statements: Iterable[Statement]) -> None:
    """Raise for the first statement of a package that needs IPython's shell, which is not there when it runs.

    Raises:
        MleeError: it calls get_ipython() for more than a magic whose text is known.
    """
    for statement in statements:
        if line := uses_shell(statement.node):
            raise MleeError(
                f"Cell {statement.cell} uses IPython's shell (get_ipython, line {line}).",
                "Write the magic itself (%name, !command), or say in Python what it does or asks.",
            )


def captured_notes(facts: Facts, kept: Collection[int]) -> list[str]:
    """What is said of kept cells under %%capture: a package prints what it hides, and stops where it goes on."""
    captured = {
        cell.number: [m for m in cell.magics if m.name == "%%capture"]
        for cell in facts.notebook.code
        if cell.number in kept
    }
    hidden = [n for n, found in captured.items() if any("--no-stdout" not in m.text for m in found)]
    printing = [n for n in hidden if any(s.calls for s in facts.of_cell(n))]
    failing = [n for n, found in captured.items() if found]
    notes = [f"what %%capture hides in {_cells(printing)} is printed by the package"] if printing else []
    if failing:
        notes.append(f"an error under %%capture in {_cells(failing)} stops the package; a notebook goes on")
    return notes


def _cells(numbers: Sequence[int]) -> str:
    return f"cell{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"


def only_shows(statement: Statement, stable: Stable) -> bool:
    """Whether an expression statement surely changes nothing."""
    if statement.effects & {Effect.DRAWS_RANDOM, Effect.PLOTS, Effect.PRINTS, Effect.WRITES_FILE, Effect.SEEDS}:
        return False
    value = statement.node.value if isinstance(statement.node, ast.Expr) else None
    if isinstance(value, ast.Call) and effects.dotted(value.func) == "display":
        return all(is_quiet(a, stable) for a in value.args) and not value.keywords
    return value is not None and is_quiet(value, stable)


def is_quiet(node: ast.expr, stable: Stable) -> bool:
    """Whether evaluating an expression surely changes nothing and prints nothing."""
    if isinstance(node, (ast.Yield, ast.YieldFrom, ast.Await, ast.NamedExpr)):
        return False
    if isinstance(node, ast.Call):
        return _is_quiet_call(node, stable)
    if isinstance(node, ast.Lambda):
        return is_quiet(node.body, stable)
    return all(is_quiet(child, stable) for child in _expressions_in(node))


def _expressions_in(node: ast.AST) -> list[ast.expr]:
    found: list[ast.expr] = []
    for child in ast.iter_child_nodes(node):
        found += [child] if isinstance(child, ast.expr) else _expressions_in(child)
    return found


def _is_quiet_call(call: ast.Call, stable: Stable) -> bool:
    arguments = [*call.args, *(k.value for k in call.keywords)]
    if any(k.arg in ("out", "inplace") for k in call.keywords):
        return False
    if not all(is_quiet(a, stable) for a in arguments):
        return False
    if isinstance(call.func, ast.Name):
        name = call.func.id
        if name in stable.imports:
            return _is_quiet_import(name, "", stable)
        if name in stable.names:
            return False
        if name in _READING_BUILTINS:
            return not any(isinstance(a, ast.Name) for a in call.args)  # a bare name may be an iterator
        return name in _QUIET_BUILTINS
    if isinstance(call.func, ast.Attribute):
        root = effects.root(call.func)
        if root is not None and root.id in stable.imports:
            may_write = len(call.args) > 2 or call.func.attr == "at"  # numpy.power(2, x, out), numpy.add.at
            return not may_write and _is_quiet_import(root.id, effects.dotted(call.func).partition(".")[2], stable)
        if call.func.attr in _DRAWS:
            return False
        calls_names = call.func.attr in _CALLS_BACK and any(isinstance(a, ast.Name) for a in arguments)
        return call.func.attr in effects.PURE_METHODS and not calls_names and is_quiet(call.func.value, stable)
    return False


def _is_quiet_import(name: str, rest: str, stable: Stable) -> bool:
    if name == "display":
        return True
    one = stable.imports[name][0][0]
    full = ".".join(p for p in (one.module, one.attribute, rest) if p)
    return full.startswith(_QUIET_MODULES) and not any(word in full for word in _LOUD)


def end_figures(draft: Draft) -> None:
    """Say in Python what a notebook does with figures: every `plt.show()` becomes `show_figures()`.

    `__name__` is "__main__" in a notebook; a package's modules have another one.
    """
    stable = stable_names(draft.statements())
    editor = Editor(draft.facts)
    for statement in draft.statements():
        far = out_of_reach(statement.node)
        own = {id(m.node): m.name for m in statement.mentions}
        for node in ast.walk(statement.node):
            if id(node) in far:
                continue
            if isinstance(node, ast.If) and isinstance(node.test, ast.Compare) and is_always(node.test):
                editor.replace(statement, node.test, "True")
            if isinstance(node, ast.Call) and _is_show(node, stable, own):
                draws_inside = any(not isinstance(a, ast.Constant) for a in node.args)  # plt.show(plot_acf(series))
                if draws_inside:
                    editor.replace(statement, node.func, "show_figures")
                else:
                    editor.replace(statement, node, "show_figures()")
            elif isinstance(node, ast.Name) and own.get(id(node)) == "__name__":
                editor.replace(statement, node, '"__main__"')
    draft.facts = editor.done()


def _is_show(call: ast.Call, stable: Stable, own: dict[int, str]) -> bool:
    name = effects.dotted(call.func)
    root, _, rest = name.partition(".")
    found = stable.imports.get(root)
    if not found or not name.endswith("show"):
        return False
    one = found[0][0]
    full = ".".join(p for p in (one.module, one.attribute, rest) if p)
    return full in ("matplotlib.pyplot.show", "pylab.show", "matplotlib.pylab.show")


def drawing_names(stable: Stable) -> set[str]:
    """Stable names behind which something may be drawn: plotting libraries, and functions that use them."""
    names = {
        n for n, found in stable.imports.items() if found[0][0].top in PLOT_LIBRARIES or _plots(found[0][0].attribute)
    }
    while True:
        more = {
            n
            for n, s in stable.functions.items()
            if n not in names and ((s.uses | s.late_uses) & names or _draws_by_method(s))
        }
        if not more:
            return names
        names |= more


def _plots(attribute: str | None) -> bool:
    return bool(attribute) and (str(attribute).endswith("Display") or str(attribute).startswith("plot_"))


def _draws_by_method(statement: Statement) -> bool:
    return any(
        "." in c and (c.rpartition(".")[2] in effects.PLOT_METHODS or _DRAWING_CALL.search(c)) for c in statement.calls
    )


def draws(statement: Statement, drawing: set[str]) -> bool:
    """Whether a statement may draw a figure."""
    if statement.kind in (Kind.IMPORT, Kind.FUNCTION, Kind.CLASS):
        return False
    read = statement.uses & drawing
    if read and not _draws_by_method(statement) and _only_loads(statement, read):
        return False
    return bool(read) or _draws_by_method(statement) or Effect.PLOTS in statement.effects


def _only_loads(statement: Statement, read: Collection[str]) -> bool:
    """Whether all that a statement asks of drawing libraries is data: `sns.load_dataset("titanic")`."""
    loading = {
        id(root)
        for call in effects.calls_in(statement.node)
        if (root := effects.root(call.func)) is not None and _LOADS.search(effects.dotted(call.func))
    }
    return all(id(m.node) in loading for m in statement.mentions if m.name in read)


def sets_options(statement: Statement) -> bool:
    """Whether all that a statement does is to set an option: `sns.set()` draws nothing."""
    plain = statement.kind in (Kind.EXPRESSION, Kind.ASSIGNMENT) and not statement.binds
    return plain and Effect.SETS_OPTION in statement.effects and Effect.PLOTS not in statement.effects


def artists(statements: Sequence[Statement], drawing: set[str]) -> frozenset[str]:
    """Variables that drawing leaves behind: figures, axes, and what their methods give (`ax.legend()`)."""
    found: set[str] = set()
    for statement in statements:
        value = getattr(statement.node, "value", None)
        if statement.kind is not Kind.ASSIGNMENT or not isinstance(value, ast.expr):
            found |= statement.binds if statement.kind is Kind.BLOCK and draws(statement, drawing) else set()
            continue
        while isinstance(value, (ast.Attribute, ast.Subscript, ast.Call)):
            value = value.func if isinstance(value, ast.Call) else value.value
        if draws(statement, drawing) or (isinstance(value, ast.Name) and value.id in found):
            found |= statement.binds
        else:
            found -= statement.defines
    return frozenset(found)
