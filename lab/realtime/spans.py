"""Spans: which clocks of which clients, as ranges that rise and do not touch."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator


class Spans:
    def __init__(self) -> None:
        self._spans: dict[int, tuple[list[int], list[int]]] = {}

    def add(self, client: int, first: int, end: int) -> None:
        starts, ends = self._spans.setdefault(client, ([], []))
        low = bisect_left(ends, first)
        high = bisect_right(starts, end)
        if low < high:
            first = min(first, starts[low])
            end = max(end, ends[high - 1])
        starts[low:high] = [first]
        ends[low:high] = [end]

    def beyond(self, client: int, first: int, end: int) -> Iterator[tuple[int, int]]:
        """The parts of a range that are not in here."""
        starts, ends = self._spans.get(client, _NONE)
        at = bisect_right(ends, first)
        while at < len(starts) and starts[at] < end:
            if first < starts[at]:
                yield first, starts[at]
            first = ends[at]
            at += 1
        if first < end:
            yield first, end

    def __iter__(self) -> Iterator[tuple[int, int, int]]:
        """Client, first clock, clock after the last."""
        for client, (starts, ends) in self._spans.items():
            for first, end in zip(starts, ends, strict=True):
                yield client, first, end


_NONE: tuple[list[int], list[int]] = ([], [])
