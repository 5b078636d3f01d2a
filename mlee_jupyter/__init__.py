"""Guardrails for experiments in notebooks: time-boxed, judged honestly, turned into real code.

`%load_ext mlee_jupyter` brings the magics; `import mlee_jupyter as mlee` the same in plain Python. Nothing
heavy is imported before it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from .comparison.comparing import compare
    from .comparison.judge_agreement import JudgeAgreement, judge_agreement
    from .comparison.of_table import compare_table
    from .comparison.result import Comparison
    from .comparison.to_label import RowsToLabel, rows_to_label
    from .convert.package import package
    from .domain.errors import MleeError
    from .evidence.sampling.check import SampleCheck, check_sample
    from .experiment.handle import ExperimentHandle
    from .experiment.starting import start
    from .session.beside.optuna_callback import OptunaCallback
    from .session.current import check
    from .session.trials.ab_trials import ab_plan, ab_read
    from .stats.metrics.registered import metric
    from .stats.size.rows_needed import rows_needed, rows_per_class, smallest_difference
    from .wire.referee_client import RefereeClient, referee

__version__ = "0.1.0"
__all__ = [
    "Comparison",
    "ExperimentHandle",
    "JudgeAgreement",
    "MleeError",
    "OptunaCallback",
    "RefereeClient",
    "RowsToLabel",
    "SampleCheck",
    "ab_plan",
    "ab_read",
    "check",
    "check_sample",
    "compare",
    "compare_table",
    "judge_agreement",
    "metric",
    "package",
    "referee",
    "rows_needed",
    "rows_per_class",
    "rows_to_label",
    "smallest_difference",
    "start",
]

_HOMES = {
    "Comparison": "comparison.result",
    "ExperimentHandle": "experiment.handle",
    "JudgeAgreement": "comparison.judge_agreement",
    "MleeError": "domain.errors",
    "OptunaCallback": "session.beside.optuna_callback",
    "RefereeClient": "wire.referee_client",
    "RowsToLabel": "comparison.to_label",
    "SampleCheck": "evidence.sampling.check",
    "ab_plan": "session.trials.ab_trials",
    "ab_read": "session.trials.ab_trials",
    "check": "session.current",
    "check_sample": "evidence.sampling.check",
    "compare": "comparison.comparing",
    "compare_table": "comparison.of_table",
    "judge_agreement": "comparison.judge_agreement",
    "metric": "stats.metrics.registered",
    "package": "convert.package",
    "referee": "wire.referee_client",
    "rows_needed": "stats.size.rows_needed",
    "rows_per_class": "stats.size.rows_needed",
    "rows_to_label": "comparison.to_label",
    "smallest_difference": "stats.size.rows_needed",
    "start": "experiment.starting",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    globals()[name] = found
    return found


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    """Where JupyterLab's tools find the built extension."""
    return [{"src": "labextension", "dest": "mlee-jupyter"}]


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Called by `%load_ext mlee_jupyter`."""
    from . import panel
    from .magics import magics

    magics.load(shell)
    panel.load(shell)
    print("mlee is on. No experiment is open in this notebook. %mlee shows the one-page help.")


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """Called by `%unload_ext mlee_jupyter`."""
    from . import panel
    from .magics import magics

    panel.unload(shell)
    magics.unload(shell)
