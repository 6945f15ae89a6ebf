"""The authors of a trace, typing it into the last paragraph of a statement, over the wire."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pycrdt
from client import Client, add_paragraph, clocks
from trace_file import Trace, Transaction, Writer

UNANSWERED = 50
"""Marks an author lets stand before it waits for the server."""
WITHIN = 120.0
NOTHING = b"\0\0"


@dataclass(frozen=True, slots=True)
class Manner:
    """How an author types. A server with its ordinary limits takes 60 frames a second (W22)."""

    batch: int
    """Transactions to a frame."""
    frames: float | None
    """Frames a second; None: as fast as the server answers."""


class Sender:
    """Sends one author's updates at its pace, never too far ahead of what is saved."""

    def __init__(self, author: Client, manner: Manner) -> None:
        self.author = author
        self._manner = manner
        self._next = 0.0

    async def send(self, updates: list[bytes]) -> None:
        await self._pause()
        mark = await self.author.give(updates)
        if mark > UNANSWERED:
            await self.author.until_saved(mark - UNANSWERED, within=WITHIN)

    async def finish(self) -> None:
        await self.author.until_saved(self.author.marks, within=WITHIN)

    async def _pause(self) -> None:
        """An update and its mark are two frames."""
        if self._manner.frames is None:
            return
        now = time.monotonic()
        await asyncio.sleep(max(0.0, self._next - now))
        self._next = max(self._next, now) + 2 / self._manner.frames


async def type_alone(trace: Trace, manner: Manner, author: Client) -> None:
    """One author, straight into its replica; a batch is one transaction and one frame."""
    await _begin(trace, author)
    sender = Sender(author, manner)
    writer = Writer(_last_paragraph(author.doc), trace.start)
    for at in range(0, len(trace.transactions), manner.batch):
        together = trace.transactions[at : at + manner.batch]
        await sender.send(_made(author.doc, writer, together))
    await sender.finish()


async def type_together(trace: Trace, manner: Manner, authors: list[Client]) -> None:
    """Every author at once, each over its own connection."""
    await _begin(trace, authors[0])
    blocks = len(authors[0].statement.children)
    for author in authors[1:]:
        await author.until(partial(_has_blocks, author, blocks))
    shared = Shared()
    async with asyncio.TaskGroup() as group:
        for number, author in enumerate(authors):
            group.create_task(_type_own(number, author, trace, manner, shared))


@dataclass(slots=True)
class Shared:
    """What is known of each transaction once it was made: its update, and the clock of a replica holding it.

    Clocks do not tell whether a deletion has arrived; the comparison of texts in the end does.
    """

    updates: dict[int, bytes] = field(default_factory=dict)
    clocks: dict[int, tuple[int, int]] = field(default_factory=dict)

    def all_held_by(self, author: Client, transactions: list[int]) -> bool:
        """Has the server brought these to the author's replica?"""
        held = clocks(author.doc)
        return all(
            at in self.updates and held.get(self.clocks[at][0], 0) >= self.clocks[at][1]
            for at in transactions
        )


class Branch:
    """What one author had on the screen: its own transactions and those it had seen, no others.

    The author's connection hears of everything and so holds more; edits are made here, and given to it.
    """

    def __init__(self, state: bytes, trace: Trace) -> None:
        self._trace = trace
        self._has: set[int] = set()
        self.doc: pycrdt.Doc[Any] = pycrdt.Doc()
        self.doc.apply_update(state)
        self._text = _last_paragraph(self.doc)
        self._writer = Writer(self._text, trace.start)

    def lacks(self, transaction: Transaction) -> list[int]:
        """Ancestors that are not here yet, oldest first."""
        lacking: set[int] = set()
        look = list(transaction.parents)
        while look:
            at = look.pop()
            if at not in self._has and at not in lacking:
                lacking.add(at)
                look += self._trace.transactions[at].parents
        return sorted(lacking)

    def merge(self, updates: dict[int, bytes]) -> None:
        for at, update in updates.items():
            self.doc.apply_update(update)
            self._has.add(at)
        self._writer = Writer(self._text, str(self._text))

    def write(self, at: int) -> list[bytes]:
        self._has.add(at)
        return _made(self.doc, self._writer, (self._trace.transactions[at],))


async def _type_own(number: int, author: Client, trace: Trace, manner: Manner, shared: Shared) -> None:
    """One author's transactions, each on the merge of its parents: it waits until its replica holds those."""
    branch = Branch(author.doc.get_update(), trace)
    sender = Sender(author, manner)
    unsent: list[bytes] = []

    async def send() -> None:
        if unsent:
            await sender.send(unsent)
            unsent.clear()

    for at, transaction in enumerate(trace.transactions):
        if transaction.agent != number:
            continue
        lacking = branch.lacks(transaction)
        if lacking:
            if not shared.all_held_by(author, lacking):
                await send()  # Somebody may be waiting for ours.
                await author.until(partial(shared.all_held_by, author, lacking), within=WITHIN)
            branch.merge({each: shared.updates[each] for each in lacking})
        made = branch.write(at)
        for update in made:
            author.doc.apply_update(update)
        shared.clocks[at] = (branch.doc.client_id, clocks(branch.doc).get(branch.doc.client_id, 0))
        shared.updates[at] = pycrdt.merge_updates(*made) if made else NOTHING
        unsent += made
        if len(unsent) >= manner.batch:
            await send()
    await send()
    await sender.finish()


async def _begin(trace: Trace, author: Client) -> None:
    """The paragraph that the trace is typed into: the last of the statement."""
    await author.until_saved(await author.edit(partial(add_paragraph, author.statement, trace.start)))


def _last_paragraph(doc: pycrdt.Doc[Any]) -> pycrdt.XmlText:
    blocks = doc.get("statement", type=pycrdt.XmlFragment).children
    text = blocks[len(blocks) - 1].children[0]
    assert isinstance(text, pycrdt.XmlText)
    return text


def _has_blocks(author: Client, count: int) -> bool:
    return len(author.statement.children) == count


def _made(doc: pycrdt.Doc[Any], writer: Writer, transactions: tuple[Transaction, ...]) -> list[bytes]:
    """The update of these transactions, made in the document as one."""
    made: list[bytes] = []
    watch = doc.observe(lambda event: made.append(event.update))
    try:
        with doc.transaction():
            for transaction in transactions:
                writer.apply(transaction.patches)
    finally:
        doc.unobserve(watch)
    return made
