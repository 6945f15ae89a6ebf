"""The shortest way from one sequence to another (Myers 1986), with a bound on the work.

The standard library's matcher needs time with the cube of the length on text made to annoy it; this one takes
at most `budget` steps and then says so.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Tag = Literal["same", "replaced"]


@dataclass(slots=True)
class Budget:
    """Steps left for a whole comparison."""

    steps: int

    def spend(self, steps: int) -> bool:
        self.steps -= steps
        return self.steps >= 0


@dataclass(frozen=True, slots=True)
class Span:
    """old[i1:i2] against new[j1:j2]."""

    tag: Tag
    i1: int
    i2: int
    j1: int
    j2: int


def spans(old: Sequence[Hashable], new: Sequence[Hashable], budget: Budget, most_edits: int) -> list[Span]:
    """Alternating same and replaced stretches that cover both. With more than `most_edits` between them,
    or out of budget, what differs is one replaced stretch."""
    head = 0
    while head < len(old) and head < len(new) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    pairs = _pairs(old[head : len(old) - tail], new[head : len(new) - tail], budget, most_edits)
    same = [(n, n) for n in range(head)]
    same += [(i + head, j + head) for i, j in pairs]
    same += [(len(old) - n, len(new) - n) for n in range(tail, 0, -1)]
    return list(_stretches(same, len(old), len(new)))


def _stretches(same: Sequence[tuple[int, int]], old: int, new: int) -> Iterator[Span]:
    i = j = at = 0
    while at < len(same):
        i1, j1 = same[at]
        if (i, j) != (i1, j1):
            yield Span("replaced", i, i1, j, j1)
        start = at
        while at < len(same) and same[at] == (i1 + at - start, j1 + at - start):
            at += 1
        i, j = i1 + at - start, j1 + at - start
        yield Span("same", i1, i, j1, j)
    if (i, j) != (old, new):
        yield Span("replaced", i, old, j, new)


def _pairs(
    old: Sequence[Hashable], new: Sequence[Hashable], budget: Budget, most_edits: int
) -> list[tuple[int, int]]:
    """Which items of both are the same one, in order; none when it would take too long to say."""
    if not old or not new:
        return []
    furthest = {1: 0}
    trail: list[dict[int, int]] = []
    for edits in range(min(len(old) + len(new), most_edits) + 1):
        if not budget.spend(edits + 1):
            return []
        trail.append(furthest.copy())
        for k in range(-edits, edits + 1, 2):
            down = k == -edits or (k != edits and furthest[k - 1] < furthest[k + 1])
            i = furthest[k + 1] if down else furthest[k - 1] + 1
            start = i
            while i < len(old) and i - k < len(new) and old[i] == new[i - k]:
                i += 1
            budget.spend(i - start)
            furthest[k] = i
            if i >= len(old) and i - k >= len(new):
                return _walked_back(trail, len(old), len(new))
    return []


def _walked_back(trail: Sequence[dict[int, int]], i: int, j: int) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    for edits in range(len(trail) - 1, -1, -1):
        furthest, k = trail[edits], i - j
        down = k == -edits or (k != edits and furthest[k - 1] < furthest[k + 1])
        before = k + 1 if down else k - 1
        bi = furthest[before]
        bj = bi - before
        while i > max(bi, 0) and j > max(bj, 0):
            i, j = i - 1, j - 1
            pairs.append((i, j))
        i, j = bi, bj
    return pairs[::-1]
