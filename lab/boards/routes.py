"""HTTP to boards. Translates; the services decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request

from lab.boards import errors, shapes
from lab.boards.authors import Authors
from lab.boards.locks import Locks
from lab.boards.objects import BoardContent
from lab.boards.ports import Challenges
from lab.boards.saved_templates import BuiltIn, Templates
from lab.boards.service import Boards
from lab.boards.versions import Versions
from lab.comments.routes import comment_routes
from lab.comments.service import Comments
from lab.core.clock import Clock
from lab.core.db import Database
from lab.core.errors import LabError, NotFound
from lab.core.identity import person
from lab.core.web import ApiRoute, Listing, api
from lab.people.service import People
from lab.people.shapes import PersonBrief
from lab.realtime.ports import Rooms

_OF = "/api/challenges/{id}/boards"
_ONE = "/api/boards/{board}"
_VERSIONS = _ONE + "/versions"

_READ: tuple[type[LabError], ...] = (errors.BoardNotFound,)
_WRITE = (*_READ, errors.CannotEdit, errors.BoardArchived, errors.ChallengeArchived)
_BEGIN = (errors.CannotEdit, errors.ChallengeArchived, errors.TooManyBoards)


@dataclass(frozen=True, slots=True)
class Table:
    """Every noun of this feature, built once and handed to the routes."""

    boards: Boards
    authors: Authors
    locks: Locks
    versions: Versions
    templates: Templates

    @classmethod
    def over(
        cls,
        database: Database,
        clock: Clock,
        rooms: Rooms,
        challenges: Challenges,
        people: People,
        built_in: Sequence[BuiltIn],
    ) -> Table:
        boards = Boards(database, clock, rooms, challenges, people)
        versions = Versions(database, clock, rooms, challenges, boards)
        return cls(
            boards,
            Authors(database, rooms, boards),
            Locks(database, clock, rooms, boards),
            versions,
            Templates(database, clock, challenges, boards, versions, built_in),
        )


class Routes:
    def __init__(self, table: Table) -> None:
        self._boards = table.boards
        self._authors = table.authors
        self._locks = table.locks
        self._versions = table.versions
        self._templates = table.templates

    async def boards(self, request: Request, query: shapes.BoardsQuery) -> Listing[shapes.BoardShown]:
        """The boards of a challenge, those last worked on first."""
        found = await self._boards.of(request.path_params["id"], person(request), archived=query.archived)
        return Listing(items=found)

    async def create(self, request: Request, body: shapes.NewBoard) -> shapes.BoardShown:
        """Begin a board, empty or from a template."""
        by = person(request)
        content = await self._templates.content(body.template, by) if body.template else BoardContent()
        return await self._boards.begin(
            request.path_params["id"],
            body.title,
            content,
            by,
            authors=body.authors,
            template=body.template or "",
        )

    async def board(self, request: Request) -> shapes.BoardWhole:
        """One board, with its locks and what may be done in its areas."""
        return await self._boards.get(_board(request), person(request))

    async def change(self, request: Request, body: shapes.ChangeBoard) -> shapes.BoardWhole:
        """Change a board's title or whether authors are shown, or archive it."""
        return await self._boards.change(_board(request), body, person(request))

    async def authors(self, request: Request) -> Listing[PersonBrief]:
        """Who has made or removed something on a board, members or not; nobody where authors are hidden."""
        return Listing(items=await self._authors.of(_board(request), person(request)))

    # Locks and areas

    async def lock(self, request: Request, body: shapes.PutLock) -> shapes.LockShown:
        """Lock an object, or change its lock."""
        return await self._locks.lock(_board(request), _object(request), body, person(request))

    async def unlock(self, request: Request) -> None:
        """Unlock an object."""
        await self._locks.unlock(_board(request), _object(request), person(request))

    async def rule(self, request: Request, body: shapes.PutArea) -> shapes.AreaShown:
        """Say who may add, edit, move and remove in an area."""
        return await self._locks.rule(_board(request), _object(request), body, person(request))

    # Versions

    async def versions(
        self, request: Request, query: shapes.BoardVersionsQuery
    ) -> Listing[shapes.BoardVersionShown]:
        """The versions of a board, newest first."""
        items, following = await self._versions.of(
            _board(request), person(request), query.cursor, query.limit
        )
        return Listing(items=items, next=following)

    async def name_version(self, request: Request, body: shapes.NameBoardVersion) -> shapes.BoardVersionShown:
        """Keep the board as it is now under a name."""
        return await self._versions.name(_board(request), body.name, person(request))

    async def version(self, request: Request) -> shapes.BoardVersionWhole:
        """One version, with everything on it."""
        return await self._versions.whole(_board(request), _version(request), person(request))

    async def rename_version(
        self, request: Request, body: shapes.NameBoardVersion
    ) -> shapes.BoardVersionShown:
        """Name a version; an automatic one is then kept for good."""
        return await self._versions.rename(_board(request), _version(request), body.name, person(request))

    async def restored(self, request: Request, body: shapes.Restored) -> shapes.BoardVersionShown:
        """Tell that you have brought back a version, or one area of it."""
        return await self._versions.restored(_board(request), body, person(request))

    # Templates

    async def templates(
        self, request: Request, query: shapes.TemplatesQuery
    ) -> Listing[shapes.TemplateShown]:
        """What a board can be started from."""
        return Listing(items=await self._templates.of(query.challenge, person(request)))

    async def save_template(self, request: Request, body: shapes.NewTemplate) -> shapes.TemplateShown:
        """Save the layout of a board as a template; notes are left out."""
        return await self._templates.save(_board(request), body.title, person(request))

    async def delete_template(self, request: Request) -> None:
        """Take a saved template away."""
        await self._templates.delete(request.path_params["template"], person(request))


def routes(table: Table) -> Sequence[ApiRoute]:
    on = Routes(table)
    return (
        api(
            "GET", _OF, on.boards, query=shapes.BoardsQuery, returns=Listing[shapes.BoardShown], tag="boards",
        ),
        api(
            "POST", _OF, on.create, body=shapes.NewBoard, returns=shapes.BoardShown, status=201,
            problems=(*_BEGIN, errors.TemplateNotFound), tag="boards",
        ),
        api("GET", _ONE, on.board, returns=shapes.BoardWhole, problems=_READ, tag="boards"),
        api(
            "PATCH", _ONE, on.change, body=shapes.ChangeBoard, returns=shapes.BoardWhole,
            problems=(*_WRITE, errors.CannotLead), tag="boards",
        ),
        api(
            "GET", _ONE + "/authors", on.authors, returns=Listing[PersonBrief], problems=_READ, tag="boards",
        ),
        api(
            "PUT", _ONE + "/locks/{object}", on.lock, body=shapes.PutLock, returns=shapes.LockShown,
            problems=(*_WRITE, errors.ObjectNotFound, errors.CannotLock, errors.TooManyLocks), tag="boards",
        ),
        api(
            "DELETE", _ONE + "/locks/{object}", on.unlock, problems=(*_WRITE, errors.CannotLock),
            tag="boards",
        ),
        api(
            "PUT", _ONE + "/areas/{object}", on.rule, body=shapes.PutArea, returns=shapes.AreaShown,
            problems=(*_WRITE, errors.ObjectNotFound, errors.CannotLead), tag="boards",
        ),
        api(
            "GET", _VERSIONS, on.versions, query=shapes.BoardVersionsQuery,
            returns=Listing[shapes.BoardVersionShown], problems=_READ, tag="boards",
        ),
        api(
            "POST", _VERSIONS, on.name_version, body=shapes.NameBoardVersion,
            returns=shapes.BoardVersionShown, status=201, problems=(*_WRITE, errors.TooManyVersions),
            tag="boards",
        ),
        api(
            "GET", _VERSIONS + "/{version}", on.version, returns=shapes.BoardVersionWhole,
            problems=(*_READ, errors.VersionNotFound), tag="boards",
        ),
        api(
            "PATCH", _VERSIONS + "/{version}", on.rename_version, body=shapes.NameBoardVersion,
            returns=shapes.BoardVersionShown,
            problems=(*_WRITE, errors.VersionNotFound, errors.TooManyVersions), tag="boards",
        ),
        api(
            "POST", _ONE + "/restored", on.restored, body=shapes.Restored,
            returns=shapes.BoardVersionShown, status=201,
            problems=(*_WRITE, errors.VersionNotFound, errors.TooManyVersions), tag="boards",
        ),
        api(
            "GET", "/api/board-templates", on.templates, query=shapes.TemplatesQuery,
            returns=Listing[shapes.TemplateShown], problems=(NotFound,), tag="boards",
        ),
        api(
            "POST", _ONE + "/template", on.save_template, body=shapes.NewTemplate,
            returns=shapes.TemplateShown, status=201, problems=(*_WRITE, errors.TooManyTemplates),
            tag="boards",
        ),
        api(
            "DELETE", "/api/board-templates/{template}", on.delete_template,
            problems=(errors.TemplateNotFound, errors.CannotLead), tag="boards",
        ),
    )  # fmt: skip


def board_comment_routes(comments: Comments) -> Sequence[ApiRoute]:
    return comment_routes(
        comments,
        "board",
        _ONE,
        parameter="board",
        begins=shapes.NewBoardThread,
        shows=shapes.BoardThreadShown,
        what=("what lies on a board", "an object"),
        read=_READ,
        write=_WRITE,
    )


def _board(request: Request) -> str:
    return str(request.path_params["board"])


def _object(request: Request) -> str:
    return str(request.path_params["object"])


def _version(request: Request) -> str:
    return str(request.path_params["version"])
