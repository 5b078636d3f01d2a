"""What a notebook displays, in the child process: last expressions and display(), as nodes of that moment.

The package leaves most displays out. A run of its own evaluates them where they stood, among the package's own values;
the run that the rest of the proof looks at is left alone, as a display might do something after all.
"""

from __future__ import annotations

import ast
import contextlib
import io
from collections.abc import Mapping
from typing import Any, BinaryIO

from .canonical_objects import Canon
from .harness_printed import Printed, silenced

MOST_BYTES = 300_000_000  # of displayed arrays in one run; what comes after is not compared
_PICTURES = ("matplotlib", "seaborn", "IPython", "plotly", "ipywidgets", "PIL")  # figures are compared by their pixels
KEPT, LEFT_OUT = "__kept_display__", "__display_left_out__"


class Shown:
    """Keeps what is displayed, told apart by the statement that does it.

    Args:
        binary: where arrays go.
        is_mine: as for `Canon`, which gets nodes of its own here: displays cannot use up the room of variables.
        printed: knows which statement runs.
    """

    def __init__(self, binary: BinaryIO, is_mine: Any, printed: Printed) -> None:
        self.canon = Canon(binary, is_mine)
        self.printed = printed
        self.begin = binary.tell()
        self.seen: list[dict[str, Any]] = []
        self.at: str | None = None  # the statement, where the printed text does not know it

    def display(self, *objects: Any, **_: Any) -> None:
        """Stands for IPython's `display`."""
        for one in objects:
            self.keep(one)

    def keep(self, value: Any) -> None:
        """Remember a value as it is now."""
        if value is None or _is_picture(value):
            return
        self.canon.forget()
        with silenced(self.printed), contextlib.redirect_stderr(io.StringIO()):
            if self.canon.binary.tell() - self.begin > MOST_BYTES:
                node = self.canon.hole(value, "more is displayed than is compared")
            else:
                node = self.canon.of(value)
        self.seen.append({"at": self.at or self.printed.now, "node": node})
        self.canon.forget()


def _is_picture(value: Any, depth: int = 0) -> bool:
    if isinstance(value, (list, tuple)) and value and depth < 3:
        return any(_is_picture(v, depth + 1) for v in value[:50])
    if type(value).__module__ == "numpy" and getattr(getattr(value, "dtype", None), "kind", "") == "O" and depth < 3:
        return bool(value.size) and _is_picture(value.flat[0], depth + 1)
    return type(value).__module__.partition(".")[0] in _PICTURES


class Displays:
    """Puts the displays of a notebook back into the stage functions of its package.

    Args:
        job: `stages` says for each "module.function" which statement each line of its body is, `imports` what names
            of the notebook import, `given` which variables the configuration gives.
        shown: where values go.
    """

    def __init__(self, job: Mapping[str, Any], shown: Shown) -> None:
        self.stages: Mapping[str, Any] = job["stages"]
        self.imports: Mapping[str, str] = job["imports"]
        self.shown = shown
        self.space: dict[str, Any] = {}  # the notebook's variables, as far as the package has come

    def put_back(self, module: str, function: ast.FunctionDef) -> None:
        """Change a stage function's body; one whose lines are not the planned ones is left as it is."""
        stage = self.stages.get(f"{module}.{function.name}")
        if stage is None:
            return
        said = function.body[: 1 if stage["doc"] else 0]
        body = function.body[len(said) :]
        end = [body.pop()] if body and isinstance(body[-1], ast.Return) else []
        if len(body) != len(stage["body"]):
            return
        after = {int(place): codes for place, codes in stage["after"].items()}
        found: list[ast.stmt] = list(map(self._evaluation, [stage["key"]] * len(after.get(-1, [])), after.get(-1, [])))
        for place, (node, index) in enumerate(zip(body, stage["body"])):
            if index is not None and isinstance(node, (ast.Expr, ast.Assign)) and index in stage["displays"]:
                node.value = ast.Call(ast.Name(KEPT, ast.Load()), [ast.Constant(index), node.value], [])
            found.append(node)
            found += [self._evaluation(stage["key"], one) for one in after.get(place, [])]
        function.body = [*said, *found, *end]

    @staticmethod
    def _evaluation(key: str, one: list[Any]) -> ast.stmt:
        index, code = one
        written = f"{LEFT_OUT}({key!r}, {index!r}, {code!r}, __locals_of_a_stage__())"
        return ast.parse(written).body[0]

    def kept(self, index: int, value: Any) -> Any:
        """The value of an expression that stands in the package as well."""
        self.shown.at = str(index)
        self.shown.keep(value)
        self.shown.at = None
        return value

    def learn(self, key: str, found: Mapping[str, Any]) -> None:
        """Take over the variables of a stage by the names that they have in the notebook."""
        for local, name in self.stages.get(key, {}).get("names", {}).items():
            if local in found:
                self.space[name] = found[local]

    def left_out(self, key: str, index: int, code: str, found: Mapping[str, Any]) -> None:
        """Evaluate a display that the package leaves out, as the notebook would have at this place."""
        self.learn(key, found)
        self.shown.at = str(index)
        try:
            compiled = compile(code, "<display>", "eval")
            for name in _names_in(compiled):
                if name in self.imports and name not in self.space:
                    exec(self.imports[name], self.space)
            with silenced(self.shown.printed), contextlib.redirect_stderr(io.StringIO()):
                self.shown.keep(eval(compiled, self.space))
        except Exception as fault:
            self.shown.seen.append({"at": str(index), "error": f"{type(fault).__name__}: {str(fault)[:100]}"})
        finally:
            self.shown.at = None


def _names_in(code: Any) -> set[str]:
    names = set(code.co_names)
    for constant in code.co_consts:
        if hasattr(constant, "co_names"):
            names |= _names_in(constant)
    return names
