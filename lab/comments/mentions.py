"""Mentions: where somebody was spoken to by name, in whatever place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import and_, update
from sqlalchemy import func as sql
from sqlmodel import col, select

from lab.comments.models import Mention, Post, Thread
from lab.comments.ports import Challenges, Place
from lab.comments.shapes import ChallengeTitle, MentionPlace, MentionShown
from lab.core.clock import Clock
from lab.core.db import Database
from lab.core.identity import Identity
from lab.core.words import shorten
from lab.people.models import Person
from lab.people.shapes import PersonBrief


class Mentions:
    def __init__(
        self, database: Database, clock: Clock, challenges: Challenges, places: Mapping[str, Place]
    ) -> None:
        self._database = database
        self._clock = clock
        self._challenges = challenges
        self._places = places

    async def pending(self, by: Identity) -> int:
        """How many have not been seen."""
        async with self._database.reading() as session:
            found = select(sql.count()).select_from(Mention).join(Post, col(Post.id) == col(Mention.post_id))
            found = found.join(Thread, col(Thread.id) == col(Post.thread_id))
            unseen = and_(col(Mention.person_id) == by.id, col(Mention.seen_at).is_(None))
            visible = col(Thread.challenge_id).in_(self._challenges.open_to(by.id, by.role))
            return (await session.exec(found.where(unseen, visible))).one()

    async def of(self, by: Identity, cursor: str | None, limit: int) -> tuple[list[MentionShown], str | None]:
        """Newest first, of challenges that are still open to this person."""
        found = (
            select(Mention, Post, Thread, Person)
            .join(Post, col(Post.id) == col(Mention.post_id))
            .join(Thread, col(Thread.id) == col(Post.thread_id))
            .join(Person, col(Person.id) == col(Post.author_id))
            .where(
                Mention.person_id == by.id,
                col(Thread.challenge_id).in_(self._challenges.open_to(by.id, by.role)),
            )
            .order_by(col(Mention.post_id).desc())
            .limit(limit + 1)
        )
        if cursor is not None:
            found = found.where(col(Mention.post_id) < cursor)
        async with self._database.reading() as session:
            rows = list(await session.exec(found))
            shown = rows[:limit]
            challenges = sorted({thread.challenge_id for _, _, thread, _ in shown})
            titles = await self._challenges.titles(session, challenges)
            keys: dict[str, set[str]] = defaultdict(set)
            for _, _, thread, _ in shown:
                kind, _, key = thread.place.partition("/")
                keys[kind].add(key)
            called = {kind: await self._places[kind].titles(session, sorted(keys[kind])) for kind in keys}
        items = []
        for mention, post, thread, author in shown:
            kind, _, key = thread.place.partition("/")
            items.append(
                MentionShown(
                    id=post.id,
                    at=post.at,
                    person=PersonBrief(id=author.id, name=author.name, colour=author.colour),
                    challenge=ChallengeTitle(
                        id=thread.challenge_id, title=titles.get(thread.challenge_id, "")
                    ),
                    place=MentionPlace(kind=kind, id=key, title=called[kind].get(key, "")),
                    thread=post.thread_id,
                    text=shorten(post.text, 200),
                    seen=mention.seen_at is not None,
                )
            )
        return items, items[-1].id if len(rows) > limit else None

    async def seen(self, by: Identity) -> None:
        async with self._database.transaction() as session:
            await session.exec(
                update(Mention)
                .where(col(Mention.person_id) == by.id, col(Mention.seen_at).is_(None))
                .values(seen_at=self._clock.now())
                .execution_options(synchronize_session=False)
            )
