"""Sheets: what is drawn of one object, piece by piece, from its upper left corner.

The same measures as `frontend/src/features/boards/canvas/sheets.ts`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from lab.boards.drawing.model import Card, Look
from lab.boards.drawing.palette import Ink
from lab.boards.drawing.typeset import Type, Typeset, clamped, cut, fit, one_line, typeset, width
from lab.boards.light import plain
from lab.boards.objects import BoardObject, Colour

SUPPORT: Final = "👍"
PAD: Final = 12
CARD_PAD: Final = 16
FOOT: Final = 24
META: Final = Type("tool", 13, 16)
META_BOLD: Final = Type("tool", 13, 16, 600)
CHIP: Final = Type("tool", 13, 16, 700)
NOTE_TYPES: Final = (Type("tool", 16, 20), Type("tool", 15, 19), Type("tool", 14, 18))
HEADING: Final = Type("tool", 24, 30, 600)
TITLE: Final = Type("tool", 16, 22, 600)
AREA_TITLE: Final = Type("tool", 16, 22, 700)
SMALL: Final = Type("tool", 14, 19)
BODY: Final = Type("tool", 15, 20)
VOICE: Final = Type("voice", 17, 24)
VOICE_QUOTED: Final = Type("voice", 17, 24, 400, True)


@dataclass(frozen=True, slots=True)
class Part:
    x: float
    y: float
    w: float
    set: Typeset
    ink: Ink
    chip: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A reaction and how often it was given, in the lower right; support is drawn as a ring."""

    x: float
    emoji: str
    count: str


@dataclass(frozen=True, slots=True)
class Sheet:
    w: float
    h: float
    paper: str | None
    """A colour's name, `card`, or nothing under the words."""
    parts: tuple[Part, ...]
    marks: tuple[Mark, ...] = ()
    picture: float = 0
    """Of an image: the height of the picture itself."""


def sheet(one: BoardObject, look: Look, legend: Mapping[Colour, str], notes: int, support: int) -> Sheet:
    """`notes`: how many lie in it, `support`: of all of them together."""
    match one.kind:
        case "note":
            return _note(one, look, legend)
        case "heading":
            found = typeset(one.text or "Heading", one.w, HEADING)
            return Sheet(one.w, max(30, found.height), None, (Part(0, 0, one.w, found, "ink"),))
        case "area":
            return _area(one, notes)
        case "cluster":
            return _cluster(one, support)
        case "image":
            return _image(one)
        case "source":
            return _source(one, look)
        case "evidence":
            return _evidence(one, look)
        case "connector":
            return Sheet(one.w, one.h, None, ())


def tag_line(one: BoardObject, legend: Mapping[Colour, str]) -> str:
    """A colour with a meaning says it in words too."""
    meaning = legend.get(one.colour)
    return " · ".join([meaning, *one.tags] if meaning else one.tags)


def author(one: BoardObject, look: Look) -> str:
    return look.names.get(one.by, "") if look.authors and one.by else ""


def host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _note(one: BoardObject, look: Look, legend: Mapping[Colour, str]) -> Sheet:
    tags = tag_line(one, legend)
    room = max(24, one.w - 2 * PAD)
    tall = max(NOTE_TYPES[-1].leading, one.h - 11 - FOOT - 7 - (18 if tags else 0))
    words = fit(one.text, room, tall, NOTE_TYPES)
    h = one.h + max(0, words.height - tall)
    parts = [Part(PAD, 11, room, words, "note")]
    if tags:
        parts.append(Part(PAD, h - FOOT - 18, room, one_line(tags, room, META_BOLD), "note"))
    foot, marks = _foot(one, look, h, PAD, "note")
    return Sheet(one.w, h, one.colour, (*parts, *foot), marks)


def _area(one: BoardObject, notes: int) -> Sheet:
    counted = f"{notes} {'note' if notes == 1 else 'notes'}"
    wide = width(META, counted)
    room = max(24, one.w - 2 * PAD)
    titled = max(24, room - wide - 12)
    title = one_line(plain(one.text) or "Area", titled, AREA_TITLE)
    parts = [Part(PAD, 9, titled, title, "ink")]
    if room > wide + 60:
        parts.append(Part(one.w - PAD - wide, 13, wide, one_line(counted, wide + 1, META), "ink-3"))
    if one.prompt.strip():
        parts.append(Part(PAD, 31, room, clamped(typeset(one.prompt, room, SMALL), 2), "ink-2"))
    return Sheet(one.w, one.h, None, tuple(parts))


def _cluster(one: BoardObject, support: int) -> Sheet:
    """Only its label: where it lies comes from its members."""
    words = (plain(one.text) or "Cluster") + (f" · {support} support" if support else "")
    found = one_line(words, 320, META_BOLD)
    wide = found.lines[0].width
    return Sheet(wide + 22, 22, None, (Part(11, 3, wide, found, "ink"),))


def _image(one: BoardObject) -> Sheet:
    if not one.text.strip():
        return Sheet(one.w, one.h, None, (), picture=one.h)
    caption = typeset(one.text, one.w, SMALL)
    part = Part(0, one.h + 6, one.w, caption, "ink-2")
    return Sheet(one.w, one.h + 6 + caption.height, None, (part,), picture=one.h)


def _source(one: BoardObject, look: Look) -> Sheet:
    source = one.source
    room = max(24, one.w - 2 * CARD_PAD)
    url = source.url if source else ""
    parts: list[tuple[Typeset, Ink, float]] = []
    site = (source.site if source else "") or host(url)
    if site:
        parts.append((one_line(site, room, META), "ink-3", 3))
    title = (source.title if source else "") or url or "Source"
    parts.append((clamped(typeset(title, room, TITLE, marked=False), 3), "act", 6))
    if one.text.strip():
        parts.append((typeset(one.text, room, BODY), "ink-2", 6))
    return _card(one, look, room, parts, 14, ())


def _evidence(one: BoardObject, look: Look) -> Sheet:
    room = max(24, one.w - 2 * CARD_PAD)
    card: Card | None = look.cards.get(one.evidence) if one.evidence else None
    if card is None:
        words = typeset("This evidence card is not shown here.", room, BODY, marked=False)
        return _card(one, look, room, [(words, "ink-2", 6)], 14, ())
    label = one_line(card.label, room, CHIP)
    chip = Part(22, 16, label.lines[0].width, label, "act", chip=True)
    said = VOICE_QUOTED if card.quoted else VOICE
    parts: list[tuple[Typeset, Ink, float]] = [
        (clamped(typeset(card.text, room, said, marked=False), 10), "ink", 8)
    ]
    if card.source:
        parts.append((clamped(typeset(card.source, room, META, marked=False), 2), "ink-3", 6))
    return _card(one, look, room, parts, 42, (chip,))


def _card(
    one: BoardObject,
    look: Look,
    room: float,
    stacked: list[tuple[Typeset, Ink, float]],
    y: float,
    first: tuple[Part, ...],
) -> Sheet:
    parts = list(first)
    for found, ink, gap in stacked:
        parts.append(Part(CARD_PAD, y, room, found, ink))
        y += found.height + gap
    h = max(y + FOOT, one.h if one.h > 150 else 0)
    foot, marks = _foot(one, look, h, CARD_PAD, "ink-3")
    return Sheet(one.w, h, "card", (*parts, *foot), marks)


def _foot(
    one: BoardObject, look: Look, h: float, pad: float, ink: Ink
) -> tuple[tuple[Part, ...], tuple[Mark, ...]]:
    """The author on the left, reactions on the right, support outermost."""
    given = sorted(
        ((emoji, str(len(persons))) for emoji, persons in one.reactions.items() if persons),
        key=lambda each: each[0] == SUPPORT,
    )
    marks: list[Mark] = []
    right = one.w - pad
    for emoji, count in reversed(given):
        wide = sign_width(emoji) + width(META_BOLD, count)
        if right - wide < pad:
            break
        marks.insert(0, Mark(right - wide, emoji, count))
        right -= wide + 8
    name = author(one, look).split()
    room = max(0.0, right - pad - 4)
    shown = cut(name[0], room, META) if name else ""
    if not shown or shown == "…":
        return (), tuple(marks)
    return (Part(pad, h - FOOT, room, one_line(shown, room, META), ink),), tuple(marks)


def sign_width(emoji: str) -> float:
    return 15 if emoji == SUPPORT else width(META, emoji) + 3
