"""Rate limits: so many in so many seconds, per key, in memory of this node."""

from __future__ import annotations

import ipaddress
from collections import OrderedDict, deque

from starlette.requests import HTTPConnection

from lab.core.clock import Clock
from lab.core.errors import TooMuch

MOST_KEYS = 50_000


class Limit:
    """At most `count` in any `seconds`. The keys seen longest ago are forgotten beyond 50,000."""

    def __init__(self, count: float, seconds: float, clock: Clock, *, what: str = "requests") -> None:
        self.count = max(1, round(count))
        self.seconds = seconds
        self._clock = clock
        self._what = what
        self._taken: OrderedDict[str, deque[float]] = OrderedDict()

    def take(self, key: str) -> None:
        """Counts one, or raises TooMuch and counts nothing."""
        now = self._clock.monotonic()
        taken = self._taken.setdefault(key, deque())
        self._taken.move_to_end(key)
        while taken and taken[0] <= now - self.seconds:
            taken.popleft()
        if len(taken) >= self.count:
            wait = taken[0] + self.seconds - now
            raise TooMuch(
                f"That was too many {self._what} for now. Try again in {max(1, round(wait))} seconds.",
                retry_after=wait,
            )
        taken.append(now)
        if len(self._taken) > MOST_KEYS:
            self._taken.popitem(last=False)


def address(conn: HTTPConnection) -> str:
    """Whose rate this counts against: an IPv4 address, or the /64 that one IPv6 household has."""
    return _masked(conn, 32, 64)


def network(conn: HTTPConnection) -> str:
    """The wider neighbourhood an attacker could hop about in: /24 or /56."""
    return _masked(conn, 24, 56)


def _masked(conn: HTTPConnection, v4: int, v6: int) -> str:
    host = conn.client.host if conn.client else ""
    try:
        found = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host or "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is None:
            return str(ipaddress.ip_network((found, v6), strict=False))
        found = found.ipv4_mapped
    return str(ipaddress.ip_network((found, v4), strict=False))
