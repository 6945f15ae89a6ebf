"""Faults: whoever keeps sending what is refused waits longer each time before more work is done for them.

Joining a room costs questions to the database, and a large update costs a child process. Somebody whose
every message closes their socket, and who comes back at once, would make everybody else wait for those; so
they wait instead, before anything is asked. An honest client never does: it stops on 44xx.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from dataclasses import dataclass

from .errors import Full

KEYS = 10_000
"""Whose faults are remembered, of each kind."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds, and numbers of faults."""

    free: float
    """Faults that cost nothing: a broken release of a client should not be punished for a few."""
    first: float
    """The wait after one more than that; it doubles with each."""
    longest: float
    half_life: float
    """Half of the faults are forgotten in this time."""


CREDENTIAL = Patience(free=5, first=0.5, longest=20, half_life=60)
"""One sign-in or bearer token whose sockets were closed 4400."""
ADDRESS = Patience(free=100, first=0.1, longest=2, half_life=60)
"""One address, whoever it was. A whole lab may share one, so much more is let pass and the wait is short."""
LARGE = Patience(free=1, first=1, longest=60, half_life=120)
"""One person whose updates were refused by the child process that tried them."""


class Faults:
    """Times are seconds of any clock that only rises. `factor` makes everything milder (benches)."""

    def __init__(self, patience: Patience, factor: float = 1) -> None:
        self.patience = patience
        self._factor = factor
        self._kept: OrderedDict[bytes, tuple[float, float]] = OrderedDict()

    def note(self, key: bytes, now: float) -> None:
        self._kept[key] = (self._count(key, now) + 1, now)
        self._kept.move_to_end(key)
        if len(self._kept) > KEYS:
            self._kept.popitem(last=False)

    def wait(self, key: bytes, now: float) -> float:
        """How long the next of this key is left waiting."""
        beyond = self._count(key, now) / self._factor - self.patience.free
        if beyond <= 0:
            return 0.0
        return min(self.patience.longest, self.patience.first * 2 ** min(beyond, 10))

    def _count(self, key: bytes, now: float) -> float:
        count, at = self._kept.get(key, (0.0, now))
        return float(count * 0.5 ** ((now - at) / self.patience.half_life))


class Door:
    """Where sockets wait until they are looked at, when too much of what came before them was refused."""

    def __init__(self, *, factor: float = 1, most: int = 20, most_of_address: int = 1_000) -> None:
        """`most`: how many of one credential or person may wait at the same time; the rest are sent away."""
        self._people = Faults(CREDENTIAL, factor)
        self._addresses = Faults(ADDRESS, factor)
        self._most, self._most_of_address = most, most_of_address
        self._waiting: Counter[bytes] = Counter()

    def note(self, address: bytes, *people: bytes) -> None:
        """A socket of theirs was closed for what it sent. `people`: its credential, and whose that is."""
        now = asyncio.get_running_loop().time()
        self._addresses.note(address, now)
        for key in people:
            self._people.note(key, now)

    async def by_credential(self, address: bytes, credential: bytes) -> bool:
        """Before anything is asked. Whether there was a wait; raises Full when too many wait already."""
        now = asyncio.get_running_loop().time()
        seconds = max(self._addresses.wait(address, now), self._people.wait(credential, now))
        return await self._wait(seconds, {address: self._most_of_address, credential: self._most})

    async def by_person(self, person: bytes) -> bool:
        """The same, once it is known who it is: one credential can be written in many ways."""
        seconds = self._people.wait(person, asyncio.get_running_loop().time())
        return await self._wait(seconds, {person: self._most})

    async def _wait(self, seconds: float, most: dict[bytes, int]) -> bool:
        if not seconds:
            return False
        if any(self._waiting[key] >= most[key] for key in most):
            raise Full("Too much of what you sent was refused. Try again later.")
        self._waiting.update(most.keys())
        try:
            await asyncio.sleep(seconds)
        finally:
            self._waiting.subtract(most.keys())
            self._waiting += Counter()  # forgets those at nought
        return True
