"""Filing: boards written as files, and boards begun from files of this lab and of other tools.

Reading and writing happen in child processes. A file becomes a whole board with its pictures, in one
transaction, or nothing; what did not fit is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlmodel import col, select

from lab.boards import formats
from lab.boards.drawing import ImageFile, Look
from lab.boards.errors import BadImage, BoardNotDrawn, ObjectNotFound
from lab.boards.format_shapes import BroughtIn, ExportQuery, LeftOutShown, TablePreview
from lab.boards.formats import Exported, Imported, LeftOut
from lab.boards.formats.drawn import DRAWN, NOT_DRAWN, draw_as
from lab.boards.formats.errors import FileTooMuch
from lab.boards.formats.portion import nameless, within
from lab.boards.formats.writing import Surroundings
from lab.boards.images import Prepared
from lab.boards.objects import BoardContent, Picture
from lab.boards.pictures import Pictures, digest_of, size_of
from lab.boards.ports import Challenges
from lab.boards.service import Boards, must_write, rules_of
from lab.boards.versions import Versions
from lab.core.db import Database
from lab.core.identity import Identity
from lab.core.ids import new_id
from lab.core.words import one_line
from lab.people.models import Person
from lab.realtime.children import ChildDied, Children

WRITE_SECONDS: Final = 60
READ_SECONDS: Final = 60
"""Of processor time."""
MOST_PICTURES: Final = 100
"""Different ones that one file may bring along."""
WITH_PICTURES: Final = ("canvas.zip", "excalidraw", "json", *DRAWN)
UNTITLED: Final = "Board from a file"
_TOO_MUCH: Final = "This file takes too much work to read. Bring in a part of it, or save it again, smaller."


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it came, and what was said about it. `mapping`: for tables, field -> column."""

    name: str
    content: bytes
    title: str = ""
    mapping: Mapping[str, str | None] | None = None


class Filing:
    def __init__(
        self,
        database: Database,
        challenges: Challenges,
        boards: Boards,
        versions: Versions,
        pictures: Pictures,
        children: Children,
    ) -> None:
        self._database = database
        self._challenges = challenges
        self._boards = boards
        self._versions = versions
        self._pictures = pictures
        self._children = children

    # Out.

    async def export(
        self, board: str, format: str, wanted: ExportQuery, by: Identity
    ) -> tuple[str, Exported]:
        """The board's title, and the file. Where authors are hidden, nobody is named in any of them."""
        async with self._database.reading() as session:
            seen = await self._boards.seen(session, board, by.id)
            title, hidden = seen.board.title, seen.board.authors == "hidden"
            rules = await rules_of(session, board)
        content = await self._versions.current(board, title)
        if wanted.area is not None:
            if not any(one.id == wanted.area and one.kind == "area" for one in content.objects):
                raise ObjectNotFound("There is no such area on this board.")
            content = within(content, wanted.area)
        if hidden:
            content = nameless(content)
        names = await self._names(content)
        images = await self._images(board, content) if format in WITH_PICTURES else {}
        try:
            if format in DRAWN:
                look = Look(
                    theme=wanted.theme, authors=not hidden, area=wanted.area, names=names, images=images
                )
                made = await self._children.run(WRITE_SECONDS, draw_as, content, format, look)
            else:
                locks = {lock.object: lock.level for lock in rules.locks}
                around = Surroundings(names=names, images=images, locks=locks)
                made = await self._children.run(WRITE_SECONDS, formats.export, content, format, around)
        except ChildDied:
            raise BoardNotDrawn(NOT_DRAWN) from None
        return title, made

    async def _names(self, content: BoardContent) -> dict[str, str]:
        authors = sorted({one.by for one in content.objects if one.by is not None})
        found: dict[str, str] = {}
        async with self._database.reading() as session:
            for at in range(0, len(authors), 500):
                some = select(Person.id, Person.name).where(col(Person.id).in_(authors[at : at + 500]))
                found |= dict(list(await session.exec(some)))
        return found

    async def _images(self, board: str, content: BoardContent) -> dict[str, ImageFile]:
        used = {one.picture.file for one in content.objects if one.picture is not None}
        kept = await self._pictures.all_of(board) if used else {}
        return {id: ImageFile(data, "image/webp") for id, data in kept.items() if id in used}

    # In.

    async def must_begin(self, challenge: str, by: Identity) -> None:
        """Before a file is even looked at: whether this person may begin a board here."""
        async with self._database.reading() as session:
            must_write(await self._challenges.standing(session, challenge, by.id))

    async def preview(self, sent: Sent) -> TablePreview:
        try:
            found = await self._children.run(
                READ_SECONDS, formats.preview, sent.name, sent.content, sent.mapping
            )
        except ChildDied:
            raise FileTooMuch(_TOO_MUCH) from None
        return TablePreview.model_validate(found, from_attributes=True)

    async def bring_in(self, challenge: str, sent: Sent, by: Identity) -> BroughtIn:
        try:
            found = await self._children.run(
                READ_SECONDS, formats.read, sent.name, sent.content, sent.mapping
            )
        except ChildDied:
            raise FileTooMuch(_TOO_MUCH) from None
        taking = _Taking(await self._pictures.room(challenge, by))
        for file, data in found.images.items():
            if taking.wants(file):
                try:
                    taking.add(file, await self._pictures.prepared(data))
                except BadImage as error:
                    taking.refuse(file, str(error))
        settled = formats.with_pictures(found, taking.taken, taking.why)
        board = await self._boards.begin(
            challenge,
            _titled(sent, settled),
            settled.content,
            by,
            # Nobody signs for others, and whoever brings a file in has not written what is in it.
            signed=False,
            also=lambda session, board: self._pictures.keep(session, board, taking.kept, by),
        )
        left_out = (*settled.left_out, *_unsigned(settled.content))
        return BroughtIn(
            board=board,
            kept=dict(settled.kept),
            left_out=[LeftOutShown.model_validate(one, from_attributes=True) for one in left_out],
        )


class _Taking:
    """Pictures of a file, as long as they fit. The same one twice is kept once."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._ids: dict[str, str] = {}
        self.kept: dict[str, Prepared] = {}
        self.taken: dict[str, Picture] = {}
        """By what the file calls them."""
        self.why: dict[str, str] = {}

    def wants(self, file: str) -> bool:
        if len(self.kept) < MOST_PICTURES:
            return True
        self.refuse(file, f"At most {MOST_PICTURES} pictures are taken in with one file.")
        return False

    def refuse(self, file: str, why: str) -> None:
        self.why[file] = why

    def add(self, file: str, made: Prepared) -> None:
        digest = digest_of(made)
        if digest not in self._ids:
            if size_of(made) > self._room:
                self.refuse(file, "The pictures of this challenge take all the room they have.")
                return
            self._room -= size_of(made)
            self._ids[digest] = new_id()
            self.kept[self._ids[digest]] = made
        self.taken[file] = Picture(file=self._ids[digest], width=made.width, height=made.height)


def _titled(sent: Sent, imported: Imported) -> str:
    for title in (sent.title, imported.content.title, sent.name):
        try:
            return one_line(title)[:120].strip()
        except ValueError:
            continue
    return UNTITLED


def _unsigned(content: BoardContent) -> Iterable[LeftOut]:
    """What `begin` takes off: people sign, and react, for themselves."""
    counts = Counter[tuple[str, str]]()
    for one in content.objects:
        if one.by is not None:
            counts["names of authors", "People sign for themselves; who wrote it elsewhere is not kept."] += 1
        given = sum(map(len, one.reactions.values()))
        if given:
            counts["reactions", "People give them themselves."] += given
    return (LeftOut(what, why, count) for (what, why), count in counts.items())
