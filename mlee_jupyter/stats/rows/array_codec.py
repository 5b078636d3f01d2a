"""Arrays as bytes and back, and the hash of what they hold. Nothing is ever pickled.

A header of 32 bytes (format, kind, shape), then the values in C order, little-endian. Integers are kept in the
fewest bytes that hold them all. Text is kept as codes and a list of its distinct values, so that one very long label
costs its length once and not once a row. Large arrays are compressed when a sample of them shows that it pays.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import struct
import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from mlee_jupyter.domain.errors import MleeError, StoreError
from mlee_jupyter.domain.files import parse_json

_HEADER = struct.Struct("<4sBBBxqqq")  # magic, kind, compressed, dimensions, rows, columns, bytes of the labels
HEAD = _HEADER.size
_MAGIC = b"mla1"
_VALUES = {0: "|b1", 1: "<i8", 2: "<f4", 3: "<f8", 4: "<i8"}  # what each kind is in memory (4: codes of text)
_TEXT = 4
_NARROW = {8: "|i1", 9: "<i2", 10: "<i4"}  # integers (1) and codes (4) in fewer bytes: kind + 16 * this
_WIDTHS = {kind: np.dtype(name).itemsize for kind, name in _VALUES.items()}
_ROOMY = 128 * 2**20  # bytes in memory: up to here an array may be packed as tightly as it can be
_WORTH_TRYING = 16_384  # bytes: below this, zlib costs more time than its bytes cost
_SAMPLE = 4_096


class _Plain(NamedTuple):
    """An array in its one canonical form."""

    kind: int
    values: np.ndarray[Any, Any]
    labels: bytes  # JSON list; empty but for text


def pack(array: Any) -> tuple[str, bytes]:
    """The content hash and the bytes, from one look at the array.

    Args:
        array: of up to two dimensions, or what numpy makes one of.

    Raises:
        MleeError: more than two dimensions, or values that are neither booleans, numbers nor text.
    """
    plain = _plain(array)
    return _hash(plain), _bytes(plain)


def encode(array: Any) -> bytes:
    """The array as bytes; raises what `pack` raises.

    Args:
        array: as for `pack`.
    """
    return _bytes(_plain(array))


def content_hash(array: Any) -> str:
    """SHA-256 over kind, shape and values, in hex: equal for equal content of one kind, however it lies in memory.

    Args:
        array: as for `pack`.
    """
    return _hash(_plain(array))


def decode(content: bytes) -> np.ndarray[Any, Any]:
    """The array that `encode` was given: bool, int64, float32, float64, or an object array of str.

    Args:
        content: what `encode` gave.

    Raises:
        StoreError: these bytes are not such an array.
    """
    with _damage_said():
        plain = _unpacked(content)
        if plain.kind != _TEXT:
            return plain.values
        labels = np.array(parse_json(plain.labels.decode("ascii")), dtype=object)
        if labels.ndim != 1 or not all(isinstance(label, str) for label in labels):
            raise ValueError
        if plain.values.size and (plain.values.min() < 0 or plain.values.max() >= len(labels)):
            raise ValueError
        return labels[plain.values] if plain.values.size else np.empty(plain.values.shape, dtype=object)


def hash_of_packed(content: bytes) -> str:
    """The content hash of what `encode` gave, without making the array of it; raises what `decode` raises.

    Args:
        content: what `encode` gave.
    """
    with _damage_said():
        return _hash(_unpacked(content))


def size_in_memory(content: bytes) -> int:
    """Bytes that the array of these bytes takes, read off their beginning; 0 where they are no array.

    Args:
        content: what `encode` gave, or its first bytes.
    """
    try:
        _, code, _, dimensions, rows, columns, labels_size = _HEADER.unpack_from(content)
        return int(labels_size + _WIDTHS[code % 16] * math.prod((rows, columns)[:dimensions]))
    except (struct.error, KeyError, TypeError):
        return 0


def may_be_array(head: bytes, length: int) -> bool:
    """Whether bytes of that length may be an array, told by their beginning, before they are read.

    Args:
        head: the first HEAD bytes.
        length: of all.
    """
    try:
        magic, code, compressed, dimensions, rows, columns, labels_size = _HEADER.unpack_from(head)
        width = np.dtype(_NARROW[code // 16] if code // 16 else _VALUES[code % 16]).itemsize
        size = HEAD + labels_size + width * math.prod((rows, columns)[:dimensions])
    except (struct.error, KeyError, TypeError):
        return False
    return bool(magic == _MAGIC and (length <= size if compressed else length == size))


@contextlib.contextmanager
def _damage_said() -> Iterator[None]:
    try:
        yield
    except (struct.error, ValueError, KeyError, IndexError, TypeError, OverflowError, zlib.error, MemoryError):
        raise StoreError(
            "A stored array cannot be read: its bytes are damaged.", "Record the candidate again."
        ) from None


def _unpacked(content: bytes) -> _Plain:
    """The parts; what the beginning declares is held against the length before any of it is allocated."""
    magic, code, compressed, dimensions, rows, columns, labels_size = _HEADER.unpack_from(content)
    kind, narrow = code % 16, code // 16
    dtype = np.dtype(_NARROW[narrow] if narrow else _VALUES[kind])
    shape = (rows, columns)[:dimensions]
    if magic != _MAGIC or compressed > 1 or dimensions not in (1, 2) or min(rows, columns, labels_size) < 0:
        raise ValueError
    if size_in_memory(content) > _allowed(len(content)):
        raise ValueError
    size = labels_size + dtype.itemsize * math.prod(shape)
    payload, offset = (_inflate(content[_HEADER.size :], size), 0) if compressed else (content, _HEADER.size)
    if len(payload) - offset != size:
        raise ValueError
    values = np.frombuffer(payload, dtype, offset=offset + labels_size).reshape(shape).astype(_VALUES[kind])
    return _Plain(kind, values, payload[offset : offset + labels_size])


def _allowed(packed: int) -> int:
    """What so many bytes may unpack to. `encode` keeps to it, so a larger promise is not ours."""
    return max(_ROOMY, 8 * packed)


def _inflate(packed: bytes, size: int) -> bytes:
    """At most one byte more than was promised, whatever the stream claims to hold."""
    reader = zlib.decompressobj()
    plain = reader.decompress(packed, size + 1)
    if len(plain) == size and not reader.eof:
        plain += reader.decompress(reader.unconsumed_tail, 1)
    return plain


def _plain(array: Any) -> _Plain:
    values = np.asarray(array)
    if values.ndim not in (1, 2):
        raise MleeError(
            f"An array of {values.ndim} dimensions cannot be kept.", "Give one value, or one row, per case."
        )
    match values.dtype.kind:
        case "b":
            kind = 0
        case "i" | "u":
            kind = 1
            if values.dtype == np.uint64 and values.size and values.max() > np.iinfo(np.int64).max:
                raise MleeError("Whole numbers beyond 64 bits with a sign cannot be kept.", "Give them as text.")
        case "f" if values.dtype.itemsize <= 4:
            kind = 2
        case "f" if values.dtype.itemsize == 8:
            kind = 3
        case "U" | "O":
            return _text(values)
        case _:
            raise MleeError(f"An array of {values.dtype} cannot be kept.", "Give booleans, numbers or text.")
    return _Plain(kind, np.ascontiguousarray(values, dtype=_VALUES[kind]), b"")


def _text(values: np.ndarray[Any, Any]) -> _Plain:
    flat = values.ravel().tolist()
    # in the order of their first appearance: the same text always gives the same codes
    labels = dict.fromkeys(flat) if all(type(value) is str for value in flat) else _plain_labels(flat)
    codes = {label: code for code, label in enumerate(labels)}
    numbers = np.fromiter(map(codes.__getitem__, flat), dtype="<i8", count=len(flat)).reshape(values.shape)
    return _Plain(_TEXT, numbers, json.dumps(list(labels), separators=(",", ":")).encode("ascii"))


def _plain_labels(flat: list[Any]) -> dict[str, None]:
    for place, value in enumerate(flat):
        if not isinstance(value, str):
            kind = type(value).__name__
            raise MleeError(f"Text was expected, row {place} holds a {kind}.", "Give labels of one kind.")
        flat[place] = str.__str__(value)  # numpy's str_ and other children of str
    return dict.fromkeys(flat)


def _hash(plain: _Plain) -> str:
    columns = plain.values.shape[1] if plain.values.ndim == 2 else -1
    head = _HEADER.pack(_MAGIC, plain.kind, 0, plain.values.ndim, len(plain.values), columns, len(plain.labels))
    digest = hashlib.sha256(head)
    digest.update(plain.labels)
    digest.update(plain.values.data)
    return digest.hexdigest()


def _bytes(plain: _Plain) -> bytes:
    values, narrow = plain.values, 0
    if plain.kind in (1, _TEXT) and values.size:
        low, high = int(values.min()), int(values.max())
        for code, dtype in _NARROW.items():
            limits = np.iinfo(dtype)
            if limits.min <= low and high <= limits.max:
                values, narrow = values.astype(dtype), code
                break
    columns = plain.values.shape[1] if values.ndim == 2 else 0
    parts = (plain.labels, values.data.cast("B") if values.size else b"")
    compressed = _pays(max(parts, key=len))

    def head(packed: bool) -> bytes:
        told = (packed, values.ndim, len(values), columns, len(plain.labels))
        return _HEADER.pack(_MAGIC, plain.kind + 16 * narrow, *told)

    if not compressed:
        return b"".join((head(False), *parts))
    packed = head(True) + zlib.compress(b"".join(parts), 1)
    return packed if size_in_memory(packed) <= _allowed(len(packed)) else b"".join((head(False), *parts))


def _pays(part: bytes | memoryview) -> bool:
    """Whether a sample from the middle shrinks by a fifth or more."""
    if len(part) < _WORTH_TRYING:
        return False
    middle = len(part) // 2
    return len(zlib.compress(part[middle : middle + _SAMPLE], 1)) < 0.8 * _SAMPLE
