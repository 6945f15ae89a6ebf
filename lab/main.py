"""Composition: every part made and put together. The only module that knows everybody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import structlog
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

import lab
from lab.boards.commenting import BoardPlace
from lab.boards.filing import Filing
from lab.boards.format_routes import format_routes
from lab.boards.image_routes import image_routes
from lab.boards.pictures import Pictures
from lab.boards.room import BoardRooms
from lab.boards.routes import Table, board_comment_routes
from lab.boards.routes import routes as board_routes
from lab.boards.templates import built_in
from lab.challenges.commenting import CommentedChallenges, StatementPlace
from lab.challenges.lab import Lab
from lab.challenges.room import StatementRooms
from lab.challenges.routes import routes as challenge_routes
from lab.challenges.routes import statement_comment_routes
from lab.challenges.service import Workspace
from lab.comments.mentions import Mentions
from lab.comments.ports import Place
from lab.comments.routes import mention_routes
from lab.comments.service import Comments
from lab.core.clock import Clock, SystemClock
from lab.core.csp_reports import csp_report_route
from lab.core.db import Database
from lab.core.errors import NotFound, StorageUnavailable
from lab.core.health import Check, health_routes
from lab.core.openapi import describe_routes
from lab.core.security import Security, origin_known
from lab.core.settings import Settings
from lab.core.shell import shell_routes
from lab.core.web import Unfailing, exception_handlers, problem
from lab.demo import load_demo
from lab.grounds import Grounds
from lab.metrics import registry_for
from lab.people import Invitations, People, SignIns, invitation_routes, people_routes
from lab.people.mail import Mail
from lab.people.passwords import Passwords
from lab.realtime.brokers import open_broker
from lab.realtime.children import Children
from lab.realtime.endpoint import realtime_endpoint
from lab.realtime.engine import Engine
from lab.realtime.errors import RealtimeError, RoomNotFound
from lab.realtime.options import Options
from lab.realtime.ports import RoomKind, Visitor
from lab.realtime.stores import open_store
from lab.rooms import EngineRooms
from lab.scratch import ScratchRooms

log = structlog.get_logger("lab.main")
STATIC = Path(lab.__file__).parent / "static"
CHILDREN = 2
"""Processes for what features give away: pictures, files, drawings. The engine has its own."""
CHILD_MEMORY = 3 << 30
"""Bytes of address space for each."""


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
    rooms = EngineRooms()

    home = Lab(database, clock)
    people = People(database, settings, clock=clock, mail=mail, passwords=passwords, lab_name=home.name)
    sign_ins = SignIns(people)
    workspace = Workspace.over(database, clock, rooms, people)
    invitations = Invitations(people, workspace.members)
    grounds = Grounds()
    table = Table.over(database, clock, rooms, grounds, people, built_in())
    children = Children(CHILDREN, CHILD_MEMORY)
    pictures = Pictures(database, clock, grounds, table.boards, children, settings.image_quota_mb * 1_000_000)
    filing = Filing(database, grounds, table.boards, table.versions, pictures, children)

    kinds: dict[str, RoomKind] = {
        "statement": StatementRooms(database, clock),
        "board": BoardRooms(database, clock, grounds),
    }
    if settings.scratch:
        kinds["scratch"] = ScratchRooms(database)

    challenges = CommentedChallenges()
    places: dict[str, Place] = {
        "statement": StatementPlace(),
        "board": BoardPlace(table.boards, rooms),
    }
    comments = Comments(database, clock, rooms, challenges, places)
    mentions = Mentions(database, clock, challenges, places)

    me, people_api = people_routes(sign_ins, mentions.pending)
    app = Starlette(
        routes=[
            *people_api,
            *invitation_routes(invitations, me),
            *challenge_routes(workspace),
            *statement_comment_routes(comments),
            *board_routes(table),
            *board_comment_routes(comments),
            *image_routes(pictures),
            *format_routes(filing),
            *mention_routes(mentions),
            csp_report_route(clock, settings.limit_factor),
            Route("/api/openapi.json", openapi, methods=["GET"]),
            WebSocketRoute("/ws/{kind}/{key}", socket),
            *health(settings, database, rooms),
            *shell_routes(static),
        ],
        exception_handlers={**exception_handlers, RealtimeError: document_problem},
        middleware=[Middleware(Security, settings=settings), Middleware(Unfailing)],
        lifespan=lambda app: running(app, kinds, clock),
    )
    app.state.settings = settings
    app.state.max_body = settings.max_body_bytes
    app.state.identify = people.identify
    app.state.database = database
    app.state.rooms = rooms
    app.state.people = people
    app.state.sign_ins = sign_ins
    app.state.invitations = invitations
    app.state.workspace = workspace
    app.state.children = children
    app.state.pictures = pictures
    return app


@asynccontextmanager
async def running(app: Starlette, kinds: dict[str, RoomKind], clock: Clock) -> AsyncIterator[None]:
    """The engine and the watch over access, from the first request to the last."""
    settings: Settings = app.state.settings
    people: People = app.state.people
    rooms: EngineRooms = app.state.rooms

    def now() -> float:
        return clock.now().timestamp()

    try:
        async with (
            open_store(people.database) as store,
            open_broker(settings.redis_url) as broker,
            Engine(store, broker, kinds, engine_options(settings), clock=now) as engine,
        ):
            rooms.engine, rooms.broker = engine, broker
            if settings.demo and settings.env == "local":
                await load_demo(people.database, engine, clock)
            app.state.endpoint = realtime_endpoint(
                engine,
                lambda websocket: visitor(people, websocket),
                lambda websocket: origin_known(websocket.scope, settings),
            )
            watch = people.watch_access(engine.recheck, engine.end_session)
            await watch.start()
            watching = asyncio.create_task(watch.run(settings.access_poll_seconds), name="access watch")
            try:
                yield
            finally:
                watching.cancel()
                with suppress(asyncio.CancelledError):
                    await watching
                await app.state.sign_ins.finish()
        rooms.engine = rooms.broker = None
    finally:
        app.state.children.close()
        await people.database.dispose()


def engine_options(settings: Settings) -> Options:
    """The engine's numbers, those an operator may set among them."""
    return Options(limit_factor=settings.limit_factor, room_idle_seconds=settings.room_idle_seconds)


async def visitor(people: People, websocket: WebSocket) -> Visitor | None:
    """The same identity as over HTTP, in the engine's words."""
    identity = await people.identify(websocket)
    if identity is None:
        return None
    return Visitor(identity.id, identity.name, identity.session, identity.expires_at)


async def socket(websocket: WebSocket) -> None:
    await websocket.app.state.endpoint(websocket)


async def document_problem(request: Request, error: Exception) -> Response:
    """What the engine says no with, when it was asked over HTTP."""
    if isinstance(error, RoomNotFound):
        return problem(NotFound("There is no such document."))
    log.error("document_unavailable", path=request.scope["path"], detail=str(error))
    return problem(StorageUnavailable("The lab could not save or read this just now. Try again."))


def health(settings: Settings, database: Database, rooms: EngineRooms) -> list[BaseRoute]:
    async def database_answers() -> bool:
        await database.ping()
        return rooms.engine is not None

    async def redis_answers() -> bool:
        return rooms.broker is not None and await rooms.broker.healthy()

    # Without Redis other nodes hear of edits a few seconds later: no reason to send people elsewhere.
    helpful: dict[str, Check] = {"redis": redis_answers} if settings.redis_url else {}
    registry = registry_for(lambda: rooms.engine)
    return health_routes(settings, registry, needed={"database": database_answers}, helpful=helpful)


def describe(app: Starlette) -> dict[str, Any]:
    """The API's description, OpenAPI 3.1."""
    return describe_routes(app.routes, title="Live lab", version=lab.__version__)


async def openapi(request: Request) -> Response:
    return JSONResponse(describe(request.app))
