"""What comments need to know about the places where people comment; the features answer, `main.py` tells who.

A place is named like the room of its document: `statement/<challenge id>`, `board/<board id>`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from lab.core.errors import LabError
from lab.core.identity import Role


@dataclass(frozen=True, slots=True)
class Setting:
    """One place, as one person finds it who may know of it."""

    challenge: str
    about: str
    """What is commented on, within a sentence: "the statement", "the board “Ideas”"."""
    refusal: LabError | None
    """Why this person may write nothing here; None: they may."""

    def must_write(self) -> None:
        if self.refusal is not None:
            raise self.refusal


class Place(Protocol):
    """One kind of place; written by the feature that owns it."""

    async def setting(self, session: AsyncSession, key: str, person: str, *, lock: bool = False) -> Setting:
        """Raises NotFound also where there is one that this person may not know of. `lock`: others who ask
        with it wait until this transaction ends."""

    async def check(self, key: str, anchor: dict[str, Any]) -> None:
        """Raises what the feature raises for an anchor that leads nowhere."""

    async def titles(self, session: AsyncSession, keys: Sequence[str]) -> dict[str, str]:
        """What they are called, in a list of places."""


class Challenges(Protocol):
    """Every place belongs to a challenge."""

    async def insiders(self, session: AsyncSession, challenge: str, persons: Sequence[str]) -> set[str]:
        """Those of these people who belong there."""

    def open_to(self, person: str, role: Role | None) -> SelectOfScalar[str]:
        """Ids of the challenges this person may know of, to be used within a question."""

    async def titles(self, session: AsyncSession, challenges: Sequence[str]) -> dict[str, str]: ...

    async def note(
        self, session: AsyncSession, at: datetime, challenge: str, person: str, verb: str, text: str
    ) -> None:
        """A line of what changed, in the caller's transaction."""
