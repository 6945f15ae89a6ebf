"""Judging: the rules of a room that its schema cannot tell, asked before each update is applied."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from pycrdt import Doc

from .errors import RefusedByRule
from .ports import EntryName, Judge, Judged, RoomKind, Touch
from .replica import distrusting
from .surroundings import Surroundings

log = structlog.get_logger(__name__)


class Judging:
    """A room's judge, kept up to date. Where the kind has none, everything passes."""

    def __init__(self, name: str, key: str, kind: RoomKind, around: Surroundings) -> None:
        self._name = name
        self._judge: Judge | None = kind.judge(key) if isinstance(kind, Judged) else None
        self._around = around
        self._looking = self._again = False

    async def start(self) -> None:
        if self._judge is not None:
            await self._judge.refresh()

    def look_again(self) -> None:
        """Its rules may have changed."""
        if self._judge is None:
            return
        if self._looking:
            self._again = True
        else:
            self._looking = True
            self._around.spawn(self._look(self._judge), f"rules {self._name}")

    async def _look(self, judge: Judge) -> None:
        try:
            while True:
                self._again = False
                await judge.refresh()
                if not self._again:
                    break
        except Exception:
            # The rules as they were hold on; it is tried again with the next tick.
            log.warning("rules_unknown", room=self._name, exc_info=True)
        finally:
            self._looking = False

    def check(self, principal: str, touched: Mapping[EntryName, Touch], doc: Doc[Any]) -> None:
        """Raises RefusedByRule; or Poisoned, when the document cannot be looked at."""
        if self._judge is None or not touched:
            return
        with distrusting():
            why = self._judge.refuses(principal, touched, doc)
        if why is not None:
            raise RefusedByRule(why)
