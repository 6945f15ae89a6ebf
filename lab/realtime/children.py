"""Child processes: work that is too long, or too dangerous, for the process in which everybody is served.

Each child has a limit of memory and of processor time, gives way to the event loop, and ends with its parent.
What is sent must be picklable, and the function importable. A child that dies takes its pool with it; what it
was asked is asked once more, alone, so that the innocent bystanders of a crash are served and the culprit is
known.
"""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from threading import Thread, get_native_id
from typing import Any, TypeVar

T = TypeVar("T")
CHILD_PRIORITY = 10
"""As `nice` counts it."""


class ChildDied(Exception):
    """It ran out of memory, time or luck, twice: once perhaps by another's fault, once alone. Whatever it was
    given does not come near our own process."""


class Children:
    """At most `count` at once; further work waits its turn. `memory`: bytes of address space for each."""

    def __init__(self, count: int, memory: int) -> None:
        self._count = count
        self._memory = memory
        self._pool: ProcessPoolExecutor | None = None
        self._alone = asyncio.Lock()
        self._submitter = ThreadPoolExecutor(1, "submitter", initializer=_give_way)
        """Starting a child takes milliseconds, in which nobody would be served. A child starts with the
        priority of the thread that makes it, and what it does first, importing everything, is the most."""

    async def run(self, seconds: int, work: Callable[..., T], *arguments: Any) -> T:
        """What `work` returns or raises. `seconds`: of processor time; more, or too much memory, and the
        child is ended: raises ChildDied."""
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
                self._count, mp_context=get_context("spawn"), initializer=_prepare, initargs=(self._memory,)
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
