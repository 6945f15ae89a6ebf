"""HTTP to boards as files: taken out in a format, brought in as a new board."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final
from urllib.parse import quote

from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from lab.boards import errors
from lab.boards.filing import Filing, Sent
from lab.boards.format_shapes import BroughtIn, ExportQuery, TablePreview
from lab.boards.formats import errors as bad
from lab.boards.formats.reading import MOST_FILE
from lab.boards.formats.strict import MOST_BYTES
from lab.core.errors import BadRequest, BodyTooBig, Invalid, NotFound, WrongContentType
from lab.core.identity import person
from lab.core.uploads import read_upload
from lab.core.web import ApiRoute, api

_EXPORT = "/api/boards/{board}/export."
_IMPORT = "/api/challenges/{id}/boards/import"
MEDIA: Final = {
    "json": ("application/json", "A board as JSON of this lab: everything on it"),
    "canvas": ("application/json", "A board as JSON Canvas"),
    "canvas.zip": ("application/zip", "A board as JSON Canvas with its pictures and all that it cannot say"),
    "excalidraw": ("application/vnd.excalidraw+json", "A board as an Excalidraw scene"),
    "csv": ("text/csv", "A board as a table, one row for each object"),
    "svg": ("image/svg+xml", "A board as a drawing"),
    "png": ("image/png", "A board as a picture"),
    "pdf": ("application/pdf", "A board on paper: the picture, then everything on it as a list"),
}
LONGEST_TITLE: Final = 120
_MAPPING: Final = TypeAdapter(dict[str, str | None])
_SENT = (BadRequest, BodyTooBig, WrongContentType, Invalid)
_FILE = (bad.FileTooBig, bad.FileNotKnown, bad.FileDamaged, bad.FileTooNew, bad.FileTooMuch, bad.BadMapping)


def format_routes(filing: Filing) -> Sequence[ApiRoute]:
    def export(format: str) -> Callable[[Request, ExportQuery], Awaitable[Response]]:
        async def send(request: Request, query: ExportQuery) -> Response:
            board = request.path_params["board"]
            title, made = await filing.export(board, format, query, person(request))
            content = made.content
            if format == "csv" and not query.bom:
                content = content.removeprefix(b"\xef\xbb\xbf")
            headers = {"content-disposition": attachment(title, made.suffix), "cache-control": "no-store"}
            return Response(content, media_type=MEDIA[format][0], headers=headers)

        return send

    async def bring_in(request: Request) -> BroughtIn:
        """Begin a board from a file: multipart/form-data with `file`, and `title`, `mapping` if wanted."""
        challenge, by = request.path_params["id"], person(request)
        await filing.must_begin(challenge, by)
        return await filing.bring_in(challenge, await sent(request, MOST_FILE), by)

    async def preview(request: Request) -> TablePreview:
        """What a table would be as notes: its columns, what they seem to mean, its first rows."""
        await filing.must_begin(request.path_params["id"], person(request))
        return await filing.preview(await sent(request, MOST_BYTES))

    exports = [
        api(
            "GET", _EXPORT + format, export(format), query=ExportQuery, media=media, summary=summary,
            returns=dict[str, Any] if "json" in media else None, tag="boards",
            problems=(errors.BoardNotFound, errors.ObjectNotFound, errors.BoardNotDrawn),
        )
        for format, (media, summary) in MEDIA.items()
    ]  # fmt: skip
    begin = (NotFound, errors.CannotEdit, errors.ChallengeArchived)
    return (
        *exports,
        api(
            "POST", _IMPORT, bring_in, returns=BroughtIn, status=201, tag="boards",
            problems=(*begin, errors.TooManyBoards, errors.QuotaFull, *_SENT, *_FILE),
        ),
        api(
            "POST", _IMPORT + "/preview", preview, returns=TablePreview, tag="boards",
            problems=(*begin, *_SENT, *_FILE),
        ),
    )  # fmt: skip


async def sent(request: Request, limit: int) -> Sent:
    form = await read_upload(request, limit)
    title, mapping = form.fields.get("title", ""), form.fields.get("mapping", "")
    if len(title) > LONGEST_TITLE or "\x00" in title:
        raise _invalid("title", f"A title has at most {LONGEST_TITLE} characters.")
    try:
        return Sent(form.name, form.content, title, _MAPPING.validate_json(mapping) if mapping else None)
    except ValidationError:
        raise _invalid("mapping", "The mapping is JSON: field -> name of a column, or null.") from None


def attachment(title: str, suffix: str) -> str:
    """What the file is called: the board's title, without what folders, shells and old browsers trip over."""
    kept = " ".join(re.sub(r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|%]+', " ", title).split())[:80]
    kept = kept.strip(". ") or "board"
    plain = re.sub(r"[^A-Za-z0-9 ._()-]+", "_", kept)
    return f"attachment; filename=\"{plain}.{suffix}\"; filename*=UTF-8''{quote(f'{kept}.{suffix}', safe='')}"


def _invalid(field: str, message: str) -> Invalid:
    return Invalid(f"{field}: {message}", errors=[{"field": field, "message": message}])
