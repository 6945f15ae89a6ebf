"""A batch of entries, given its places in the log: what both raw drivers are about to write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from lab.realtime.errors import StaleEpoch
from lab.realtime.ports import Entry
from lab.realtime.stores.tables import checksum

Place = tuple[str, int]
"""Room and epoch."""
UpdateRow = tuple[str, int, int, bytes, str, int, bytes]
"""room, epoch, seq, content, principal, at, checksum"""
LeaseRow = tuple[str, int, str, int]
"""room, client, principal, epoch"""


class Batch:
    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries
        self.wanted = Counter[Place]((entry.room, entry.epoch) for entry in entries)
        """How many rows go where."""

    def rows(
        self, heads: Mapping[Place, int], at: int
    ) -> tuple[list[int | StaleEpoch], list[UpdateRow], list[LeaseRow]]:
        """`heads`: the sequence before the first new row, of each place that still is a room's epoch.
        Entries of one room keep their order."""
        next_seq = dict(heads)
        answers: list[int | StaleEpoch] = []
        updates: list[UpdateRow] = []
        leases: dict[tuple[str, int], LeaseRow] = {}
        for entry in self._entries:
            place = (entry.room, entry.epoch)
            if place not in next_seq:
                answers.append(StaleEpoch(f"{entry.room} is not at epoch {entry.epoch}"))
                continue
            seq = next_seq[place] = next_seq[place] + 1
            answers.append(seq)
            seal = checksum(entry.room, entry.epoch, seq, at, entry.principal, entry.update)
            updates.append((entry.room, entry.epoch, seq, entry.update, entry.principal, at, seal))
            for client in entry.new_clients:
                leases.setdefault((entry.room, client), (entry.room, client, entry.principal, entry.epoch))
        return answers, updates, list(leases.values())
