"""HTTP to comments. Every feature where people comment gets the same routes under its own address."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request

from lab.comments import errors, shapes
from lab.comments.mentions import Mentions
from lab.comments.service import Comments
from lab.core.errors import LabError
from lab.core.identity import person
from lab.core.web import ApiRoute, Listing, api


class Routes:
    def __init__(self, comments: Comments, kind: str, parameter: str) -> None:
        self._comments = comments
        self._kind = kind
        self._parameter = parameter

    async def comments(self, request: Request, query: shapes.CommentsQuery) -> Listing[shapes.Conversation]:
        items, following = await self._comments.of(
            self._place(request),
            person(request),
            resolved=query.resolved,
            cursor=query.cursor,
            limit=query.limit,
        )
        return Listing(items=items, next=following)

    async def comment(self, request: Request, body: shapes.NewConversation) -> shapes.Conversation:
        return await self._comments.begin(self._place(request), body, person(request))

    async def reply(self, request: Request, body: shapes.NewPost) -> shapes.Conversation:
        """Reply in a conversation."""
        return await self._comments.reply(self._place(request), _thread(request), body, person(request))

    async def edit(self, request: Request, body: shapes.NewPost) -> shapes.Conversation:
        """Change a comment of yours."""
        place, post = self._place(request), request.path_params["post"]
        return await self._comments.edit(place, _thread(request), post, body, person(request))

    async def delete(self, request: Request) -> None:
        """Delete a comment of yours; that it was there stays visible."""
        place, post = self._place(request), request.path_params["post"]
        await self._comments.delete(place, _thread(request), post, person(request))

    async def resolve(self, request: Request) -> shapes.Conversation:
        """Mark a conversation as resolved."""
        place = self._place(request)
        return await self._comments.resolve(place, _thread(request), person(request), resolved=True)

    async def reopen(self, request: Request) -> shapes.Conversation:
        """Reopen a resolved conversation."""
        place = self._place(request)
        return await self._comments.resolve(place, _thread(request), person(request), resolved=False)

    def _place(self, request: Request) -> str:
        return f"{self._kind}/{request.path_params[self._parameter]}"


def comment_routes(
    comments: Comments,
    kind: str,
    path: str,
    *,
    parameter: str,
    begins: type[shapes.NewConversation],
    shows: type[shapes.Conversation],
    what: tuple[str, str],
    read: tuple[type[LabError], ...],
    write: tuple[type[LabError], ...],
) -> Sequence[ApiRoute]:
    """The conversations in one kind of place, under `path`, which ends before `/comments` and whose
    `parameter` is the key of the place. `what`: what lists are about, and what one may be fixed to."""
    on = Routes(comments, kind, parameter)
    all_of, one = path + "/comments", path + "/comments/{thread}"
    post = one + "/posts/{post}"
    missing = (errors.CommentNotFound,)
    return (
        api(
            "GET", all_of, on.comments, query=shapes.CommentsQuery, returns=Listing[shows],  # type: ignore[valid-type]
            problems=read, tag="comments", summary=f"The conversations about {what[0]}, oldest first",
        ),
        api(
            "POST", all_of, on.comment, body=begins, returns=shows, status=201,
            problems=(*write, errors.BadAnchor, errors.NotAMember, errors.TooManyComments),
            tag="comments", summary=f"Begin a conversation about {what[1]}, or about the whole",
        ),
        api(
            "POST", one + "/posts", on.reply, body=shapes.NewPost, returns=shows, status=201,
            problems=(*write, *missing, errors.NotAMember, errors.TooManyComments), tag="comments",
        ),
        api(
            "PATCH", post, on.edit, body=shapes.NewPost, returns=shows,
            problems=(*write, *missing, errors.PostNotFound, errors.NotYours, errors.NotAMember),
            tag="comments",
        ),
        api(
            "DELETE", post, on.delete, problems=(*write, *missing, errors.PostNotFound, errors.NotYours),
            tag="comments",
        ),
        api("POST", one + "/resolve", on.resolve, returns=shows, problems=(*write, *missing), tag="comments"),
        api("POST", one + "/reopen", on.reopen, returns=shows, problems=(*write, *missing), tag="comments"),
    )  # fmt: skip


def mention_routes(mentions: Mentions) -> Sequence[ApiRoute]:
    async def mentioned(request: Request, query: shapes.MentionsQuery) -> Listing[shapes.MentionShown]:
        """Where you were mentioned, newest first."""
        items, following = await mentions.of(person(request), query.cursor, query.limit)
        return Listing(items=items, next=following)

    async def seen(request: Request) -> None:
        """Say that you have seen where you were mentioned."""
        await mentions.seen(person(request))

    return (
        api(
            "GET", "/api/me/mentions", mentioned, query=shapes.MentionsQuery,
            returns=Listing[shapes.MentionShown], tag="me",
        ),
        api("POST", "/api/me/mentions/seen", seen, tag="me"),
    )  # fmt: skip


def _thread(request: Request) -> str:
    return str(request.path_params["thread"])
