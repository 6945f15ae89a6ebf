"""The server: uvicorn as this lab needs it, and what is printed when it is ready."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import uvicorn
from starlette.applications import Starlette

from lab.core.db import Database, DatabaseUnavailable, migrate
from lab.core.settings import Settings
from lab.main import create_app, engine_options
from lab.people import SignIns
from lab.realtime.errors import StorageDown
from lab.realtime.stores import open_store
from lab.realtime.transport import uvicorn_settings
from lab.rooms import EngineRooms


def serve(settings: Settings) -> int:
    asyncio.run(_prepare(settings))
    app = create_app(settings)
    server = Server(server_config(app, settings), app, settings)
    server.run()
    return 0 if server.started else 1


async def _prepare(settings: Settings) -> None:
    """Whatever is wrong with the database is found here, where it can be said in a sentence."""
    try:
        await migrate(settings.database)
        database = Database(settings.database)
        try:
            async with open_store(database):
                pass
        finally:
            await database.dispose()
    except (DatabaseUnavailable, StorageDown) as error:
        raise DatabaseUnavailable(
            f"{str(error).rstrip('.')}. See that LAB_DATABASE_URL or LAB_DATA_DIR is right and that the "
            "database runs and may be written to, then start again."
        ) from error


def server_config(app: Starlette, settings: Settings) -> uvicorn.Config:
    """X-Forwarded-* is believed from the named proxies only: anybody else could claim any address."""
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        lifespan="on",
        timeout_graceful_shutdown=settings.shutdown_seconds,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
        server_header=False,
        access_log=False,
        log_config=None,
        **uvicorn_settings(engine_options(settings)),
    )


class Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, app: Starlette, settings: Settings) -> None:
        super().__init__(config)
        self._app = app
        self._settings = settings

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Before uvicorn closes the sockets: people are told, and what they sent is made durable.
        rooms: EngineRooms = self._app.state.rooms
        if rooms.engine is not None:
            await rooms.engine.drain()
        await super().shutdown(sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            await self._greet()

    async def _greet(self) -> None:
        address = self._address()
        origin = self._settings.base_url or address
        told = [f"\n  The lab is open on {origin}"]
        if origin != address:
            told.append(f"  (listening on {address})")
        told += await self.first_steps(origin)
        print("\n".join(told) + "\n", flush=True)  # noqa: T201

    async def first_steps(self, origin: str) -> list[str]:
        """What the first member of staff needs, until they have signed in."""
        sign_ins: SignIns = self._app.state.sign_ins
        try:
            link = await sign_ins.first_link(origin)
        except DatabaseUnavailable as error:
            # Not a reason to stop: whoever has an account is served as soon as the database is back.
            return ["", f"  No link for the first member of staff could be made. {error}"]
        if link is None:
            return []
        return ["", "  Sign in as the first member of staff, once, within 24 hours:", f"  {link}"]

    def _address(self) -> str:
        bound: Any = self.servers[0].sockets[0].getsockname()
        # Listening everywhere: this computer is one of those places.
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(bound[0], bound[0])  # noqa: S104
        return f"http://[{host}]:{bound[1]}" if ":" in host else f"http://{host}:{bound[1]}"
