"""Which file the page means: it knows the notebook's path on the server, the kernel knows a file system."""

from __future__ import annotations

from pathlib import Path, PurePosixPath


def notebook_file(path: str, root: str | None, known: str | None) -> str | None:
    """The notebook's file, as the page's path names it now; what was known before where no such file is found.

    A rename reaches the page at once and the kernel never, so the page's word goes first, if the file is there.

    Args:
        path: the notebook's path under the server's root, with slashes.
        root: the server's root folder, as the server tells it ("~" for the home folder); None: unknown.
        known: the notebook's file as the kernel was told when it started.
    """
    parts = PurePosixPath(path.rpartition(":")[2].lstrip("/"))  # a drive of the page's own ("RTC:") is no folder
    if parts.suffix != ".ipynb" or ".." in parts.parts:
        return known
    homes = [Path.cwd() / parts.name]
    if known:
        homes.insert(0, Path(known).parent / parts.name)
    if root:
        homes.insert(0, Path(root).expanduser() / parts)
    try:
        return next((str(file) for file in homes if file.is_file()), known)
    except (OSError, ValueError):
        return known
