"""Excalidraw scenes as boards.

Shapes with text in them are notes (with a link: sources), frames areas, groups clusters, arrows connectors,
free text headings, embedded pages sources. What is merely drawn becomes one picture, whose description is
still to be written. Elements that came from a lab have their object in `customData.lab`: it counts, except
where the scene was changed since.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any, Final, cast

from pydantic import ValidationError

from lab.boards.formats.canvas import relation_of
from lab.boards.formats.colours import colour
from lab.boards.formats.errors import FileDamaged
from lab.boards.formats.excalidraw_out import CAPTION, PROMPT, TEXT, words_of
from lab.boards.formats.found import Heap, Imported, number, picture, refuse_many, web
from lab.boards.formats.leftovers import drawn
from lab.boards.formats.strict import some
from lab.boards.formats.tagging import without_tags
from lab.boards.objects import COLOURS, BoardObject, Colour

SHAPES: Final = ("rectangle", "diamond", "ellipse")
FRAMES: Final = ("frame", "magicframe")
PAGES: Final = ("embeddable", "iframe")
STROKES: Final = ("line", "freedraw")
MOST_PICTURE: Final = 15 << 20
Json = dict[str, Any]


def is_scene(value: Any) -> bool:
    return isinstance(value, dict) and value.get("type") in ("excalidraw", "excalidraw/clipboard")


def read(value: Json, title: str) -> Imported:
    elements = value.get("elements")
    if not isinstance(elements, list):
        raise FileDamaged("The scene has no list of elements. Export it again.", where="elements")
    for at, one in enumerate(elements):
        if not isinstance(one, dict) or not isinstance(one.get("type"), str):
            raise FileDamaged(
                f"elements[{at}] does not say what it is. Export the scene again.", where=f"elements[{at}]"
            )
    there = [one for one in elements if not one.get("isDeleted")]
    refuse_many(sum(not (one["type"] == "text" and one.get("containerId")) for one in there))
    return _Reading(value, there, title).read()


class _Reading:
    def __init__(self, value: Json, elements: list[Json], title: str) -> None:
        lab = some(value.get("lab"), dict)
        state = some(value.get("appState") or value.get("appstate"), dict)
        named = some(lab.get("title") or state.get("name"), str)
        self.heap = Heap(named or title)
        for name, meaning in some(lab.get("legend"), dict).items():
            if name in COLOURS and isinstance(meaning, str) and meaning:
                self.heap.legend[cast(Colour, name)] = meaning[:40]
        self.files = some(value.get("files"), dict)
        self.elements = elements
        for at, one in enumerate(elements):
            if not isinstance(one.get("id"), str) or not one["id"]:
                one["id"] = f"element {at}"
        self.by_id = {one["id"]: one for one in elements}
        self.texts: dict[str, Json] = {}
        """Container -> the text in it."""
        self.groups: dict[str, list[Json]] = {}
        self.cluster_of: dict[str, str] = {}
        """Group -> id of the cluster it is."""
        self.used: set[int] = set()
        """Texts that have become part of something else."""
        self.rest: list[Json] = []
        self._sort()

    def read(self) -> Imported:
        for one in self.elements:
            if one["type"] in FRAMES:
                self._area(one)
        self._clusters()
        for one in self.elements:
            if id(one) not in self.used:
                self._element(one)
        self._parts()
        self._drawn()
        return self.heap.imported()

    # What belongs to what.

    def _sort(self) -> None:
        for one in self.elements:
            container = one.get("containerId")
            if one["type"] == "text" and isinstance(container, str) and container in self.by_id:
                holder = self.by_id[container]
                if holder["type"] in (*SHAPES, "arrow", *STROKES) and container not in self.texts:
                    self.texts[container] = one
                    self.used.add(id(one))
                    continue
            if _lab(one).get("part"):
                continue
            for group in _groups(one):
                if one["type"] not in FRAMES:
                    self.groups.setdefault(group, []).append(one)

    def _clusters(self) -> None:
        for group, members in self.groups.items():
            texts = [one for one in members if one["type"] == "text"]
            sheets = [one for one in members if one["type"] == "image" or self._is_paper(one)]
            known = next((one for one in members if _lab(one).get("kind") == "cluster"), None)
            if known is None and len(sheets) == 0 and len(texts) == 1:
                # Before texts could be bound, a shape and a text in one group were how a note was made.
                shapes = [one for one in members if one["type"] in SHAPES]
                if len(shapes) == 1 and len(members) == 2:
                    self.texts[shapes[0]["id"]] = texts[0]
                    self.used.add(id(texts[0]))
                continue
            name = known or (texts[0] if len(texts) == 1 else None)
            if known is None and not (len(sheets) > 1 or (sheets and name)):
                continue
            if name is not None:
                self.used.add(id(name))
            foreign = name["id"] if name else f"group {group}"
            self.cluster_of[group] = foreign
            frame = next((one["frameId"] for one in members if some(one.get("frameId"), str)), None)
            same = self._same(name) if name else None
            text = _said(name) if name else ""
            # A name has no tags, but without its members it would be read as a text that has.
            words, tags = without_tags(text)
            called = text if tags else words
            fields: Json = {"text": called, "parent": frame}
            if same is not None:
                fields |= _kept(same)
                if text != words_of(same, {}):
                    fields["text"] = called
                fields["parent"] = frame
            elif members:
                fields |= {"x": members[0].get("x"), "y": members[0].get("y")}
            self.heap.add(foreign, "cluster", **fields)

    def _is_paper(self, one: Json) -> bool:
        return one["type"] in SHAPES and (one["id"] in self.texts or bool(_lab(one).get("kind")))

    def _parent(self, one: Json) -> str | None:
        for group in _groups(one):
            if group in self.cluster_of:
                return self.cluster_of[group]
        frame = one.get("frameId")
        return frame if isinstance(frame, str) else None

    # One by one.

    def _element(self, one: Json) -> None:
        if number(one.get("angle"), 0) and one["type"] in (*SHAPES, "text", "image"):
            self.heap.tally.add(
                "turned objects", "On a board everything stands upright; they were straightened."
            )
        if one.get("locked") is True:
            self.heap.tally.add("locks", "Locks are set again on the board, by whoever may.")
        match one["type"]:
            case "text":
                self._heading(one)
            case "arrow":
                self._connector(one)
            case "image":
                self._image(one)
            case kind if kind in FRAMES or _lab(one).get("part"):
                return
            case kind if kind in PAGES:
                self._page(one)
            case kind if kind in SHAPES and self._is_paper(one):
                self._paper(one)
            case kind if kind in SHAPES or kind in STROKES:
                self.rest.append(one)
            case kind:
                self.heap.tally.add("objects of an unknown kind", "A board has nothing like it.")

    def _area(self, one: Json) -> None:
        same = self._same(one)
        fields = _place(one) | {"text": some(one.get("name"), str)}
        if same is not None:
            fields = _kept(same) | fields
        self.used.add(id(one))
        self.heap.add(one["id"], "area", **fields)

    def _paper(self, one: Json) -> None:
        words = _said(self.texts.get(one["id"]))
        same = self._same(one)
        if same is not None and same.kind in ("note", "source", "evidence"):
            self._known(one, same, words)
            return
        text, tags = without_tags(words)
        fields = _place(one) | {"parent": self._parent(one), "tags": tags}
        source = web(one.get("link"), text.partition("\n")[0])
        if source is not None:
            title, _, rest = text.partition("\n")
            plain = source.model_copy(update={"title": ""}) if title == source.url else source
            self.heap.add(one["id"], "source", source=plain, text=rest, **fields)
            return
        paper = one.get("backgroundColor")
        self.heap.add(one["id"], "note", text=text, colour=colour(paper), **fields)

    def _known(self, one: Json, same: BoardObject, words: str) -> None:
        """As its object has it, but for what was changed in the scene."""
        kept = _kept(same) | {"parent": self._parent(one), "x": one.get("x"), "y": one.get("y")}
        if number(one.get("width"), same.w) != same.w:
            kept |= {"w": one.get("width"), "h": one.get("height")}
        if same.kind == "note" and colour(one.get("backgroundColor")) != same.colour:
            kept["colour"] = colour(one.get("backgroundColor"))
        if same.kind != "evidence" and words != words_of(same, {}):
            text, tags = without_tags(words)
            kept |= {"text": text, "tags": tags}
            if same.kind == "source" and same.source is not None:
                title, _, rest = text.partition("\n")
                kept |= {"text": rest, "source": web(same.source.url, title, same.source.site)}
        self.heap.add(one["id"], same.kind, **kept)

    def _heading(self, one: Json) -> None:
        if _lab(one).get("part"):
            return
        words = _said(one)
        same = self._same(one)
        if same is not None and same.kind == "heading":
            kept = _kept(same) | _place(one) | {"parent": self._parent(one), "h": same.h, "w": same.w}
            if words != words_of(same, {}):
                kept["text"], kept["tags"] = without_tags(words)
            self.heap.add(one["id"], "heading", **kept)
            return
        if not words.strip():
            return
        text, tags = without_tags(words)
        self.heap.add(one["id"], "heading", text=text, tags=tags, parent=self._parent(one), **_place(one))

    def _connector(self, one: Json) -> None:
        words = _said(self.texts.get(one["id"]))
        points = [_point(point) for point in some(one.get("points"), list)[:10_000]] or [(0.0, 0.0)]
        x, y = number(one.get("x"), 0), number(one.get("y"), 0)
        ends = [
            (self._bound(one.get(binding)), x + point[0], y + point[1])
            for binding, point in (("startBinding", points[0]), ("endBinding", points[-1]))
        ]
        if one.get("startArrowhead") and not one.get("endArrowhead"):
            ends.reverse()
        relation, text = relation_of(words)
        fields: Json = {"relation": relation, "text": text}
        same = self._same(one)
        if same is not None and same.kind == "connector":
            fields = _kept(same)
            if words != words_of(same, {}):
                fields |= {"relation": relation, "text": text}
            for at, end in enumerate((same.start, same.end)):
                if end is None or (ends[at][0] is not None and end.object == ends[at][0]):
                    ends[at] = (end.object, end.x, end.y) if end else (None, 0, 0)
        start, end_ = ends
        self.heap.add(one["id"], "connector", **{**fields, "start": start, "end": end_})

    def _bound(self, binding: Any) -> str | None:
        to = binding.get("elementId") if isinstance(binding, dict) else None
        if not isinstance(to, str):
            return None
        target = self.by_id.get(to)
        # An arrow may be bound to the text in a shape.
        container = target.get("containerId") if target else None
        if target and target["type"] == "text" and isinstance(container, str) and container in self.by_id:
            return container
        return to

    def _image(self, one: Json) -> None:
        same = self._same(one)
        fields = _place(one) | {"parent": self._parent(one)}
        if same is not None and same.kind == "image":
            fields = _kept(same) | fields
        file = self.files.get(one.get("fileId")) if isinstance(one.get("fileId"), str) else None
        data = _data(some(file, dict).get("dataURL"))
        if isinstance(data, bytes):
            fields["picture"] = picture(self.heap.keep(data), one.get("width"), one.get("height"))
        else:
            fields["picture"] = None
            self.heap.tally.add("image", data)
        self.heap.add(one["id"], "image", **fields)

    def _page(self, one: Json) -> None:
        source = web(one.get("link"))
        if source is None:
            self.heap.tally.add("embedded pages", "They have no address that could be kept.")
            return
        self.heap.add(one["id"], "source", source=source, parent=self._parent(one), **_place(one))

    def _parts(self) -> None:
        """Prompts and captions: texts of their own in the scene, part of an object on the board."""
        said = {PROMPT: "prompt", CAPTION: "text"}
        for one in self.elements:
            lab = _lab(one)
            field = said.get(some(lab.get("part"), str))
            of = lab.get("of")
            if one["type"] != "text" or not lab.get("part") or lab["part"] == TEXT:
                continue
            words = _said(one)
            if field and isinstance(of, str) and of in self.heap:
                if field == "text":
                    self.heap[of]["text"], self.heap[of]["tags"] = without_tags(words)
                else:
                    self.heap[of][field], _ = without_tags(words)
            elif words.strip():
                self.heap.add(one["id"], "heading", text=words, parent=self._parent(one), **_place(one))

    def _drawn(self) -> None:
        if not self.rest:
            return
        made = drawn(self.rest)
        if made is None:
            self.heap.tally.add(
                "drawn shapes", "They are too many, too large or too small to draw.", len(self.rest)
            )
            return
        x, y, w, h = made.box
        self.heap.add(
            "drawn", "image", picture=picture(self.heap.keep(made.png), w, h), x=x, y=y, w=w, h=h,
        )  # fmt: skip
        self.heap.tally.add(
            "drawn shapes", "They became one picture; please say in words what it shows.", len(self.rest)
        )

    def _same(self, one: Json) -> BoardObject | None:
        """The object it was made from, if that can be trusted to be one."""
        lab = _lab(one)
        known = {name: value for name, value in lab.items() if name != "version"}
        if not known.get("kind"):
            return None
        try:
            return BoardObject.model_validate(known)
        except ValidationError:
            return None


def _kept(same: BoardObject) -> Json:
    kept = same.model_dump(
        exclude={"id", "kind", "z", "start", "end", "picture", "source", "origin", "parent"}
    )
    return kept | {"picture": same.picture, "source": same.source, "origin": same.origin}


def _lab(one: Mapping[str, Any]) -> Json:
    found: Json = some(some(one.get("customData"), dict).get("lab"), dict)
    return found


def _place(one: Json) -> Json:
    """The middle of something turned stays where it is, so its place is right as it stands."""
    return {"x": one.get("x"), "y": one.get("y"), "w": one.get("width"), "h": one.get("height")}


def _said(one: Json | None) -> str:
    if one is None:
        return ""
    original = one.get("originalText")
    return original if isinstance(original, str) else some(one.get("text"), str)


def _point(given: Any) -> tuple[float, float]:
    pair = given if isinstance(given, list) and len(given) >= 2 else (0, 0)
    return number(pair[0], 0), number(pair[1], 0)


def _data(url: Any) -> bytes | str:
    """The bytes, or why there are none."""
    if not isinstance(url, str) or not url.startswith("data:image/"):
        return "The picture itself was not in the file; its frame is there."
    head, _, data = url.partition(",")
    if "svg" in head:
        return "Pictures that are SVG are not taken in; its frame is there. Save it as PNG."
    if len(data) > MOST_PICTURE * 4 // 3:
        return f"The picture is larger than {MOST_PICTURE >> 20} MB; its frame is there."
    try:
        return base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        return "The picture is damaged; its frame is there."


def _groups(one: Json) -> list[str]:
    """The innermost group it is in, or none."""
    return [group for group in some(one.get("groupIds"), list)[:1] if isinstance(group, str)]
