"""What a session need not read or judge again: arrays of the store, the last judgements, the looks at a truth."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING

import numpy as np

from mlee_jupyter.domain import Judgement

if TYPE_CHECKING:
    from mlee_jupyter.store import Store

    from .looks import Course

CACHE_BYTES = 512 * 2**20
JUDGEMENTS_KEPT = 8


class Memory:
    """What was read or judged already: arrays of the store up to a bound, and the last few judgements."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._judgements: OrderedDict[Hashable, Judgement] = OrderedDict()
        self._kept: OrderedDict[str, np.ndarray] = OrderedDict()
        self._bytes = 0
        self._courses: OrderedDict[Hashable, Course] = OrderedDict()
        self._counted: dict[Hashable, float | None] = {}

    def get(self, content_hash: str) -> np.ndarray:
        """The array of that content hash, read-only."""
        if content_hash in self._kept:
            self._kept.move_to_end(content_hash)
            return self._kept[content_hash]
        return self.keep(content_hash, self._store.rows(content_hash))

    def keep(self, content_hash: str, rows: np.ndarray) -> np.ndarray:
        """Remember an array that is at hand already."""
        if content_hash not in self._kept:
            self._kept[content_hash] = rows
            self._bytes += rows.nbytes
            while self._bytes > CACHE_BYTES and len(self._kept) > 1:
                self._bytes -= self._kept.popitem(last=False)[1].nbytes
        return self._kept[content_hash]

    def judgement(self, question: Hashable, judge_it: Callable[[], Judgement]) -> Judgement:
        """The answer to a question that was asked before, or a new one: looking twice costs once."""
        if question not in self._judgements:
            self._judgements[question] = judge_it()
            while len(self._judgements) > JUDGEMENTS_KEPT:
                self._judgements.popitem(last=False)
        self._judgements.move_to_end(question)
        return self._judgements[question]

    def counted(self, question: Hashable, count: Callable[[], float | None]) -> float | None:
        """A figure that was worked out of stored arrays before, or a new one: arrays of one hash never change."""
        if question not in self._counted:
            self._counted[question] = count()
        return self._counted[question]

    def course(self, truth: str, scale: Hashable, begin: Callable[[], Course]) -> Course:
        """All looks at a truth on one scale; only new looks are read. `begin` makes a course that took in none yet."""
        course = self._courses.get((truth, scale))
        fresh = self._store.looks_at(truth, course.last if course else 0)
        if course is None or course.looks + len(fresh) != self._store.looks(truth):
            # a server's numbers may come out of order: then everything is read again
            course, fresh = begin(), self._store.looks_at(truth)
            self._courses[(truth, scale)] = course
            while len(self._courses) > JUDGEMENTS_KEPT:
                self._courses.popitem(last=False)
        course.take_in(fresh)
        return course

    def truth(self, fingerprint: str) -> np.ndarray | None:
        """The declared answers, where they are kept."""
        if fingerprint in self._kept:
            return self._kept[fingerprint]
        rows = self._store.truth_rows(fingerprint)
        return None if rows is None else self.keep(fingerprint, rows)
