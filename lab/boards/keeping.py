"""Keeping versions, inside somebody else's transaction.

Automatic versions: while people work, one version per ten minutes is carried along with the content, so that
the newest always holds what was last there, also when everybody has left. Then the next one begins.
"""

from __future__ import annotations

import hashlib
import zlib
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from lab.boards.models import Kind, Version
from lab.boards.objects import BoardContent

WINDOW = timedelta(minutes=10)
KEPT_AUTOMATIC = 300
"""Per board; the oldest go. Named and restored versions stay."""


class Packed:
    """A board's content in the form in which it is kept. Making one may take a while: do it in a thread."""

    def __init__(self, content: BoardContent) -> None:
        plain = content.model_dump_json(exclude_defaults=True).encode()
        self.bytes = zlib.compress(plain, 6)
        self.digest = hashlib.sha256(plain).hexdigest()
        self.notes = sum(one.kind == "note" for one in content.objects)


def unpacked(kept: bytes) -> BoardContent:
    return BoardContent.model_validate_json(zlib.decompress(kept))


async def newest(session: AsyncSession, board: str) -> Version | None:
    found = select(Version).where(Version.board_id == board)
    return (await session.exec(found.order_by(col(Version.id).desc()).limit(1))).first()


async def keep(
    session: AsyncSession,
    board: str,
    packed: Packed,
    kind: Kind,
    *,
    at: datetime,
    by: str | None,
    name: str = "",
) -> Version:
    version = Version(
        board_id=board,
        kind=kind,
        name=name,
        content=packed.bytes,
        digest=packed.digest,
        notes=packed.notes,
        by_id=by,
        began_at=at,
        at=at,
    )
    session.add(version)
    await session.flush()
    return version


async def keep_automatic(
    session: AsyncSession, board: str, packed: Packed, *, at: datetime, by: str | None
) -> None:
    """Unless exactly this is kept already."""
    last = await newest(session, board)
    if last is not None and last.digest == packed.digest:
        return
    if last is not None and last.kind == "auto" and at - last.began_at < WINDOW:
        last.content, last.digest, last.notes, last.at = packed.bytes, packed.digest, packed.notes, at
        last.by_id = last.by_id if last.by_id == by else None
        session.add(last)
        return
    await keep(session, board, packed, "auto", at=at, by=by)
    await _forget_oldest(session, board)


async def _forget_oldest(session: AsyncSession, board: str) -> None:
    automatic = select(Version.id).where(Version.board_id == board, Version.kind == "auto")
    oldest = automatic.order_by(col(Version.id).desc()).offset(KEPT_AUTOMATIC).limit(1)
    beyond = (await session.exec(oldest)).first()
    if beyond is not None:
        await session.exec(
            delete(Version).where(
                col(Version.board_id) == board, col(Version.kind) == "auto", col(Version.id) <= beyond
            )
        )
