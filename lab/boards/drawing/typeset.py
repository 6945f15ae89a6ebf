"""Typesetting: text broken into lines with the widths of the real fonts, as the screens break it.

`frontend/src/features/boards/canvas/typeset.ts` has the same rules, so that a picture looks like the board.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, Literal

from lab.boards.light import Paragraph, Run, paragraphs

FONTS: Final = Path(__file__).parent / "fonts"
INDENT: Final = 14
"""Of a point in a list."""

Family = Literal["tool", "voice"]


@dataclass(frozen=True, slots=True)
class Type:
    """`tool` is the face of everything; `voice` is for people's own words."""

    family: Family
    size: float
    leading: float
    """From one baseline to the next."""
    weight: int = 400
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    type: Type
    x: float
    """From the beginning of its line."""
    width: float


@dataclass(frozen=True, slots=True)
class Line:
    pieces: tuple[Piece, ...]
    width: float
    indent: float = 0
    bullet: bool = False
    """The first line of a point in a list."""
    rtl: bool = False

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Typeset:
    lines: tuple[Line, ...]
    type: Type

    @property
    def height(self) -> float:
        return len(self.lines) * self.type.leading


@dataclass(frozen=True, slots=True)
class Face:
    em: int
    up: int
    down: int
    widths: dict[str, int]
    kerns: dict[str, int]

    def width(self, text: str) -> float:
        """In ems."""
        total = 0.0
        before = ""
        for character in text:
            known = self.widths.get(character)
            width = _elsewhere(character) * self.em if known is None else known
            total += width + self.kerns.get(before + character, 0)
            before = character
        return total / self.em


@lru_cache(maxsize=4096)
def _elsewhere(character: str) -> float:
    """Width, in ems, of a character that another font will have to show."""
    kind = unicodedata.category(character)
    if kind in ("Mn", "Me", "Cf", "Cc"):
        return 0.0
    if unicodedata.east_asian_width(character) in ("W", "F"):
        return 1.0 if kind == "Lo" else 1.25
    return 1.0 if kind == "So" else 0.62


@cache
def faces() -> dict[str, Face]:
    table = json.loads((FONTS / "metrics.json").read_text("utf-8"))
    found: dict[str, Face] = {}
    for name, one in table.items():
        kerns = {
            first + second: int(by)
            for first, row in one["kerns"].items()
            for by, seconds in row.items()
            for second in seconds
        }
        found[name] = Face(one["em"], one["up"], one["down"], one["widths"], kerns)
    return found


def face_of(type: Type) -> str:
    if type.family == "voice":
        return "Newsreader-Italic" if type.italic else "Newsreader-Regular"
    if type.italic:
        return "AtkinsonHyperlegibleNext-Italic"
    weight = "Regular" if type.weight < 550 else "SemiBold" if type.weight < 650 else "Bold"
    return f"AtkinsonHyperlegibleNext-{weight}"


@lru_cache(maxsize=65_536)
def width(type: Type, text: str) -> float:
    return faces()[face_of(type)].width(text) * type.size


def baseline(type: Type) -> float:
    """From the top of a line to its baseline, as a browser places it."""
    face = faces()[face_of(type)]
    up, down = round(face.up / face.em * type.size), round(face.down / face.em * type.size)
    return (type.leading - up - down) / 2 + up


# Words, the spaces after them, and the places within where a line may end: after hyphens and dashes, and
# around the characters of scripts that are written without spaces.
_CJK: Final = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef"
_WORDS: Final = re.compile(rf"[{_CJK}]\s*|[^\s\-–—{_CJK}]+[-–—]*\s*|[-–—]+\s*|\s+")
_RTL: Final = re.compile("[\u0591-\u07ff\ufb1d-\ufdfd\ufe70-\ufefc]")
_STRONG: Final = re.compile("[A-Za-z\u00aa-\u02b8\u0370-\u058f\u0591-\u07ff\ufb1d-\ufdfd\ufe70-\ufefc]")


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    type: Type
    joined: bool = False
    """No line may begin with it: it belongs to the word before ("**bold**," and the like)."""

    @property
    def bare(self) -> str:
        return self.text.rstrip()


@lru_cache(maxsize=16_384)
def typeset(text: str, room: float, type: Type, *, marked: bool = True) -> Typeset:
    """`marked`: read as light Markdown."""
    parts = paragraphs(text) if marked else tuple(Paragraph(False, (Run(line),)) for line in text.split("\n"))
    lines: list[Line] = []
    for part in parts:
        strong = _STRONG.search("".join(run.text for run in part.runs))
        rtl = strong is not None and _RTL.match(strong.group()) is not None
        indent = INDENT if part.bullet else 0
        for number, row in enumerate(_rows(_words(part.runs, type), room - indent)):
            lines.append(_line(row, indent, part.bullet and number == 0, rtl))
    return Typeset(tuple(lines), type)


def fit(text: str, room: float, height: float, types: Sequence[Type]) -> Typeset:
    """In the first of these types in which it fits that height, else the last."""
    for type in types:
        found = typeset(text, room, type)
        if found.height <= height:
            break
    return found


def one_line(text: str, room: float, type: Type) -> Typeset:
    """Cut with an ellipsis where it is too long."""
    return typeset(cut(text, room, type), room + 2, type, marked=False)


def cut(text: str, room: float, type: Type) -> str:
    if width(type, text) <= room:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width(type, text[:middle].rstrip() + "…") <= room:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip() + "…"


def clamped(found: Typeset, most: int) -> Typeset:
    if len(found.lines) <= most:
        return found
    *kept, last = found.lines[:most]
    if last.pieces:
        *pieces, end = last.pieces
        text = end.text.rstrip(" .,;:") + "…"
        end = replace(end, text=text, width=width(end.type, text))
        last = replace(last, pieces=(*pieces, end), width=end.x + end.width)
    return Typeset((*kept, last), found.type)


def _words(runs: Sequence[Run], type: Type) -> list[_Word]:
    found: list[_Word] = []
    for run in runs:
        as_ = replace(type, weight=700 if run.bold else type.weight, italic=type.italic or run.italic)
        for number, match in enumerate(_WORDS.finditer(run.text)):
            text = match.group()
            before = found[-1].text if found else " "
            joined = number == 0 and not before[-1].isspace() and not text[0].isspace()
            found.append(_Word(text, as_, joined))
    return found


def _rows(words: Sequence[_Word], room: float) -> list[list[_Word]]:
    rows: list[list[_Word]] = []
    row: list[_Word] = []
    used = 0.0

    def end() -> None:
        nonlocal row, used
        rows.append(row)
        row, used = [], 0.0

    for unit in _units(words):
        bare = sum(width(word.type, word.text) for word in unit[:-1]) + width(unit[-1].type, unit[-1].bare)
        if row and used + bare > room:
            end()
        if bare <= room:
            row += unit
            used += sum(width(word.type, word.text) for word in unit)
            continue
        # Longer than a whole line: broken where it must be.
        for word in unit:
            for character in word.text:
                wide = width(word.type, character)
                if row and used + wide > room and not character.isspace():
                    end()
                if row and row[-1].type == word.type:
                    row[-1] = replace(row[-1], text=row[-1].text + character)
                else:
                    row.append(replace(word, text=character))
                used += wide
    end()
    return rows


def _units(words: Sequence[_Word]) -> list[list[_Word]]:
    units: list[list[_Word]] = []
    for word in words:
        if word.joined and units:
            units[-1].append(word)
        else:
            units.append([word])
    return units


def _line(row: Sequence[_Word], indent: float, bullet: bool, rtl: bool) -> Line:
    pieces: list[Piece] = []
    x = 0.0
    for number, word in enumerate(row):
        text = word.bare if number == len(row) - 1 else word.text
        if not text:
            continue
        if pieces and pieces[-1].type == word.type:
            text = pieces[-1].text + text
            last = pieces.pop()
            x = last.x
        wide = width(word.type, text)
        pieces.append(Piece(text, word.type, x, wide))
        x += wide
    return Line(tuple(pieces), x, indent, bullet, rtl)
