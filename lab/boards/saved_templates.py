"""Templates: the layouts that come with the lab, and those that people saved from their boards."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy import func as sql
from sqlmodel import col, or_, select

from lab.boards.arrangement import Arrangement
from lab.boards.errors import CannotLead, TemplateNotFound, TooManyTemplates
from lab.boards.keeping import Packed, unpacked
from lab.boards.models import Template
from lab.boards.objects import BoardContent
from lab.boards.ports import Challenges
from lab.boards.service import Boards
from lab.boards.shapes import TemplateShown
from lab.boards.versions import Versions
from lab.core.clock import Clock
from lab.core.db import Database
from lab.core.errors import NotFound
from lab.core.identity import Identity

MOST_TEMPLATES = 100
"""Saved in one challenge."""
FAMILY = "Saved"


class BuiltIn(Protocol):
    """A layout that comes with the lab."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def about(self) -> str: ...
    @property
    def family(self) -> str: ...
    @property
    def areas(self) -> Sequence[str]: ...
    def content(self) -> BoardContent: ...


class Templates:
    def __init__(
        self,
        database: Database,
        clock: Clock,
        challenges: Challenges,
        boards: Boards,
        versions: Versions,
        built_in: Sequence[BuiltIn],
    ) -> None:
        self._database = database
        self._clock = clock
        self._challenges = challenges
        self._boards = boards
        self._versions = versions
        self._built_in = {one.id: one for one in built_in}

    async def of(self, challenge: str | None, by: Identity) -> list[TemplateShown]:
        """Those that come with the lab, then one's own and those saved in this challenge, newest first."""
        found = [
            TemplateShown(
                id=one.id,
                title=one.title,
                about=one.about,
                family=one.family,
                built_in=True,
                areas=list(one.areas),
            )
            for one in self._built_in.values()
        ]
        async with self._database.reading() as session:
            mine = col(Template.created_by) == by.id
            leads = False
            if challenge is not None:
                standing = await self._challenges.standing(session, challenge, by.id)
                mine, leads = or_(mine, col(Template.challenge_id) == challenge), standing.leads
            rows = await session.exec(select(Template).where(mine).order_by(col(Template.id).desc()))
            found += [
                _shown(one, yours=one.created_by == by.id or (leads and one.challenge_id == challenge))
                for one in rows
            ]
        return found

    async def content(self, template: str, by: Identity) -> BoardContent:
        built_in = self._built_in.get(template)
        if built_in is not None:
            return built_in.content()
        async with self._database.reading() as session:
            found = await session.get(Template, template)
            if found is None:
                raise TemplateNotFound(_NOT_FOUND)
            if found.created_by != by.id:
                try:
                    await self._challenges.standing(session, found.challenge_id, by.id)
                except NotFound as error:
                    raise TemplateNotFound(_NOT_FOUND) from error
        return await asyncio.to_thread(unpacked, found.content)

    async def save(self, board: str, title: str, by: Identity) -> TemplateShown:
        async with self._database.reading() as session:
            (await self._boards.seen(session, board, by.id)).must_write()
        layout = layout_of(await self._versions.current(board))
        packed = await asyncio.to_thread(Packed, layout)
        async with self._database.transaction() as session:
            seen = await self._boards.seen(session, board, by.id, lock=True)
            seen.must_write()
            saved = select(sql.count()).where(Template.challenge_id == seen.standing.challenge)
            if (await session.exec(saved)).one() >= MOST_TEMPLATES:
                raise TooManyTemplates(f"A challenge keeps at most {MOST_TEMPLATES} templates.")
            template = Template(
                challenge_id=seen.standing.challenge,
                title=title,
                content=packed.bytes,
                areas=json.dumps([one.text for one in Arrangement(layout).areas], ensure_ascii=False),
                created_by=by.id,
                created_at=self._clock.now(),
            )
            session.add(template)
            await session.flush()
        return _shown(template, yours=True)

    async def delete(self, template: str, by: Identity) -> None:
        """For whoever saved it, and for those who lead where it was saved."""
        async with self._database.transaction() as session:
            found = await session.get(Template, template)
            if found is None:
                raise TemplateNotFound(_NOT_FOUND)
            if found.created_by != by.id:
                try:
                    standing = await self._challenges.standing(session, found.challenge_id, by.id)
                except NotFound as error:
                    raise TemplateNotFound(_NOT_FOUND) from error
                if not standing.leads:
                    raise CannotLead("Whoever saved a template, and facilitators, can take it away.")
            await session.delete(found)


def layout_of(content: BoardContent) -> BoardContent:
    """What stays when everything that people said is taken off: areas, headings, and lines between those."""
    kept = {one.id for one in content.objects if one.kind in ("area", "heading")}
    lines = {
        one.id
        for one in content.objects
        if one.kind == "connector"
        and all(end is None or end.object is None or end.object in kept for end in (one.start, one.end))
    }
    bare: dict[str, Any] = {"by": None, "at": None, "reactions": {}, "tags": (), "merged": (), "origin": None}
    objects = tuple(one.model_copy(update=bare) for one in content.objects if one.id in kept | lines)
    return BoardContent(legend=content.legend, objects=objects)


def _shown(template: Template, *, yours: bool) -> TemplateShown:
    return TemplateShown(
        id=template.id,
        title=template.title,
        about="Saved from a board.",
        family=FAMILY,
        built_in=False,
        areas=json.loads(template.areas),
        yours=yours,
    )


_NOT_FOUND = "There is no such template, or it is not open to you."
