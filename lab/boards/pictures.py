"""The pictures of boards in the database: taken in, shown, counted against the room a challenge has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import func as sql
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from lab.boards.errors import BadImage, ImageNotFound, QuotaFull
from lab.boards.image_shapes import ImageShown, Quota
from lab.boards.images import CPU_SECONDS, Prepared, prepare, refuse_early
from lab.boards.models import Board, Image
from lab.boards.ports import Challenges
from lab.boards.service import Boards
from lab.core.clock import Clock
from lab.core.db import Database
from lab.core.identity import Identity
from lab.realtime.children import ChildDied, Children


@dataclass(frozen=True, slots=True)
class Served:
    content: bytes
    media: str


class Pictures:
    """`quota`: bytes that the pictures of one challenge may take, both sizes of each counted."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        challenges: Challenges,
        boards: Boards,
        children: Children,
        quota: int,
    ) -> None:
        self._database = database
        self._clock = clock
        self._challenges = challenges
        self._boards = boards
        self._children = children
        self.most = quota

    async def take(self, board: str, data: bytes, by: Identity) -> ImageShown:
        """The same file twice on one board is one picture."""
        async with self._database.reading() as session:
            (await self._boards.seen(session, board, by.id)).must_write()
        made = await self.prepared(data)
        digest = digest_of(made)
        size = size_of(made)
        async with self._database.transaction() as session:
            seen = await self._boards.seen(session, board, by.id, lock=True)
            seen.must_write()
            known = select(Image).where(Image.board_id == board, Image.digest == digest)
            found = (await session.exec(known)).first()
            if found is None:
                challenge = seen.board.challenge_id
                # Whoever adds to the same challenge waits here, so that two do not both fit into the rest.
                await self._challenges.standing(session, challenge, by.id, lock=True)
                await self._must_fit(session, challenge, size)
                found = self._row(made, challenge, board, by)
                session.add(found)
                await session.flush()
            return ImageShown(id=found.id, width=found.width, height=found.height, bytes=len(made.full))

    async def prepared(self, data: bytes) -> Prepared:
        """As it will be kept. Raises BadImage."""
        refuse_early(data)
        try:
            return await self._children.run(CPU_SECONDS, prepare, data)
        except ChildDied:
            raise BadImage("This picture takes too much work to read. Save it again, smaller.") from None

    async def room(self, challenge: str, by: Identity) -> int:
        """How many bytes of pictures still fit."""
        quota = await self.quota(challenge, by)
        return max(0, quota.limit - quota.used)

    async def keep(
        self, session: AsyncSession, board: Board, made: Mapping[str, Prepared], by: Identity
    ) -> None:
        """Under these ids, no two of them the same picture, on a board that begins in this transaction, which
        holds its challenge. Raises QuotaFull."""
        await self._must_fit(session, board.challenge_id, sum(map(size_of, made.values())))
        for id, one in made.items():
            session.add(self._row(one, board.challenge_id, board.id, by, id=id))
        await session.flush()

    async def show(self, board: str, image: str, by: Identity, *, small: bool) -> Served:
        wanted = Image.small if small else Image.content
        async with self._database.reading() as session:
            await self._boards.seen(session, board, by.id)
            found = await session.exec(
                select(wanted, Image.media).where(Image.id == image, Image.board_id == board)
            )
            row = found.first()
        if row is None:
            raise ImageNotFound("There is no such picture on this board.")
        return Served(*row)

    async def all_of(self, board: str) -> dict[str, bytes]:
        """For drawing and for files that carry their pictures. Access is the caller's matter."""
        async with self._database.reading() as session:
            rows = await session.exec(select(Image.id, Image.content).where(Image.board_id == board))
            return dict(list(rows))

    async def quota(self, challenge: str, by: Identity) -> Quota:
        async with self._database.reading() as session:
            await self._challenges.standing(session, challenge, by.id)
            return Quota(used=await self._used(session, challenge), limit=self.most)

    async def _must_fit(self, session: AsyncSession, challenge: str, size: int) -> None:
        used = await self._used(session, challenge)
        if used + size > self.most:
            raise QuotaFull(
                f"The pictures of this challenge may take {self.most / 1e6:.0f} MB; "
                f"{used / 1e6:.0f} MB are used. Add a smaller one, or ask staff for more room.",
                used=used,
                limit=self.most,
            )

    def _row(self, made: Prepared, challenge: str, board: str, by: Identity, **id: str) -> Image:
        return Image(
            challenge_id=challenge,
            board_id=board,
            digest=digest_of(made),
            media=made.media,
            width=made.width,
            height=made.height,
            content=made.full,
            small=made.small,
            size=size_of(made),
            by_id=by.id,
            at=self._clock.now(),
            **id,
        )

    async def _used(self, session: AsyncSession, challenge: str) -> int:
        sizes = select(sql.coalesce(sql.sum(col(Image.size)), 0)).where(Image.challenge_id == challenge)
        return int((await session.exec(sizes)).one())


def digest_of(made: Prepared) -> str:
    return sha256(made.full).hexdigest()


def size_of(made: Prepared) -> int:
    """Both sizes count."""
    return len(made.full) + len(made.small)
