"""Workers: child processes for what may be slow, huge or deadly. Bounded in number, memory and time.

A child that dies takes its pool with it; what it was asked is asked once more, alone, so that the innocent
bystanders of a crash are served and the culprit is known.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import resource
import signal
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from hashlib import sha256
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from operator import itemgetter
from threading import Thread, get_native_id
from typing import Any, Protocol, TypeVar

from pycrdt import Array, Doc, Map, Text, XmlElement, XmlFragment, XmlText

from .guard import Checked, Guard, Known, Limits
from .options import Options
from .ports import Schema
from .protocol import decode_vector
from .replica import Poisoned, Replica, distrusting, folded

T = TypeVar("T")
CHILD_PRIORITY = 10
"""As `nice` counts it."""


class ChildDied(Exception):
    """The child ran out of memory, time or luck. Whatever it was given does not come near our own process."""


class Work(Protocol):
    async def load(
        self, snapshot: bytes | None, updates: Sequence[bytes], schema: Schema | None, limits: Limits
    ) -> tuple[bytes, Guard]:
        """The state, and a guard that knows it."""

    async def attempt(self, state: bytes, guard: Guard, update: bytes, known: Known) -> Checked:
        """Check a large update and try it on a copy of the document."""

    async def fold(self, snapshot: bytes | None, updates: Sequence[bytes]) -> bytes:
        """A snapshot that has been decoded again and compared."""

    def close(self) -> None: ...


def load(
    snapshot: bytes | None, updates: Sequence[bytes], schema: Schema | None, limits: Limits
) -> tuple[bytes, Guard]:
    state = folded(snapshot, updates)
    guard = Guard(schema, limits)
    with distrusting():
        guard.rebuild(state)
    return state, guard


def attempt(state: bytes, guard: Guard, update: bytes, known: Known) -> Checked:
    with distrusting():
        checked = guard.check(update, known, large=True)
    replica = Replica(state, guard=guard)
    replica.apply(checked)
    # Some updates apply, and only make every later encoding or loading impossible.
    folded(None, [replica.state()])
    # The rest of it is the whole room, which the parent has.
    checked.additions.below = None
    return checked


def fold(snapshot: bytes | None, updates: Sequence[bytes]) -> bytes:
    state = folded(snapshot, updates)
    if digest(folded(None, [state])) != digest(state):
        raise Poisoned("a snapshot does not decode to what it was made from")
    return state


def digest(state: bytes) -> str:
    """What a reader would find, in every way of reading, and which clocks are known."""
    doc: Doc[Any] = Doc()
    with distrusting():
        doc.apply_update(state)
        found: list[object] = [sorted(decode_vector(doc.get_state()).items())]
        for name in sorted(doc.keys()):
            # What kind a root is, is not stored: each way of reading shows its own part of it.
            found += (_shown(doc.get(name, type=kind)) for kind in (Text, Array, Map, XmlFragment))
        return sha256(repr(found).encode("utf-8", "surrogatepass")).hexdigest()


def _shown(value: Any) -> object:
    """As nested tuples, entries and attributes sorted: the core keeps them in another order in every copy."""
    match value:
        case Text() | XmlText():
            attributes = _entries(value.attributes) if isinstance(value, XmlText) else ()
            runs = ((_shown(text), _entries((marks or {}).items())) for text, marks in value.diff())
            return type(value).__name__, attributes, tuple(runs)
        case XmlElement():
            return value.tag, _entries(value.attributes), tuple(map(_shown, value.children))
        case XmlFragment():
            return tuple(map(_shown, value.children))
        case Map():
            return _entries(value.items())
        case dict():
            return _entries(value.items())
        case Array() | list() | tuple():
            return tuple(map(_shown, value))
        case str() | bytes() | int() | float() | None:
            return value
        case _:
            return type(value).__name__


def _entries(pairs: Any) -> tuple[tuple[str, object], ...]:
    return tuple(sorted(((key, _shown(value)) for key, value in pairs), key=itemgetter(0)))


class InProcess:
    """The same work without children: for tests of something else."""

    async def load(
        self, snapshot: bytes | None, updates: Sequence[bytes], schema: Schema | None, limits: Limits
    ) -> tuple[bytes, Guard]:
        return load(snapshot, updates, schema, limits)

    async def attempt(self, state: bytes, guard: Guard, update: bytes, known: Known) -> Checked:
        return attempt(state, pickle.loads(pickle.dumps(guard)), update, known)  # noqa: S301

    async def fold(self, snapshot: bytes | None, updates: Sequence[bytes]) -> bytes:
        return fold(snapshot, updates)

    def close(self) -> None:
        return None


class Workers:
    def __init__(self, options: Options) -> None:
        self._options = options
        self._pool: ProcessPoolExecutor | None = None
        self._alone = asyncio.Lock()
        self._submitter = ThreadPoolExecutor(1, "submitter", initializer=_give_way)
        """Starting a child takes milliseconds, in which nobody would be served. A child starts with the
        priority of the thread that makes it, and what it does first, importing everything, is the most."""

    async def load(
        self, snapshot: bytes | None, updates: Sequence[bytes], schema: Schema | None, limits: Limits
    ) -> tuple[bytes, Guard]:
        seconds = self._options.child_load_cpu_seconds
        return await self._ask(seconds, load, snapshot, updates, schema, limits)

    async def attempt(self, state: bytes, guard: Guard, update: bytes, known: Known) -> Checked:
        return await self._ask(self._options.child_cpu_seconds, attempt, state, guard, update, known)

    async def fold(self, snapshot: bytes | None, updates: Sequence[bytes]) -> bytes:
        return await self._ask(self._options.child_load_cpu_seconds, fold, snapshot, updates)

    async def _ask(self, seconds: int, work: Callable[..., T], *arguments: Any) -> T:
        try:
            return await self._run(seconds, work, *arguments)
        except BrokenProcessPool:
            pass
        async with self._alone:
            try:
                return await self._run(seconds, work, *arguments)
            except BrokenProcessPool as error:
                raise ChildDied(f"{work.__name__} killed its process") from error

    async def _run(self, seconds: int, work: Callable[..., T], *arguments: Any) -> T:
        pool = self._pool
        if pool is None:
            pool = self._pool = ProcessPoolExecutor(
                self._options.children,
                mp_context=get_context("spawn"),
                initializer=_prepare,
                initargs=(self._options.child_memory,),
            )
        try:
            loop = asyncio.get_running_loop()
            asked = await loop.run_in_executor(
                self._submitter, pool.submit, _timed, seconds, work, *arguments
            )
            return await asyncio.wrap_future(asked)
        except BrokenProcessPool:
            if self._pool is pool:
                self._pool = None
                pool.shutdown(wait=False, cancel_futures=True)
            raise

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None
        self._submitter.shutdown(wait=False, cancel_futures=True)


def _give_way() -> None:
    """Whatever happens in children is never more urgent than the people on the event loop."""
    # On Linux a thread has a priority of its own; elsewhere this would be the whole server's.
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, get_native_id(), CHILD_PRIORITY)


def _prepare(memory: int) -> None:
    """First thing in a child. It ends with its parent, and Ctrl-C is the parent's business."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.setpriority(os.PRIO_PROCESS, 0, CHILD_PRIORITY)
    Thread(target=_end_with_parent, daemon=True).start()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (memory, hard))


def _end_with_parent() -> None:
    """A parent that is killed does not say goodbye, and its children would wait for work for ever."""
    parent = parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(1)


def _timed(seconds: int, work: Callable[..., T], *arguments: Any) -> T:
    """The limit counts the whole life of a process, so it is moved along with each task."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + seconds, hard))
    return work(*arguments)
