"""The endpoint: the WebSocket route of every room. Origin, identity, size; then bytes in, and a close code.

Always accepts first: a refusal before that reaches a browser as a bare 1006, which says nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect

from .engine import Engine, Seat
from .errors import CloseCode, NotAllowed, NotSignedIn, ProtocolError, RealtimeError, TooBig
from .faults import Door
from .options import Options
from .ports import RoomName, Visitor

log = structlog.get_logger(__name__)

SUBPROTOCOL = "lab.v1"

Identify = Callable[[WebSocket], Awaitable[Visitor | None]]
AllowedOrigin = Callable[[WebSocket], bool]


class StarletteSocket:
    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket

    async def send(self, message: bytes) -> None:
        await self._websocket.send({"type": "websocket.send", "bytes": message})

    async def close(self, code: int, reason: str) -> None:
        await self._websocket.close(code, reason[:120])


def realtime_endpoint(
    engine: Engine, identify: Identify, allowed_origin: AllowedOrigin
) -> Callable[[WebSocket], Awaitable[None]]:
    """For a route `/ws/{kind}/{key}`. `allowed_origin` is asked for everybody who does not show a bearer
    token: a browser sends its cookie along wherever the page came from."""
    door = Door(factor=engine.options.limit_factor, most=engine.options.sockets_per_principal)

    async def serve(websocket: WebSocket) -> None:
        # Whoever hung up while it waited is not there to be told anything.
        with suppress(WebSocketDisconnect):
            await attend(websocket)

    async def attend(websocket: WebSocket) -> None:
        lab = SUBPROTOCOL in websocket.scope["subprotocols"]
        await websocket.accept(subprotocol=SUBPROTOCOL if lab else None)
        socket = StarletteSocket(websocket)
        address, credential = _address(websocket), _credential(websocket)
        try:
            waited = await door.by_credential(address, credential)
            visitor = await _visitor(websocket, identify, allowed_origin)
            if not waited and await door.by_person(_person(visitor)):
                # The sign-in may have ended meanwhile.
                visitor = await _visitor(websocket, identify, allowed_origin)
            epoch, schema = _number(websocket, "epoch"), _number(websocket, "schema")
            name = RoomName("{kind}/{key}".format(**websocket.path_params))
        except RealtimeError as error:
            if isinstance(error, NotSignedIn):
                door.note(address)
            elif isinstance(error, ProtocolError):
                door.note(address, credential)
            await socket.close(error.close, error.reason)
            return
        seat = await engine.join(name, visitor, socket, lab=lab, epoch=epoch, schema=schema)
        if seat is None:
            return
        try:
            await _listen(websocket, seat, engine.options)
        except RealtimeError as error:
            seat.refuse(error)
            await seat.closing()
        finally:
            seat.leave()
            if seat.closed_with is CloseCode.PROTOCOL:
                door.note(address, credential, _person(visitor))

    return serve


async def _listen(websocket: WebSocket, seat: Seat, options: Options) -> None:
    """Until either end has closed. A burst that is there already would be worked on in one go, and everybody
    else would wait for its end: after each slice of time the others have a turn."""
    loop = asyncio.get_running_loop()
    used = 0.0
    while not seat.closed and (message := await _next(websocket)) is not None:
        if len(message) > options.message_bytes:
            seat.refuse(TooBig("This message is too big."))
            break
        began = loop.time()
        await seat.receive(message)
        used += loop.time() - began
        if used >= options.slice_seconds:
            used = 0.0
            await asyncio.sleep(0)
    if seat.closed:
        await seat.closing()


def _credential(websocket: WebSocket) -> bytes:
    """Who this is as far as can be told without asking anybody. Not kept in a form that could be used."""
    shown = websocket.headers.get("authorization") or websocket.headers.get("cookie", "")
    return hashlib.blake2b(shown.encode("latin-1", "replace"), digest_size=16).digest()


def _person(visitor: Visitor) -> bytes:
    return b"person " + visitor.principal.encode()


def _address(websocket: WebSocket) -> bytes:
    return b"address " + (websocket.client.host if websocket.client else "").encode()


async def _visitor(websocket: WebSocket, identify: Identify, allowed_origin: AllowedOrigin) -> Visitor:
    bearer = websocket.headers.get("authorization", "").lower().startswith("bearer ")
    if not bearer and not allowed_origin(websocket):
        raise NotAllowed("This page may not connect here.")
    try:
        visitor = await identify(websocket)
    except RealtimeError:
        raise
    except Exception as error:
        log.exception("identify_failed")
        raise RealtimeError("You cannot be identified at the moment.") from error
    if visitor is None:
        raise NotSignedIn("Sign in first.")
    return visitor


def _number(websocket: WebSocket, name: str) -> int | None:
    text = websocket.query_params.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise ProtocolError(f"{name} is a whole number.")
    return int(text)


async def _next(websocket: WebSocket) -> bytes | None:
    """None: the other end is gone, or we have closed."""
    message = await websocket.receive()
    if message["type"] == "websocket.disconnect":
        return None
    data = message.get("bytes")
    if data is None:
        raise ProtocolError("Messages are binary.")
    return bytes(data)
