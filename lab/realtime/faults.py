"""Faults: whoever keeps sending what is refused waits longer each time before the next socket is looked at.

Joining a room costs questions to the database. Somebody whose every message closes their socket, and who
comes back at once, would make everybody else wait for those; so they wait instead. An honest client never
does: it stops on 44xx.
"""

from __future__ import annotations

from collections import OrderedDict

FREE = 5
"""Refusals that cost nothing: a broken release of a client should not be punished for a few."""
FIRST = 0.25
LONGEST = 20.0
HALF_LIFE = 20.0
"""Seconds in which half of the faults are forgotten."""
KEYS = 10_000


class Faults:
    """Times are seconds of any clock that only rises. `factor` makes everything milder (benches)."""

    def __init__(self, factor: float = 1) -> None:
        self._factor = factor
        self._kept: OrderedDict[bytes, tuple[float, float]] = OrderedDict()

    def note(self, key: bytes, now: float) -> None:
        self._kept[key] = (self._count(key, now) + 1, now)
        self._kept.move_to_end(key)
        if len(self._kept) > KEYS:
            self._kept.popitem(last=False)

    def wait(self, key: bytes, now: float) -> float:
        """How long the next socket of this key is left waiting."""
        beyond = self._count(key, now) / self._factor - FREE
        return 0.0 if beyond <= 0 else min(LONGEST, FIRST * 2 ** min(beyond, 10))

    def _count(self, key: bytes, now: float) -> float:
        count, at = self._kept.get(key, (0.0, now))
        return float(count * 0.5 ** ((now - at) / HALF_LIFE))
