"""What a project may set: `[tool.mlee]` in the pyproject.toml of the nearest project root."""

from __future__ import annotations

import getpass
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from . import Ignore, durations, files, working_time
from .errors import MleeError, StoreError

PRICED = ("machine_hour", "function_gb_second", "function_call", "storage_gb_month", "balancer_month", "transfer_gb")
_LARGEST = 4 * 2**20  # bytes of a pyproject.toml
_LONGEST_PLACE = 1_000  # characters; every folder on the way is looked at


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Every value has a default, so a project without a pyproject.toml works."""

    root: Path
    store: str | None = None  # a path or a database URL; None: .mlee/experiments.db under the root
    store_rows: bool = True  # False: keep influence values only, no truth and no predictions
    idle_limit: timedelta = working_time.IDLE_LIMIT
    hours_a_day: float = durations.HOURS_A_DAY
    budget: timedelta | None = None  # for an experiment started without one
    useful_gain: float | None = None
    planned: tuple[int, int] = (3, 5)  # how many candidates a box is thought to carry
    note_person: bool = True  # False: who recorded something is not kept on a server
    measure_answers: bool = True  # ask a fitted model a few more times, to know how long it takes to answer
    prices: Mapping[str, Any] = field(default_factory=dict)  # by name: (low, high), and perhaps the currency
    rules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # by rule name: {limit = 20}, {off = true}
    ignores: tuple[Ignore, ...] = ()

    @property
    def store_location(self) -> str:
        """Where the records live: MLEE_STORE, then `[tool.mlee] store`, then the folder .mlee at the root.

        MLEE_STORE is the user's own word and may name any place. A settings file comes with its folder, whoever made
        that, so it may name a file of the project alone.

        Raises:
            StoreError: the settings name another place; the line says how to confirm it.
        """
        named = os.environ.get("MLEE_STORE")
        if named:
            return named if "://" in named else str((self.root / os.path.expanduser(named)).absolute())
        if self.store is None:
            return str(self.root / ".mlee" / "experiments.db")
        if len(self.store) > _LONGEST_PLACE:
            raise self._unconfirmed(f"a name of {len(self.store):,} characters")
        place = Path(os.path.normpath(self.root / os.path.expanduser(self.store)))
        is_address = "://" in self.store or self.store.startswith("file:")
        if is_address or not place.is_relative_to(self.root) or place == self.root:
            raise self._unconfirmed("outside the project")
        try:
            files.plain_file(place, below=self.root)
        except MleeError as fault:
            raise self._unconfirmed(f"where it cannot be ({fault.message.rstrip('.')})") from None
        return str(place)

    def person(self, location: str) -> str | None:
        """Whose name is kept beside what is recorded at a place; None: nobody's.

        MLEE_USER is the user's own word: a name, or empty for none. Without it, it is the account's name on a server,
        which several people share; in a file it is nobody's, since whoever owns a file knows who it is.

        Args:
            location: of the store, as it is shown.
        """
        said = os.environ.get("MLEE_USER")
        if said is None and (not self.note_person or "://" not in location):
            return None
        try:
            name = getpass.getuser() if said is None else said
        except (KeyError, OSError):  # an account without a name
            return None
        return " ".join(name.split())[:60] or None

    def _unconfirmed(self, where: str) -> StoreError:
        said = re.sub(r"(?<=://).*@", "***@", str(self.store).partition("?")[0])[:200]
        return StoreError(
            f"The settings in {self.root / 'pyproject.toml'} want the store at {said}, {where}.",
            "If you want that, name the place yourself in MLEE_STORE (in a notebook: %env MLEE_STORE=..., then"
            " %reload_ext mlee_jupyter).",
        )


def project_root(start: Path) -> Path:
    """The nearest folder, from `start` upward, that holds .git, a pyproject.toml or .mlee; else `start` itself."""
    start = start.absolute()
    for folder in (start, *start.parents):
        if any(os.path.exists(folder / mark) for mark in (".mlee", ".git", "pyproject.toml")):
            return folder
    return start


def read(start: Path | None = None) -> Settings:
    """The settings that hold in a folder (the working folder by default).

    Raises:
        MleeError: `[tool.mlee]` holds something it may not; the key and the value are named.
    """
    root = project_root(start or Path.cwd())
    file = root / "pyproject.toml"
    if not os.path.isfile(file):
        return Settings(root=root)
    try:
        whole = tomllib.loads(files.read_text(file, most=_LARGEST))
    except (ValueError, RecursionError) as fault:  # not TOML, not UTF-8, numbers of thousands of digits
        said = "nested too deep" if isinstance(fault, RecursionError) else fault
        raise MleeError(f"{file} is not valid TOML: {said}.", "Mend it, then run the cell again.") from None
    except OSError:
        return Settings(root=root)
    tools = whole.get("tool", {})
    table = tools.get("mlee", {}) if isinstance(tools, dict) else {}
    if not isinstance(table, dict):
        raise MleeError(f"tool.mlee in {file} is no table.", "Write [tool.mlee] on a line of its own.")
    return _from_table(root, table)


def _from_table(root: Path, table: Mapping[str, Any]) -> Settings:
    known = {"store", "store_rows", "idle_limit", "hours_a_day", "budget", "useful_gain", "planned", "rules", "ignore"}
    known |= {"measure_answers", "note_person", "prices"}
    for key in table:
        if key not in known:
            raise MleeError(f"[tool.mlee] has no setting {key!r}.", f"Known: {', '.join(sorted(known))}.")
    hours = _typed(table, "hours_a_day", (int, float), durations.HOURS_A_DAY)
    if not 0 < hours <= 24:
        raise MleeError(f"[tool.mlee] hours_a_day = {hours!s:.20} is no working day.", "Write hours_a_day = 8.")
    gain = _typed(table, "useful_gain", (int, float), None)
    if gain is not None and not 0 < gain < 1e300:
        raise MleeError(f"[tool.mlee] useful_gain = {gain!s:.20} is not above zero.", "Write useful_gain = 0.02.")
    idle, budget = _typed(table, "idle_limit", str, None), _typed(table, "budget", str, None)
    rules = _typed(table, "rules", dict, {})
    return Settings(
        root=root,
        store=_typed(table, "store", str, None),
        store_rows=_typed(table, "store_rows", bool, True),
        idle_limit=durations.parse(idle, hours) if idle else working_time.IDLE_LIMIT,
        hours_a_day=float(hours),
        budget=durations.parse(budget, hours) if budget else None,
        useful_gain=gain,
        planned=_band(table),
        prices=_prices(_typed(table, "prices", dict, {})),
        note_person=_typed(table, "note_person", bool, True),
        measure_answers=_typed(table, "measure_answers", bool, True),
        rules={name: _typed(rules, name, dict, {}) for name in rules},
        ignores=tuple(_ignore(entry) for entry in _typed(table, "ignore", list, [])),
    )


def _typed(table: Mapping[str, Any], key: str, kind: Any, default: Any) -> Any:
    value = table.get(key, default)
    if value is default or (isinstance(value, kind) and (kind is bool or not isinstance(value, bool))):
        return value
    raise MleeError(f"[tool.mlee] {key} = {value!r:.60} has the wrong type.", f"See the settings page for {key}.")


def _band(table: Mapping[str, Any]) -> tuple[int, int]:
    """How few and how many candidates are usual."""
    found = _typed(table, "planned", list, [3, 5])
    if len(found) != 2 or not all(type(one) is int for one in found) or not 1 <= found[0] <= found[1]:
        raise MleeError(f"[tool.mlee] planned = {found!r:.40} is no range.", "Write planned = [3, 5].")
    return found[0], found[1]


def _prices(table: Mapping[str, Any]) -> dict[str, Any]:
    prices: dict[str, Any] = {}
    for name, value in table.items():
        if name == "currency":
            prices[name] = str(value)
            continue
        if name not in PRICED:
            raise MleeError(f"[tool.mlee.prices] has no {name!r:.40}.", f"Known: {', '.join(PRICED)}.")
        both = value if isinstance(value, list) else [value, value]
        if len(both) != 2 or not all(_is_price(one) for one in both) or both[0] > both[1]:
            raise MleeError(f"[tool.mlee.prices] {name} = {value!s:.40} is no price.", f"Write {name} = [0.04, 0.06].")
        prices[name] = (float(both[0]), float(both[1]))
    return prices


def _is_price(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e9


def _ignore(entry: Any) -> Ignore:
    if not isinstance(entry, dict) or not isinstance(entry.get("rule"), str):
        raise MleeError(f"[tool.mlee] ignore: {entry!r:.60} names no rule.", 'Write {rule = "MLE201", reason = "..."}.')
    until = entry.get("until")
    if until is not None and not isinstance(until, date):
        raise MleeError(f"[tool.mlee] ignore: until = {until!r:.40} is not a date.", "Write until = 2026-12-01.")
    return Ignore(rule=entry["rule"], because=entry.get("reason"), until=until, where="config")
