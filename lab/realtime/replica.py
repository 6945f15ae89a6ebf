"""The replica: this process's copy of a room's document, behind its guard. Pure and synchronous.

    checked = replica.check(update, known)      may refuse; changes nothing
    news = replica.apply(checked)               what became known, as an update to log and to pass on

Whatever goes wrong while the core works on a document may have left it half changed: that is `Poisoned`,
after which the replica is only good for being thrown away.
"""

from __future__ import annotations

from asyncio import CancelledError
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, cast

from pycrdt import Doc, TransactionEvent, merge_updates

from .errors import ClockGap, RealtimeError
from .guard import Checked, Guard, Known, Limits
from .ports import Schema

EMPTY = b"\x00\x00"


class Poisoned(Exception):
    """The copy in memory can no longer be trusted."""


@contextmanager
def distrusting() -> Iterator[None]:
    """Panics of the core are BaseExceptions, which `except Exception` lets pass."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit, GeneratorExit, CancelledError, RealtimeError, ClockGap):
        raise
    except BaseException as error:
        raise Poisoned(f"{type(error).__name__}: {error}") from error


class Replica:
    def __init__(
        self,
        state: bytes,
        *,
        guard: Guard | None = None,
        schema: Schema | None = None,
        limits: Limits | None = None,
    ) -> None:
        """`guard` when somebody has already built it from `state`, which takes far longer than loading it."""
        self.doc: Doc[Any] = Doc()
        self._absorbed: list[bytes] = []
        self._deleted: list[bytes] = []
        with distrusting():
            if guard is None:
                guard = Guard(schema, limits)
                guard.rebuild(state)
            self.doc.apply_update(state)
            # Only taking notes: acting inside an observer would re-enter the document.
            self._watch = self.doc.observe(self._note)
        self.guard = guard

    def _note(self, event: TransactionEvent) -> None:
        self._absorbed.append(event.update)
        # Missing in the library's types.
        self._deleted.append(cast(Any, event).delete_set)

    def check(self, update: bytes, known: Known) -> Checked:
        with distrusting():
            return self.guard.check(update, known)

    def apply(self, checked: Checked) -> bytes | None:
        """What was news, encoded by ourselves rather than as it came; None when all of it was known."""
        with distrusting():
            self.doc.apply_update(checked.update)
            news, self._absorbed = self._absorbed, []
            deleted, self._deleted = self._deleted, []
            if checked.clocks and not news:
                raise Poisoned("the core did not take what the guard let pass")
            self.guard.commit(checked, deleted)
            if len(news) > 1:
                return merge_updates(*news)
        return news[0] if news else None

    def absorb(self, update: bytes) -> None:
        """A row of the log: it has been checked when it came, and it holds whatever we think of it now."""
        with distrusting():
            checked = self.guard.check(update, None, large=True)
            self.doc.apply_update(update)
            self._absorbed.clear()
            deleted, self._deleted = self._deleted, []
            self.guard.commit(checked, deleted)

    def state_vector(self) -> bytes:
        with distrusting():
            return self.doc.get_state()

    def diff(self, state_vector: bytes) -> bytes:
        with distrusting():
            return self.doc.get_update(state_vector)

    def state(self) -> bytes:
        with distrusting():
            return self.doc.get_update()


def folded(snapshot: bytes | None, updates: Iterable[bytes]) -> bytes:
    """The state that a snapshot and the log after it stand for."""
    doc: Doc[Any] = Doc()
    with distrusting():
        if snapshot is not None:
            doc.apply_update(snapshot)
        for update in updates:
            # One by one: merging a long log first is quadratic.
            doc.apply_update(update)
        return doc.get_update()
