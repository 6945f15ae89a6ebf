"""The clock: the server's time, and a time that tests can turn by hand."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """Wall time, aware, in UTC. It may be stepped: never measure a duration with it."""

    def monotonic(self) -> float:
        """Seconds that only ever grow: for timeouts and rates."""


class SystemClock:
    def now(self) -> datetime:
        return now()

    def monotonic(self) -> float:
        return time.monotonic()


class HandClock:
    """Stands still until `advance` is called."""

    def __init__(self, start: datetime = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)) -> None:
        self._start = start
        self._passed = 0.0

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._passed)

    def monotonic(self) -> float:
        return self._passed

    def advance(self, seconds: float) -> None:
        self._passed += seconds


def now() -> datetime:
    return datetime.now(UTC)
