"""Health: is the process alive, can it do its work, and what has it been doing."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Mapping

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from lab.core.errors import NotFound
from lab.core.settings import Settings

PATIENCE = 3.0
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost", "testclient"})
Check = Callable[[], Awaitable[bool]]


def health_routes(
    settings: Settings, registry: CollectorRegistry, needed: Mapping[str, Check], helpful: Mapping[str, Check]
) -> list[BaseRoute]:
    """Without what is `needed` this node should get no requests; without what is `helpful` it is slower."""

    async def alive(request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def ready(request: Request) -> Response:
        told = {name: await _works(check) for name, check in {**needed, **helpful}.items()}
        is_ready = all(told[name] for name in needed)
        shown = {name: "ok" if works else "unavailable" for name, works in told.items()}
        return JSONResponse(
            {"status": "ready" if is_ready else "not ready", **shown}, 200 if is_ready else 503
        )

    async def metrics(request: Request) -> Response:
        if not _may_read(request, settings):
            raise NotFound("There is nothing at this address.")
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return [
        Route("/healthz", alive, methods=["GET"]),
        Route("/readyz", ready, methods=["GET"]),
        Route("/metrics", metrics, methods=["GET"]),
    ]


async def _works(check: Check) -> bool:
    try:
        async with asyncio.timeout(PATIENCE):
            return await check()
    except Exception:
        return False


def _may_read(request: Request, settings: Settings) -> bool:
    token = settings.metrics_token.get_secret_value()
    if token:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), token.encode())
    return settings.env == "local" or (request.client is not None and request.client.host in LOOPBACK)
