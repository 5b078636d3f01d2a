"""Between the project's types and what a column can hold. Pure."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import UTC, date, datetime, timedelta
from typing import Any

from mlee_jupyter.domain import Charter, Estimate, Population, Serving
from mlee_jupyter.domain.errors import MleeError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
LONGEST_NAME = 500  # characters; PostgreSQL indexes at most some 2,700 bytes of a text
LARGEST_INTEGER = 2**63 - 1


def micros(at: datetime) -> int:
    """Whole microseconds since 1970; exact, where a float of seconds is not."""
    return (at - EPOCH) // MICROSECOND


def moment(us: int) -> datetime:
    """Back from whole microseconds."""
    return EPOCH + timedelta(microseconds=us)


def moment_or_none(us: int | None) -> datetime | None:
    """As `moment`, where nothing may be stored."""
    return None if us is None else moment(us)


def length(duration: timedelta) -> int:
    """A duration in whole microseconds."""
    return duration // MICROSECOND


def day_or_none(text: str | None) -> date | None:
    """The date that an ISO text says."""
    return None if text is None else date.fromisoformat(text)


def name_of(what: str, name: str) -> str:
    """The name itself, when both back ends can store it.

    Raises:
        MleeError: it is empty, too long, or holds NUL or half a surrogate pair.
    """
    if not isinstance(name, str) or not name.strip():
        raise MleeError(f"{name!r} is no name for {what}.", "Give it a few letters.")
    if len(name) > LONGEST_NAME:
        shown = storable(name[:40])
        raise MleeError(
            f"The name of {what} has {len(name):,} characters ({shown}...), at most {LONGEST_NAME} can be kept.",
            "Give it a shorter one.",
        )
    if storable(name) != name:
        raise MleeError(f"The name of {what}, {name!a}, holds a character that no store can keep.", "Leave it out.")
    return name


def storable(text: str) -> str:
    """The text with NUL (PostgreSQL) and half surrogate pairs (both back ends) written out as escapes."""
    if "\0" in text:
        text = text.replace("\0", "\\x00")
    if text.isascii():
        return text
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def text_or_none(text: str | None) -> str | None:
    """As `storable`, where nothing may be given."""
    return None if text is None else storable(text)


def key_of(key: str) -> str:
    """A key short enough to be indexed: itself, or its hash."""
    return key if len(key) <= 200 and key.isascii() and "\0" not in key else text_hash(key)


def text_hash(text: str) -> str:
    """SHA-256 of a text, whatever it holds, in hex."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def number_or_none(value: float | None) -> float | None:
    """A plain float; NaN is NULL on both back ends, so that both read back the same."""
    if value is None:
        return None
    value = float(value)
    return None if math.isnan(value) else value


def whole_or_none(what: str, value: int | None) -> int | None:
    """A plain int of at most 64 bits.

    Raises:
        MleeError: it is larger.
    """
    if value is None:
        return None
    value = int(value)
    if abs(value) > LARGEST_INTEGER:
        raise MleeError(
            f"{what} has {len(str(abs(value)))} digits, more than a store can keep.", "Give a smaller number."
        )
    return value


def to_json(value: Any) -> str:
    """Compact ASCII JSON: neither NUL nor half a surrogate pair gets out of it unescaped."""
    return json.dumps(value, separators=(",", ":"))


def charter_to_json(charter: Charter) -> str:
    """What was agreed, without the fields that were not."""
    told = _without_none(asdict(charter))
    if charter.estimates:
        told["estimates"] = [_without_none(one) for one in told["estimates"]]
    return to_json(told)


def _without_none(fields_: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: _without_none(value) if isinstance(value, Mapping) else value
        for key, value in fields_.items()
        if value is not None and value != ()
    }


def charter_from_json(text: str) -> Charter:
    """The charter; a field that this version does not know is passed over.

    Raises:
        ValueError: this is no charter.
    """
    told = json.loads(text)
    if not is_charter(told):
        raise ValueError("no charter")
    return charter_from_fields(told)


_CHARTER_TYPES: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("question", "decision", "owner", "metric", "average", "time", "groups", "weights"), (str,)),
    **dict.fromkeys(("train", "column", "frame", "weight", "mode", "today", "by_hand", "measure"), (str,)),
    **dict.fromkeys(("candidate", "first_try", "build", "source"), (str,)),
    **dict.fromkeys(("useful_gain", "must_reach", "answers_per_month", "value_per_month"), (int, float)),
    **dict.fromkeys(("cost_per_month", "max_answer_ms", "gain", "rows_per_answer", "devices"), (int, float)),
    **dict.fromkeys(("used_every", "retrain_every", "currency"), (str,)),
    "positive": (str, int, float, bool),
    "higher_is_better": (bool,),
    **dict.fromkeys(("kinds", "horizon", "simplicity"), (int,)),
    **dict.fromkeys(("candidates", "estimates"), (list, tuple)),
    "population": (Mapping,),
    "serving": (Mapping,),
}


def is_charter(told: Any) -> bool:
    """Whether a value read from somewhere is what a charter is kept as."""
    if not isinstance(told, Mapping):
        return False
    for key, value in told.items():
        types = _CHARTER_TYPES.get(key)
        if types is None:
            continue  # a field of another version
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            return False
        if isinstance(value, float) and value != value:
            return False
        if key in ("useful_gain", "kinds", "horizon") and isinstance(value, (int, float)) and not 0 < value < math.inf:
            return False
        if isinstance(value, Mapping) and not is_charter(value):
            return False
        if isinstance(value, (list, tuple)) and not all(map(_is_estimate if key == "estimates" else _is_name, value)):
            return False
    return True


def _is_name(told: Any) -> bool:
    return isinstance(told, str)


def _is_estimate(told: Any) -> bool:
    """Whether this is what a planned candidate's estimate is kept as."""
    return isinstance(told, Mapping) and "candidate" in told and is_charter(told)


def charter_from_fields(known: Mapping[str, Any]) -> Charter:
    """The charter from what was agreed, lists and tables as JSON has them."""
    agreed = {f.name: known[f.name] for f in fields(Charter) if f.name in known}
    if "population" in agreed:
        agreed["population"] = _nested(Population, agreed["population"])
    if "serving" in agreed:
        agreed["serving"] = _nested(Serving, agreed["serving"])
    if "candidates" in agreed:
        agreed["candidates"] = tuple(agreed["candidates"])
    if "estimates" in agreed:
        agreed["estimates"] = tuple(_nested(Estimate, one) for one in agreed["estimates"])
    return Charter(**agreed)


def _nested(kind: type[Any], known: Mapping[str, Any]) -> Any:
    return kind(**{f.name: known[f.name] for f in fields(kind) if f.name in known})
