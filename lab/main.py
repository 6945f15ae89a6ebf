"""Composition: every part made and put together. The only module that knows everybody."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

import lab
from lab.core.clock import Clock, SystemClock
from lab.core.csp_reports import csp_report_route
from lab.core.db import Database
from lab.core.health import health_routes
from lab.core.identity import Identity
from lab.core.openapi import describe_routes
from lab.core.security import Security
from lab.core.settings import Settings
from lab.core.shell import shell_routes
from lab.core.web import Unfailing, exception_handlers
from lab.people import People, SignIns, people_routes
from lab.people.mail import Mail
from lab.people.passwords import Passwords

STATIC = Path(lab.__file__).parent / "static"


def create_app(
    settings: Settings | None = None,
    *,
    clock: Clock | None = None,
    mail: Mail | None = None,
    passwords: Passwords | None = None,
    static: Path = STATIC,
) -> Starlette:
    """The whole lab as one ASGI application. Its parts open with its lifespan, on a migrated database."""
    settings = settings or Settings()
    clock = clock or SystemClock()
    database = Database(settings.database)
    people = People(database, settings, clock=clock, mail=mail, passwords=passwords)
    sign_ins = SignIns(people)
    registry = CollectorRegistry()

    async def database_answers() -> bool:
        await database.ping()
        return True

    async def no_mentions(by: Identity) -> int:
        return 0

    _, people_api = people_routes(sign_ins, no_mentions)
    routes: list[BaseRoute] = [
        *people_api,
        csp_report_route(clock, settings.limit_factor),
        Route("/api/openapi.json", openapi, methods=["GET"]),
        *health_routes(settings, registry, needed={"database": database_answers}, helpful={}),
        *shell_routes(static),
    ]

    @asynccontextmanager
    async def running(app: Starlette) -> AsyncIterator[None]:
        try:
            yield
        finally:
            await sign_ins.finish()
            await database.dispose()

    app = Starlette(
        routes=routes,
        exception_handlers=exception_handlers,
        middleware=[Middleware(Security, settings=settings), Middleware(Unfailing)],
        lifespan=running,
    )
    app.state.settings = settings
    app.state.max_body = settings.max_body_bytes
    app.state.identify = people.identify
    app.state.people = people
    app.state.sign_ins = sign_ins
    app.state.database = database
    return app


def describe(app: Starlette) -> dict[str, Any]:
    """The API's description, OpenAPI 3.1."""
    return describe_routes(app.routes, title="Live lab", version=lab.__version__)


async def openapi(request: Request) -> Response:
    return JSONResponse(describe(request.app))
