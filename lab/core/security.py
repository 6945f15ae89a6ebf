"""Security of every request and response: host, origin, headers, and a content policy with a fresh nonce.

Decisions are made from the raw scope and its headers, never from `request.url`: that is built from the Host
header, and for years has been the way to talk frameworks into believing a wrong path or origin.
"""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lab.core.errors import LabError, NotAllowed, WrongHost
from lab.core.settings import Settings
from lab.core.web import SAFE_METHODS, problem

PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
"""Asked by address, by machines that know no name; they tell nothing about anybody."""
CSP_REPORTS = "/api/csp-report"
TRUSTED_TYPES = ("ProseMirrorClipboard", "lab-inert-html")
"""Policies the screens may make: the editor's paste, which parses into a document that runs nothing."""
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope",
        "magnetometer", "microphone", "midi", "payment", "usb",
    )
)  # fmt: skip


class Security:
    """The outermost layer: nothing leaves without its headers, nothing wrong comes in."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            if not host_known(scope, self._settings):
                await send({"type": "websocket.close", "code": 1008, "reason": "wrong_host"})
                return
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        nonce = secrets.token_urlsafe(16)
        scope["lab.nonce"] = nonce

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add_headers(MutableHeaders(scope=message), scope, nonce)
            await send(message)

        refusal = self._refusal(scope)
        if refusal is not None:
            await problem(refusal)(scope, receive, guarded)
        else:
            await self.app(scope, receive, guarded)

    def _refusal(self, scope: Scope) -> LabError | None:
        if scope["path"] not in PROBES and not host_known(scope, self._settings):
            return WrongHost("This lab does not answer to that name. Use the address you were given.")
        if scope["method"] in SAFE_METHODS or scope["path"] == CSP_REPORTS:
            return None
        if not same_origin(scope, self._settings):
            return NotAllowed(
                "This came from a page of another site, so it was not done.", code="wrong_origin"
            )
        return None

    def _add_headers(self, headers: MutableHeaders, scope: Scope, nonce: str) -> None:
        headers["x-content-type-options"] = "nosniff"
        headers["referrer-policy"] = "no-referrer"
        headers["cross-origin-opener-policy"] = "same-origin"
        headers["cross-origin-resource-policy"] = "same-origin"
        headers["permissions-policy"] = PERMISSIONS
        headers["x-frame-options"] = "DENY"
        if self._settings.https:
            headers["strict-transport-security"] = "max-age=31536000; includeSubDomains"
        if scope["path"].startswith("/api/"):
            headers.setdefault(
                "content-security-policy", "default-src 'none'; frame-ancestors 'none'; sandbox"
            )
            headers.setdefault("cache-control", "no-store")
        else:
            headers.setdefault("content-security-policy", content_policy(scope, self._settings, nonce))
            headers.setdefault("reporting-endpoints", f'csp="{CSP_REPORTS}"')


def content_policy(scope: Scope, settings: Settings, nonce: str) -> str:
    """Scripts run only if this very response named them, or if such a script fetched them."""
    host = Headers(scope=scope).get("host", "")
    # Not every browser takes 'self' to mean sockets of the same host too.
    sockets = f" {'wss' if settings.https else 'ws'}://{host}" if host_known(scope, settings) else ""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'nonce-{nonce}' 'strict-dynamic'",
            f"style-src 'self' 'nonce-{nonce}'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            f"connect-src 'self'{sockets}",
            "manifest-src 'self'",
            "worker-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "object-src 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            f"trusted-types {' '.join(TRUSTED_TYPES)}",
            f"report-uri {CSP_REPORTS}",
            "report-to csp",
        )
    )


def host_known(scope: Scope, settings: Settings) -> bool:
    """Exactly one Host header, and a name this lab answers to; the port is the listener's business."""
    given = [value for name, value in scope["headers"] if name == b"host"]
    return len(given) == 1 and _name_of(given[0].decode("latin-1")) in settings.hosts


def _name_of(host: str) -> str | None:
    """The name in `name:port`, or None when this is not a plain host."""
    name, colon, port = host.rpartition(":")
    if not colon or host.endswith("]"):
        name, port = host, ""
    if port and not (port.isascii() and port.isdecimal()):
        return None
    return name.lower() or None


def same_origin(scope: Scope, settings: Settings) -> bool:
    """Whether a change may have been asked for by a page of this lab.

    Browsers say where a request comes from. Programs without a cookie do not have to: without a page there is
    no other site. A cookie alone never suffices: `core.web` wants the token of `/api/me` as well.
    """
    headers = Headers(scope=scope)
    if headers.get("authorization") is not None:
        return True  # no page can make a browser send this unasked
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    if origin is None:
        return "cookie" not in headers
    return origin_known(scope, settings)


def origin_known(scope: Scope, settings: Settings) -> bool:
    """Whether Origin is exactly scheme, name and port of this lab; absent, `null` or any other is not."""
    headers = Headers(scope=scope)
    given = headers.getlist("origin")
    return len(given) == 1 and host_known(scope, settings) and given[0] == _own_origin(headers, settings)


def _own_origin(headers: Headers, settings: Settings) -> str:
    host = headers.get("host", "").lower()
    if settings.base_url and _name_of(host) == urlsplit(settings.base_url).hostname:
        return settings.base_url
    return f"{settings.scheme}://{host}"


def origin_of(conn: HTTPConnection) -> str:
    """What links made in answer to this request begin with. The host was checked at the door."""
    settings: Settings = conn.app.state.settings
    return settings.base_url or _own_origin(conn.headers, settings)
