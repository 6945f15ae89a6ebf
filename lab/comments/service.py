"""Comments: conversations fixed to something, replies, resolved and reopened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete
from sqlalchemy import func as sql
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from lab.comments.errors import CommentNotFound, NotAMember, NotYours, PostNotFound, TooManyComments
from lab.comments.models import Mention, Post, Thread
from lab.comments.ports import Challenges, Place, Setting
from lab.comments.shapes import Conversation, NewConversation, NewPost, PostShown, Resolved
from lab.core.clock import Clock
from lab.core.db import Database
from lab.core.identity import Identity
from lab.people.models import Person
from lab.people.shapes import PersonBrief, PersonName
from lab.realtime.ports import RoomName, Rooms

MOST_THREADS = 2000
"""In one place."""
MOST_POSTS = 200


class Comments:
    """`place` is always the name of a room: kind and key."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        rooms: Rooms,
        challenges: Challenges,
        places: Mapping[str, Place],
    ) -> None:
        self._database = database
        self._clock = clock
        self._rooms = rooms
        self._challenges = challenges
        self._places = places
        """By kind."""

    async def of(
        self, place: str, by: Identity, *, resolved: bool | None, cursor: str | None, limit: int
    ) -> tuple[list[Conversation], str | None]:
        """Oldest first; `resolved` None: all."""
        async with self._database.reading() as session:
            await self._setting(session, place, by)
            found = select(Thread).where(Thread.place == place).order_by(col(Thread.id)).limit(limit + 1)
            if resolved is not None:
                at = col(Thread.resolved_at)
                found = found.where(at.is_not(None) if resolved else at.is_(None))
            if cursor is not None:
                found = found.where(col(Thread.id) > cursor)
            threads = list(await session.exec(found))
            shown = await _shown(session, threads[:limit], by.id)
        return shown, shown[-1].id if len(threads) > limit else None

    async def begin(self, place: str, form: NewConversation, by: Identity) -> Conversation:
        anchor: dict[str, Any] | None = form.anchor.model_dump() if form.anchor is not None else None
        if anchor is not None:
            async with self._database.reading() as session:
                (await self._setting(session, place, by)).must_write()
            kind, _, key = place.partition("/")
            await self._places[kind].check(key, anchor)
        now = self._clock.now()
        async with self._database.transaction() as session:
            setting = await self._setting(session, place, by, lock=True)
            setting.must_write()
            threads = select(sql.count()).where(Thread.place == place)
            if (await session.exec(threads)).one() >= MOST_THREADS:
                raise TooManyComments(f"There are at most {MOST_THREADS:,} conversations in one place.")
            thread = Thread(
                place=place,
                challenge_id=setting.challenge,
                anchor=anchor,
                created_by=by.id,
                created_at=now,
            )
            session.add(thread)
            await session.flush()
            await self._post(session, setting, thread, form.text, form.mentions, by, now)
            (shown,) = await _shown(session, [thread], by.id)
        await self._tell(place)
        return shown

    async def reply(self, place: str, thread: str, form: NewPost, by: Identity) -> Conversation:
        now = self._clock.now()
        async with self._database.transaction() as session:
            setting = await self._writing(session, place, by)
            kept = await _thread(session, place, thread)
            posts = select(sql.count()).where(Post.thread_id == thread)
            if (await session.exec(posts)).one() >= MOST_POSTS:
                raise TooManyComments(f"A conversation takes at most {MOST_POSTS} replies. Begin another.")
            await self._post(session, setting, kept, form.text, form.mentions, by, now)
            (shown,) = await _shown(session, [kept], by.id)
        await self._tell(place)
        return shown

    async def edit(self, place: str, thread: str, post: str, form: NewPost, by: Identity) -> Conversation:
        async with self._database.transaction() as session:
            setting = await self._writing(session, place, by)
            kept, own = await _own(session, place, thread, post, by)
            if own.text != form.text:
                own.text, own.edited_at = form.text, self._clock.now()
                session.add(own)
            await self._mention(session, setting, own.id, form.mentions, by.id)
            (shown,) = await _shown(session, [kept], by.id)
        await self._tell(place)
        return shown

    async def delete(self, place: str, thread: str, post: str, by: Identity) -> None:
        """The words are gone; that something stood there stays visible."""
        async with self._database.transaction() as session:
            await self._writing(session, place, by)
            _, own = await _own(session, place, thread, post, by)
            own.text, own.deleted_at = "", self._clock.now()
            session.add(own)
            await session.exec(delete(Mention).where(col(Mention.post_id) == own.id))
        await self._tell(place)

    async def resolve(self, place: str, thread: str, by: Identity, *, resolved: bool) -> Conversation:
        now = self._clock.now()
        async with self._database.transaction() as session:
            setting = await self._writing(session, place, by)
            kept = await _thread(session, place, thread)
            if (kept.resolved_at is not None) != resolved:
                kept.resolved_at = now if resolved else None
                kept.resolved_by = by.id if resolved else None
                session.add(kept)
                verb = "resolved" if resolved else "reopened"
                await self._challenges.note(session, now, setting.challenge, by.id, verb, f"{verb} a comment")
            (shown,) = await _shown(session, [kept], by.id)
        await self._tell(place)
        return shown

    # Inside

    async def _setting(
        self, session: AsyncSession, place: str, by: Identity, *, lock: bool = False
    ) -> Setting:
        kind, _, key = place.partition("/")
        return await self._places[kind].setting(session, key, by.id, lock=lock)

    async def _writing(self, session: AsyncSession, place: str, by: Identity) -> Setting:
        setting = await self._setting(session, place, by, lock=True)
        setting.must_write()
        return setting

    async def _post(
        self,
        session: AsyncSession,
        setting: Setting,
        thread: Thread,
        text: str,
        mentions: Sequence[str],
        by: Identity,
        now: datetime,
    ) -> None:
        post = Post(thread_id=thread.id, author_id=by.id, text=text, at=now)
        session.add(post)
        await session.flush()
        await self._mention(session, setting, post.id, mentions, by.id)
        told = f"commented on {setting.about}"
        await self._challenges.note(session, now, setting.challenge, by.id, "commented", told)

    async def _mention(
        self, session: AsyncSession, setting: Setting, post: str, mentions: Iterable[str], by: str
    ) -> None:
        """These people, and nobody else, are mentioned in this post. Who was told before is not told
        again."""
        wanted = set(mentions) - {by}
        inside = await self._challenges.insiders(session, setting.challenge, sorted(wanted))
        outside = sorted(wanted - inside)
        if outside:
            raise NotAMember("Only people of this challenge can be mentioned.", people=outside)
        before = set(await session.exec(select(Mention.person_id).where(Mention.post_id == post)))
        if before - wanted:
            gone = and_(col(Mention.post_id) == post, col(Mention.person_id).in_(sorted(before - wanted)))
            await session.exec(delete(Mention).where(gone))
        for person in sorted(wanted - before):
            session.add(Mention(post_id=post, person_id=person))
        await session.flush()

    async def _tell(self, place: str) -> None:
        await self._rooms.tell(RoomName(place), {"type": "changed", "what": "comments"})


async def _thread(session: AsyncSession, place: str, thread: str) -> Thread:
    found = await session.get(Thread, thread)
    # Both are looked at: a comment of another place is not reached from here.
    if found is None or found.place != place:
        raise CommentNotFound("There is no such comment here.")
    return found


async def _own(
    session: AsyncSession, place: str, thread: str, post: str, by: Identity
) -> tuple[Thread, Post]:
    kept = await _thread(session, place, thread)
    found = await session.get(Post, post)
    if found is None or found.thread_id != thread or found.deleted_at is not None:
        raise PostNotFound("There is no such reply in this conversation.")
    if found.author_id != by.id:
        raise NotYours("Only whoever wrote a comment can change or delete it.")
    return kept, found


async def _mentioned(session: AsyncSession, posts: Sequence[str]) -> dict[str, list[PersonName]]:
    found: dict[str, list[PersonName]] = defaultdict(list)
    rows = await session.exec(
        select(Mention.post_id, Person.id, Person.name)
        .join(Person, col(Person.id) == col(Mention.person_id))
        .where(col(Mention.post_id).in_(posts))
        .order_by(col(Person.name), col(Person.id))
    )
    for post, id, name in rows:
        found[post].append(PersonName(id=id, name=name))
    return found


async def _shown(session: AsyncSession, threads: Sequence[Thread], viewer: str) -> list[Conversation]:
    ids = [thread.id for thread in threads]
    found = await session.exec(
        select(Post, Person)
        .join(Person, col(Person.id) == col(Post.author_id))
        .where(col(Post.thread_id).in_(ids))
        .order_by(col(Post.id))
    )
    rows = list(found)
    mentioned = await _mentioned(session, [post.id for post, _ in rows])
    posts: dict[str, list[PostShown]] = defaultdict(list)
    for post, author in rows:
        posts[post.thread_id].append(
            PostShown(
                id=post.id,
                author=PersonBrief(id=author.id, name=author.name, colour=author.colour),
                text=post.text,
                mentions=mentioned.get(post.id, []),
                at=post.at,
                edited_at=post.edited_at,
                deleted=post.deleted_at is not None,
                yours=post.author_id == viewer,
            )
        )
    resolvers = {thread.resolved_by for thread in threads if thread.resolved_by is not None}
    names = await session.exec(select(Person).where(col(Person.id).in_(sorted(resolvers))))
    people = {person.id: PersonName(id=person.id, name=person.name) for person in names}
    return [
        Conversation(
            id=thread.id,
            anchor=thread.anchor,
            resolved=Resolved(at=thread.resolved_at, by=people.get(thread.resolved_by or ""))
            if thread.resolved_at
            else None,
            created_at=thread.created_at,
            posts=posts[thread.id],
        )
        for thread in threads
    ]
