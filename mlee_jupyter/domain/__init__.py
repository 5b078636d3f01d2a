"""The words of the project as types; read this file first.

An *experiment* asks one question, has one primary metric and one time box. A *candidate* is one named
approach, a *variant* one setting of it, a *run* one execution. A run has *results*: predictions judged on a
declared *truth*, or fold scores, or a bare number. All that was recorded of one experiment is its *records*;
what a rule may see of it at one moment is the *evidence*; what a rule answers is a *finding*.

Everything here is a frozen value. Times are aware datetimes in UTC, durations timedeltas, rates in 0..1.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .vocabulary import *  # noqa: F403


def __getattr__(name: str) -> Any:
    """Load the types when the first of them is used: `%load_ext` needs errors alone, and these cost 20 ms."""
    from importlib import import_module

    vocabulary = import_module(".vocabulary", __name__)
    globals().update({known: getattr(vocabulary, known) for known in vocabulary.__all__})
    if name not in vocabulary.__all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return globals()[name]
