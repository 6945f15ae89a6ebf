"""The judge of one board: turns the keys an update touches into deeds, and asks the rules about each.

Rules are rows in the database, kept here in memory. Whoever edits in the moment in which a rule changes is
judged by the old one too, for two seconds: they could not know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from pycrdt import Doc
from pycrdt import Map as SharedMap
from sqlmodel import col, select

from lab.boards.facets import OBJECTS
from lab.boards.models import Area, Board
from lab.boards.models import Lock as LockRow
from lab.boards.objects import MOST_OBJECTS
from lab.boards.rules import Action, AreaRule, Deed, Lock, Rules, Thing, why_not
from lab.core.clock import Clock
from lab.core.db import Database
from lab.people.models import Person
from lab.realtime.ports import EntryName, Touch

GRACE: Final = 2.0
"""Seconds in which what was allowed a moment ago still is."""
MOST_ENTRIES: Final = MOST_OBJECTS * 20
MOST_BYTES: Final = 16_000
"""Of one text in UTF-8: far beyond what is shown of it, and no more."""

MOVES: Final = frozenset({"place", "size", "z", "parent", "start", "end"})
ALONE: Final = frozenset({"reaction"})
"""Kinds of facet that nobody's rule is about."""


class BoardJudge:
    """A `Judge` (see lab/realtime/ports.py)."""

    def __init__(self, board: str, database: Database, clock: Clock, leads: Callable[[str], bool]) -> None:
        self._board = board
        self._database = database
        self._clock = clock
        self._leads = leads
        """Whether this person leads here, as of when they were last let in."""
        self._known = -1
        self._rules = Rules()
        self._former: list[tuple[float, Rules]] = []
        """Until when each set of rules that has ended still counts."""

    async def refresh(self) -> None:
        async with self._database.reading() as session:
            board = await session.get(Board, self._board)
            if board is None or board.rules == self._known:
                return
            locks = await session.exec(
                select(LockRow, Person.name)
                .join(Person, col(Person.id) == col(LockRow.by_id))
                .where(LockRow.board_id == self._board)
            )
            areas = await session.exec(select(Area).where(Area.board_id == self._board))
            rules = Rules(
                {row.object: _lock(row, name) for row, name in locks},
                {row.object: _area(row) for row in areas},
            )
        self.rule(rules, board.rules)

    def rule(self, rules: Rules, number: int) -> None:
        """From now on, and after the grace alone."""
        if self._known >= 0:
            self._former.append((self._clock.monotonic() + GRACE, self._rules))
        self._rules, self._known = rules, number

    def refuses(self, principal: str, touched: Mapping[EntryName, Touch], doc: Doc[Any]) -> str | None:
        objects: SharedMap[Any] = doc.get(OBJECTS, type=SharedMap)
        change = _Change(objects, touched)
        why = change.unsound()
        if why is not None:
            return why
        now = self._clock.monotonic()
        self._former = [(until, rules) for until, rules in self._former if until > now]
        books = [self._rules, *(rules for _, rules in self._former)]
        if not any(rules.locks or rules.areas for rules in books) or self._leads(principal):
            return None
        for action, thing in change.deeds():
            deed = Deed(principal, False, action, thing)
            reasons = [why_not(rules, deed) for rules in books]
            if None not in reasons:
                return reasons[0]
        return None


class _Change:
    """What one update does, object by object, before it is done."""

    def __init__(self, objects: SharedMap[Any], touched: Mapping[EntryName, Touch]) -> None:
        self._objects = objects
        self._touched: dict[str, dict[str, Touch]] = {}
        for (root, key), touch in touched.items():
            if root == OBJECTS:
                id, _, facet = key.partition("/")
                self._touched.setdefault(id, {})[facet] = touch

    def unsound(self) -> str | None:
        """Why nobody may do this on any board, or None."""
        new = 0
        for id, facets in self._touched.items():
            made = facets.get("made")
            if f"{id}/made" in self._objects:
                if made is not None:
                    return "Who made an object, and when, is written once."
            elif made is None or len(made.values) != 1:
                return "There is no such object."
            else:
                new += 1
            text = facets.get("text")
            if text is not None and self._spoils(id, text):
                return "This text is too long, or takes the place of another."
        if new and len(self._objects) > MOST_ENTRIES:
            return "This board is full. Begin another one."
        return None

    def _spoils(self, id: str, touch: Touch) -> bool:
        if touch.over:
            return True
        return bool(touch.typed) and len(self._objects.get(f"{id}/text", "")) + touch.typed > MOST_BYTES

    def deeds(self) -> Iterator[tuple[Action, Thing]]:
        for id, facets in self._touched.items():
            if "made" in facets:
                kind, by = _maker(facets["made"].values[0])
                for area in self._areas_after(id, kind, facets.get("parent")):
                    yield "add", Thing(id, kind, by, area)
                continue
            kind, by = _maker(self._objects.get(f"{id}/made"))
            thing = Thing(id, kind, by, self._area(id, kind, self._objects.get(f"{id}/parent")))
            for action in dict.fromkeys(_action(facet) for facet in facets):
                if action is not None:
                    yield action, thing
            if "parent" in facets:
                for area in self._areas_after(id, kind, facets["parent"]):
                    if area != thing.area:
                        yield "add", Thing(id, kind, by, area)

    def _areas_after(self, id: str, kind: str, parent: Touch | None) -> Iterable[str | None]:
        """Where it may come to lie: more than one place when several parents were written."""
        values = parent.values if parent is not None else ()
        return dict.fromkeys(self._area(id, kind, value) for value in values or (None,))

    def _area(self, id: str, kind: str, parent: Any) -> str | None:
        if kind == "area":
            return id
        if not isinstance(parent, str):
            return None
        its_kind, _ = _maker(self._one(parent, "made"))
        if self._objects.get(f"{parent}/gone") is not None:
            return None
        if its_kind == "cluster" and kind != "cluster":
            return self._area(parent, "cluster", self._one(parent, "parent"))
        return parent if its_kind == "area" else None

    def _one(self, id: str, facet: str) -> Any:
        """As it will be, where the update says so."""
        touch = self._touched.get(id, {}).get(facet)
        if touch is not None and touch.values:
            return touch.values[-1]
        return self._objects.get(f"{id}/{facet}")


def _action(facet: str) -> Action | None:
    kind = facet.partition("/")[0]
    if kind in ALONE:
        return None
    if kind == "gone":
        return "remove"
    return "move" if kind in MOVES else "edit"


def _maker(made: Any) -> tuple[str, str | None]:
    if not isinstance(made, dict):
        return "", None
    kind, by = made.get("kind"), made.get("by")
    return kind if isinstance(kind, str) else "", by if isinstance(by, str) else None


def _lock(row: LockRow, name: str) -> Lock:
    level: Any = row.level
    who: Any = row.who
    return Lock(level, who, row.by_id, name)


def _area(row: Area) -> AreaRule:
    rule: Any = (row.adds, row.edits, row.moves, row.removes)
    return AreaRule(*rule)
