"""Files that people send: one file and a few short fields as `multipart/form-data`, within a limit."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from lab.core.errors import BadRequest, BodyTooBig, WrongContentType

MOST_FIELDS = 10
LONGEST_FIELD = 64 << 10
AROUND = 16 << 10
"""What may stand round a file: boundaries, names, fields."""


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    """As the sender's device calls it: for showing, and for guessing what it is; never a path of ours."""
    content: bytes
    fields: Mapping[str, str]


async def read_upload(request: Request, limit: int, *, field: str = "file") -> Upload:
    """Raises BodyTooBig as soon as there is more than `limit` bytes, BadRequest for a form without a file."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "multipart/form-data":
        raise WrongContentType("Send the file as multipart/form-data.")
    parser = MultiPartParser(
        request.headers,
        _counted(request, limit),
        max_files=1,
        max_fields=MOST_FIELDS,
        max_part_size=LONGEST_FIELD,
    )
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise BadRequest(f"This form cannot be read: {error.message}", code="bad_form") from None
    except (ClientDisconnect, KeyError) as error:
        raise BadRequest("The form is not whole.", code="bad_form") from error
    try:
        file = form.get(field)
        if not isinstance(file, UploadFile):
            raise BadRequest(f"The form has no file named {field!r}.", code="bad_form")
        content = await file.read()
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
    finally:
        await form.close()
    return Upload((file.filename or "").replace("\x00", "")[-200:], content, fields)


async def _counted(request: Request, limit: int) -> AsyncGenerator[bytes, None]:
    most = limit + AROUND
    refusal = BodyTooBig(f"This file is too large: at most {limit / 1e6:.0f} MB can be sent.", limit=limit)
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced) > most:
        raise refusal
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise refusal
        yield part
