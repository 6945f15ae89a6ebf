"""A real server on a real port, for tests: the engine behind uvicorn, in a thread with a loop of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket

from lab.realtime.endpoint import realtime_endpoint
from lab.realtime.engine import Engine
from lab.realtime.options import Options
from lab.realtime.ports import Access, Broker, RoomKind, Store, Visitor
from lab.realtime.transport import uvicorn_settings

T = TypeVar("T")


class Rooms:
    """A kind of room whose rules the test changes as it goes."""

    def __init__(self, schema: Any = None) -> None:
        self.schema = schema
        self.roles: dict[str, Access] = {}
        self.made_on_join = True
        self.derived: list[tuple[str, frozenset[str]]] = []

    async def access(self, key: str, visitor: Visitor | None) -> Access:
        return self.roles.get(visitor.principal if visitor else "", Access.WRITE)

    async def create_on_join(self, key: str, visitor: Visitor) -> bool:
        return self.made_on_join

    async def saved(self, key: str, doc: Any, principals: frozenset[str]) -> None:
        self.derived.append((key, principals))


async def by_token(websocket: WebSocket) -> Visitor | None:
    """`Bearer ana` is Ana; a cookie `who=ana` is Ana too."""
    authorization = websocket.headers.get("authorization", "")
    name = authorization.removeprefix("Bearer ") or websocket.cookies.get("who", "")
    if not name:
        return None
    return Visitor(name, name.title(), f"session-{name}")


class Server:
    def __init__(self, store: Store, broker: Broker, kinds: dict[str, RoomKind], options: Options) -> None:
        self._make = lambda: Engine(store, broker, kinds, options)
        self._options = options
        self._up = threading.Event()

    def start(self, **overrides: Any) -> None:
        app = Starlette(routes=[], lifespan=self._lifespan)
        self._app = app
        settings = uvicorn_settings(self._options) | overrides
        config = uvicorn.Config(
            app, host="127.0.0.1", port=0, log_config=None, timeout_graceful_shutdown=3, **settings
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        assert self._up.wait(20)
        while not self._server.started:
            assert self._thread.is_alive()
            self._up.wait(0.01)
        self.port: int = self._server.servers[0].sockets[0].getsockname()[1]

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        async with self._make() as engine:
            self.engine = engine
            self.loop = asyncio.get_running_loop()
            endpoint = realtime_endpoint(
                engine, by_token, lambda ws: ws.headers.get("origin") == "http://lab"
            )
            app.router.routes.append(WebSocketRoute("/ws/{kind}/{key}", endpoint))
            self._up.set()
            yield

    async def ask(self, question: Coroutine[Any, Any, T]) -> T:
        """Run something on the server's loop."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(question, self.loop))

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(20)
        assert not self._thread.is_alive()
