"""HTTP to the lab, its challenges, statements and members. Translates; the services decide."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from lab.challenges import errors, shapes
from lab.challenges.markdown_in import MAX_CHARACTERS
from lab.challenges.paging import BadCursor
from lab.challenges.service import Workspace
from lab.comments.routes import comment_routes
from lab.comments.service import Comments
from lab.core.errors import LabError
from lab.core.identity import Who, person
from lab.core.web import ApiRoute, Listing, api

_ONE = "/api/challenges/{id}"
_STATEMENT = _ONE + "/statement"
_VERSIONS = _STATEMENT + "/versions"

_READ: tuple[type[LabError], ...] = (errors.ChallengeNotFound,)
_WRITE = (*_READ, errors.CannotEdit, errors.ChallengeArchived)
_MANAGE = (*_READ, errors.CannotManage, errors.ChallengeArchived)
_MEMBER = (*_READ, errors.CannotManage, errors.CannotGrant, errors.MemberNotFound, errors.LastFacilitator)


class Routes:
    def __init__(self, workspace: Workspace) -> None:
        self._lab = workspace.lab
        self._challenges = workspace.challenges
        self._members = workspace.members
        self._versions = workspace.versions

    # The lab

    async def lab(self, request: Request) -> shapes.LabHome:
        """The lab's home: its name, its people, and what changed since you were last here."""
        return await self._lab.home(person(request))

    async def change_lab(self, request: Request, body: shapes.ChangeLab) -> shapes.LabHome:
        """Change the lab's name or introduction."""
        return await self._lab.change(body, person(request))

    async def seen(self, request: Request) -> None:
        """Say that you have seen what changed."""
        await self._lab.seen(person(request))

    # Challenges

    async def challenges(
        self, request: Request, query: shapes.ChallengesQuery
    ) -> Listing[shapes.ChallengeShown]:
        """The challenges open to you, those last worked on first."""
        items, following = await self._challenges.of(
            person(request), archived=query.archived, cursor=query.cursor, limit=query.limit
        )
        return Listing(items=items, next=following)

    async def create(self, request: Request, body: shapes.NewChallenge) -> shapes.ChallengeShown:
        """Begin a challenge."""
        return await self._challenges.create(body, person(request))

    async def challenge(self, request: Request) -> shapes.ChallengeShown:
        """One challenge."""
        return await self._challenges.get(_id(request), person(request))

    async def change(self, request: Request, body: shapes.ChangeChallenge) -> shapes.ChallengeShown:
        """Change a challenge's title, question, stage, stages or openness, or archive it."""
        return await self._challenges.change(_id(request), body, person(request))

    # Members

    async def members(self, request: Request, query: shapes.MembersQuery) -> Listing[shapes.Member]:
        """The members of a challenge, in the order in which they joined."""
        items, following = await self._members.of(_id(request), person(request), query.cursor, query.limit)
        return Listing(items=items, next=following)

    async def put_member(self, request: Request, body: shapes.PutMember) -> shapes.Member:
        """Give a member another role, or make somebody of the lab a member."""
        other = request.path_params["person"]
        return await self._members.put(_id(request), other, body.role, person(request))

    async def remove_member(self, request: Request) -> None:
        """Leave a challenge, or send a member away."""
        await self._members.remove(_id(request), request.path_params["person"], person(request))

    # The statement

    async def markdown(self, request: Request) -> Response:
        """The statement as Markdown."""
        title, text = await self._versions.markdown(_id(request), person(request))
        return Response(
            text, media_type="text/markdown", headers={"content-disposition": _attachment(title, "md")}
        )

    async def import_markdown(self, request: Request, body: shapes.ImportMarkdown) -> shapes.Epoch:
        """Replace the statement by a Markdown text; what stood there is kept as a version."""
        epoch = await self._versions.import_markdown(_id(request), body.markdown, person(request))
        return shapes.Epoch(epoch=epoch)

    async def versions(self, request: Request, query: shapes.VersionsQuery) -> Listing[shapes.VersionShown]:
        """The versions of a statement, newest first."""
        items, following = await self._versions.of(_id(request), person(request), query.cursor, query.limit)
        return Listing(items=items, next=following)

    async def name_version(self, request: Request, body: shapes.NameVersion) -> shapes.VersionShown:
        """Keep the statement as it is now under a name."""
        return await self._versions.name(_id(request), body.name, person(request))

    async def compare(self, request: Request, query: shapes.CompareQuery) -> shapes.ComparisonShown:
        """What changed from one version to another, or to now."""
        found = await self._versions.compare(_id(request), query.from_, query.to, person(request))
        return shapes.ComparisonShown.model_validate(
            {
                "from": query.from_,
                "to": query.to,
                "blocks": [
                    {
                        "kind": block.kind,
                        "type": block.type,
                        "level": block.level,
                        "marker": block.marker,
                        "parts": [asdict(part) for part in block.parts],
                        "cells": [[asdict(part) for part in cell] for cell in block.cells],
                    }
                    for block in found.blocks
                ],
                "words_added": found.words_added,
                "words_removed": found.words_removed,
            }
        )

    async def version(self, request: Request) -> shapes.VersionWhole:
        """One version, with its text."""
        return await self._versions.whole(_id(request), _version(request), person(request))

    async def rename_version(self, request: Request, body: shapes.NameVersion) -> shapes.VersionShown:
        """Name a version; an automatic one is then kept for good."""
        return await self._versions.rename(_id(request), _version(request), body.name, person(request))

    async def restore(self, request: Request) -> shapes.Epoch:
        """Bring a version back; what stands there now is kept as a version."""
        epoch = await self._versions.restore(_id(request), _version(request), person(request))
        return shapes.Epoch(epoch=epoch)


def routes(workspace: Workspace) -> Sequence[ApiRoute]:
    on = Routes(workspace)
    return (
        api("GET", "/api/lab", on.lab, returns=shapes.LabHome, tag="lab"),
        api(
            "PATCH", "/api/lab", on.change_lab, body=shapes.ChangeLab, returns=shapes.LabHome,
            who=Who.STAFF, tag="lab",
        ),
        api("POST", "/api/lab/seen", on.seen, tag="lab"),
        api(
            "GET", "/api/challenges", on.challenges, query=shapes.ChallengesQuery,
            returns=Listing[shapes.ChallengeShown], problems=(BadCursor,),
        ),
        api(
            "POST", "/api/challenges", on.create, body=shapes.NewChallenge,
            returns=shapes.ChallengeShown, status=201,
        ),
        api("GET", _ONE, on.challenge, returns=shapes.ChallengeShown, problems=_READ),
        api(
            "PATCH", _ONE, on.change, body=shapes.ChangeChallenge, returns=shapes.ChallengeShown,
            problems=(*_MANAGE, errors.StageNotFound, errors.BadStages),
        ),
        api(
            "GET", _ONE + "/members", on.members, query=shapes.MembersQuery,
            returns=Listing[shapes.Member], problems=(*_READ, BadCursor), tag="members",
        ),
        api(
            "PUT", _ONE + "/members/{person}", on.put_member, body=shapes.PutMember, returns=shapes.Member,
            problems=_MEMBER, tag="members",
        ),
        api(
            "DELETE", _ONE + "/members/{person}", on.remove_member,
            problems=_MEMBER, tag="members",
        ),
        api(
            "GET", _STATEMENT + ".md", on.markdown, returns=str, media="text/markdown", problems=_READ,
            tag="statement",
        ),
        api(
            "POST", _STATEMENT + "/import", on.import_markdown, body=shapes.ImportMarkdown,
            returns=shapes.Epoch, problems=(*_WRITE, errors.MarkdownTooBig, errors.MarkdownTooDeep),
            tag="statement", max_body=MAX_CHARACTERS * 6,
        ),
        api(
            "GET", _VERSIONS, on.versions, query=shapes.VersionsQuery,
            returns=Listing[shapes.VersionShown], problems=_READ, tag="statement",
        ),
        api(
            "POST", _VERSIONS, on.name_version, body=shapes.NameVersion, returns=shapes.VersionShown,
            status=201, problems=(*_WRITE, errors.TooManyVersions), tag="statement",
        ),
        # Before the route of one version: `compare` is no version's id.
        api(
            "GET", _VERSIONS + "/compare", on.compare, query=shapes.CompareQuery,
            returns=shapes.ComparisonShown, problems=(*_READ, errors.VersionNotFound), tag="statement",
        ),
        api(
            "GET", _VERSIONS + "/{version}", on.version, returns=shapes.VersionWhole,
            problems=(*_READ, errors.VersionNotFound), tag="statement",
        ),
        api(
            "PATCH", _VERSIONS + "/{version}", on.rename_version, body=shapes.NameVersion,
            returns=shapes.VersionShown, problems=(*_WRITE, errors.VersionNotFound), tag="statement",
        ),
        api(
            "POST", _VERSIONS + "/{version}/restore", on.restore, returns=shapes.Epoch,
            problems=(*_WRITE, errors.VersionNotFound), tag="statement",
        ),
    )  # fmt: skip


def statement_comment_routes(comments: Comments) -> Sequence[ApiRoute]:
    return comment_routes(
        comments,
        "statement",
        _ONE,
        parameter="id",
        begins=shapes.NewThread,
        shows=shapes.ThreadShown,
        what=("a statement", "a passage"),
        read=_READ,
        write=_WRITE,
    )


def _id(request: Request) -> str:
    return str(request.path_params["id"])


def _version(request: Request) -> str:
    return str(request.path_params["version"])


def _attachment(title: str, ending: str) -> str:
    """A file name every system takes, and the title itself for those that understand it."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-").lower()[:60] or "statement"
    return (
        f"attachment; filename=\"{plain}.{ending}\"; filename*=UTF-8''{quote(f'{title}.{ending}', safe='')}"
    )
