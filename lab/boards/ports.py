"""What boards need to know about the challenges they belong to; `main.py` says who answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlmodel.ext.asyncio.session import AsyncSession

from lab.core.identity import Role


@dataclass(frozen=True, slots=True)
class Standing:
    """One person in one challenge they may know of."""

    challenge: str
    title: str
    role: Role
    archived: bool

    @property
    def writes(self) -> bool:
        return self.role != "observer" and not self.archived

    @property
    def leads(self) -> bool:
        return self.role in ("staff", "facilitator")


class Challenges(Protocol):
    async def standing(
        self, session: AsyncSession, challenge: str, person: str, *, lock: bool = False
    ) -> Standing:
        """Raises NotFound also where there is one that this person may not know of. `lock`: others who ask
        with it wait until this transaction ends."""

    async def note(
        self, session: AsyncSession, at: datetime, challenge: str, person: str, verb: str, text: str
    ) -> None:
        """A line of what changed, in the caller's transaction."""
