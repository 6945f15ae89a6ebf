"""What browsers report when the content policy stopped something: counted and logged in few words."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import structlog
from starlette.requests import Request

from lab.core.clock import Clock
from lab.core.errors import BadRequest, BodyTooBig, TooMuch
from lab.core.identity import Who
from lab.core.limits import Limit, address
from lab.core.security import CSP_REPORTS
from lab.core.web import ApiRoute, api, read_bytes

log = structlog.get_logger("lab.csp")
MOST_BYTES = 16 * 1024


def csp_report_route(clock: Clock, factor: float) -> ApiRoute:
    limit = Limit(30 * factor, 60, clock, what="reports")

    async def report(request: Request) -> None:
        try:
            limit.take(address(request))
        except TooMuch:
            return  # told often enough; a browser cannot do anything with an answer
        for one in _reports(await read_bytes(request, MOST_BYTES)):
            log.warning("content_policy_stopped", **one)

    return api(
        "POST", CSP_REPORTS, report, who=Who.ANYONE, csrf=False, tag="lab", problems=[BadRequest, BodyTooBig],
        summary="Where browsers report what the content policy stopped",
    )  # fmt: skip


def _reports(content: bytes) -> list[dict[str, str]]:
    """Both formats browsers send. Of addresses only the origin: a path may hold a name or a secret."""
    try:
        told = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BadRequest("This is not a report.", code="not_json") from error
    bodies: list[Any] = (
        [one.get("body") for one in told[:10] if isinstance(one, dict)]
        if isinstance(told, list)
        else [told.get("csp-report")]
        if isinstance(told, dict)
        else []
    )
    return [
        {
            "directive": _text(body.get("effectiveDirective") or body.get("effective-directive") or ""),
            "blocked": _origin(_text(body.get("blockedURL") or body.get("blocked-uri") or "")),
        }
        for body in bodies
        if isinstance(body, dict)
    ]


def _text(value: Any) -> str:
    return value[:200] if isinstance(value, str) else ""


def _origin(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "?"
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else url.partition(":")[0][:40]
