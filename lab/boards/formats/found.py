"""What is found in a file becomes a board here: brought into bounds, and whatever did not fit is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from lab.boards import facets
from lab.boards.arrangement import layers
from lab.boards.formats.errors import FileTooMuch
from lab.boards.objects import (
    LONGEST,
    MOST_OBJECTS,
    MOST_PROMPT,
    MOST_TAGS,
    MOST_TEXT,
    NOTE_HEIGHT,
    NOTE_WIDTH,
    REACH,
    BoardContent,
    BoardObject,
    Colour,
    End,
    Kind,
    Picture,
    Source,
)
from lab.core.words import clean

MOST_TITLE: Final = 120
GROUND_KINDS: Final = ("area", "cluster")
_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class LeftOut:
    what: str
    why: str
    count: int


@dataclass(frozen=True, slots=True)
class Imported:
    content: BoardContent
    kept: Mapping[str, int]
    """Kind -> how many of it are on the board."""
    left_out: tuple[LeftOut, ...]
    """Also what was changed to fit."""
    images: Mapping[str, bytes] = field(default_factory=dict)
    """`picture.file` in the content -> the file as it came: to be taken in and renamed (`with_pictures`)."""


@dataclass(frozen=True, slots=True)
class Exported:
    content: bytes
    media: str
    suffix: str


class Tally:
    """What did not fit, counted by what and why, in the order it was found."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()

    def add(self, what: str, why: str, count: int = 1) -> None:
        self._counts[what, why] += count

    def told(self) -> tuple[LeftOut, ...]:
        return tuple(LeftOut(what, why, count) for (what, why), count in self._counts.items())


class Heap:
    """Objects as they come out of a foreign file. Ids are the file's own where they can be, else made from
    them, so that the same file always gives the same board."""

    def __init__(self, title: str, tally: Tally | None = None) -> None:
        self.title = one_title(title)
        self.legend: dict[Colour, str] = {}
        self.tally = tally or Tally()
        self.images: dict[str, bytes] = {}
        self._objects: dict[str, dict[str, Any]] = {}
        self._ids: dict[str, str] = {}

    def __contains__(self, foreign: str) -> bool:
        return foreign in self._ids

    def __getitem__(self, foreign: str) -> dict[str, Any]:
        return self._objects[self._ids[foreign]]

    def add(self, foreign: str, kind: Kind, **fields: Any) -> str:
        """Under the id it gets here. A text that is too long for one object goes on in notes below it. An id
        that is there already is told, and the second object gets another."""
        if foreign in self._ids:
            self.tally.add(kind, "Another object had the same id; both were kept.")
            count = 2
            while f"{foreign}/{count}" in self._ids:
                count += 1
            foreign = f"{foreign}/{count}"
        id = self._ids[foreign] = self._fresh(foreign)
        first, *rest = split(clean(fields.pop("text", "")))
        self._objects[id] = {"id": id, "kind": kind, "text": first, **fields}
        refuse_many(len(self._objects))
        below = number(fields.get("h"), NOTE_HEIGHT)
        for at, more in enumerate(rest, 1):
            self.tally.add(
                kind, f"The text is longer than {MOST_TEXT:,} characters; it goes on in notes below."
            )
            place = {**fields, "y": number(fields.get("y"), 0) + below * at}
            self.add(
                f"{foreign}/more{at}", "note", text=more, x=place.get("x", 0), y=place["y"],
                parent=fields.get("parent"), colour=fields.get("colour", "chalk"),
            )  # fmt: skip
        return id

    def keep(self, data: bytes) -> str:
        """A picture's bytes. Returns the name to use as `picture.file`."""
        name = f"f{len(self.images) + 1}"
        self.images[name] = data
        return name

    def imported(self) -> Imported:
        """`parent`, `start` and `end` are foreign ids until here. Lowest first, in the order they came."""
        kinds = {id: one["kind"] for id, one in self._objects.items()}
        keys = layers(len(self._objects))
        objects = [self._object(one, kinds, z) for one, z in zip(self._objects.values(), keys, strict=True)]
        content = BoardContent(title=self.title, legend=self.legend, objects=tuple(objects))
        counts = Counter[str](one.kind for one in content.objects)
        return Imported(content, dict(counts), self.tally.told(), self.images)

    def _object(self, one: dict[str, Any], kinds: Mapping[str, str], z: str) -> BoardObject:
        kind = one["kind"]
        default_w, default_h = SIZES.get(kind, (NOTE_WIDTH, NOTE_HEIGHT))
        known = {name: one[name] for name in PLAIN_FIELDS if one.get(name) is not None}
        return BoardObject.model_validate(
            {
                **known,
                "id": one["id"],
                "kind": kind,
                "z": z,
                "x": self._number(one, "x", 0, -REACH, REACH),
                "y": self._number(one, "y", 0, -REACH, REACH),
                "w": self._number(one, "w", default_w, 1, LONGEST),
                "h": self._number(one, "h", default_h, 1, LONGEST),
                "text": one["text"],
                "parent": self._parent(kind, one.get("parent"), kinds),
                "tags": tags(one.get("tags", ())),
                "start": self._end(one, "start", kinds),
                "end": self._end(one, "end", kinds),
                "alt": clean(one.get("alt") or "")[: facets.MOST_ALT],
                "prompt": clean(one.get("prompt") or "")[:MOST_PROMPT],
            }
        )

    def _number(self, one: dict[str, Any], name: str, default: float, least: float, most: float) -> float:
        given = one.get(name, default)
        found = number(given, default)
        # Less than nothing was never meant as a size: it gets the one it would have had.
        smallest = default if least > 0 else least
        kept = smallest if found < least else min(found, most)
        if given is not None and kept != given:
            what = "size" if name in ("w", "h") else "place"
            self.tally.add(one["kind"], f"Its {what} was not one a board has; it was brought into bounds.")
        return kept

    def _parent(self, kind: str, foreign: Any, kinds: Mapping[str, str]) -> str | None:
        """Areas are in nothing, clusters in areas only, the rest in either: nothing is ever inside itself."""
        parent = self._ids.get(foreign) if isinstance(foreign, str) else None
        allowed = () if kind == "area" else ("area",) if kind == "cluster" else GROUND_KINDS
        return parent if parent and kinds[parent] in allowed and kind != "connector" else None

    def _end(self, one: dict[str, Any], which: str, kinds: Mapping[str, str]) -> End | None:
        given = one.get(which)
        if one["kind"] != "connector" or given is None:
            return None
        foreign, x, y = given
        to = self._ids.get(foreign) if isinstance(foreign, str) else None
        if foreign is not None and (to is None or to == one["id"] or kinds[to] == "connector"):
            self.tally.add("connector", "What it was tied to is not there; that end is loose now.")
            to = None
        return End(
            object=to,
            x=min(max(number(x, 0), -REACH), REACH),
            y=min(max(number(y, 0), -REACH), REACH),
        )

    def _fresh(self, foreign: str) -> str:
        if facets.OBJECT_ID.fullmatch(foreign) and foreign not in self._objects:
            return foreign
        salt = 0
        while True:
            digest = int.from_bytes(
                sha256(f"{salt}/{foreign}".encode("utf-8", "replace")).digest()[:12], "big"
            )
            id = "".join(_DIGITS[digest // 62**at % 62] for at in range(12))
            if id not in self._objects:
                return id
            salt += 1


PLAIN_FIELDS: Final = (
    "by", "at", "colour", "relation", "picture", "source", "evidence", "reactions", "origin", "merged",
)  # fmt: skip
SIZES: Final[dict[str, tuple[float, float]]] = {"area": (448, 560), "heading": (460, 44)}


def refuse_many(count: int) -> None:
    """Before anything is made of them."""
    if count > MOST_OBJECTS:
        raise FileTooMuch(
            f"There are {count:,} objects in this file; a board holds at most {MOST_OBJECTS:,}. "
            "Bring it in as several files.",
            limit=MOST_OBJECTS,
        )


def one_title(title: str) -> str:
    return " ".join(clean(title).split())[:MOST_TITLE]


def number(value: Any, default: float) -> float:
    """Finite, whatever it was."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        return default
    # Whole numbers in JSON may be longer than any float.
    return float(min(max(value, -(10**9)), 10**9))


def tags(given: Any) -> tuple[str, ...]:
    found = {
        tag if facets.is_tag(tag) else " ".join(clean(tag).split())[: facets.LONGEST_TAG].strip()
        for tag in (given if isinstance(given, list | tuple) else ())
        if isinstance(tag, str)
    }
    return tuple(sorted(tag for tag in found if facets.is_tag(tag))[:MOST_TAGS])


def web(url: Any, title: str = "", site: str = "") -> Source | None:
    url = clean(url).strip() if isinstance(url, str) else ""
    if len(url) > 2_000 or not facets.is_web_address(url):
        return None
    return Source(url=url, title=clean(title)[:300], site=clean(site)[:100])


def picture(file: str, w: Any, h: Any) -> Picture:
    """The sides are the frame's; the file's own are known when it has been taken in."""
    sides = [int(min(max(number(side, 1), 1), LONGEST)) for side in (w, h)]
    return Picture(file=file, width=sides[0], height=sides[1])


def split(text: str, most: int = MOST_TEXT) -> list[str]:
    """In pieces that fit, at the ends of lines or words where there are any."""
    pieces = []
    while len(text) > most:
        at = max(text.rfind("\n", most // 2, most), 0) or max(text.rfind(" ", most // 2, most), 0) or most
        pieces.append(text[:at])
        text = text[at:].lstrip("\n ") if text[at : at + 1] in ("\n", " ") else text[at:]
    return [*pieces, text]


def with_pictures(
    imported: Imported, taken: Mapping[str, Picture], why: Mapping[str, str] | None = None
) -> Imported:
    """After the files were taken in: `picture.file` as it came -> as it is kept. A picture that is not among
    them stays as a frame with its words, and is told, with its reason where `why` has one."""
    reasons = why or {}
    tally = Tally()
    objects = []
    for one in imported.content.objects:
        if one.picture is not None:
            kept = taken.get(one.picture.file)
            if kept is None:
                reason = reasons.get(one.picture.file, "The picture itself was not in the file.")
                tally.add("image", f"{reason} Its frame is there.")
            one = one.model_copy(update={"picture": kept})
        objects.append(one)
    content = imported.content.model_copy(update={"objects": tuple(objects)})
    return Imported(content, imported.kept, (*imported.left_out, *tally.told()))
