from __future__ import annotations

import contextlib
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from mlee_jupyter.domain.errors import MleeError, StoreError
from mlee_jupyter.stats.rows import array_codec as arrays
from mlee_jupyter.stats.rows.array_codec import content_hash, decode, encode

SHAPES = hnp.array_shapes(min_dims=1, max_dims=2, min_side=0, max_side=40)
KEPT = st.sampled_from(["?", "<i8", "<f4", "<f8"]).flatmap(lambda dtype: hnp.arrays(dtype, SHAPES))
TEXTS = st.lists(st.text(st.characters(), max_size=5), max_size=60)


def same(one: Any, other: Any) -> bool:
    return bool(one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes())


@given(KEPT)
def test_numbers_come_back_bit_for_bit(array: np.ndarray[Any, Any]) -> None:
    assert same(decode(encode(array)), array)
    assert content_hash(decode(encode(array))) == content_hash(array)


@given(TEXTS)
def test_text_comes_back(texts: list[str]) -> None:
    array = np.array(texts, dtype=object)
    assert decode(encode(array)).tolist() == texts
    assert content_hash(decode(encode(array))) == content_hash(array)


@settings(max_examples=300)
@given(st.binary(max_size=80), KEPT, st.integers(0, 31), st.integers(0, 255))
def test_damaged_bytes_are_said(noise: bytes, array: np.ndarray[Any, Any], place: int, byte: int) -> None:
    damaged = bytearray(encode(array))
    damaged[place] = byte
    for content in (noise, bytes(damaged), encode(array)[:-1], encode(array) + b"x"):
        with contextlib.suppress(StoreError):  # and nothing else: no crash, no pickle, no flood of memory
            decode(content)


@given(KEPT)
def test_the_beginning_says_whether_bytes_may_be_an_array(array: np.ndarray[Any, Any]) -> None:
    content = encode(array)
    assert arrays.may_be_array(content[: arrays.HEAD], len(content))
    assert not arrays.may_be_array(content[: arrays.HEAD], len(content) + 2**20)
    assert not arrays.may_be_array(bytes(arrays.HEAD), len(content))
    assert not arrays.may_be_array(content[:5], len(content))


EQUAL = {
    "column order": (np.asfortranarray(np.arange(6.0).reshape(2, 3)), np.arange(6.0).reshape(2, 3)),
    "a view with steps": (np.arange(10)[::2], np.array([0, 2, 4, 6, 8])),
    "byte order": (np.arange(5, dtype=">i8"), np.arange(5)),
    "small integers": (np.arange(5, dtype=np.uint8), np.arange(5)),
    "half floats": (np.array([1, 0.5], dtype=np.float16), np.array([1, 0.5], dtype=np.float32)),
    "fixed-width text": (np.array(["a", "bc"]), np.array(["a", "bc"], dtype=object)),
    "numpy's str in objects": (np.array([np.str_("a"), "bc"], dtype=object), np.array(["a", "bc"], dtype=object)),
    "a list": ([1, 2], np.array([1, 2])),
}
DIFFERENT = {
    "int and float": (np.array([1, 0]), np.array([1.0, 0.0])),
    "bool and int": (np.array([True]), np.array([1])),
    "shape": (np.zeros((2, 3)), np.zeros((3, 2))),
    "a row and a column": (np.zeros((1, 3)), np.zeros(3)),
    "text and number": (np.array(["1"], dtype=object), np.array([1])),
    "how text is cut": (np.array(["ab", "c"], dtype=object), np.array(["a", "bc"], dtype=object)),
    "which text": (np.array(["a", "b", "a"], dtype=object), np.array(["b", "a", "b"], dtype=object)),
    "empty": (np.zeros((0, 3)), np.zeros((0, 2))),
}


@pytest.mark.parametrize(("one", "other"), EQUAL.values(), ids=EQUAL.keys())
def test_equal_content_has_one_hash(one: Any, other: Any) -> None:
    assert content_hash(one) == content_hash(other)
    assert decode(encode(one)).tolist() == decode(encode(other)).tolist()


@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT.keys())
def test_different_content_has_another_hash(one: Any, other: Any) -> None:
    assert content_hash(one) != content_hash(other)


REFUSED = {
    "three dimensions": np.zeros((2, 2, 2)),
    "no dimension": np.float64(1),
    "complex": np.array([1j]),
    "dates": np.array(["2026-01-01"], dtype="datetime64[D]"),
    "objects": np.array([object()]),
    "a hole in text": np.array(["a", None], dtype=object),
    "numbers as objects": np.array([1, 2], dtype=object),
    "beyond 64 bits": np.array([2**64 - 1], dtype=np.uint64),
    "records": np.zeros(2, dtype=[("a", int)]),
}


@pytest.mark.parametrize("array", REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_kept_is_refused(array: Any) -> None:
    for function in (encode, content_hash):
        with pytest.raises(MleeError) as said:
            function(array)
        assert "\n" not in str(said.value)


@pytest.mark.parametrize(("top", "bytes_a_row"), [(10, 1), (1_000, 2), (100_000, 4), (2**40, 8)])
def test_integers_take_the_bytes_they_need(top: int, bytes_a_row: int) -> None:
    array = np.linspace(0, top, 101).astype(np.int64)
    assert len(encode(array)) == 32 + 101 * bytes_a_row
    assert same(decode(encode(array)), array)


def test_one_long_label_costs_its_length_once() -> None:
    array = np.array(["x" * 10_000, "y"] * 5_000, dtype=object)
    assert len(encode(array)) < 25_000
    assert decode(encode(array)).tolist() == array.tolist()


def test_compression_only_where_it_pays() -> None:
    noise = np.random.default_rng(1).random(50_000)
    steps = np.repeat([0.0, 1.0], 25_000)
    assert len(encode(noise)) == 32 + noise.nbytes
    assert len(encode(steps)) < steps.nbytes / 20
    assert same(decode(encode(steps)), steps)


def test_nothing_is_unpacked_beyond_what_was_promised() -> None:
    bomb = bytearray(encode(np.zeros(10_000_000, dtype=np.float32)))
    assert len(bomb) < 400_000
    struct.pack_into("<q", bomb, 8, 10)  # says ten rows, holds ten million
    with pytest.raises(StoreError):
        decode(bytes(bomb))
    struct.pack_into("<q", bomb, 8, 2**60)
    with pytest.raises(StoreError):
        decode(bytes(bomb))


def test_what_comes_back_can_be_written_to() -> None:
    back = decode(encode(np.arange(3)))
    back[0] = 7
    assert back.tolist() == [7, 1, 2]


@pytest.mark.parametrize("array", [np.zeros(50_000, dtype=int), np.zeros((500, 100)), np.array(["a"] * 50_000)])
def test_what_is_packed_never_promises_more_than_may_be_unpacked(
    monkeypatch: pytest.MonkeyPatch, array: np.ndarray[Any, Any]
) -> None:
    """Above the room that every array has, it is packed less tightly and comes back all the same."""
    tight = len(arrays.encode(array))
    monkeypatch.setattr(arrays, "_ROOMY", 10_000)
    packed = arrays.encode(array)
    assert len(packed) > tight
    np.testing.assert_array_equal(arrays.decode(packed), array)
    assert arrays.hash_of_packed(packed) == arrays.content_hash(array)


def test_a_promise_of_gigabytes_is_refused_before_it_is_unpacked() -> None:
    packed = arrays.encode(np.zeros(100_000, dtype=int))
    promising = packed[:8] + (600_000_000).to_bytes(8, "little") + packed[16:]
    assert arrays.size_in_memory(promising) == 8 * 600_000_000
    with pytest.raises(StoreError, match="damaged"):
        arrays.decode(promising)
