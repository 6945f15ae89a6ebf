"""Versions of a statement: named, shown, compared, restored; and Markdown in and out."""

from __future__ import annotations

import asyncio

from sqlalchemy import func as sql
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from lab.challenges import activity
from lab.challenges.access import Standing, standing
from lab.challenges.blocks import Blocks, count_words, plain_text, summary
from lab.challenges.building import build
from lab.challenges.compare import Comparison, compare
from lab.challenges.document import SCHEMA_VERSION
from lab.challenges.errors import TooManyVersions, VersionNotFound
from lab.challenges.html import to_html
from lab.challenges.keeping import digest, keep, newest
from lab.challenges.markdown_in import from_markdown
from lab.challenges.markdown_out import to_markdown
from lab.challenges.models import Kind, Version
from lab.challenges.reading import read_state
from lab.challenges.shapes import VersionShown, VersionWhole
from lab.core import audit
from lab.core.clock import Clock
from lab.core.db import Database
from lab.core.identity import Identity
from lab.people.models import Person
from lab.people.shapes import PersonName
from lab.realtime.ports import RoomName, Rooms

MOST_NAMED = 500
MOST_SEEDS = 20


class Versions:
    def __init__(self, database: Database, clock: Clock, rooms: Rooms) -> None:
        self._database = database
        self._clock = clock
        self._rooms = rooms

    async def of(
        self, challenge: str, by: Identity, cursor: str | None, limit: int
    ) -> tuple[list[VersionShown], str | None]:
        """Newest first, and the cursor of the next page."""
        async with self._database.reading() as session:
            await standing(session, challenge, by.id)
            found = (
                select(Version, Person)
                .outerjoin(Person, col(Person.id) == col(Version.by_id))
                .where(Version.challenge_id == challenge)
                .order_by(col(Version.id).desc())
                .limit(limit + 1)
            )
            if cursor is not None:
                found = found.where(col(Version.id) < cursor)
            rows = list(await session.exec(found))
        shown = [_shown(version, person) for version, person in rows[:limit]]
        return shown, shown[-1].id if len(rows) > limit else None

    async def name(self, challenge: str, name: str, by: Identity) -> VersionShown:
        """Keep the statement as it is now under this name."""
        now = self._clock.now()
        async with self._database.reading() as session:
            (await standing(session, challenge, by.id)).must_write()
        blocks = await self.current(challenge)
        async with self._database.transaction() as session:
            found = await standing(session, challenge, by.id, lock=True)
            found.must_write()
            named = select(sql.count()).where(Version.challenge_id == challenge, Version.kind != "auto")
            if (await session.exec(named)).one() >= MOST_NAMED:
                raise TooManyVersions(f"A statement keeps at most {MOST_NAMED} named versions.")
            version = await keep(session, found.challenge, blocks, "named", at=now, by=by.id, name=name)
            await activity.note(session, now, challenge, by.id, "named", f"kept the version “{name}”")
            shown = _shown(version, await session.get(Person, by.id))
        await self._tell(challenge)
        return shown

    async def rename(self, challenge: str, version: str, name: str, by: Identity) -> VersionShown:
        """An automatic version that gets a name is kept for good."""
        async with self._database.transaction() as session:
            (await standing(session, challenge, by.id, lock=True)).must_write()
            found = await _get(session, challenge, version)
            found.name = name
            found.kind = "named" if found.kind == "auto" else found.kind
            session.add(found)
            person = await session.get(Person, found.by_id) if found.by_id else None
            shown = _shown(found, person)
        await self._tell(challenge)
        return shown

    async def whole(self, challenge: str, version: str, by: Identity) -> VersionWhole:
        async with self._database.reading() as session:
            await standing(session, challenge, by.id)
            found = await _get(session, challenge, version)
            person = await session.get(Person, found.by_id) if found.by_id else None
        blocks = read_state(found.state)
        return VersionWhole(
            **_shown(found, person).model_dump(), markdown=to_markdown(blocks), html=to_html(blocks)
        )

    async def compare(self, challenge: str, before: str, after: str, by: Identity) -> Comparison:
        """Either may be `now`."""
        async with self._database.reading() as session:
            await standing(session, challenge, by.id)
            kept = {version: await _get(session, challenge, version) for version in {before, after} - {"now"}}
        sides = [
            read_state(kept[side].state) if side != "now" else await self.current(challenge)
            for side in (before, after)
        ]
        # A few seconds at worst: other requests go on meanwhile.
        return await asyncio.to_thread(compare, sides[0], sides[1])

    async def markdown(self, challenge: str, by: Identity) -> tuple[str, str]:
        """Title and statement as they are now."""
        async with self._database.reading() as session:
            found = await standing(session, challenge, by.id)
        return found.challenge.title, to_markdown(await self.current(challenge))

    async def restore(self, challenge: str, version: str, by: Identity) -> int:
        """The new epoch. What stands there now is kept as a version first."""
        async with self._database.reading() as session:
            (await standing(session, challenge, by.id)).must_write()
            found = await _get(session, challenge, version)
        moment = found.at.strftime("%-d %B %Y, %H:%M UTC")
        name = f"Restored: {found.name or moment}"[:80]
        return await self._replace(challenge, read_state(found.state), "restored", name, by)

    async def import_markdown(self, challenge: str, markdown: str, by: Identity) -> int:
        """The new epoch. What stands there now is kept as a version first."""
        async with self._database.reading() as session:
            (await standing(session, challenge, by.id)).must_write()
        blocks = await asyncio.to_thread(from_markdown, markdown)
        return await self._replace(challenge, blocks, "imported", "Imported from Markdown", by)

    async def current(self, challenge: str) -> Blocks:
        return read_state(await self._rooms.read(_room(challenge)))

    async def _replace(self, challenge: str, blocks: Blocks, kind: Kind, name: str, by: Identity) -> int:
        now = self._clock.now()
        built = await asyncio.to_thread(build, blocks)
        async with self._database.transaction() as session:
            found = await standing(session, challenge, by.id, lock=True)
            found.must_write()
            # The new epoch first: from here on nothing can be added to the old content, which is still what
            # everybody else reads until this is committed.
            epoch = await self._rooms.replace(
                _room(challenge), built.update, schema=SCHEMA_VERSION, within=session
            )
            await self._keep_before(session, found, await self.current(challenge))
            found.challenge.epoch = epoch
            found.challenge.seeds = [*found.challenge.seeds[-MOST_SEEDS:], built.client]
            found.challenge.summary = summary(blocks)
            found.challenge.words = count_words(plain_text(blocks))
            found.challenge.updated_at = now
            session.add(found.challenge)
            await keep(session, found.challenge, blocks, kind, at=now, by=by.id, name=name)
            verb, text = _TOLD[kind]
            await activity.note(session, now, challenge, by.id, verb, text)
            await audit.record(session, now, by.id, f"statement_{kind}", challenge, epoch=epoch)
        await self._rooms.announce(_room(challenge))
        await self._tell(challenge)
        return epoch

    async def _keep_before(self, session: AsyncSession, found: Standing, blocks: Blocks) -> None:
        last = await newest(session, found.challenge.id)
        if last is None or last.digest != digest(blocks):
            await keep(session, found.challenge, blocks, "auto", at=self._clock.now(), by=None)

    async def _tell(self, challenge: str) -> None:
        await self._rooms.tell(_room(challenge), {"type": "changed", "what": "versions"})


_TOLD = {
    "restored": ("restored", "restored an earlier version of the statement"),
    "imported": ("imported", "imported a new text into the statement"),
}


async def _get(session: AsyncSession, challenge: str, version: str) -> Version:
    found = await session.get(Version, version)
    if found is None or found.challenge_id != challenge:
        raise VersionNotFound("There is no such version of this statement.")
    return found


def _shown(version: Version, by: Person | None) -> VersionShown:
    return VersionShown.model_validate(
        {
            "id": version.id,
            "name": version.name or None,
            "kind": version.kind,
            "at": version.at,
            "by": PersonName(id=by.id, name=by.name) if by else None,
            "words": version.words,
        }
    )


def _room(challenge: str) -> RoomName:
    return RoomName(f"statement/{challenge}")
