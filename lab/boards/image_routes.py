"""HTTP to the pictures of boards."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from lab.boards import errors
from lab.boards.image_shapes import ImageShown, Quota
from lab.boards.images import MOST_BYTES
from lab.boards.pictures import Pictures
from lab.core.errors import BadRequest, BodyTooBig, NotFound, WrongContentType
from lab.core.identity import person
from lab.core.uploads import read_upload
from lab.core.web import ApiRoute, api

_IMAGES = "/api/boards/{board}/images"
_READ = (errors.BoardNotFound, errors.ImageNotFound)
# What a picture shows never changes: its id stands for these bytes. Who may see it is asked when fetched.
_KEPT = {"cache-control": "private, max-age=31536000, immutable", "content-disposition": "inline"}


def image_routes(pictures: Pictures) -> Sequence[ApiRoute]:
    async def take(request: Request) -> ImageShown:
        """Send a picture: multipart/form-data with one `file`."""
        sent = await read_upload(request, MOST_BYTES)
        return await pictures.take(request.path_params["board"], sent.content, person(request))

    async def show(request: Request) -> Response:
        """A picture as it is kept."""
        return await answer(request, small=False)

    async def show_small(request: Request) -> Response:
        """The same, at most 400 points wide and high."""
        return await answer(request, small=True)

    async def answer(request: Request, *, small: bool) -> Response:
        board, image = request.path_params["board"], request.path_params["image"]
        found = await pictures.show(board, image, person(request), small=small)
        return Response(found.content, media_type=found.media, headers=_KEPT)

    async def quota(request: Request) -> Quota:
        """How much room the pictures of a challenge take, in bytes."""
        return await pictures.quota(request.path_params["id"], person(request))

    return (
        api(
            "POST", _IMAGES, take, returns=ImageShown, status=201, tag="boards",
            problems=(
                errors.BoardNotFound, errors.CannotEdit, errors.BoardArchived, errors.ChallengeArchived,
                errors.BadImage, errors.QuotaFull, BadRequest, BodyTooBig, WrongContentType,
            ),
        ),
        api("GET", _IMAGES + "/{image}", show, media="image/webp", problems=_READ, tag="boards"),
        api("GET", _IMAGES + "/{image}/small", show_small, media="image/webp", problems=_READ, tag="boards"),
        api(
            "GET", "/api/challenges/{id}/quota", quota, returns=Quota,
            problems=(NotFound,), tag="boards",
        ),
    )  # fmt: skip
