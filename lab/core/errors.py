"""Everything that can go wrong over HTTP, each with its status and the code machines may rely on.

    LabError
    ├── BadRequest          400  the request cannot be read (not JSON, not UTF-8)
    ├── NotSignedIn         401  nobody known, or a sign-in that has ended
    ├── NotAllowed          403  known, but this is not theirs to do
    ├── NotFound            404  no such thing, or none that this person may know of
    ├── MethodNotAllowed    405  this address takes other kinds of request
    ├── Conflict            409  it clashes with what is there now
    ├── Gone                410  it was there, and is used up, expired or withdrawn
    ├── BodyTooBig          413  more bytes than this lab takes in one request
    ├── WrongContentType    415  a body in another format than the route reads
    ├── WrongHost           421  a host name this lab does not answer to
    ├── Invalid             422  readable, but a field is wrong; `errors` names each
    ├── TooMuch             429  too many of these for now; `retry_after` says in how many seconds
    └── Unavailable         503  the lab cannot do it at the moment
        └── StorageUnavailable   the database or its disk does not answer or is full

Features derive their own (`ChallengeNotFound(NotFound)` with `code = "challenge_not_found"`).
`core.web` turns all of them into RFC 9457 problem documents; nothing else does.
"""

from __future__ import annotations

from typing import Any


class LabError(Exception):
    """`str()` is for people: what happened, and what to do. `details` become members of the problem."""

    status = 500
    code = "internal_error"
    title = "Something went wrong"

    def __init__(self, message: str = "", *, code: str | None = None, **details: Any) -> None:
        super().__init__(message or self.title)
        if code is not None:
            self.code = code
        self.details = details


class BadRequest(LabError):
    status, code, title = 400, "bad_request", "This request cannot be read"


class NotSignedIn(LabError):
    status, code, title = 401, "not_signed_in", "Please sign in"


class NotAllowed(LabError):
    status, code, title = 403, "not_allowed", "You may not do this"


class NotFound(LabError):
    status, code, title = 404, "not_found", "There is nothing here"


class MethodNotAllowed(LabError):
    status, code, title = 405, "method_not_allowed", "This address does not take that kind of request"


class Conflict(LabError):
    status, code, title = 409, "conflict", "This clashes with what is there now"


class Gone(LabError):
    status, code, title = 410, "gone", "This is no longer there"


class BodyTooBig(LabError):
    status, code, title = 413, "body_too_big", "This is too large"


class WrongContentType(LabError):
    status, code, title = 415, "wrong_content_type", "This address reads another format"


class WrongHost(LabError):
    status, code, title = 421, "wrong_host", "This lab does not answer to that name"


class Invalid(LabError):
    status, code, title = 422, "invalid", "Some of this is not valid"


class TooMuch(LabError):
    status, code, title = 429, "too_much", "That was too many for now"

    def __init__(self, message: str = "", *, retry_after: float, **details: Any) -> None:
        super().__init__(message, retry_after=max(1, round(retry_after)), **details)


class Unavailable(LabError):
    status, code, title = 503, "unavailable", "The lab cannot do this at the moment"


class StorageUnavailable(Unavailable):
    code, title = "storage_unavailable", "The lab cannot save at the moment"
