"""Boards: made, listed, shown, renamed, put into the archive."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import func as sql
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from lab.boards.document import SCHEMA_VERSION, begun, build
from lab.boards.errors import (
    BoardArchived,
    BoardNotFound,
    BoardTooBig,
    CannotEdit,
    CannotLead,
    ChallengeArchived,
    TooManyBoards,
)
from lab.boards.models import Area, Board, Lock
from lab.boards.objects import BoardContent
from lab.boards.ports import Challenges, Standing
from lab.boards.shapes import (
    AreaShown,
    BoardChallenge,
    BoardRules,
    BoardShown,
    BoardWhole,
    ChangeBoard,
)
from lab.core import audit
from lab.core.clock import Clock
from lab.core.db import Database
from lab.core.errors import NotFound
from lab.core.identity import Identity, colour_of
from lab.people.models import Person
from lab.people.service import People
from lab.people.shapes import PersonBrief
from lab.realtime.ports import RoomName, Rooms

MOST_BOARDS = 200
"""In one challenge, the archive included."""
MOST_BEGUN = 16 << 20
"""Bytes of document to begin with: half of what a room holds, so that there is room to work in."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A board somebody may know of, and what they are there."""

    board: Board
    standing: Standing

    @property
    def writes(self) -> bool:
        return self.standing.writes and self.board.archived_at is None

    def must_write(self) -> None:
        must_write(self.standing)
        if self.board.archived_at is not None:
            raise BoardArchived("This board is in the archive. A facilitator can take it out again.")

    def must_lead(self, or_by: str | None = None) -> None:
        if not self.standing.leads and (or_by is None or or_by != self.board.created_by):
            raise CannotLead("Staff and facilitators of this challenge can change this.")


class Boards:
    def __init__(
        self, database: Database, clock: Clock, rooms: Rooms, challenges: Challenges, people: People
    ) -> None:
        self._database = database
        self._clock = clock
        self._rooms = rooms
        self._challenges = challenges
        self._people = people

    async def begin(
        self,
        challenge: str,
        title: str,
        content: BoardContent,
        by: Identity,
        *,
        authors: str = "shown",
        template: str = "",
        signed: bool = True,
        also: Callable[[AsyncSession, Board], Awaitable[None]] | None = None,
    ) -> BoardShown:
        """The board and its document: both, or neither. `signed`: what lies on it is by whoever begins it.
        `also`: what else becomes true with it, in the same transaction, or stops it by what it raises."""
        now = self._clock.now()
        fresh = begun(content, by.id if signed else None, now.strftime("%Y-%m-%dT%H:%MZ"))
        seed = await asyncio.to_thread(build, fresh) if fresh.objects or fresh.legend else None
        if seed is not None and len(seed) > MOST_BEGUN:
            raise BoardTooBig("There is more here than one board can begin with. Make several.", errors=[])
        board = Board(
            challenge_id=challenge,
            title=title,
            authors=authors,
            template=template,
            notes=count_notes(content),
            created_by=by.id,
            created_at=now,
            updated_at=now,
        )
        async with self._database.transaction() as session:
            found = await self._challenges.standing(session, challenge, by.id, lock=True)
            must_write(found)
            boards = select(sql.count()).where(Board.challenge_id == challenge)
            if (await session.exec(boards)).one() >= MOST_BOARDS:
                raise TooManyBoards(f"A challenge has at most {MOST_BOARDS} boards.")
            session.add(board)
            await session.flush()
            if also is not None:
                await also(session, board)
            await self._challenges.note(
                session, now, challenge, by.id, "created", f"began the board “{title}”"
            )
            await self._rooms.create(RoomName(board.room), seed, schema=SCHEMA_VERSION, within=session)
            (shown,) = await self._shown(session, [Seen(board, found)])
        return shown

    async def of(self, challenge: str, by: Identity, *, archived: bool) -> list[BoardShown]:
        """Those last worked on first."""
        at = col(Board.archived_at)
        wanted = at.is_not(None) if archived else at.is_(None)
        async with self._database.reading() as session:
            found = await self._challenges.standing(session, challenge, by.id)
            rows = await session.exec(
                select(Board)
                .where(Board.challenge_id == challenge, wanted)
                .order_by(col(Board.updated_at).desc(), col(Board.id).desc())
            )
            return await self._shown(session, [Seen(board, found) for board in rows])

    async def get(self, board: str, by: Identity) -> BoardWhole:
        async with self._database.reading() as session:
            seen = await self.seen(session, board, by.id)
            return await self._whole(session, seen)

    async def change(self, board: str, form: ChangeBoard, by: Identity) -> BoardWhole:
        now = self._clock.now()
        async with self._database.transaction() as session:
            seen = await self.seen(session, board, by.id, lock=True)
            if form.archived is not False:
                seen.must_write()
            else:
                must_write(seen.standing)
            archiving = form.archived is not None and form.archived != (seen.board.archived_at is not None)
            if archiving:
                seen.must_lead(or_by=by.id)
                await self._archive(session, seen, by, archived=bool(form.archived))
            if form.authors is not None and form.authors != seen.board.authors:
                seen.must_lead(or_by=by.id)
                seen.board.authors = form.authors
            if form.title is not None and form.title != seen.board.title:
                seen.board.title = form.title
                told = f"renamed a board to “{form.title}”"
                await self._challenges.note(session, now, seen.standing.challenge, by.id, "renamed", told)
            session.add(seen.board)
            await session.flush()
            shown = await self._whole(session, seen)
        if archiving:
            await self._people.announce()
        await self.tell(board)
        return shown

    async def _archive(self, session: AsyncSession, seen: Seen, by: Identity, *, archived: bool) -> None:
        now = self._clock.now()
        seen.board.archived_at = now if archived else None
        verb = "archived" if archived else "unarchived"
        did = "put the board “{}” into the archive" if archived else "took the board “{}” out of the archive"
        told = did.format(seen.board.title)
        # Whoever is in the room may only read from now on, or may write again.
        await self._people.access_changed(session)
        await self._challenges.note(session, now, seen.standing.challenge, by.id, verb, told)
        await audit.record(
            session, now, by.id, f"board_{verb}", seen.board.id, challenge=seen.standing.challenge
        )

    # What the other nouns of this feature ask.

    async def seen(self, session: AsyncSession, board: str, person: str, *, lock: bool = False) -> Seen:
        """Raises BoardNotFound also where there is one that this person may not know of. `lock`: others who
        ask with it wait until this transaction ends."""
        found = await session.get(Board, board)
        if found is None:
            raise BoardNotFound(_NOT_FOUND)
        try:
            standing = await self._challenges.standing(session, found.challenge_id, person, lock=lock)
        except NotFound as error:
            raise BoardNotFound(_NOT_FOUND) from error
        if lock:
            await session.refresh(found)
        return Seen(found, standing)

    async def tell(self, board: str, what: str = "board") -> None:
        await self._rooms.tell(room_of(board), {"type": "changed", "what": what})

    async def _whole(self, session: AsyncSession, seen: Seen) -> BoardWhole:
        (shown,) = await self._shown(session, [seen])
        return BoardWhole(**dict(shown), rules=await rules_of(session, seen.board.id))

    async def _shown(self, session: AsyncSession, seen: Sequence[Seen]) -> list[BoardShown]:
        makers = {one.board.created_by for one in seen}
        rows = await session.exec(select(Person).where(col(Person.id).in_(sorted(makers))))
        people = {person.id: brief(person) for person in rows}
        return [
            BoardShown.model_validate(
                {
                    "id": one.board.id,
                    "challenge": BoardChallenge(id=one.standing.challenge, title=one.standing.title),
                    "title": one.board.title,
                    "notes": one.board.notes,
                    "authors": one.board.authors,
                    "archived": one.board.archived_at is not None,
                    "your_role": one.standing.role,
                    "created_by": people.get(one.board.created_by),
                    "created_at": one.board.created_at,
                    "updated_at": one.board.updated_at,
                    "here": [
                        PersonBrief(id=id, name=name, colour=colour_of(id))
                        for id, name in self._rooms.present(RoomName(one.board.room))
                    ],
                }
            )
            for one in seen
        ]


async def rules_of(session: AsyncSession, board: str) -> BoardRules:
    """In the order of their objects' ids."""
    locks = await session.exec(
        select(Lock, Person)
        .join(Person, col(Person.id) == col(Lock.by_id))
        .where(Lock.board_id == board)
        .order_by(col(Lock.object))
    )
    areas = await session.exec(select(Area).where(Area.board_id == board).order_by(col(Area.object)))
    return BoardRules.model_validate(
        {
            "locks": [
                {"object": lock.object, "level": lock.level, "who": lock.who, "by": brief(person)}
                for lock, person in locks
            ],
            "areas": [
                AreaShown.model_validate(
                    {
                        "object": area.object,
                        "add": area.adds,
                        "edit": area.edits,
                        "move": area.moves,
                        "remove": area.removes,
                    }
                )
                for area in areas
            ],
        }
    )


def must_write(standing: Standing) -> None:
    if standing.role == "observer":
        raise CannotEdit("Observers read along. Ask a facilitator of this challenge if you want to write.")
    if standing.archived:
        raise ChallengeArchived("This challenge is in the archive. A facilitator can take it out again.")


def count_notes(content: BoardContent) -> int:
    return sum(one.kind == "note" for one in content.objects)


def room_of(board: str) -> RoomName:
    return RoomName(f"board/{board}")


def brief(person: Person) -> PersonBrief:
    return PersonBrief(id=person.id, name=person.name, colour=person.colour)


_NOT_FOUND = "There is no such board, or it is not open to you."
