"""Layout: where everything of a board is drawn, and in which order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from lab.boards.arrangement import Arrangement, Box, around
from lab.boards.drawing.model import (
    Curve,
    Disc,
    Drawing,
    Group,
    Look,
    Photo,
    Rect,
    Shape,
    Strokes,
    Words,
)
from lab.boards.drawing.palette import PALETTES, Colour, Ink, Palette
from lab.boards.drawing.sheets import META, META_BOLD, SUPPORT, Part, Sheet, sheet, sign_width
from lab.boards.drawing.typeset import Type, baseline, clamped, one_line, typeset
from lab.boards.drawing.wires import STROKES, Route, label, route
from lab.boards.light import plain
from lab.boards.objects import BoardContent, BoardObject

MARGIN: Final = 24
CLUSTER_PAD: Final = 10
EMPTY: Final = (480, 240)
NOTHING: Final = "Nothing on this board yet"


def draw(content: BoardContent, look: Look | None = None) -> Drawing:
    """Everything on the board, or in one area of it. Never raises, whatever lies where."""
    return _Layout(content, look or Look()).drawing()


class _Layout:
    def __init__(self, content: BoardContent, look: Look) -> None:
        self.content = content
        self.look = look
        self.palette: Palette = PALETTES[look.theme]
        self.board = Arrangement(content)
        self.shown = [one for one in content.objects if self._is_shown(one)]
        self.sheets: dict[str, Sheet] = {}
        self.boxes: dict[str, Box] = {}
        self.routes: dict[str, Route] = {}
        # A cluster goes round its members and a wire ends at boxes: each after what it depends on.
        for one in self.shown:
            if one.kind not in ("cluster", "connector"):
                self._place(one)
        for one in self.shown:
            if one.kind == "cluster":
                self._place(one)
        for one in self.shown:
            if one.kind == "connector":
                self.routes[one.id] = route(self._end(one, "start"), self._end(one, "end"))

    def drawing(self) -> Drawing:
        groups = tuple(self._groups())
        x, y, w, h = self._frame()
        area = self.board.objects.get(self.look.area or "")
        title = " – ".join(part for part in (self.content.title, plain(area.text) if area else "") if part)
        photos = {shape.file for group in groups for shape in group.shapes if isinstance(shape, Photo)}
        return Drawing(
            x=x,
            y=y,
            w=w,
            h=h,
            title=title or "Board",
            description=self._description(),
            language=self.look.language,
            palette=self.palette,
            groups=groups,
            images={file: self.look.images[file] for file in sorted(photos)},
        )

    def _is_shown(self, one: BoardObject) -> bool:
        if self.look.area is None:
            return True
        if one.kind != "connector":
            return self.board.area(one) == self.look.area
        ends = (self.board.at(one, "start"), self.board.at(one, "end"))
        return all(end and self.board.area(self.board.objects[end]) == self.look.area for end in ends)

    def _place(self, one: BoardObject) -> None:
        inside = self.board.members(one.id) if one.kind == "cluster" else ()
        support = sum(len(member.reactions.get(SUPPORT, ())) for member in inside)
        found = sheet(one, self.look, self.content.legend, self.board.notes(one.id), support)
        self.sheets[one.id] = found
        if one.kind != "cluster":
            self.boxes[one.id] = (one.x, one.y, found.w, found.h)
        elif inside:
            x, y, w, h = around(self.boxes[member.id] for member in inside if member.id in self.boxes)
            self.boxes[one.id] = (
                x - CLUSTER_PAD, y - CLUSTER_PAD, w + 2 * CLUSTER_PAD, h + 2 * CLUSTER_PAD,
            )  # fmt: skip
        else:
            self.boxes[one.id] = (one.x, one.y, one.w, one.h)

    def _end(self, wire: BoardObject, which: str) -> Box:
        fixed = self.board.at(wire, which)
        end = wire.start if which == "start" else wire.end
        loose = (end.x, end.y, 0.0, 0.0) if end else (wire.x, wire.y, 0.0, 0.0)
        return self.boxes.get(fixed, loose) if fixed else loose

    def _frame(self) -> Box:
        boxes = [self.boxes[one.id] for one in self.shown if one.id in self.boxes]
        for way in self.routes.values():
            xs, ys = [point[0] for point in way.curve], [point[1] for point in way.curve]
            boxes.append((min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)))
        if not boxes:
            return 0, 0, *EMPTY
        x, y, w, h = around(boxes)
        return x - MARGIN, y - MARGIN, w + 2 * MARGIN, h + 2 * MARGIN

    def _groups(self) -> Iterator[Group]:
        if not self.shown:
            words = one_line(NOTHING, EMPTY[0], META)
            x = (EMPTY[0] - words.lines[0].width) / 2
            yield Group("", "heading", (Words(x, EMPTY[1] / 2, words.lines[0], self.palette.inks["ink-3"]),))
        for one in self._of("area"):
            yield Group(one.id, one.kind, (self._outline(one, 10, ()), *self._words(one)))
        for one in self._of("cluster"):
            yield Group(one.id, one.kind, (self._outline(one, 14, (4, 4)),))
        for one in self._of("connector"):
            yield Group(one.id, one.kind, self._wire(one))
        for one in self._of("note", "heading", "image", "source", "evidence"):
            yield Group(one.id, one.kind, tuple(self._sheet(one)))
        for one in self._of("cluster"):
            yield Group(one.id, one.kind, tuple(self._pill(one)))
        for one in self._of("connector"):
            said = label(one.relation, plain(one.text))
            if said:
                yield Group(one.id, one.kind, tuple(self._tab(said, self.routes[one.id])))

    def _of(self, *kinds: str) -> Iterable[BoardObject]:
        return (one for one in self.shown if one.kind in kinds)

    def _outline(self, one: BoardObject, radius: float, dash: tuple[float, ...]) -> Rect:
        x, y, w, h = self.boxes[one.id]
        fill = self.palette.veil if one.kind == "area" else None
        return Rect(x, y, w, h, fill, self.palette.line, 1.5, radius, dash)

    def _wire(self, one: BoardObject) -> tuple[Shape, ...]:
        way, stroke, ink = self.routes[one.id], STROKES[one.relation], self.palette.inks["ink-3"]
        return (
            Curve(way.curve, ink, stroke.width, stroke.dash),
            Strokes(way.head, ink, stroke.width),
        )

    def _sheet(self, one: BoardObject) -> Iterator[Shape]:
        x, y, w, h = self.boxes[one.id]
        found = self.sheets[one.id]
        if found.picture:
            yield from self._picture(one)
        if found.paper is not None:
            card = found.paper == "card"
            radius = 8 if card else 3
            paper = self.palette.surface if card else self.palette.papers[found.paper]
            yield Rect(x, y + 2, w, h, self.palette.shade, radius=radius)
            yield Rect(x + 0.5, y + 0.5, w - 1, h - 1, paper, self.palette.edge, 1, radius)
        yield from self._words(one)
        ink = self.palette.inks["ink-3" if found.paper == "card" else "note"]
        top = y + h - 24
        for mark in found.marks:
            left = x + mark.x
            if mark.emoji == SUPPORT:
                yield Disc(left + 5.5, top + 8, 4.25, ink, 1.5)
            else:
                yield from self._line(mark.emoji, left, top, META, "ink")
            yield from self._line(
                mark.count, left + sign_width(mark.emoji), top, META_BOLD,
                "ink-3" if found.paper == "card" else "note",
            )  # fmt: skip

    def _picture(self, one: BoardObject) -> Iterator[Shape]:
        x, y, w, _ = self.boxes[one.id]
        tall = self.sheets[one.id].picture
        if one.picture and one.picture.file in self.look.images:
            yield Photo(x, y, w, tall, one.picture.file, one.alt)
            return
        yield Rect(x + 0.5, y + 0.5, w - 1, tall - 1, self.palette.surface, self.palette.line, 1, 3)
        words = clamped(typeset(one.alt or "Picture", max(24, w - 24), META, marked=False), 6)
        for number, line in enumerate(words.lines):
            if 12 + (number + 1) * META.leading < tall:
                yield Words(x + 12, y + 12 + number * META.leading + baseline(META), line, self._ink("ink-3"))

    def _pill(self, one: BoardObject) -> Iterator[Shape]:
        x, y, w, h = self.boxes[one.id]
        found = self.sheets[one.id]
        left, top = x + (w - found.w) / 2, y + h - found.h / 2
        yield Rect(left, top, found.w, found.h, self.palette.surface, self.palette.line, 1, 11)
        for part in found.parts:
            yield from self._part(part, left, top)

    def _tab(self, text: str, way: Route) -> Iterator[Shape]:
        words = one_line(text, 260, META_BOLD)
        w = words.lines[0].width
        left, top = way.middle[0] - w / 2, way.middle[1] - 10
        (x, y), (far_x, far_y) = way.curve[0], way.curve[3]
        if abs(far_x - x) < w + 48 and abs(far_y - y) < 40:
            # There is more label than wire: below it, so that its arrow can be seen; notes begin above.
            top += 19
        yield Rect(left - 6, top, w + 12, 20, self.palette.ground, radius=4)
        yield Words(left, top + 2 + baseline(META_BOLD), words.lines[0], self._ink("ink-2"))

    def _words(self, one: BoardObject) -> Iterator[Shape]:
        x, y, _, _ = self.boxes[one.id]
        for part in self.sheets[one.id].parts:
            yield from self._part(part, x, y)

    def _part(self, part: Part, x: float, y: float) -> Iterator[Shape]:
        left, top, type = x + part.x, y + part.y, part.set.type
        ink = self._ink(part.ink)
        if part.chip:
            yield Rect(left - 6, top - 2, part.w + 12, 20, self.palette.chip, radius=4)
        for number, line in enumerate(part.set.lines):
            base = top + number * type.leading + baseline(type)
            if line.bullet:
                dot = one_line("•", 20, type).lines[0]
                yield Words(left + part.w - 6 if line.rtl else left + 2, base, dot, ink)
            if line.pieces:
                begin = left + part.w - line.indent if line.rtl else left + line.indent
                yield Words(begin, base, line, ink)

    def _line(self, text: str, x: float, top: float, type: Type, ink: Ink) -> Iterator[Shape]:
        for line in one_line(text, 10_000, type).lines:
            yield Words(x, top + baseline(type), line, self._ink(ink))

    def _ink(self, name: Ink) -> Colour:
        return self.palette.inks[name]

    def _description(self) -> str:
        """Enough to know what one cannot see, short enough to be listened to; the whole is in the list."""
        counts = [
            _counted(sum(1 for _ in self._of(kind)), one, many)
            for kind, one, many in (
                ("area", "area", "areas"),
                ("note", "note", "notes"),
                ("cluster", "cluster", "clusters"),
                ("image", "picture", "pictures"),
                ("source", "source", "sources"),
                ("evidence", "evidence card", "evidence cards"),
                ("connector", "connector", "connectors"),
            )
        ]
        there = [count for count in counts if count]
        if not there:
            return NOTHING + "."
        areas = [one for one in self.board.areas if one.id in self.boxes]
        inside = [f"{plain(one.text) or 'Area'}: {self._held(one)}." for one in areas]
        return " ".join([f"A board with {_listed(there)}.", *inside[:12]])

    def _held(self, area: BoardObject) -> str:
        return _counted(self.board.notes(area.id), "note", "notes") or "no notes"


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}" if count else ""


def _listed(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else words[0]
