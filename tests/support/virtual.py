"""An event loop whose clock is moved by the test: nothing ever sleeps, and the same steps give the same
run."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine, Mapping
from typing import Any, TypeVar

T = TypeVar("T")


class _NoWaiting(selectors.BaseSelector):
    """Asked to wait, it says how long it was to be, and time has passed."""

    def __init__(self, real: selectors.BaseSelector) -> None:
        self._real = real
        self.passed = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("everything waits for something that cannot happen")
        self.passed += max(timeout, 0)
        return self._real.select(0)

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._real.register(fileobj, events, data)

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._real.unregister(fileobj)

    def modify(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._real.modify(fileobj, events, data)

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return self._real.get_map()

    def close(self) -> None:
        self._real.close()


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._waits = _NoWaiting(selectors.DefaultSelector())
        super().__init__(self._waits)
        self.failures: list[dict[str, Any]] = []
        self.set_exception_handler(lambda _, context: self.failures.append(context))

    def time(self) -> float:
        return self._waits.passed

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return self.run_until_complete(coroutine)

    def settle(self) -> None:
        """Everything that can happen now has happened; no time has passed."""
        self.run_until_complete(quiet())

    def advance(self, seconds: float) -> None:
        self.run_until_complete(asyncio.sleep(seconds))
        self.settle()


async def quiet() -> None:
    """Returns when nothing else is ready to run. Any event loop of CPython's asyncio has this queue."""
    ready = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]
    while True:
        await asyncio.sleep(0)
        if not ready:
            return
