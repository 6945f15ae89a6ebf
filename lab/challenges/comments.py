"""Comments: conversations fixed to a passage, replies, mentions, resolved and reopened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import and_, delete, update
from sqlalchemy import func as sql
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from lab.challenges import activity
from lab.challenges.access import effective_role, standing, visible_to
from lab.challenges.errors import (
    BadAnchor,
    CommentNotFound,
    NotAMember,
    NotYours,
    PostNotFound,
    TooManyComments,
)
from lab.challenges.models import Challenge, Membership, Mention, Post, Thread
from lab.challenges.shapes import (
    Anchor,
    ChallengeTitle,
    MentionShown,
    NewPost,
    NewThread,
    PersonName,
    PostShown,
    Resolved,
    ThreadShown,
)
from lab.core.clock import Clock
from lab.core.db import Database
from lab.core.identity import Identity
from lab.core.words import shorten
from lab.people.models import Person
from lab.people.shapes import PersonBrief
from lab.realtime.ports import RoomName, Rooms

MOST_THREADS = 2000
MOST_POSTS = 200


class Comments:
    def __init__(self, database: Database, clock: Clock, rooms: Rooms) -> None:
        self._database = database
        self._clock = clock
        self._rooms = rooms

    async def of(
        self, challenge: str, by: Identity, *, resolved: bool | None, cursor: str | None, limit: int
    ) -> tuple[list[ThreadShown], str | None]:
        """Oldest first; `resolved` None: all."""
        async with self._database.reading() as session:
            await standing(session, challenge, by.id)
            found = (
                select(Thread)
                .where(Thread.challenge_id == challenge)
                .order_by(col(Thread.id))
                .limit(limit + 1)
            )
            if resolved is not None:
                at = col(Thread.resolved_at)
                found = found.where(at.is_not(None) if resolved else at.is_(None))
            if cursor is not None:
                found = found.where(col(Thread.id) > cursor)
            threads = list(await session.exec(found))
            shown = await _shown(session, threads[:limit], by.id)
        return shown, shown[-1].id if len(threads) > limit else None

    async def begin(self, challenge: str, form: NewThread, by: Identity) -> ThreadShown:
        if form.anchor is not None and not form.anchor.quote.strip():
            raise BadAnchor("Select the words this comment is about.", errors=[{"field": "anchor.quote"}])
        now = self._clock.now()
        async with self._database.transaction() as session:
            found = await standing(session, challenge, by.id, lock=True)
            found.must_write()
            threads = select(sql.count()).where(Thread.challenge_id == challenge)
            if (await session.exec(threads)).one() >= MOST_THREADS:
                raise TooManyComments(f"A statement takes at most {MOST_THREADS:,} conversations.")
            thread = Thread(
                challenge_id=challenge,
                anchor=form.anchor.model_dump() if form.anchor else None,
                created_by=by.id,
                created_at=now,
            )
            session.add(thread)
            await session.flush()
            await self._post(session, found.challenge, thread, form.text, form.mentions, by, now)
            (shown,) = await _shown(session, [thread], by.id)
        await self._tell(challenge)
        return shown

    async def reply(self, challenge: str, thread: str, form: NewPost, by: Identity) -> ThreadShown:
        now = self._clock.now()
        async with self._database.transaction() as session:
            found = await standing(session, challenge, by.id, lock=True)
            found.must_write()
            kept = await _thread(session, challenge, thread)
            posts = select(sql.count()).where(Post.thread_id == thread)
            if (await session.exec(posts)).one() >= MOST_POSTS:
                raise TooManyComments(f"A conversation takes at most {MOST_POSTS} replies. Begin another.")
            await self._post(session, found.challenge, kept, form.text, form.mentions, by, now)
            (shown,) = await _shown(session, [kept], by.id)
        await self._tell(challenge)
        return shown

    async def edit(self, challenge: str, thread: str, post: str, form: NewPost, by: Identity) -> ThreadShown:
        async with self._database.transaction() as session:
            found = await standing(session, challenge, by.id, lock=True)
            found.must_write()
            kept, own = await _own(session, challenge, thread, post, by)
            if own.text != form.text:
                own.text, own.edited_at = form.text, self._clock.now()
                session.add(own)
            await _mention(session, found.challenge, own.id, form.mentions, by.id)
            (shown,) = await _shown(session, [kept], by.id)
        await self._tell(challenge)
        return shown

    async def delete(self, challenge: str, thread: str, post: str, by: Identity) -> None:
        """The words are gone; that something stood there stays visible."""
        async with self._database.transaction() as session:
            (await standing(session, challenge, by.id, lock=True)).must_write()
            _, own = await _own(session, challenge, thread, post, by)
            own.text, own.deleted_at = "", self._clock.now()
            session.add(own)
            await session.exec(delete(Mention).where(col(Mention.post_id) == own.id))
        await self._tell(challenge)

    async def resolve(self, challenge: str, thread: str, by: Identity, *, resolved: bool) -> ThreadShown:
        now = self._clock.now()
        async with self._database.transaction() as session:
            (await standing(session, challenge, by.id, lock=True)).must_write()
            kept = await _thread(session, challenge, thread)
            if (kept.resolved_at is not None) != resolved:
                kept.resolved_at = now if resolved else None
                kept.resolved_by = by.id if resolved else None
                session.add(kept)
                verb = "resolved" if resolved else "reopened"
                await activity.note(session, now, challenge, by.id, verb, f"{verb} a comment")
            (shown,) = await _shown(session, [kept], by.id)
        await self._tell(challenge)
        return shown

    # Mentions

    async def pending_mentions(self, by: Identity) -> int:
        async with self._database.reading() as session:
            found = select(sql.count()).select_from(Mention).join(Post, col(Post.id) == col(Mention.post_id))
            found = found.join(Thread, col(Thread.id) == col(Post.thread_id))
            found = found.join(Challenge, col(Challenge.id) == col(Thread.challenge_id))
            unseen = and_(col(Mention.person_id) == by.id, col(Mention.seen_at).is_(None))
            return (await session.exec(found.where(unseen, visible_to(by.id, by.role)))).one()

    async def mentions(
        self, by: Identity, cursor: str | None, limit: int
    ) -> tuple[list[MentionShown], str | None]:
        """Newest first, of challenges that are still open to this person."""
        found = (
            select(Mention, Post, Challenge, Person)
            .join(Post, col(Post.id) == col(Mention.post_id))
            .join(Thread, col(Thread.id) == col(Post.thread_id))
            .join(Challenge, col(Challenge.id) == col(Thread.challenge_id))
            .join(Person, col(Person.id) == col(Post.author_id))
            .where(Mention.person_id == by.id, visible_to(by.id, by.role))
            .order_by(col(Mention.post_id).desc())
            .limit(limit + 1)
        )
        if cursor is not None:
            found = found.where(col(Mention.post_id) < cursor)
        async with self._database.reading() as session:
            rows = list(await session.exec(found))
        shown = [
            MentionShown(
                id=post.id,
                at=post.at,
                person=_brief(author),
                challenge=ChallengeTitle(id=challenge.id, title=challenge.title),
                thread=post.thread_id,
                text=shorten(post.text, 200),
                seen=mention.seen_at is not None,
            )
            for mention, post, challenge, author in rows[:limit]
        ]
        return shown, shown[-1].id if len(rows) > limit else None

    async def mentions_seen(self, by: Identity) -> None:
        async with self._database.transaction() as session:
            await session.exec(
                update(Mention)
                .where(col(Mention.person_id) == by.id, col(Mention.seen_at).is_(None))
                .values(seen_at=self._clock.now())
                .execution_options(synchronize_session=False)
            )

    # Inside

    async def _post(
        self,
        session: AsyncSession,
        challenge: Challenge,
        thread: Thread,
        text: str,
        mentions: Sequence[str],
        by: Identity,
        now: datetime,
    ) -> None:
        post = Post(thread_id=thread.id, author_id=by.id, text=text, at=now)
        session.add(post)
        await session.flush()
        await _mention(session, challenge, post.id, mentions, by.id)
        await activity.note(session, now, challenge.id, by.id, "commented", "commented on the statement")

    async def _tell(self, challenge: str) -> None:
        room = RoomName(f"statement/{challenge}")
        await self._rooms.tell(room, {"type": "changed", "what": "comments"})


async def _thread(session: AsyncSession, challenge: str, thread: str) -> Thread:
    found = await session.get(Thread, thread)
    # Both ids are looked at: a comment of another challenge is not reached from here.
    if found is None or found.challenge_id != challenge:
        raise CommentNotFound("There is no such comment on this statement.")
    return found


async def _own(
    session: AsyncSession, challenge: str, thread: str, post: str, by: Identity
) -> tuple[Thread, Post]:
    kept = await _thread(session, challenge, thread)
    found = await session.get(Post, post)
    if found is None or found.thread_id != thread or found.deleted_at is not None:
        raise PostNotFound("There is no such reply in this conversation.")
    if found.author_id != by.id:
        raise NotYours("Only whoever wrote a comment can change or delete it.")
    return kept, found


async def _mention(
    session: AsyncSession, challenge: Challenge, post: str, mentions: Iterable[str], by: str
) -> None:
    """These people, and nobody else, are mentioned in this post. Who was told before is not told again."""
    wanted = set(mentions) - {by}
    rows = await session.exec(
        select(Person.id, Person.role, Membership.role)
        .outerjoin(
            Membership,
            and_(col(Membership.person_id) == col(Person.id), col(Membership.challenge_id) == challenge.id),
        )
        .where(col(Person.id).in_(sorted(wanted)), col(Person.suspended).is_(False))
    )
    inside = {
        person
        for person, lab, member in rows
        if effective_role(member, lab, open_to_lab=challenge.open_to_lab) is not None
    }
    if wanted - inside:
        raise NotAMember("Only people of this challenge can be mentioned.", people=sorted(wanted - inside))
    before = set(await session.exec(select(Mention.person_id).where(Mention.post_id == post)))
    if before - wanted:
        gone = and_(col(Mention.post_id) == post, col(Mention.person_id).in_(sorted(before - wanted)))
        await session.exec(delete(Mention).where(gone))
    for person in sorted(wanted - before):
        session.add(Mention(post_id=post, person_id=person))
    await session.flush()


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


async def _shown(session: AsyncSession, threads: Sequence[Thread], viewer: str) -> list[ThreadShown]:
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
                author=_brief(author),
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
        ThreadShown(
            id=thread.id,
            anchor=Anchor.model_validate(thread.anchor) if thread.anchor else None,
            resolved=Resolved(at=thread.resolved_at, by=people.get(thread.resolved_by or ""))
            if thread.resolved_at
            else None,
            created_at=thread.created_at,
            posts=posts[thread.id],
        )
        for thread in threads
    ]


def _brief(person: Person) -> PersonBrief:
    return PersonBrief(id=person.id, name=person.name, colour=person.colour)
