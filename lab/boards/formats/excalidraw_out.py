"""A board as an Excalidraw scene, which can be changed there and brought back.

A note, a source and an evidence card are rectangles with text in them, an area a frame, a cluster a group
with its name, a connector an arrow that is bound to both, an image an image. Every element has the whole
object in `customData.lab`; `excalidraw_in.py` reads scenes with and without it.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from lab.boards.arrangement import Arrangement
from lab.boards.drawing.model import Card, ImageFile, Look
from lab.boards.drawing.sheets import sheet
from lab.boards.drawing.typeset import Type, typeset
from lab.boards.drawing.wires import label, route
from lab.boards.formats.colours import HEX
from lab.boards.formats.found import Exported
from lab.boards.formats.strict import dumped
from lab.boards.formats.tagging import with_tags
from lab.boards.objects import BoardContent, BoardObject

MEDIA: Final = "application/vnd.excalidraw+json"
SOURCE: Final = "live-lab"
VERSION: Final = 1
"""Of what is kept in `customData.lab`."""
INK: Final = "#14211d"
BODY: Final = Type("tool", 16, 20)
LARGE: Final = Type("tool", 24, 30)
SMALL: Final = Type("tool", 14, 17.5)
FONT: Final = 6
"""Nunito, of what Excalidraw has the nearest to ours."""
BOUND: Final = 5
"""Between a rectangle and the text in it."""
WHEN: Final = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp()) * 1000
"""The same board gives the same file, whenever it is written."""
TEXT, PROMPT, CAPTION = "~t", "~p", "~c"
"""After an object's id: the element that holds its text, its prompt, its caption."""
Json = dict[str, Any]


def write(
    content: BoardContent,
    images: Mapping[str, ImageFile] | None = None,
    cards: Mapping[str, Card] | None = None,
) -> Exported:
    return Exported(dumped(as_scene(content, images or {}, cards or {}), None), MEDIA, "excalidraw")


def as_scene(content: BoardContent, images: Mapping[str, ImageFile], cards: Mapping[str, Card]) -> Json:
    writing = _Writing(content, cards)
    used = sorted({one.picture.file for one in content.objects if one.picture} & images.keys())
    return {
        "type": "excalidraw",
        "version": 2,
        "source": SOURCE,
        "elements": list(writing.elements()),
        "appState": {"gridSize": None, "viewBackgroundColor": "#ffffff", "name": content.title},
        "files": {
            file: {
                "mimeType": images[file].media,
                "id": file,
                "dataURL": _data_url(images[file]),
                "created": WHEN,
                "lastRetrieved": WHEN,
            }
            for file in used
        },
        "lab": {"version": VERSION, "title": content.title, "legend": dict(content.legend)},
    }


def _data_url(image: ImageFile) -> str:
    return f"data:{image.media};base64,{base64.b64encode(image.content).decode()}"


def words_of(one: BoardObject, cards: Mapping[str, Card]) -> str:
    """What stands in, on or under it."""
    match one.kind:
        case "evidence":
            card = cards.get(one.evidence or "")
            lines = [card.label, card.text, *([card.source] if card.source else [])] if card else [one.text]
            return with_tags("\n".join(lines), one.tags)
        case "source":
            source = one.source
            head = (source.title or source.url) if source else ""
            return with_tags(f"{head}\n{one.text}" if one.text else head, one.tags)
        case "connector":
            return label(one.relation, one.text)
        case "cluster":
            return with_tags(one.text, ()) or "Cluster"
        case "area":
            return one.text
        case "heading":
            return with_tags(one.text, one.tags) or "Heading"
        case _:
            return with_tags(one.text, one.tags)


class _Writing:
    def __init__(self, content: BoardContent, cards: Mapping[str, Card]) -> None:
        self.content = content
        self.cards = cards
        self.board = Arrangement(content)
        self.boxes = {one.id: self._box(one) for one in content.objects if one.kind != "connector"}

    def elements(self) -> Iterator[Json]:
        """What is in a frame comes right before it, as Excalidraw has it; arrows last, on top."""
        inside: dict[str | None, list[BoardObject]] = {}
        for one in self.content.objects:
            if one.kind not in ("area", "connector"):
                inside.setdefault(self.board.area(one), []).append(one)
        for area in (one for one in self.content.objects if one.kind == "area"):
            for one in inside.get(area.id, ()):
                yield from self._sheet(one)
            if area.prompt:
                yield self._text(
                    area, PROMPT, with_tags(area.prompt, ()), area.x + 12, area.y + 8, SMALL, area.w - 24
                )
            yield self._element(area, "frame", {"name": area.text, "roundness": None})
        for one in inside.get(None, ()):
            yield from self._sheet(one)
        for one in self.content.objects:
            if one.kind == "connector":
                yield from self._arrow(one)

    def _sheet(self, one: BoardObject) -> Iterator[Json]:
        x, y, w, _ = self.boxes[one.id]
        words = words_of(one, self.cards)
        match one.kind:
            case "heading":
                yield self._text(one, "", words, x, y, LARGE, w)
            case "cluster":
                yield self._text(one, "", words, x, y, SMALL, max(w, 100))
            case "image" if one.picture is not None:
                more = {"fileId": one.picture.file, "status": "saved", "scale": [1, 1], "crop": None}
                yield self._element(one, "image", more)
                if words:
                    yield self._text(one, CAPTION, words, x, y + one.h + 6, SMALL, w)
            case _:
                paper = HEX[one.colour] if one.kind == "note" else "#ffffff"
                link = one.source.url if one.source else None
                yield self._element(
                    one, "rectangle", {"backgroundColor": paper.lower(), "link": link}, text=bool(words)
                )
                if words:
                    yield self._text(one, TEXT, words, x + BOUND, y + BOUND, BODY, w - 2 * BOUND, one.id)

    def _arrow(self, one: BoardObject) -> Iterator[Json]:
        ends = [self._end(one, which) for which in ("start", "end")]
        way = route(ends[0][1], ends[1][1])
        (x, y), (far_x, far_y) = way.curve[0], way.curve[3]
        words = words_of(one, self.cards)
        bindings = [
            {"elementId": id, "focus": 0, "gap": 4, "fixedPoint": None} if id else None for id, _ in ends
        ]
        more = {
            "x": x,
            "y": y,
            "width": abs(far_x - x),
            "height": abs(far_y - y),
            "points": [[0, 0], [far_x - x, far_y - y]],
            "lastCommittedPoint": None,
            "startBinding": bindings[0],
            "endBinding": bindings[1],
            "startArrowhead": None,
            "endArrowhead": "arrow",
            "elbowed": False,
            "strokeStyle": "dashed" if one.relation == "challenges" else "solid",
            "strokeWidth": 4 if one.relation == "supports" else 2,
            "roundness": {"type": 2},
        }
        yield self._element(one, "arrow", more, text=bool(words))
        if words:
            yield self._text(one, TEXT, words, *way.middle, SMALL, 200, one.id)

    def _end(self, wire: BoardObject, which: str) -> tuple[str | None, tuple[float, float, float, float]]:
        fixed = self.board.at(wire, which)
        if fixed and fixed in self.boxes:
            return fixed, self.boxes[fixed]
        end = wire.start if which == "start" else wire.end
        return None, (end.x, end.y, 0, 0) if end else (wire.x, wire.y, 0, 0)

    def _box(self, one: BoardObject) -> tuple[float, float, float, float]:
        """As drawn, so that the text fits; a cluster's is its name's, below its members."""
        if one.kind == "cluster":
            x, y, w, h = self.board.box(one)
            return x, y + h + 14, w, 20
        if one.kind in ("area", "image"):
            return one.x, one.y, one.w, one.h
        return one.x, one.y, one.w, sheet(one, Look(cards=self.cards), {}, 0, 0).h

    def _element(self, one: BoardObject, type: str, more: Json, *, text: bool = False) -> Json:
        """`text`: whether another element holds its text."""
        bound = [{"type": "text", "id": one.id + TEXT}] if text else []
        if one.kind != "connector":
            bound += [{"type": "arrow", "id": wire.id} for wire in self.board.wires(one.id)]
            x, y, w, h = self.boxes[one.id]
            more = {"x": x, "y": y, "width": w, "height": h, **more}
        data = one.model_dump(mode="json", exclude_defaults=True)
        return _plain(one.id, type) | self._within(one) | more | {
            "boundElements": bound or None,
            "customData": {"lab": {"version": VERSION, **data}},
        }  # fmt: skip

    def _text(
        self, one: BoardObject, part: str, words: str, x: float, y: float, type: Type, w: float,
        container: str | None = None,
    ) -> Json:  # fmt: skip
        lines = typeset(words, max(w, 24), type, marked=False).lines
        more: Json = {
            "x": x,
            "y": y,
            "width": max(w, 24),
            "height": len(lines) * type.leading,
            "text": "\n".join(line.text for line in lines),
            "originalText": words,
            "fontSize": type.size,
            "fontFamily": FONT,
            "textAlign": "center" if one.kind == "connector" else "left",
            "verticalAlign": "middle" if one.kind == "connector" else "top",
            "containerId": container,
            "autoResize": container is not None or part == "",
            "lineHeight": 1.25,
            "strokeWidth": 1,
        }
        if part:
            more["customData"] = {"lab": {"version": VERSION, "part": part, "of": one.id}}
            return _plain(one.id + part, "text") | self._within(one, part) | more
        return self._element(one, "text", more)

    def _within(self, one: BoardObject, part: str = "") -> Json:
        if one.kind == "connector" or (one.kind == "area" and not part):
            return {}
        parent = self.board.parent(one)
        above = self.board.objects[parent] if parent else None
        group = one if one.kind == "cluster" else above if above and above.kind == "cluster" else None
        # A caption is not one more member of the group.
        groups = [group.id] if group and part != CAPTION else []
        return {"frameId": self.board.area(one), "groupIds": groups}


def _plain(id: str, type: str) -> Json:
    seed = int.from_bytes(sha256(id.encode()).digest()[:4], "big") >> 1
    return {
        "id": id,
        "type": type,
        "x": 0,
        "y": 0,
        "width": 1,
        "height": 1,
        "angle": 0,
        "strokeColor": INK,
        "backgroundColor": "transparent",
        "fillStyle": "solid",
        "strokeWidth": 1,
        "strokeStyle": "solid",
        "roughness": 0,
        "opacity": 100,
        "groupIds": [],
        "frameId": None,
        "index": None,
        "roundness": None,
        "seed": seed,
        "version": 1,
        "versionNonce": seed,
        "isDeleted": False,
        "boundElements": None,
        "updated": WHEN,
        "link": None,
        "locked": False,
    }
