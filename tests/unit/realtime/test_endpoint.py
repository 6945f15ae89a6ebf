"""The endpoint without a network, in virtual time: who waits at the door, and whose turn it is."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from starlette.websockets import WebSocket

from lab.realtime.endpoint import realtime_endpoint
from lab.realtime.faults import CREDENTIAL
from lab.realtime.options import Options
from lab.realtime.ports import Access, Visitor
from tests.support.house import House, a_house
from tests.support.peer import step1

BAD = b"\x05"
PLAIN = step1(b"\0")


class Lobby:
    """An endpoint, and everybody who comes to it."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.known: dict[str, str] = {}
        """Bearer token -> who shows it, where that is not its own name."""
        self.asked = 0
        self.fails: Exception | None = None
        self.serve = realtime_endpoint(house.nodes[0].engine, self.identify, lambda _: False)

    async def identify(self, websocket: WebSocket) -> Visitor | None:
        self.asked += 1
        if self.fails is not None:
            raise self.fails
        token = websocket.headers["authorization"].partition(" ")[2]
        name = self.known.get(token, token)
        return Visitor(name, name.title(), f"session-{name}") if name else None

    def come(self, token: str, *messages: bytes | str, address: str = "1.1.1.1", query: str = "") -> Line:
        line = Line(self.house, token, address, query)
        line.arrive(*messages)
        line.task = self.house.loop.create_task(self.serve(WebSocket(line.scope, line.receive, line.send)))
        self.house.loop.settle()
        return line


class Line:
    """The ASGI side of one socket."""

    def __init__(self, house: House, token: str, address: str, query: str) -> None:
        self.house = house
        self.sent: list[dict[str, Any]] = []
        self.gone = False
        self.task: asyncio.Task[None]
        self._up: deque[dict[str, Any]] = deque([{"type": "websocket.connect"}])
        self._news = asyncio.Event()
        self.scope = {
            "type": "websocket", "path": "/ws/scratch/one", "path_params": {"kind": "scratch", "key": "one"},
            "query_string": query.encode(), "subprotocols": ["lab.v1"], "client": (address, 1),
            "headers": [(b"authorization", f"Bearer {token}".encode())],
        }  # fmt: skip

    def arrive(self, *messages: bytes | str) -> None:
        for message in messages:
            kind = "bytes" if isinstance(message, bytes) else "text"
            self._up.append({"type": "websocket.receive", kind: message})
        self._news.set()

    def leave(self) -> None:
        self._up.append({"type": "websocket.disconnect", "code": 1001})
        self._news.set()
        self.house.loop.settle()

    async def receive(self) -> dict[str, Any]:
        while not self._up:
            self._news.clear()
            await self._news.wait()
        return self._up.popleft()

    async def send(self, message: Any) -> None:
        if self.gone:
            raise OSError("the other end is gone")
        self.sent.append(message)
        if message["type"] == "websocket.close":
            self._up.append({"type": "websocket.disconnect", "code": message["code"]})
            self._news.set()

    @property
    def closed(self) -> tuple[int, str] | None:
        last = self.sent[-1]
        return (last["code"], last["reason"]) if last["type"] == "websocket.close" else None


@contextmanager
def a_lobby(**options: Any) -> Iterator[Lobby]:
    with a_house(options=Options(**options)) as house:
        yield Lobby(house)


def test_who_was_refused_again_and_again_waits_before_anybody_is_asked() -> None:
    with a_lobby() as lobby:
        for _ in range(8):
            lobby.come("mallory", BAD)
        lobby.house.loop.advance(CREDENTIAL.longest)
        asked = lobby.asked
        late, other = lobby.come("mallory", PLAIN), lobby.come("ana", PLAIN)
        assert lobby.asked == asked + 1
        assert len(other.sent) > 2
        assert [message["type"] for message in late.sent] == ["websocket.accept"]
        lobby.house.loop.advance(CREDENTIAL.longest)
        assert lobby.asked == asked + 2
        assert len(late.sent) > 2
        late.leave()
        other.leave()


def test_a_credential_written_differently_is_the_same_person_who_is_looked_at_again() -> None:
    with a_lobby() as lobby:
        lobby.known = {f"mallory-{number}": "mallory" for number in range(9)}
        for number in range(8):
            lobby.come(f"mallory-{number}", BAD)
        lobby.house.loop.advance(CREDENTIAL.longest)
        late = lobby.come("mallory-8", PLAIN)
        assert [message["type"] for message in late.sent] == ["websocket.accept"]
        # The sign-in ends while it waits.
        lobby.known["mallory-8"] = ""
        lobby.house.loop.advance(CREDENTIAL.longest)
        assert late.closed == (4401, "not_signed_in")


def test_so_many_wait_and_the_rest_come_back_later() -> None:
    with a_lobby(sockets_per_principal=3) as lobby:
        for _ in range(12):
            lobby.come("mallory", BAD)
        lobby.house.loop.settle()
        waiting = [lobby.come("mallory", BAD) for _ in range(5)]
        assert [line.closed for line in waiting[3:]] == [(1013, "full")] * 2
        lobby.house.loop.advance(60)


def test_tokens_that_nobody_has_make_their_address_wait() -> None:
    with a_lobby() as lobby:
        lobby.known = {f"guess-{number}": "" for number in range(200)}
        for number in range(199):
            lobby.come(f"guess-{number}")
        lobby.house.loop.advance(2)
        asked = lobby.asked
        late, elsewhere = lobby.come("guess-199"), lobby.come("ana", PLAIN, address="2.2.2.2")
        assert late.closed is None
        assert lobby.asked == asked + 1
        lobby.house.loop.advance(2)
        assert late.closed == (4401, "not_signed_in")
        elsewhere.leave()


def test_a_query_that_is_nonsense_counts_too() -> None:
    with a_lobby() as lobby:
        for _ in range(7):
            lobby.come("mallory", query="epoch=x")
        late = lobby.come("mallory", query="epoch=1")
        assert late.closed is None
        lobby.house.loop.advance(CREDENTIAL.longest)
        late.leave()


def test_nothing_after_a_refusal_is_looked_at() -> None:
    with a_lobby() as lobby:
        stats = lobby.house.nodes[0].engine.stats
        line = lobby.come("mallory", PLAIN, BAD, *[PLAIN] * 100)
        assert line.closed == (4400, "protocol")
        assert stats.frames_in == 2


def test_text_and_what_is_too_big_close() -> None:
    with a_lobby(message_bytes=100) as lobby:
        assert lobby.come("ana", "text").closed == (4400, "protocol")
        assert lobby.come("ana", b"\0" * 101).closed == (1009, "too_big")


def test_a_burst_lets_others_have_their_turn() -> None:
    with a_lobby(slice_seconds=0) as lobby:
        order: list[str] = []

        async def noted(connection: Any, message: bytes) -> None:
            order.append(connection.visitor.principal)
            await receive(connection, message)

        first, second = lobby.come("ana"), lobby.come("ben")
        room = lobby.house.nodes[0].room
        receive = room.receive
        room.receive = noted
        first.arrive(*[b"\3"] * 5)
        second.arrive(*[b"\3"] * 5)
        lobby.house.loop.settle()
        assert order == ["ana", "ben"] * 5
        first.leave()
        second.leave()


def test_who_cannot_be_identified_is_told_to_come_back() -> None:
    with a_lobby() as lobby:
        lobby.fails = RuntimeError("the database is away")
        assert lobby.come("ana").closed == (1011, "error")


def test_who_is_not_there_to_be_refused_is_no_trouble() -> None:
    with a_lobby() as lobby:
        for _ in range(8):
            lobby.come("mallory", BAD)
        late = lobby.come("mallory", query="epoch=x")
        late.gone = True
        lobby.house.loop.advance(CREDENTIAL.longest)
        assert late.task.done()
        assert late.task.exception() is None


def test_a_room_that_is_closed_to_somebody_says_so() -> None:
    with a_lobby() as lobby:
        lobby.house.kind.roles["ana"] = Access.NONE
        assert lobby.come("ana", PLAIN).closed == (4403, "not_allowed")


def test_what_the_engine_refuses_by_itself_is_said() -> None:
    """Revoked between two frames, with more on their way."""
    with a_lobby() as lobby:
        line = lobby.come("ana", PLAIN)
        lobby.house.loop.run(lobby.house.nodes[0].engine.end_session("session-ana"))
        line.arrive(PLAIN)
        lobby.house.loop.settle()
        assert line.closed == (4401, "not_signed_in")
        assert line.task.done()


def test_who_hangs_up_is_forgotten() -> None:
    with a_lobby() as lobby:
        engine = lobby.house.nodes[0].engine
        line = lobby.come("ana", PLAIN)
        assert engine.connections_open == 1
        line.gone = True
        line.leave()
        assert engine.connections_open == 0
        assert line.task.done()
