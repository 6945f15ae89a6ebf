"""The HTTP layer: routes declared with their models, and every failure told as a problem document.

    api("POST", "/api/challenges", create, body=NewChallenge, returns=Challenge, status=201, who=Who.PERSON)
    async def create(request: Request, body: NewChallenge) -> Challenge: ...

A handler gets the request, then the checked `body`, then the checked `query`, whichever are declared.
OpenAPI is derived from the same declarations (`core.openapi`), so that the two cannot disagree.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import structlog
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lab.core import errors
from lab.core.db import DatabaseUnavailable
from lab.core.errors import LabError
from lab.core.identity import Identify, Identity, Who, person, visitor

__all__ = [
    "ApiRoute", "ApiSpec", "Form", "Identity", "Listing", "PageQuery", "Unfailing", "Who",
    "api", "exception_handlers", "person", "problem", "visitor",
]  # fmt: skip

log = structlog.get_logger("lab.web")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
PROBLEM = "application/problem+json"
Item = TypeVar("Item")


class Form(BaseModel):
    """What people send: unknown fields are refused, so that a typo is an answer and not a silence."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)


class PageQuery(Form):
    """`cursor` of the page before; absent: the first page."""

    cursor: str | None = None


class Listing(BaseModel, Generic[Item]):
    """One page of a list; `next` is the cursor of the following one, null at the end."""

    items: list[Item]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class ApiSpec:
    """One operation as declared."""

    method: str
    path: str
    summary: str
    body: Any
    query: type[BaseModel] | None
    returns: Any
    status: int
    who: Who
    media: str
    """Content type of the answer."""
    problems: tuple[type[LabError], ...]
    """Errors of this route's own, for the documentation."""
    tag: str
    max_body: int | None
    csrf: bool
    """False only where a browser itself is the sender, and nothing of anybody's is changed."""


class ApiRoute(Route):
    """A Starlette route that knows its declaration."""

    def __init__(self, spec: ApiSpec, endpoint: Callable[[Request], Awaitable[Response]]) -> None:
        super().__init__(spec.path, endpoint, methods=[spec.method])
        self.spec = spec


def api(
    method: str,
    path: str,
    handler: Callable[..., Awaitable[Any]],
    *,
    summary: str = "",
    body: Any = None,
    query: type[BaseModel] | None = None,
    returns: Any = None,
    status: int = 200,
    who: Who = Who.PERSON,
    media: str = "application/json",
    problems: Sequence[type[LabError]] = (),
    tag: str = "",
    max_body: int | None = None,
    csrf: bool = True,
) -> ApiRoute:
    """One route. `body` is a pydantic type read from JSON; `returns` a type written as JSON, or None for no
    content (status 204). A handler may also answer with a Response of its own."""
    if returns is None and status == 200 and media == "application/json":
        status = 204
    spec = ApiSpec(
        method, path, summary or _sentence(handler), body, query, returns, status, who, media,
        tuple(problems), tag or _tag(path), max_body, csrf,
    )  # fmt: skip
    reader = TypeAdapter(body) if body is not None else None
    writer: TypeAdapter[Any] | None = TypeAdapter(returns) if returns is not None else None

    async def endpoint(request: Request) -> Response:
        await _admit(request, spec)
        arguments: list[Any] = []
        if reader is not None:
            arguments.append(await _read_json(request, reader, max_body))
        if query is not None:
            arguments.append(_read_query(request, query))
        result = await handler(request, *arguments)
        if isinstance(result, Response):
            return result
        if writer is None:
            return Response(status_code=status)
        content = writer.dump_json(writer.validate_python(result, from_attributes=True))
        return Response(content, status, media_type=media)

    return ApiRoute(spec, endpoint)


async def _admit(request: Request, spec: ApiSpec) -> None:
    """Find out who asks, and turn away those this route is not for. Nothing of the body was read so far."""
    if any("\x00" in str(value) for value in request.path_params.values()):
        raise errors.NotFound("There is nothing at this address.")
    identify: Identify = request.app.state.identify
    identity = await identify(request)
    request.scope["lab.identity"] = identity
    # A cookie comes along unasked, also from another site's page; this value such a page cannot know.
    if identity is not None and not identity.bearer and spec.csrf and request.method not in SAFE_METHODS:
        sent = request.headers.get("x-lab-csrf", "")
        if not hmac.compare_digest(sent.encode(), identity.csrf.encode()):
            raise errors.NotAllowed(
                "This page is older than your sign-in. Reload it and try again.", code="csrf_failed"
            )
    if spec.who is Who.ANYONE:
        return
    if identity is None:
        raise errors.NotSignedIn("Sign in to do this.")
    if spec.who is Who.ACCOUNT and identity.guest:
        raise errors.NotAllowed("Guests cannot do this; it needs an account.", code="guest_not_allowed")
    if spec.who is Who.STAFF and identity.role != "staff":
        raise errors.NotAllowed("Only staff of the lab can do this.", code="staff_only")


async def read_bytes(request: Request, limit: int | None = None) -> bytes:
    """The body, refused as soon as it is known to be too long."""
    most: int = limit or request.app.state.max_body
    refusal = errors.BodyTooBig(f"One request may carry at most {most:,} bytes.", limit=most)
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced) > most:
        raise refusal
    parts: list[bytes] = []
    size = 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > most:
                raise refusal
            parts.append(part)
    except ClientDisconnect as gone:
        raise errors.BadRequest("The request ended before its body did.") from gone
    return b"".join(parts)


async def _read_json(request: Request, reader: TypeAdapter[Any], limit: int | None) -> Any:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        # A form posted by another site cannot carry this type without asking first.
        raise errors.WrongContentType("Send JSON, with Content-Type: application/json.")
    content = await read_bytes(request, limit)
    try:
        value = reader.validate_json(content)
    except ValidationError as error:
        raise _invalid(error) from None
    if b"\\u0000" in content and _holds_nul(reader.dump_python(value)):
        raise errors.Invalid("Text cannot hold the character U+0000.", errors=[])
    return value


def _read_query(request: Request, model: type[BaseModel]) -> BaseModel:
    given: dict[str, Any] = {}
    for key, value in request.query_params.multi_items():
        if key in given:
            raise errors.Invalid(f"{key} is given twice.", errors=[])
        given[key] = value
    if any("\x00" in part for pair in given.items() for part in pair):
        raise errors.Invalid("Text cannot hold the character U+0000.", errors=[])
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise _invalid(error) from None


def _invalid(error: ValidationError) -> LabError:
    """Which field, and why; never what was sent, which may be a password."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    if any(item["type"] == "json_invalid" for item in found):
        return errors.BadRequest("The body is not JSON.", code="not_json")
    told = [{"field": ".".join(map(str, item["loc"])), "message": item["msg"]} for item in found[:20]]
    first = told[0]
    return errors.Invalid(
        f"{first['field']}: {first['message']}" if first["field"] else first["message"], errors=told
    )


def _holds_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, Mapping):
        return any(_holds_nul(key) or _holds_nul(item) for key, item in value.items())
    return isinstance(value, Sequence) and any(_holds_nul(item) for item in value)


def problem(error: LabError) -> Response:
    """The one shape failures have on the wire (RFC 9457)."""
    shown: dict[str, Any] = {
        "type": f"urn:lab:problem:{error.code}",
        "title": error.title,
        "status": error.status,
        "code": error.code,
        "detail": str(error),
    }
    headers = {"cache-control": "no-store"}
    for name, value in error.details.items():
        shown.setdefault(name, value)
    if "retry_after" in error.details:
        headers["retry-after"] = str(error.details["retry_after"])
    if error.status == 401:
        headers["www-authenticate"] = 'Bearer realm="lab"'
    return JSONResponse(shown, error.status, headers, media_type=PROBLEM)


async def _lab_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, LabError)
    return problem(error)


async def _storage(request: Request, error: Exception) -> Response:
    """Locked, full, read-only or gone: the person's next try may succeed, and nothing was half done."""
    log.error("storage_unavailable", path=request.scope["path"], detail=str(error))
    return problem(
        errors.StorageUnavailable(
            "The lab could not save or read this just now. Nothing was changed; try again."
        )
    )


async def _starlette(request: Request, error: Exception) -> Response:
    """What the router itself refuses."""
    assert isinstance(error, HTTPException)
    allowed = _methods_at(request) if error.status_code == 405 else []
    if allowed:
        response = problem(
            errors.MethodNotAllowed(f"This address takes {', '.join(allowed)}.", allowed=allowed)
        )
        response.headers["allow"] = ", ".join(allowed)
        return response
    if error.status_code in (404, 405):
        return problem(errors.NotFound("There is nothing at this address."))
    refused = LabError(error.detail)
    refused.status, refused.code = error.status_code, f"http_{error.status_code}"
    return problem(refused)


def _methods_at(request: Request) -> list[str]:
    """Several routes share an address, one per method: name them all. Screens are shown anywhere but here."""
    within_api = request.scope["path"].startswith("/api/")
    found: set[str] = set()
    for route in request.app.routes:
        if within_api and getattr(route, "path", "") == "/{path:path}":
            continue
        if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE:
            found |= route.methods or set()
    return sorted(found)


exception_handlers: dict[Any, Callable[[Request, Exception], Awaitable[Response]]] = {
    LabError: _lab_error,
    HTTPException: _starlette,
    DatabaseUnavailable: _storage,
}


class Unfailing:
    """Innermost but one: an exception nobody expected becomes a 500 with an id that is also in the log."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception:
            incident = secrets.token_hex(8)
            log.exception("unexpected_error", incident=incident, method=scope["method"], path=scope["path"])
            if started:
                raise
            answer = problem(
                LabError(
                    f"Something went wrong here. Please tell staff this number: {incident}.",
                    incident=incident,
                )
            )
            await answer(scope, receive, send)


def _sentence(handler: Callable[..., Any]) -> str:
    return (handler.__doc__ or "").strip().partition("\n")[0].rstrip(".")


def _tag(path: str) -> str:
    parts = path.strip("/").split("/")
    return parts[1] if len(parts) > 1 and parts[0] == "api" else "lab"
