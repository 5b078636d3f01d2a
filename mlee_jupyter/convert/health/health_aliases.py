"""What was imported under another name is read by its own: `from sklearn.model_selection import GridSearchCV as GS`."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from .health_nodes import Walked, renamed, walked_again

_MODULES = {"xgboost": "xgb", "lightgbm": "lgb"}  # whose train and callbacks are told by the module's name


class OwnNames:
    """Other names by now; a statement is read with the names that things have of their own."""

    def __init__(self) -> None:
        self._own: dict[str, str] = {}

    def of(self, one: Walked) -> Walked:
        """The statement itself, or a copy with the own names."""
        node = one.statement.node
        self._learn(n for n in one.nodes if isinstance(n, (ast.Import, ast.ImportFrom)))
        for name in one.statement.binds & self._own.keys():
            if not isinstance(node, (ast.Import, ast.ImportFrom)):
                self._own.pop(name)
        if not self._own or not any(isinstance(n, ast.Name) and n.id in self._own for n in one.nodes):
            return one
        return walked_again(one, renamed(node, self._own))

    def _learn(self, imports: Iterable[ast.Import | ast.ImportFrom]) -> None:
        for node in imports:
            for one in node.names:
                name = one.asname or one.name
                own = _MODULES.get(one.name, name) if isinstance(node, ast.Import) else one.name
                self._own.pop(name, None)
                if own != name:
                    self._own[name] = own
