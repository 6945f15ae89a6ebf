"""HTTP to boards. Translates; the services decide."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request

from lab.boards import errors, shapes
from lab.boards.service import Boards
from lab.core.errors import LabError
from lab.core.identity import person
from lab.core.web import ApiRoute, Listing, api

_OF = "/api/challenges/{id}/boards"
_ONE = "/api/boards/{board}"

_READ: tuple[type[LabError], ...] = (errors.BoardNotFound,)
_WRITE = (*_READ, errors.CannotEdit, errors.BoardArchived, errors.ChallengeArchived)


class Routes:
    def __init__(self, boards: Boards) -> None:
        self._boards = boards

    async def boards(self, request: Request, query: shapes.BoardsQuery) -> Listing[shapes.BoardShown]:
        """The boards of a challenge, those last worked on first."""
        found = await self._boards.of(request.path_params["id"], person(request), archived=query.archived)
        return Listing(items=found)

    async def create(self, request: Request, body: shapes.NewBoard) -> shapes.BoardShown:
        """Begin a board."""
        return await self._boards.create(request.path_params["id"], body, person(request))

    async def board(self, request: Request) -> shapes.BoardWhole:
        """One board, with its locks and what may be done in its areas."""
        return await self._boards.get(_board(request), person(request))

    async def change(self, request: Request, body: shapes.ChangeBoard) -> shapes.BoardWhole:
        """Change a board's title or whether authors are shown, or archive it."""
        return await self._boards.change(_board(request), body, person(request))


def routes(boards: Boards) -> Sequence[ApiRoute]:
    on = Routes(boards)
    return (
        api(
            "GET", _OF, on.boards, query=shapes.BoardsQuery, returns=Listing[shapes.BoardShown], tag="boards",
        ),
        api(
            "POST", _OF, on.create, body=shapes.NewBoard, returns=shapes.BoardShown, status=201,
            problems=(errors.CannotEdit, errors.ChallengeArchived, errors.TooManyBoards), tag="boards",
        ),
        api("GET", _ONE, on.board, returns=shapes.BoardWhole, problems=_READ, tag="boards"),
        api(
            "PATCH", _ONE, on.change, body=shapes.ChangeBoard, returns=shapes.BoardWhole,
            problems=(*_WRITE, errors.CannotLead), tag="boards",
        ),
    )  # fmt: skip


def _board(request: Request) -> str:
    return str(request.path_params["board"])
