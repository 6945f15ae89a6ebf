"""JSON Canvas 1.0, and how it is read beside what the format cannot say.

Out: a note is a `text` node (its first line bold where there are more, tags on the last line), an area and a
cluster a `group`, an image a `file`, a source a `link`, an evidence card text with its source; a connector is
an edge with its relation in the label. Nodes are the lowest first, keys always in the same order, numbers
whole.

In, with our own JSON of the same board beside it (`bundle.py`): an object that is in the canvas as it was
written is taken from there; where somebody changed the canvas meanwhile, the canvas wins.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from lab.boards.arrangement import Arrangement, layers
from lab.boards.drawing.model import Card, ImageFile
from lab.boards.drawing.wires import STROKES, label
from lab.boards.formats.colours import PRESET_OF, colour
from lab.boards.formats.errors import FileDamaged
from lab.boards.formats.found import Exported, Heap, Imported, number, one_title, picture, refuse_many, web
from lab.boards.formats.strict import dumped, some
from lab.boards.formats.tagging import with_tags, without_tags
from lab.boards.objects import MOST_TEXT, BoardContent, BoardObject, Relation

MEDIA: Final = "application/json"
CLUSTER_PAD: Final = 10
SIDES: Final = {"left": "left", "right": "right", "above": "top", "below": "bottom"}
EXTENSIONS: Final = {
    "image/webp": "webp", "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/avif": "avif",
}  # fmt: skip
PICTURES: Final = (*EXTENSIONS.values(), "jpeg")
MOST_GROUNDS: Final = 500
"""Groups that are asked whether a node lies in them."""
Json = dict[str, Any]


def write(
    content: BoardContent,
    images: Mapping[str, ImageFile] | None = None,
    cards: Mapping[str, Card] | None = None,
) -> Exported:
    return Exported(dumped(as_canvas(content, images or {}, cards or {})), MEDIA, "canvas")


def as_canvas(content: BoardContent, images: Mapping[str, ImageFile], cards: Mapping[str, Card]) -> Json:
    board = Arrangement(content)
    ground = [one for one in content.objects if one.kind in ("area", "cluster")]
    # A group takes its members with it when it is moved, so it has to lie below them: areas first.
    ground.sort(key=lambda one: one.kind != "area")
    sheets = [one for one in content.objects if one.kind not in ("area", "cluster", "connector")]
    nodes = [_node(one, board, images, cards) for one in (*ground, *sheets)]
    wires = [one for one in content.objects if one.kind == "connector"]
    return {"nodes": nodes, "edges": [_edge(one, board) for one in wires if _is_tied(one, board)]}


def file_name(one: BoardObject, images: Mapping[str, ImageFile]) -> str:
    image = images.get(one.picture.file) if one.picture else None
    extension = EXTENSIONS.get(image.media, "webp") if image else "webp"
    return f"files/{one.picture.file if one.picture else one.id}.{extension}"


def _node(
    one: BoardObject, board: Arrangement, images: Mapping[str, ImageFile], cards: Mapping[str, Card]
) -> Json:
    node: Json = {"id": one.id, "type": "text"}
    tags = one.tags
    match one.kind:
        case "area":
            node |= {"type": "group", "label": one.text}
        case "cluster":
            node |= {"type": "group", "label": one.text}
        case "image" if one.picture is not None:
            node |= {"type": "file", "file": file_name(one, images)}
        case "source" if one.source is not None:
            node |= {"type": "link", "url": one.source.url}
        case "heading":
            node["text"] = with_tags(f"# {one.text}", tags)
        case "evidence":
            node["text"] = with_tags(_card_text(one, cards), tags)
        case _:
            node["text"] = with_tags(_bold_first(one.text), tags)
    x, y, w, h = board.box(one)
    if one.kind == "cluster" and board.members(one.id):
        x, y, w, h = x - CLUSTER_PAD, y - CLUSTER_PAD, w + 2 * CLUSTER_PAD, h + 2 * CLUSTER_PAD
    node |= {"x": round(x), "y": round(y), "width": max(1, round(w)), "height": max(1, round(h))}
    if one.kind == "note" and one.colour in PRESET_OF:
        node["color"] = PRESET_OF[one.colour]
    return node


def _bold_first(text: str) -> str:
    first, line, rest = text.partition("\n")
    plain = first.strip() and "*" not in first and not first.startswith(("- ", "#", " ", "\\", "•"))
    return f"**{first.strip()}**\n{rest}" if line and plain and first == first.strip() else text


def _card_text(one: BoardObject, cards: Mapping[str, Card]) -> str:
    card = cards.get(one.evidence or "")
    if card is None:
        return one.text
    lines = [f"**{card.label}**", f"> {card.text}" if card.quoted else card.text]
    return "\n".join([*lines, *([f"Source: {card.source}"] if card.source else [])])


def _is_tied(wire: BoardObject, board: Arrangement) -> bool:
    return bool(board.at(wire, "start") and board.at(wire, "end"))


def _edge(wire: BoardObject, board: Arrangement) -> Json:
    start, end = (board.objects[str(board.at(wire, which))] for which in ("start", "end"))
    ax, ay, aw, ah = board.box(start)
    bx, by, bw, bh = board.box(end)
    across, down = (bx + bw / 2) - (ax + aw / 2), (by + bh / 2) - (ay + ah / 2)
    if abs(across) >= abs(down):
        out, into = ("right", "left") if across >= 0 else ("left", "right")
    else:
        out, into = ("bottom", "top") if down >= 0 else ("top", "bottom")
    edge: Json = {
        "id": wire.id,
        "fromNode": start.id,
        "fromSide": out,
        "fromEnd": "none",
        "toNode": end.id,
        "toSide": into,
        "toEnd": "arrow",
    }
    words = label(wire.relation, wire.text)
    return edge | ({"label": words} if words else {})


def relation_of(words: str) -> tuple[Relation, str]:
    """What a label says: "supports: saves a trip" is a relation and a text."""
    for relation, stroke in STROKES.items():
        if stroke.word and words == stroke.word:
            return relation, ""
        if stroke.word and words.startswith(f"{stroke.word}: "):
            return relation, words.removeprefix(f"{stroke.word}: ")
    return "plain", words


# Reading.


def is_canvas(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and "type" not in value
        and ("nodes" in value or "edges" in value or not value)
    )


def read(
    value: Json, title: str, *, beside: BoardContent | None = None, files: Mapping[str, bytes] | None = None
) -> Imported:
    """`beside`: the board as `lab.json` of the same bundle has it; `files`: path -> what the bundle holds."""
    nodes, edges = (_listed(value, name) for name in ("nodes", "edges"))
    refuse_many(len(nodes) + len(edges))
    return _Reading(title, beside, files or {}).read(nodes, edges)


def _listed(value: Json, name: str) -> list[Json]:
    found = value.get(name, [])
    if not isinstance(found, list):
        raise FileDamaged(f"Its “{name}” is not a list. Export the canvas again.", where=name)
    for at, one in enumerate(found):
        if not isinstance(one, dict) or not isinstance(one.get("id"), str) or not one["id"]:
            where = f"{name}[{at}]"
            raise FileDamaged(
                f"{where} has no id, which every node and edge needs. Export the canvas again.", where=where
            )
    return found


class _Reading:
    def __init__(self, title: str, beside: BoardContent | None, files: Mapping[str, bytes]) -> None:
        self.heap = Heap((beside.title if beside else "") or title)
        self.files = files
        self.known: dict[str, BoardObject] = {}
        self.written: dict[str, Json] = {}
        if beside is not None:
            self.heap.legend = dict(beside.legend)
            self.known = {one.id: one for one in beside.objects}
            written = as_canvas(beside, {}, {})
            self.written = {one["id"]: one for one in (*written["nodes"], *written["edges"])}
        self.clusters: set[str] = set()
        self.grounds: list[tuple[tuple[float, float, float, float], str]] = []

    def read(self, nodes: list[Json], edges: list[Json]) -> Imported:
        self._grounds([one for one in nodes if one.get("type") == "group"])
        there: set[str] = set()
        for node in nodes:
            id = node["id"] if node["id"] not in there else ""
            there.add(node["id"])
            same = self.known.get(id)
            if node.get("type") == "group":
                kind = "cluster" if node["id"] in self.clusters else "area"
                parent = self._parent(node, clusters=False) if kind == "cluster" else None
            else:
                kind = ""
                parent = self._parent(node, clusters=True) or self._parent(node, clusters=False)
            if same is not None and not self._is_moved(node):
                parent = same.parent
            self._add(node, kind, parent, same)
        for edge in edges:
            self._connect(edge, self.known.get(edge["id"]) if edge["id"] not in there else None)
        # What the canvas cannot show is only in the sidecar: connectors with a loose end.
        for one in self.known.values():
            if one.kind == "connector" and one.id not in self.written:
                self.heap.add(one.id, "connector", **_wire(one))
        return self._in_order()

    def _in_order(self) -> Imported:
        """The sidecar knows what lies above what; what is new lies on top."""
        made = self.heap.imported()
        if not self.known:
            return made
        rank = {id: at for at, id in enumerate(self.known)}
        objects = sorted(made.content.objects, key=lambda one: rank.get(one.id, len(rank)))
        if all(one.id in self.known for one in objects):
            keys = [self.known[one.id].z for one in objects]
        else:
            keys = layers(len(objects))
        kept = [one.model_copy(update={"z": z}) for one, z in zip(objects, keys, strict=True)]
        content = made.content.model_copy(update={"objects": tuple(kept)})
        return Imported(content, made.kept, made.left_out, made.images)

    def _grounds(self, groups: list[Json]) -> None:
        """A group within a group is a cluster, unless the sidecar knows better. The smallest come first."""
        boxes = [_box(one) for one in groups[:MOST_GROUNDS]]
        found = []
        for one in groups:
            same = self.known.get(one["id"])
            if same is not None and same.kind in ("area", "cluster"):
                within = same.kind == "cluster"
            else:
                within = any(_holds(other, _box(one)) for other in boxes)
            if within:
                self.clusters.add(one["id"])
            found.append((_box(one), one["id"]))
        found.sort(key=lambda ground: ground[0][2] * ground[0][3])
        self.grounds = found[:MOST_GROUNDS]

    def _parent(self, node: Json, *, clusters: bool) -> str | None:
        """The smallest cluster, or area, that the middle of the node lies in."""
        x, y, w, h = _box(node)
        middle = (x + w / 2, y + h / 2, 0.0, 0.0)
        for box, id in self.grounds:
            if (id in self.clusters) == clusters and id != node["id"] and _holds(box, middle):
                return id
        return None

    def _is_moved(self, node: Json) -> bool:
        return _box(self.written.get(node["id"], {})) != _box(node)

    def _changed(self, node: Json, field: str) -> bool:
        return node.get(field) != self.written.get(node["id"], {}).get(field)

    def _add(self, node: Json, ground: str, parent: str | None, same: BoardObject | None) -> None:
        fields: Json = {
            "x": node.get("x"),
            "y": node.get("y"),
            "w": node.get("width"),
            "h": node.get("height"),
        }
        if same is not None and same.kind != "connector":
            was = self.written[same.id]
            if was.get("type") == node.get("type"):
                self._add_known(node, fields, parent, same)
                return
        fields |= {"parent": parent, "colour": colour(node.get("color"))}
        match node.get("type"):
            case "group":
                text = some(node.get("label"), str)
                self.heap.add(node["id"], "cluster" if ground == "cluster" else "area", text=text, **fields)
            case "text" if isinstance(node.get("text"), str):
                self._add_text(node, fields)
            case "link":
                self._add_link(node, fields)
            case "file" if isinstance(node.get("file"), str):
                self._add_file(node, fields)
            case kind:
                self.heap.tally.add(
                    f"“{one_title(kind)[:40]}”" if isinstance(kind, str) else "objects without a type",
                    "This kind of object is not known here; what it says was kept as text.",
                )
                raw = json.dumps(node, ensure_ascii=False)
                self.heap.add(node["id"], "note", text=raw[:MOST_TEXT], **fields)

    def _add_known(self, node: Json, fields: Json, parent: str | None, same: BoardObject) -> None:
        """As `lab.json` has it, but for what was changed in the canvas."""
        kept = same.model_dump(exclude={"id", "kind", "z", "start", "end", "picture", "source"})
        kept |= {"picture": same.picture, "source": same.source, "origin": same.origin, "parent": parent}
        if same.kind == "cluster" or not self._is_moved(node):
            fields = {}
        kept |= {name: value for name, value in fields.items() if value is not None}
        if self._changed(node, "color") and same.kind == "note":
            kept["colour"] = colour(node.get("color"))
        if same.kind in ("area", "cluster") and self._changed(node, "label"):
            kept["text"] = some(node.get("label"), str)
        if self._changed(node, "text") and same.kind != "evidence":
            text, tags = without_tags(some(node.get("text"), str))
            if same.kind == "heading":
                text = text.removeprefix("# ")
            kept |= {"text": text, "tags": tags}
        if self._changed(node, "url") and same.source is not None:
            kept["source"] = web(node.get("url"), same.source.title, same.source.site) or same.source
        if same.picture is not None:
            data = self.files.get(some(node.get("file"), str))
            if data is None:
                self.heap.tally.add("image", "The picture itself was not in the file; its frame is there.")
                kept["picture"] = None
            else:
                kept["picture"] = same.picture.model_copy(update={"file": self.heap.keep(data)})
        self.heap.add(same.id, same.kind, **kept)

    def _add_text(self, node: Json, fields: Json) -> None:
        text, tags = without_tags(node["text"])
        if text.startswith("# ") and "\n" not in text:
            self.heap.add(node["id"], "heading", text=text[2:], tags=tags, **fields)
        else:
            self.heap.add(node["id"], "note", text=text, tags=tags, **fields)

    def _add_link(self, node: Json, fields: Json) -> None:
        source = web(node.get("url"))
        if source is not None:
            self.heap.add(node["id"], "source", source=source, **fields)
            return
        self.heap.tally.add("links", "Not the address of a web page; kept as text.")
        self.heap.add(node["id"], "note", text=some(node.get("url"), str), **fields)

    def _add_file(self, node: Json, fields: Json) -> None:
        path = node["file"] + some(node.get("subpath"), str)
        data = self.files.get(node["file"])
        is_picture = node["file"].lower().rpartition(".")[2] in PICTURES
        if data is not None and is_picture:
            kept = picture(self.heap.keep(data), node.get("width"), node.get("height"))
            self.heap.add(node["id"], "image", picture=kept, **fields)
            return
        self.heap.tally.add("files", "The file itself was not taken in; its name was kept as text.")
        self.heap.add(node["id"], "note", text=f"File: {path}", **fields)

    def _connect(self, edge: Json, same: BoardObject | None) -> None:
        ends = [edge.get("fromNode"), edge.get("toNode")]
        if edge.get("fromEnd") == "arrow" and edge.get("toEnd") == "none":
            ends.reverse()
        if not all(isinstance(end, str) for end in ends):
            self.heap.tally.add("connector", "It does not say what it connects.")
            return
        words = some(edge.get("label"), str)
        relation, text = relation_of(words)
        if same is not None and same.kind == "connector":
            kept = _wire(same)
            for which, end, x in (("start", ends[0], "fromNode"), ("end", ends[1], "toNode")):
                if self._changed(edge, x):
                    kept[which] = (end, 0, 0)
            if self._changed(edge, "label"):
                kept |= {"relation": relation, "text": text}
            self.heap.add(edge["id"], "connector", **kept)
            return
        self.heap.add(
            edge["id"], "connector", text=text, relation=relation, start=(ends[0], 0, 0), end=(ends[1], 0, 0)
        )


def _wire(one: BoardObject) -> Json:
    kept = one.model_dump(exclude={"id", "kind", "z", "start", "end", "picture", "source", "origin"})
    ends = {
        which: (end.object, end.x, end.y)
        for which, end in (("start", one.start), ("end", one.end))
        if end is not None
    }
    return kept | ends


def _box(node: Json) -> tuple[float, float, float, float]:
    x, y, w, h = (number(node.get(name), 0) for name in ("x", "y", "width", "height"))
    return x, y, w, h


def _holds(outer: tuple[float, float, float, float], inner: tuple[float, float, float, float]) -> bool:
    return (
        outer != inner
        and outer[0] <= inner[0]
        and outer[1] <= inner[1]
        and outer[0] + outer[2] >= inner[0] + inner[2]
        and outer[1] + outer[3] >= inner[1] + inner[3]
    )
