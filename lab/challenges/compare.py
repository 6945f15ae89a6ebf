"""What changed between two states of a statement: blocks lined up, then the words of those that changed.

Lists and tables are compared point by point and row by row. Looks (bold, links) do not count as a change of
words, but a block whose looks alone changed is told as changed, with all its words the same.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from lab.challenges.blocks import (
    Block,
    BulletList,
    CodeBlock,
    Heading,
    Inline,
    Item,
    OrderedList,
    Paragraph,
    Quote,
    Rule,
    Table,
    count_words,
    inline_text,
    text_of,
)  # fmt: skip
from lab.challenges.diff import Budget, spans

_STEPS = 3_000_000
"""How much work one comparison may be, about two seconds; past it, what differs is told as a whole."""
_MOST_LINE_EDITS = 1500
_MOST_WORD_EDITS = 300
_CELL = "\x1f"
"""Between the cells of a row: a sign that no text of a statement holds (`blocks.clean`)."""
_TOKEN = re.compile(r"\x1f|\w+|[^\S\x1f]+|[^\w\s]")
_ALIKE = 0.4

Op = Literal["same", "added", "removed"]
Kind = Literal["same", "added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class Part:
    op: Op
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One block, point or row, as the comparison sees it."""

    type: str
    level: int | None
    text: str
    look: Hashable = None
    """Whatever else must be equal for the line to be the same."""
    marker: str | None = field(default=None, compare=False)
    """Of a point: a bullet, or its number. The number of a point that others came before is not a change."""


@dataclass(frozen=True, slots=True)
class Difference:
    kind: Kind
    type: str
    level: int | None
    parts: tuple[Part, ...]
    marker: str | None = None
    cells: tuple[tuple[Part, ...], ...] = ()
    """Of a row: the same parts, cell by cell."""


@dataclass(frozen=True, slots=True)
class Comparison:
    blocks: tuple[Difference, ...]
    words_added: int
    words_removed: int


def compare(before: Iterable[Block], after: Iterable[Block]) -> Comparison:
    differences = tuple(_differences(list(_lines(before, 0)), list(_lines(after, 0)), Budget(_STEPS)))
    added = removed = 0
    for difference in differences:
        for part in difference.parts:
            if part.op == "added":
                added += count_words(part.text)
            elif part.op == "removed":
                removed += count_words(part.text)
    return Comparison(differences, added, removed)


def _lines(blocks: Iterable[Block], depth: int) -> Iterator[Line]:
    for block in blocks:
        match block:
            case Paragraph(content):
                if content:
                    yield _line("paragraph", None, content)
            case Heading(level, content):
                yield _line("heading", level, content)
            case CodeBlock(text, _):
                yield Line("codeBlock", None, text)
            case Rule():
                yield Line("horizontalRule", None, "")
            case Quote(inner):
                for line in _lines(inner, depth):
                    yield Line("blockquote", None, line.text, line, line.marker)
            case BulletList(items):
                for item in items:
                    yield from _point(item, depth, "•")
            case OrderedList(items, start, _):
                for number, item in enumerate(items, start):
                    yield from _point(item, depth, f"{number}.")
            case Table(rows):
                for row in rows:
                    texts = [" ".join(text_of(inner) for inner in cell.blocks) for cell in row]
                    yield Line("tableRow", None, _CELL.join(texts), row)


def _point(item: Item, depth: int, marker: str) -> Iterator[Line]:
    """Its first line stands for it; a point without words is one all the same."""
    first, *more = list(_lines(item.blocks, depth + 1)) or [Line("paragraph", None, "")]
    if first.type == "listItem":  # nothing of its own before the points below it
        first, more = Line("paragraph", None, ""), [first, *more]
    yield Line("listItem", depth + 1, first.text, (marker == "•", first), marker)
    yield from more


def _line(kind: str, level: int | None, content: tuple[Inline, ...]) -> Line:
    return Line(kind, level, inline_text(content), content)


def _differences(old: Sequence[Line], new: Sequence[Line], budget: Budget) -> Iterator[Difference]:
    for span in spans(old, new, budget, _MOST_LINE_EDITS):
        if span.tag == "same":
            yield from (_whole("same", line) for line in new[span.j1 : span.j2])
        else:
            yield from _replaced(old[span.i1 : span.i2], new[span.j1 : span.j2], budget)


def _whole(kind: Op, line: Line) -> Difference:
    return _difference(kind, line, (Part(kind, line.text),) if line.text else ())


def _difference(kind: Kind, line: Line, parts: tuple[Part, ...]) -> Difference:
    if line.type != "tableRow":
        return Difference(kind, line.type, line.level, parts, line.marker)
    cells: list[tuple[Part, ...]] = [()]
    for part in parts:
        first, *others = part.text.split(_CELL)
        if first:
            cells[-1] += (Part(part.op, first),)
        cells += [(Part(part.op, text),) if text else () for text in others]
    plain = tuple(Part(part.op, part.text.replace(_CELL, " | ")) for part in parts)
    return Difference(kind, line.type, line.level, plain, cells=tuple(cells))


def _replaced(old: Sequence[Line], new: Sequence[Line], budget: Budget) -> Iterator[Difference]:
    """Of lines that stand opposite each other, those with much in common are one line that changed; between
    them, what went is told before what came."""
    at, waiting = 0, []
    for after in new:
        match = _partner(old, at, after, budget)
        if match is None:
            waiting.append(_whole("added", after))
            continue
        partner, parts = match
        yield from (_whole("removed", line) for line in old[at:partner])
        yield from waiting
        yield _difference("changed", after, parts)
        at, waiting = partner + 1, []
    yield from (_whole("removed", line) for line in old[at:])
    yield from waiting


def _partner(
    old: Sequence[Line], at: int, after: Line, budget: Budget
) -> tuple[int, tuple[Part, ...]] | None:
    """The first of the next few old lines that has enough words in common with this one."""
    for n in range(at, min(at + 5, len(old))):
        parts = _words(old[n].text, after.text, budget)
        same = sum(len(part.text) for part in parts if part.op == "same" and not part.text.isspace())
        longest = max(len(old[n].text), len(after.text))
        if old[n].text == after.text or same >= _ALIKE * longest:
            return n, parts
    return None


def _words(before: str, after: str, budget: Budget) -> tuple[Part, ...]:
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    parts: list[Part] = []

    def add(op: Op, tokens: Sequence[str]) -> None:
        if tokens:
            text = "".join(tokens)
            parts.append(Part(op, parts.pop().text + text if parts and parts[-1].op == op else text))

    for span in spans(old, new, budget, _MOST_WORD_EDITS):
        if span.tag == "same":
            add("same", new[span.j1 : span.j2])
        else:
            add("removed", old[span.i1 : span.i2])
            add("added", new[span.j1 : span.j2])
    return tuple(parts)
