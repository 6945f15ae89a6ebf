"""Who may do what on a board: chance sets rules and edits, the judge is asked, a plain table answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from pycrdt import Doc, Map, Text

from lab.boards.document import SCHEMA
from lab.boards.judge import GRACE, BoardJudge
from lab.boards.rules import AreaRule, Lock, Rules
from lab.core.clock import HandClock
from lab.core.db import Database
from lab.realtime.guard import Known
from lab.realtime.ports import Lease
from lab.realtime.replica import EMPTY, Replica
from tests.support.board_rules import AREA_ALLOWS, FACET_IS, LOCK_SPARES, LOCK_STOPS

VALUES: dict[str, Any] = {
    "place": {"x": 1, "y": 2}, "size": {"w": 10, "h": 10}, "z": "a", "style": {"colour": "rose"},
    "tag/x": True, "alt": "words", "prompt": "Why?", "start": None, "end": {"object": None, "x": 0, "y": 0},
}  # fmt: skip
PEOPLE = ("ana", "ben", "fay")
LEADS = {"fay"}
allowed = st.sampled_from(["everyone", "own", "facilitators"])
levels = st.sampled_from(["position", "content", "all"])
people = st.sampled_from(PEOPLE)
Deed = tuple[str, str, str | None]
"""Action, object, area."""


class Board(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.clock = HandClock()
        self.server = Replica(EMPTY, schema=SCHEMA)
        self.docs: dict[str, Doc[Any]] = {}
        self.leases: dict[int, Lease] = {}
        for person in PEOPLE:
            self.fresh(person)
        self.judge = BoardJudge("b", cast(Database, None), self.clock, LEADS.__contains__)
        self.judge.rule(Rules(), 0)
        self.objects: dict[str, dict[str, Any]] = {}
        """What is on the board, in plain words: kind, by, parent, gone."""
        self.rules = Rules()
        self.ended: list[tuple[float, Rules]] = []

    def fresh(self, person: str) -> None:
        """A new copy of what the server has, under a new client id."""
        client = len(self.leases) + 1
        self.leases[client] = Lease(person, 1)
        self.docs[person] = Doc(client_id=client)
        self.docs[person].apply_update(self.server.state())

    # The plain table, asked.

    def area_of(self, id: str, parent: str | None) -> str | None:
        """Where it lies, or would lie, with this parent."""
        if self.objects[id]["kind"] == "area":
            return id
        holder = self.objects.get(parent or "")
        if parent is None or holder is None or holder["gone"]:
            return None
        if holder["kind"] == "area":
            return parent
        if holder["kind"] == "cluster" and self.objects[id]["kind"] != "cluster":
            return self.area_of(parent, holder["parent"])
        return None

    def allows(self, rules: Rules, person: str, action: str, id: str, area: str | None) -> bool:
        leads, own = person in LEADS, self.objects[id]["by"] == person
        for locked in {area} if action == "add" else {id, area}:
            lock = rules.locks.get(locked or "")
            stops = lock is not None and (lock.level, action) in LOCK_STOPS
            if stops and lock is not None and (lock.who, lock.by == person, leads) not in LOCK_SPARES:
                return False
        permission = getattr(rules.areas.get(area or "", AreaRule()), action)
        return (permission, own, leads) in AREA_ALLOWS

    def may(self, person: str, deeds: list[Deed]) -> bool:
        """Each of these by the rules as they are, or as they were in the last two seconds."""
        now = self.clock.monotonic()
        books = [self.rules, *(rules for until, rules in self.ended if until > now)]
        return all(any(self.allows(book, person, *deed) for book in books) for deed in deeds)

    def attempt(self, person: str, change: Callable[[Map[Any]], None], deeds: list[Deed]) -> bool:
        doc = self.docs[person]
        before = doc.get_state()
        sent: list[bytes] = []
        watch = doc.observe(lambda event: sent.append(event.update))
        with doc.transaction():
            change(doc.get("objects", type=Map))
        doc.unobserve(watch)
        if not sent:
            assert doc.get_state() == before
            return False
        checked = self.server.check(sent[0], Known(person, 1, self.leases))
        why = self.judge.refuses(person, checked.touched, self.server.doc)
        allowed = self.may(person, deeds)
        assert (why is None) is allowed, (why, deeds)
        if not allowed:
            self.fresh(person)
            return False
        news = self.server.apply(checked)
        assert news is not None
        for other in self.docs.values():
            other.apply_update(news)
        return True

    @initialize()
    def furnish(self) -> None:
        """Something of everything, so that chance need not begin at nothing."""
        for person, kind, parent in (
            ("fay", "area", None), ("ana", "note", "a0"), ("ben", "note", "a0"), ("ana", "cluster", "a0"),
            ("ben", "note", "c3"), ("ana", "area", None), ("ana", "note", None),
        ):  # fmt: skip
            self.put(person, kind, parent)

    # What people do.

    def any_id(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(sorted(self.objects)))

    @rule(person=people, kind=st.sampled_from(["note", "area", "cluster", "connector"]), data=st.data())
    def make(self, person: str, kind: str, data: st.DataObject) -> None:
        if len(self.objects) < 10:
            self.put(person, kind, data.draw(st.sampled_from([None, *self.objects])))

    def put(self, person: str, kind: str, parent: str | None) -> None:
        id = f"{kind[0]}{len(self.objects)}"
        self.objects[id] = {"kind": kind, "by": person, "parent": parent, "gone": False}

        def change(objects: Map[Any]) -> None:
            objects[f"{id}/made"] = {"kind": kind, "by": person, "at": None}
            objects[f"{id}/place"] = {"x": 0, "y": 0}
            objects[f"{id}/text"] = Text("")
            if parent is not None:
                objects[f"{id}/parent"] = parent

        if not self.attempt(person, change, [("add", id, self.area_of(id, parent))]):
            del self.objects[id]

    @precondition(lambda self: self.objects)
    @rule(person=people, facet=st.sampled_from(sorted(FACET_IS)), data=st.data())
    def touch(self, person: str, facet: str, data: st.DataObject) -> None:
        id = self.any_id(data)
        one = self.objects[id]
        area = self.area_of(id, one["parent"])

        def change(objects: Map[Any]) -> None:
            if facet == "gone" and one["gone"]:
                del objects[f"{id}/gone"]
            elif facet == "gone":
                objects[f"{id}/gone"] = {"by": person, "at": None}
            elif facet == "text":
                objects[f"{id}/text"].insert(0, "more ")
            else:
                objects[f"{id}/{facet}"] = VALUES[facet]

        if self.attempt(person, change, [(FACET_IS[facet], id, area)]) and facet == "gone":
            one["gone"] = not one["gone"]

    @precondition(lambda self: self.objects)
    @rule(person=people, data=st.data())
    def carry(self, person: str, data: st.DataObject) -> None:
        """Into another area or cluster, or out of all."""
        id = self.any_id(data)
        one = self.objects[id]
        parent = data.draw(st.sampled_from([None, *self.objects]))
        old, new = self.area_of(id, one["parent"]), self.area_of(id, parent)
        deeds: list[Deed] = [("move", id, old)] + ([("add", id, new)] if new != old else [])
        if self.attempt(person, lambda objects: objects.__setitem__(f"{id}/parent", parent), deeds):
            one["parent"] = parent

    @precondition(lambda self: self.objects)
    @rule(person=people, data=st.data())
    def react(self, person: str, data: st.DataObject) -> None:
        key = f"{self.any_id(data)}/reaction/👍/{person}"
        assert self.attempt(person, lambda objects: objects.__setitem__(key, True), [])

    @precondition(lambda self: self.objects)
    @rule(person=people, again=st.sampled_from([True, False]), data=st.data())
    def pretend(self, person: str, again: bool, data: st.DataObject) -> None:
        """To have made what is there, or to change what is not: nobody may."""
        id = self.any_id(data) if again else "nothing"
        facet = data.draw(st.sampled_from(["made", "text"])) if again else "place"
        value = {"made": {"kind": "note", "by": person, "at": None}, "place": {"x": 0, "y": 0}}
        doc = self.docs[person]
        before = doc.get_state()
        doc.get("objects", type=Map)[f"{id}/{facet}"] = value.get(facet) or Text("mine")
        checked = self.server.check(doc.get_update(before), Known(person, 1, self.leases))
        assert self.judge.refuses(person, checked.touched, self.server.doc)
        self.fresh(person)

    # Rules change, time passes.

    def now_rules(self, locks: dict[str, Lock], areas: dict[str, AreaRule], data: st.DataObject) -> None:
        self.ended.append((self.clock.monotonic() + GRACE, self.rules))
        self.rules = Rules(locks, areas)
        self.judge.rule(self.rules, len(self.ended))
        self.clock.advance(data.draw(st.sampled_from([0.0, 1.9, 2.0, 5.0])))

    @precondition(lambda self: self.objects)
    @rule(person=people, level=levels, who=st.sampled_from(["me", "facilitators"]), data=st.data())
    def lock(self, person: str, level: Any, who: Any, data: st.DataObject) -> None:
        lock = Lock(level, who, person, person.title())
        self.now_rules({**self.rules.locks, self.any_id(data): lock}, dict(self.rules.areas), data)

    @precondition(lambda self: self.rules.locks)
    @rule(data=st.data())
    def unlock(self, data: st.DataObject) -> None:
        id = data.draw(st.sampled_from(sorted(self.rules.locks)))
        rest = {other: lock for other, lock in self.rules.locks.items() if other != id}
        self.now_rules(rest, dict(self.rules.areas), data)

    @precondition(lambda self: self.objects)
    @rule(
        add=st.sampled_from(["everyone", "facilitators"]),
        edit=allowed,
        move=allowed,
        remove=allowed,
        data=st.data(),
    )
    def reserve(self, add: Any, edit: Any, move: Any, remove: Any, data: st.DataObject) -> None:
        areas = {**self.rules.areas, self.any_id(data): AreaRule(add, edit, move, remove)}
        self.now_rules(dict(self.rules.locks), areas, data)

    @rule(seconds=st.sampled_from([0.5, 2.0, 5.0]))
    def wait(self, seconds: float) -> None:
        self.clock.advance(seconds)


Board.TestCase.settings = settings(max_examples=120, stateful_step_count=50, deadline=None)
TestBoard = Board.TestCase
