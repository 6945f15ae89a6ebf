"""Editing traces: read from a file, and applied to a pycrdt text whose positions count bytes."""

from __future__ import annotations

import bisect
import gzip
import json
from dataclasses import dataclass
from pathlib import Path

import pycrdt

Patch = tuple[int, int, str]
"""Position and deleted length in Unicode code points, then what is inserted."""


@dataclass(frozen=True, slots=True)
class Transaction:
    agent: int
    parents: tuple[int, ...]
    patches: tuple[Patch, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    start: str
    end: str
    agents: int
    transactions: tuple[Transaction, ...]

    @property
    def concurrent(self) -> bool:
        return self.agents > 1


class NotATrace(Exception):
    """The file is not in either of the two formats; the message says where."""


def read_trace(path: Path) -> Trace:
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8") as file:
            raw = json.load(file)
        concurrent = raw.get("kind") == "concurrent"
        transactions = tuple(
            Transaction(
                agent=int(each["agent"]) if concurrent else 0,
                parents=tuple(each["parents"]) if concurrent else ((at - 1,) if at else ()),
                patches=tuple(
                    (int(position), int(deleted), str(text)) for position, deleted, text in each["patches"]
                ),
            )
            for at, each in enumerate(raw["txns"])
        )
        trace = Trace(
            start=raw.get("startContent", ""),
            end=raw["endContent"],
            agents=int(raw["numAgents"]) if concurrent else 1,
            transactions=transactions,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, EOFError) as error:
        raise NotATrace(f"{path} is not an editing trace: {error!r}") from error
    for at, each in enumerate(trace.transactions):
        if not 0 <= each.agent < trace.agents or any(not 0 <= parent < at for parent in each.parents):
            raise NotATrace(f"{path}: transaction {at} names an author or a parent that there is not")
    return trace


class Writer:
    """Applies patches to an XML text. The core counts bytes, so code points of more than one byte are
    remembered by position; they are few in real texts."""

    def __init__(self, text: pycrdt.XmlText, content: str = "") -> None:
        self.text = text
        self.length = len(content)
        self._wide = [(at, _extra(char)) for at, char in enumerate(content) if ord(char) > 0x7F]

    def apply(self, patches: tuple[Patch, ...]) -> None:
        for position, deleted, inserted in patches:
            if not 0 <= position <= position + deleted <= self.length:
                raise NotATrace(f"a patch at {position} of {deleted} does not fit a text of {self.length}")
            if deleted:
                del self.text[self._byte(position) : self._byte(position + deleted)]
                self._shift(position, deleted, -deleted)
            if inserted:
                self.text.insert(self._byte(position), inserted)
                self._shift(position, 0, len(inserted))
                for at, char in enumerate(inserted, position):
                    if ord(char) > 0x7F:
                        bisect.insort(self._wide, (at, _extra(char)))
            self.length += len(inserted) - deleted

    def _byte(self, position: int) -> int:
        return position + sum(
            extra for _, extra in self._wide[: bisect.bisect_left(self._wide, (position, 0))]
        )

    def _shift(self, position: int, gone: int, by: int) -> None:
        self._wide = [
            (at if at < position else at + by, extra)
            for at, extra in self._wide
            if not position <= at < position + gone
        ]


def _extra(char: str) -> int:
    return len(char.encode()) - 1
