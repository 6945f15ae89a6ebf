"""What the guard says an update does to the entries of a root map, against what an observer of it saw."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycrdt import Doc, Map, Text

from lab.realtime.guard import Guard, Known
from lab.realtime.ports import Lease, Schema, Special, Touch
from lab.realtime.replica import Replica

KEYS = [f"{object_id}/{facet}" for object_id in "abc" for facet in ("place", "style", "tag/x", "text")]
PLAIN: list[Any] = [1.5, True, {"x": 1}, None]
Name = tuple[str, str]


def anything(root: str, key: str, value: Any, principal: str) -> str | None:
    return None


SCHEMA = Schema(
    version=1,
    roots={"objects": "map", "board": "map"},
    elements=frozenset(),
    attributes={},
    marks=frozenset(),
    check_entry=anything,
)


class Server:
    """A replica with its guard, and an observer that notes which entries really changed."""

    def __init__(self) -> None:
        self.replica = Replica(b"\x00\x00", schema=SCHEMA)
        self.seen: set[Name] = set()
        self.maps = {root: self.replica.doc.get(root, type=Map) for root in SCHEMA.roots}
        self._watching = [shared.observe_deep(self._noting(root)) for root, shared in self.maps.items()]

    def _noting(self, root: str) -> Callable[[list[Any]], None]:
        return lambda events: self._note(root, events)

    def _note(self, root: str, events: list[Any]) -> None:
        for event in events:
            if event.path:
                self.seen.add((root, event.path[0]))
            else:
                self.seen.update((root, key) for key in event.keys)

    def take(self, update: bytes) -> tuple[dict[Name, Touch], set[Name]]:
        """What the guard said, and what was seen."""
        guard = self.replica.guard
        checked = guard.check(update, Known("me", 1, dict.fromkeys(guard.clocks, Lease("me", 1))))
        self.seen = set()
        self.replica.apply(checked)
        return checked.touched, self.seen

    def restart(self) -> None:
        guard = Guard(SCHEMA)
        guard.rebuild(self.replica.state())
        self.replica.guard = guard


class Peer:
    def __init__(self, client: int, chance: random.Random) -> None:
        self.doc: Doc[Any] = Doc(client_id=client)
        self.chance = chance
        self.maps: dict[str, Map[Any]] = {root: self.doc.get(root, type=Map) for root in SCHEMA.roots}

    def hear(self, server: Server) -> None:
        self.doc.apply_update(server.replica.diff(self.doc.get_state()))

    def edit(self, names: list[Name]) -> bytes:
        """Each of these entries once, in one transaction; everything unsent comes along."""
        sent: list[bytes] = []
        watch = self.doc.observe(lambda event: sent.append(event.update))
        with self.doc.transaction():
            for root, key in names:
                self._change(self.maps[root], key)
        self.doc.unobserve(watch)
        return sent[0] if sent else b"\x00\x00"

    def _change(self, shared: Map[Any], key: str) -> None:
        chance = self.chance
        now = shared.get(key)
        if isinstance(now, Text) and chance.random() < 0.7:
            if len(now) > 2 and chance.random() < 0.5:
                del now[0:2]
            else:
                now.insert(0, "ab")
        elif now is not None and chance.random() < 0.3:
            del shared[key]
        else:
            shared[key] = Text("words") if key.endswith("text") else chance.choice(PLAIN)


NAMES = st.tuples(st.sampled_from(sorted(SCHEMA.roots)), st.sampled_from(KEYS))


@given(st.integers(0, 1 << 30).map(random.Random), st.data())
@settings(max_examples=60, deadline=None)
def test_touched_is_what_an_observer_saw(chance: random.Random, data: st.DataObject) -> None:
    server, peers = Server(), [Peer(1, chance), Peer(2, chance), Peer(3, chance)]
    for step in range(25):
        peer = data.draw(st.sampled_from(peers))
        peer.hear(server)
        touched, seen = server.take(peer.edit(data.draw(st.lists(NAMES, max_size=5, unique=True))))
        assert set(touched) == seen
        for (root, key), touch in touched.items():
            there = key in server.maps[root]
            assert touch.removed is not there
            if touch.values and not isinstance(touch.values[0], Special):
                assert server.maps[root][key] == touch.values[-1]
        if step % 10 == 9:
            server.restart()
        # Whoever comes back sends all they know, deletions of long ago too.
        assert server.take(peer.doc.get_update())[0] == {}


@given(st.integers(0, 1 << 30).map(random.Random), st.data())
@settings(max_examples=60, deadline=None)
def test_nothing_changes_that_is_not_touched_also_when_edits_cross(
    chance: random.Random, data: st.DataObject
) -> None:
    server, peers = Server(), [Peer(1, chance), Peer(2, chance), Peer(3, chance)]
    for _ in range(40):
        peer = data.draw(st.sampled_from(peers))
        if data.draw(st.booleans()):
            peer.edit(data.draw(st.lists(NAMES, max_size=4, unique=True)))
            continue
        touched, seen = server.take(peer.doc.get_update(server.replica.state_vector()))
        assert seen <= set(touched)
        peer.hear(server)
        assert server.take(peer.doc.get_update())[0] == {}
    for peer in peers:
        server.take(peer.doc.get_update())
    for peer in peers:
        peer.hear(server)
        assert server.take(peer.doc.get_update())[0] == {}


def test_an_entry_is_known_by_name_when_the_wire_no_longer_says_it() -> None:
    server, peer = Server(), Peer(1, random.Random(1))
    with peer.doc.transaction():
        peer.maps["objects"]["a/place"] = 1.0
        peer.maps["objects"]["a/text"] = Text("")
    server.take(peer.doc.get_update())
    before = peer.doc.get_state()
    peer.maps["objects"]["a/place"] = 2.0
    touched, _ = server.take(peer.doc.get_update(before))
    assert touched == {("objects", "a/place"): Touch((2.0,), False, True, False, 0)}
    before = peer.doc.get_state()
    peer.maps["objects"]["a/text"].insert(0, "héllo😀")
    touched, _ = server.take(peer.doc.get_update(before))
    assert touched == {("objects", "a/text"): Touch((), False, False, True, 7)}
    before = peer.doc.get_state()
    del peer.maps["objects"]["a/place"]
    touched, _ = server.take(peer.doc.get_update(before))
    assert touched == {("objects", "a/place"): Touch((), True, False, False, 0)}


@pytest.mark.parametrize("count", [1_500])
def test_many_new_entries_are_not_one_spot(count: int) -> None:
    """G12 bounds what is inserted at one spot of a text; the entries of a map are spots of their own."""
    server, peer = Server(), Peer(1, random.Random(1))
    with peer.doc.transaction():
        for number in range(count):
            peer.maps["objects"][f"{number}/place"] = number
    touched, seen = server.take(peer.doc.get_update())
    assert set(touched) == seen
    assert len(seen) == count
