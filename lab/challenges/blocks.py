"""Blocks: a problem statement as a tree of frozen values, between the shared document, Markdown and HTML.

Everything that reads or writes a statement meets here. The names are the editor's (docs/protocol.md lists
them with their attributes); the rules about what may stand inside what are applied by `tidy`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from lab.core.words import clean, shorten

MARKS = ("bold", "italic", "strike", "underline", "highlight", "code")
MAX_DEPTH = 12
"""How deep quotes, lists and tables may stand inside one another. A list is two elements of the document, so
that this stays inside the guard's 32 levels."""

_HREF = re.compile(r"(?:https?://[^\s/?#]|mailto:[^\s]+@[^\s]).*", re.IGNORECASE | re.DOTALL)
_NOT_IN_HREF = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029\"<>\\^`{|}]")
_LANGUAGE = re.compile(r"[A-Za-z0-9_+#.\-]{1,40}")
_WORD = re.compile(r"\w+(?:[’'\-.]\w+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”’)\]]*\s")


@dataclass(frozen=True, slots=True)
class Link:
    href: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    text: str
    marks: frozenset[str] = frozenset()
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Break:
    """A line break inside a paragraph."""


Inline = Run | Break


@dataclass(frozen=True, slots=True)
class Paragraph:
    content: tuple[Inline, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    content: tuple[Inline, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeBlock:
    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the page."""


@dataclass(frozen=True, slots=True)
class Quote:
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Item:
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class BulletList:
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class OrderedList:
    items: tuple[Item, ...]
    start: int = 1
    type: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    blocks: tuple[Block, ...]
    header: bool = False
    colspan: int = 1
    rowspan: int = 1
    colwidth: tuple[int, ...] = ()
    align: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    rows: tuple[tuple[Cell, ...], ...]


Block = Paragraph | Heading | CodeBlock | Rule | Quote | BulletList | OrderedList | Table
Blocks = tuple[Block, ...]


def allowed_href(href: object) -> bool:
    """Links lead to the web or to a mailbox, never into the page (`javascript:`, `data:`) or this machine."""
    return (
        isinstance(href, str)
        and len(href) <= 2000
        and _NOT_IN_HREF.search(href) is None
        and _HREF.fullmatch(href) is not None
    )


def allowed_language(language: object) -> bool:
    return isinstance(language, str) and _LANGUAGE.fullmatch(language) is not None


def tidy(blocks: Iterable[Block], depth: int = 0) -> Blocks:
    """The one form of a statement: what the editor's schema allows, in its own words. Loses no text."""
    return tuple(tidied for block in blocks for tidied in _tidy_block(block, depth))


def _tidy_block(block: Block, depth: int) -> Iterator[Block]:
    match block:
        case Paragraph(content):
            yield Paragraph(tidy_inline(content))
        case Heading(level, content):
            yield Heading(min(max(level, 1), 3), tidy_inline(content))
        case CodeBlock(text, language):
            yield CodeBlock(clean(text), language if allowed_language(language) else "")
        case Rule():
            yield block
        case _ if depth >= MAX_DEPTH:
            yield from flat(block)
        case Quote(blocks):
            yield Quote(tidy(blocks, depth + 1) or (Paragraph(),))
        case BulletList(items):
            if items:
                yield BulletList(tuple(_tidy_item(item, depth) for item in items))
        case OrderedList(items, start, style):
            if items:
                kept = style if style in ("a", "A", "i", "I") else ""
                start = min(max(start, 0), 999_999_999)
                yield OrderedList(tuple(_tidy_item(item, depth) for item in items), start, kept)
        case Table(rows):
            kept_rows = tuple(tuple(_tidy_cell(cell, depth) for cell in row) for row in rows if row)
            if kept_rows:
                yield Table(kept_rows)


def _tidy_item(item: Item, depth: int) -> Item:
    blocks = tidy(item.blocks, depth + 1)
    if not blocks or not isinstance(blocks[0], Paragraph):
        blocks = (Paragraph(), *blocks)
    return Item(blocks)


def _tidy_cell(cell: Cell, depth: int) -> Cell:
    return Cell(
        tidy(cell.blocks, depth + 1) or (Paragraph(),),
        cell.header,
        min(max(cell.colspan, 1), 50),
        min(max(cell.rowspan, 1), 200),
        cell.colwidth if all(0 <= width <= 5000 for width in cell.colwidth) else (),
        cell.align if cell.align in ("left", "center", "right") else "",
    )


def tidy_inline(content: Iterable[Inline]) -> tuple[Inline, ...]:
    """Neighbours with the same looks become one run; code stands alone, except that a link wins over it."""
    out: list[Inline] = []
    for piece in content:
        if isinstance(piece, Break):
            out.append(piece)
            continue
        marks = piece.marks & frozenset(MARKS)
        link = piece.link if piece.link is not None and allowed_href(piece.link.href) else None
        if link is not None:
            link = Link(link.href, " ".join(clean(link.title).split())[:300])
            marks -= {"code"}
        elif "code" in marks:
            marks = frozenset({"code"})
        text = clean(piece.text)
        last = out[-1] if out else None
        if isinstance(last, Run) and last.marks == marks and last.link == link:
            out[-1] = replace(last, text=last.text + text)
        elif text:
            out.append(Run(text, marks, link))
    return tuple(out)


def flat(block: Block) -> Iterator[Paragraph | Heading | CodeBlock | Rule]:
    """The leaves of a block, in reading order, without the containers around them."""
    match block:
        case Paragraph() | Heading() | CodeBlock() | Rule():
            yield block
        case Quote(blocks):
            for child in blocks:
                yield from flat(child)
        case BulletList(items) | OrderedList(items):
            for item in items:
                for child in item.blocks:
                    yield from flat(child)
        case Table(rows):
            for row in rows:
                for cell in row:
                    for child in cell.blocks:
                        yield from flat(child)


def inline_text(content: Iterable[Inline]) -> str:
    return "".join("\n" if isinstance(piece, Break) else piece.text for piece in content)


def text_of(block: Block) -> str:
    lines = []
    for leaf in flat(block):
        match leaf:
            case Paragraph(content) | Heading(_, content):
                lines.append(inline_text(content))
            case CodeBlock(text, _):
                lines.append(text)
            case Rule():
                lines.append("")
    return "\n".join(lines)


def plain_text(blocks: Iterable[Block]) -> str:
    return "\n".join(text_of(block) for block in blocks)


def count_words(text: str) -> int:
    return sum(1 for _ in _WORD.finditer(text))


def summary(blocks: Iterable[Block], limit: int = 240) -> str:
    """The first sentence of the first paragraph that says something, headings, lists and quotes aside."""
    for block in blocks:
        if not isinstance(block, Paragraph):
            continue
        text = " ".join(inline_text(block.content).split())
        if not _WORD.search(text):
            continue
        end = _SENTENCE_END.search(text)
        return shorten(text[: end.end()].strip() if end else text, limit)
    return ""
