"""The map of the house: names for one thing each, short chains of imports, folders that can be read at a glance."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "mlee_jupyter"
LONGEST_CHAIN = 14
MOST_AT_THE_ROOT, MOST_IN_A_FOLDER = 6, 20

# Why a module imports another inside a function. All of them keep something quick that is waited for.
LOADING = "`%load_ext` is paid by every notebook that names it: at most 15 ms of the processor"
COMMAND = "a command starts with what it needs, and `mlee --help` with nothing"
PAGE = "the panel's comm is opened by every page; what it answers with is loaded when something is asked"
CHILD = "the proof's child process confines itself before anything else is loaded"
RARE = "a library, or a lift of the store, that few need"
INSIDE = {
    "mlee_jupyter": LOADING,
    "mlee_jupyter.panel": LOADING,
    "mlee_jupyter.magics.magics": LOADING,
    "mlee_jupyter.magics.completion": LOADING,
    "mlee_jupyter.magics.late_help": LOADING,
    "mlee_jupyter.magics.start_form.show_form": RARE,
    "mlee_jupyter.magics.live.live": RARE,
    "mlee_jupyter.session.boards": LOADING,
    "mlee_jupyter.session.current": LOADING,
    "mlee_jupyter.session.door_lines": LOADING,
    "mlee_jupyter.session.trials.ab_options": COMMAND,
    "mlee_jupyter.session.verbs.candidates.race": COMMAND,
    "mlee_jupyter.session.verbs.completing": COMMAND,
    "mlee_jupyter.session.verbs.records.move": COMMAND,
    "mlee_jupyter.session.verbs.records.status": COMMAND,
    "mlee_jupyter.session.verbs.lines": COMMAND,
    "mlee_jupyter.session.verbs.records.mirror": COMMAND,
    "mlee_jupyter.panel.page_comm": PAGE,
    "mlee_jupyter.panel.requests": PAGE,
    "mlee_jupyter.cli.main": COMMAND,
    "mlee_jupyter.cli.audit_command": COMMAND,
    "mlee_jupyter.cli.doctor": COMMAND,
    "mlee_jupyter.cli.referee_command": COMMAND,
    "mlee_jupyter.cli.mcp_command": COMMAND,
    "mlee_jupyter.convert.child.harness": CHILD,
    "mlee_jupyter.convert.child.harness_figures": CHILD,
    "mlee_jupyter.record.handed_tries": RARE,
    "mlee_jupyter.report.figure.picture": RARE,
    "mlee_jupyter.store.io.open_database": RARE,
}


@cache
def modules() -> dict[str, Path]:
    """Every module of the product, by its dotted name."""
    found = {}
    for path in PACKAGE.rglob("*.py"):
        if "templates" in path.parts:
            continue  # what is written into packages: a package of its own
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def tree_of(module: str) -> ast.Module:
    return ast.parse(modules()[module].read_text("utf-8"))


def imported(module: str, node: ast.AST) -> Iterator[str]:
    """The modules of the product that one statement imports."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if alias.name in modules())
    elif isinstance(node, ast.ImportFrom):
        above = module.split(".")
        up = node.level - (modules()[module].name == "__init__.py")
        base = ".".join([*above[: len(above) - up], *filter(None, [node.module])]) if node.level else node.module or ""
        for alias in node.names:
            for name in (f"{base}.{alias.name}", base):
                if name in modules():
                    yield name
                    break


def at_once(module: str) -> set[str]:
    """What importing a module imports: neither what functions import, nor what only type checkers see."""
    found: set[str] = set()
    nodes: list[ast.AST] = [tree_of(module)]
    while nodes:
        node = nodes.pop()
        found.update(imported(module, node))
        is_guard = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        if not is_guard and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            nodes.extend(ast.iter_child_nodes(node))
    return found - {module}


def test_the_longest_chain_of_imports() -> None:
    @cache
    def chain(module: str) -> tuple[str, ...]:
        return (module, *max((chain(other) for other in at_once(module)), key=len, default=()))

    longest = max((chain(module) for module in modules()), key=len)
    assert len(longest) <= LONGEST_CHAIN, " > ".join(longest)


def test_an_import_inside_a_function_has_a_reason() -> None:
    inside = set()
    for module in modules():
        for function in ast.walk(tree_of(module)):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                inside |= {module for node in ast.walk(function) for _ in imported(module, node)}
    assert inside == set(INSIDE)


def test_no_two_modules_share_a_name() -> None:
    names = Counter(path.stem for path in modules().values() if not path.stem.startswith("__"))
    assert [name for name, times in names.items() if times > 1] == []


def test_no_two_classes_share_a_name() -> None:
    homes = defaultdict(list)
    for module in modules():
        for node in ast.walk(tree_of(module)):
            if isinstance(node, ast.ClassDef):
                homes[node.name].append(module)
    assert {name: where for name, where in homes.items() if len(where) > 1} == {}


def test_folders_are_read_at_a_glance() -> None:
    sizes = Counter(path.parent for path in modules().values())
    assert sizes.pop(PACKAGE) <= MOST_AT_THE_ROOT
    assert {folder.name: size for folder, size in sizes.items() if size > MOST_IN_A_FOLDER} == {}


def test_loading_the_extension_loads_none_of_the_types() -> None:
    """What `%load_ext` imports is paid by every notebook that names it; the types alone would treble it."""
    code = (
        "import sys\n"
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "InteractiveShell.instance().run_line_magic('load_ext', 'mlee_jupyter')\n"
        "print(*(name for name in sys.modules if name.startswith('mlee_jupyter')))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert loaded == {
        "mlee_jupyter", "mlee_jupyter.panel", "mlee_jupyter.domain", "mlee_jupyter.domain.errors",
        "mlee_jupyter.magics", "mlee_jupyter.magics.magics", "mlee_jupyter.magics.magic_lines",
        "mlee_jupyter.magics.completion", "mlee_jupyter.magics.late_help",
    }  # fmt: skip
