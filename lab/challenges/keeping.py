"""Keeping versions, inside somebody else's transaction.

Automatic versions: while people write, one version per ten minutes is carried along with the content, so that
the newest always holds what was last written, also when everybody has left. Then the next one begins.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from lab.challenges.blocks import Blocks, count_words, plain_text
from lab.challenges.building import seed
from lab.challenges.models import Challenge, Kind, Version

WINDOW = timedelta(minutes=10)
KEPT_AUTOMATIC = 300
"""Per challenge; the oldest go. Named, imported and restored versions stay."""


def digest(blocks: Blocks) -> str:
    """Equal for equal content, on every machine."""
    content = [(type(block).__name__, asdict(block)) for block in blocks]
    return hashlib.sha256(json.dumps(content, default=sorted, sort_keys=True).encode()).hexdigest()


async def newest(session: AsyncSession, challenge: str) -> Version | None:
    found = select(Version).where(Version.challenge_id == challenge)
    return (await session.exec(found.order_by(col(Version.id).desc()).limit(1))).first()


async def keep(
    session: AsyncSession,
    challenge: Challenge,
    blocks: Blocks,
    kind: Kind,
    *,
    at: datetime,
    by: str | None,
    name: str = "",
) -> Version:
    version = Version(
        challenge_id=challenge.id,
        kind=kind,
        name=name,
        state=seed(blocks),
        digest=digest(blocks),
        words=count_words(plain_text(blocks)),
        epoch=challenge.epoch,
        by_id=by,
        began_at=at,
        at=at,
    )
    session.add(version)
    await session.flush()
    return version


async def keep_automatic(
    session: AsyncSession, challenge: Challenge, blocks: Blocks, *, at: datetime, by: str | None
) -> None:
    """Unless exactly this is kept already."""
    last = await newest(session, challenge.id)
    if last is not None and last.digest == digest(blocks):
        return
    if (
        last is not None
        and last.kind == "auto"
        and last.epoch == challenge.epoch
        and at - last.began_at < WINDOW
    ):
        last.state, last.digest = seed(blocks), digest(blocks)
        last.words, last.at = count_words(plain_text(blocks)), at
        last.by_id = last.by_id if last.by_id == by else None
        session.add(last)
        return
    await keep(session, challenge, blocks, "auto", at=at, by=by)
    await _forget_oldest(session, challenge.id)


async def _forget_oldest(session: AsyncSession, challenge: str) -> None:
    automatic = select(Version.id).where(Version.challenge_id == challenge, Version.kind == "auto")
    oldest = automatic.order_by(col(Version.id).desc()).offset(KEPT_AUTOMATIC).limit(1)
    beyond = (await session.exec(oldest)).first()
    if beyond is not None:
        await session.exec(
            delete(Version).where(
                col(Version.challenge_id) == challenge, col(Version.kind) == "auto", col(Version.id) <= beyond
            )
        )
