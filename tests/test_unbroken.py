"""Stops aimed at what must be finished first: the store's transactions."""

from __future__ import annotations

import _thread
import signal
import threading
import time
from collections.abc import Callable

import pytest

import mlee_jupyter as mlee
from mlee_jupyter.domain.errors import TimeBoxExpired
from mlee_jupyter.session import current
from mlee_jupyter.stopping import Stop, unbroken


def _for_ever(work: Callable[[], object], begun: threading.Event) -> None:
    while True:
        work()
        begun.set()


def _press(begun: threading.Event, after: float) -> None:
    if begun.wait(10):
        time.sleep(after)
        _thread.interrupt_main()


@pytest.mark.parametrize("by_hand", [False, True])
def test_what_the_store_does_is_not_broken_by_a_stop(by_hand: bool, alone: None) -> None:
    """A stop that strikes in a transaction waits for its end; the next one finds the store as it was."""
    here = mlee.start("kept", metric="accuracy")
    store = current.session().store
    for tenth in range(40):
        begun, after = threading.Event(), 0.002 + tenth * 0.0007
        if by_hand:
            threading.Thread(target=_press, args=(begun, after)).start()
        with pytest.raises((TimeBoxExpired, KeyboardInterrupt)), Stop(None if by_hand else after):
            _for_ever(lambda: store.records("kept"), begun)
        assert store.records("kept").experiment.name == here.name
        store.pause("kept", current.session().now())
        store.resume("kept", current.session().now())


def test_nor_by_an_interrupt_where_no_run_goes_on(alone: None) -> None:
    """A result is recorded outside of the run's own limits; pressed there, nothing stays open in the store."""
    here = mlee.start("kept", metric="accuracy")
    store = current.session().store
    for tenth in range(60):
        begun = threading.Event()
        threading.Thread(target=_press, args=(begun, tenth * 0.0003)).start()
        with pytest.raises(KeyboardInterrupt):
            _for_ever(lambda: (store.pause("kept", current.session().now()), store.records("kept")), begun)
        store.resume("kept", current.session().now())
        assert store.records("kept").experiment.name == here.name
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def _pressed_often() -> None:
    for _ in range(10):
        _thread.interrupt_main()
        time.sleep(0.01)
    raise AssertionError("it went on")


def test_whoever_presses_again_and_again_is_let_out() -> None:
    with pytest.raises(KeyboardInterrupt), unbroken():
        _pressed_often()
