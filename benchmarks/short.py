"""The form of seconds that each benchmark has: tests/test_benchmarks.py runs it to its end and reads its table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Short:
    """Declared by a benchmark as SHORT, in literals alone: the test reads it without an import.

    Args:
        arguments: of the command. `{notebooks}` is a folder with a notebook, `{listed}` a file that names it,
            `{package}` a package of it and `{probes}` its probes, `{packages}` a folder of packages, `{made}` an empty
            folder.
        columns: the heads of the table, or what stands in each place of a line, where there is no head.
        row: a pattern of a whole line with a group for each column; "": the table is Markdown and shows its heads.
        rows: so many lines at least.
        needs: programs and modules without which it is skipped.
    """

    arguments: tuple[str, ...] = ()
    columns: tuple[str, ...]
    row: str = ""
    rows: int = 1
    needs: tuple[str, ...] = ()
