"""A copy of the notebook's folder to run in: bounded in size, large files linked, and always at the same path."""

from __future__ import annotations

import ast
import os
import re
import shutil
import site
import tempfile
from collections.abc import Iterable
from pathlib import Path

COPIED_BYTES = 500_000_000  # of all files together; what is beyond is linked, and the run may not write to it
COPIED_FILE = 64_000_000  # of one file
COPIED_FILES = 20_000
PROOFS = "mlee-proof-"  # how the folders of proofs begin, in the system's folder for temporary files
_IN_HOME = re.compile(r"[\"'=\s]~/([\w.][\w./ -]{0,200})")
_IN_TMP = re.compile(r"[\"'=\s]/tmp/([\w.][\w./ -]{0,200})")
_LEFT = frozenset(
    {".git", ".ipynb_checkpoints", "__pycache__", "node_modules", ".venv", "venv", ".mlee", ".tox", ".mypy_cache"}
)


_CACHES = (  # data and models that libraries keep in a home, and would fetch again
    "scikit_learn_data", "seaborn-data", "nltk_data", "gensim-data", "statsmodels_data", ".keras", ".surprise_data",
    ".cache/huggingface", ".cache/torch", ".cache/kagglehub", ".cache/openml", ".cache/pooch", ".cache/matplotlib",
)  # fmt: skip


class Copier:
    """Copies folders within one budget.

    Args:
        links: link what is beyond the budget; only where the run cannot write through a link.
    """

    def __init__(self, links: bool = True) -> None:
        self.bytes_left, self.files_left, self.links = COPIED_BYTES, COPIED_FILES, links

    def copy(self, source: Path, target: Path) -> None:
        """A file or folder; links where the budget ends."""
        if source.is_dir():
            target.mkdir(parents=True, exist_ok=True)
            try:
                entries = sorted(os.scandir(source), key=lambda e: (e.is_dir(), e.name))
            except PermissionError:
                return
            has_proofs = source.resolve() == Path(tempfile.gettempdir()).resolve()
            for entry in entries:
                if entry.name in _LEFT or (target / entry.name).exists():
                    continue
                if has_proofs and entry.name.startswith(PROOFS):
                    continue  # this proof's own folder would be copied into itself
                inner, to = Path(entry.path), target / entry.name
                if entry.is_dir() and self.files_left > 0 and not entry.is_symlink():
                    self.copy(inner, to)
                else:
                    self._file(inner, to)
        elif source.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            self._file(source, target)

    def _file(self, source: Path, target: Path) -> None:
        try:
            size = source.stat().st_size
            if source.is_dir() or size > COPIED_FILE or size > self.bytes_left or self.files_left <= 0:
                if self.links:
                    target.symlink_to(source.resolve())
                return
            shutil.copy2(source, target)
            self.bytes_left -= size
            self.files_left -= 1
        except OSError:
            return  # a socket, a dead link, a file that may not be read: the notebook will say so if it needs it


def prepare_home(root: Path, sources: Iterable[str], links: bool = True) -> dict[str, str]:
    """A home of the run's own below `root`, with what the code names by `~/`; the environment that points there.

    Args:
        root: an empty or old folder of ours; it is emptied.
        sources: the notebook's code, for the paths in it.
        links: link what libraries keep in the real home, for reading; only where nothing can write through a link.
    """
    shutil.rmtree(root, ignore_errors=True)
    (root / "tmp").mkdir(parents=True)
    sources = list(sources)
    real, copier = _home_of_user(), Copier(links)
    for name in sorted({n for source in sources for n in _IN_HOME.findall(source)}):
        if ".." not in name and not (root / name).exists():
            copier.copy(real / name, root / name)
    shared = root.parent / "tmp"  # stands for /tmp where the run is confined
    shutil.rmtree(shared, ignore_errors=True)
    shared.mkdir()
    for name in sorted({n for source in sources for n in _IN_TMP.findall(source)}) if links else ():
        if ".." not in name and not (shared / name).exists():
            copier.copy(Path("/tmp") / name, shared / name)
    for name in _CACHES if links else (".cache/matplotlib",):
        if (real / name).is_dir() and not (root / name).exists():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            if links and name != ".cache/matplotlib":
                (root / name).symlink_to((real / name).resolve())
            else:
                copier.copy(real / name, root / name)  # the list of fonts: it is written when it is old
    own = {"HOME": root, "USERPROFILE": root, "TMPDIR": root / "tmp", "XDG_CACHE_HOME": root / ".cache"}
    own |= {
        "XDG_CONFIG_HOME": root / ".config",
        "XDG_DATA_HOME": root / ".local/share",
        "IPYTHONDIR": root / ".ipython",
    }
    return {k: str(v) for k, v in own.items()} | {"PYTHONUSERBASE": site.getuserbase()}


def _home_of_user() -> Path:
    """The real home; nowhere for a user that the system does not know, as containers have them."""
    try:
        return Path.home()
    except RuntimeError:
        return Path("/nonexistent")


def prepare(home: Path, root: Path, sources: Iterable[str], links: bool = True) -> Path:
    """A fresh copy of a notebook's folder below `root`; what it names by `../` is copied to where it is looked for.

    Args:
        home: the notebook's folder.
        root: an empty or old folder of ours; it is emptied.
        sources: the notebook's code, for the paths in it.
        links: as for `Copier`.
    """
    shutil.rmtree(root, ignore_errors=True)
    home = home.resolve()
    above = _paths_above(sources, home)
    depth = max([len([p for p in Path(a).parts if p == ".."]) for a in above], default=0)
    names = home.parts[1:][-(depth + 1) :]
    work = root.joinpath(*names)
    copier = Copier(links)
    copier.copy(home, work)
    for written in sorted(above):
        real, place = (Path(os.path.normpath(folder / written)) for folder in (home, work))
        if not real.exists():
            real, place = real.parent, place.parent
        inside = place.is_relative_to(root) and place != root and real.exists() and not home.is_relative_to(real)
        if inside and not place.exists():
            copier.copy(real, place)
    work.mkdir(parents=True, exist_ok=True)
    return work


def _paths_above(sources: Iterable[str], home: Path) -> set[str]:
    """Texts in the code that begin with `../`, as far as they go up no further than the folder is deep."""
    found: set[str] = set()
    for source in sources:
        if ".." not in source:
            continue
        try:
            tree = ast.parse(source)
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and node.value.startswith("..")
                and len(node.value) < 300
            ):
                written = os.path.normpath(node.value)
                if written.count("..") < min(len(home.parts) - 1, 6) and "\0" not in written:
                    found.add(written)
    return found


def states(work: Path) -> dict[str, list[float]]:
    """Size and time of every file, to tell afterwards what was written."""
    found: dict[str, list[float]] = {}
    for folder, _, files in os.walk(work):
        for file in files:
            place = Path(folder, file)
            try:
                state = place.stat()
            except OSError:
                continue
            found[place.relative_to(work).as_posix()] = [state.st_size, state.st_mtime]
    return found
