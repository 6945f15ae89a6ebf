"""From blocks to Markdown: CommonMark with tables and ~~strike~~, and ==highlight== and ++underline++.

What Markdown can say comes back from `markdown_in` as it was. What it cannot say (empty paragraphs, merged
cells, the kind of numbering, several paragraphs in a cell, a space that ends a line) loses its shape, never
its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from lab.challenges.blocks import (
    Block,
    Break,
    BulletList,
    Cell,
    CodeBlock,
    Heading,
    Inline,
    Item,
    OrderedList,
    Paragraph,
    Quote,
    Rule,
    Run,
    Table,
    flat,
    tidy,
    tidy_inline,
)  # fmt: skip
from lab.challenges.markdown_text import inline


def to_markdown(blocks: Iterable[Block]) -> str:
    lines = list(_lines(tidy(blocks)))
    return "\n".join(lines) + "\n" if lines else ""


def _lines(blocks: Sequence[Block]) -> Iterator[str]:
    """Blocks with an empty line between them. Lists that follow each other take turns with their markers,
    because the same marker would make them one list."""
    first, previous, turn = True, None, 0
    for block in blocks:
        if isinstance(block, Paragraph) and not _says_something(block.content):
            continue
        turn = 1 - turn if type(block) is previous and isinstance(block, BulletList | OrderedList) else 0
        previous = type(block)
        if not first:
            yield ""
        first = False
        yield from _block(block, turn)


def _says_something(content: Sequence[Inline]) -> bool:
    return any(isinstance(piece, Run) for piece in as_said(content))


def _block(block: Block, turn: int) -> Iterator[str]:
    match block:
        case Paragraph(content):
            yield from _paragraph(content)
        case Heading(level, content):
            text = _one_line(content)
            yield "#" * level + (" " + text if text else "")
        case CodeBlock(text, language):
            yield from _code_block(text, language)
        case Rule():
            yield "___"
        case Quote(blocks):
            for line in list(_lines(blocks)) or [""]:
                yield f"> {line}" if line else ">"
        case BulletList(items):
            written = [list(_item(item)) for item in items]
            # Points without words inside points without words: `- - -` would be a line across the page.
            bare = turn == 0 and any(lines and not lines[0].strip("- ") for lines in written)
            yield from _list(written, ["*" if bare else "-+"[turn]] * len(items))
        case OrderedList(items, start, _):
            last = 999_999_999
            markers = [f"{min(start + n, last)}{'.)'[turn]}" for n in range(len(items))]
            yield from _list([list(_item(item)) for item in items], markers)
        case Table(rows):
            yield from _table(rows)


def _list(items: Sequence[Sequence[str]], markers: Sequence[str]) -> Iterator[str]:
    for lines, marker in zip(items, markers, strict=True):
        indent = " " * (len(marker) + 1)
        yield f"{marker} {lines[0]}" if lines and lines[0] else marker
        for line in lines[1:]:
            yield indent + line if line else ""


def _item(item: Item) -> Iterator[str]:
    head, *rest = item.blocks
    if rest and isinstance(head, Paragraph) and _says_something(head.content) and _stands_close(rest):
        # The common case, a point with points below it, without an empty line between.
        yield from _block(head, 0)
        yield from _block(rest[0], 0)
    else:
        yield from _lines(item.blocks)


def _stands_close(rest: Sequence[Block]) -> bool:
    """Whether a list can follow its paragraph directly and still be a list."""
    if len(rest) != 1 or not isinstance(rest[0], BulletList | OrderedList):
        return False
    if isinstance(rest[0], OrderedList) and rest[0].start != 1:
        return False
    first = rest[0].items[0].blocks[0]
    return isinstance(first, Paragraph) and _says_something(first.content)


def _code_block(text: str, language: str) -> Iterator[str]:
    longest = max((len(ticks) for ticks in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    yield fence + language
    yield from text.split("\n")
    yield fence


# Tables


def _table(rows: Sequence[Sequence[Cell]]) -> Iterator[str]:
    """The header is the first row if all of it is header cells; else an empty one stands in for it."""
    wide = [[cell for wide in row for cell in (wide, *[_EMPTY] * (wide.colspan - 1))] for row in rows]
    columns = max(len(row) for row in wide)
    headed = all(cell.header for cell in rows[0]) and any(_cell_text(cell) for cell in rows[0])
    guide = wide[0]
    yield _row([_cell_text(cell) for cell in wide[0]] if headed else [], columns)
    aligns = [guide[n].align if n < len(guide) else "" for n in range(columns)]
    yield "| " + " | ".join(_DASHES[align] for align in aligns) + " |"
    for row in wide[1:] if headed else wide:
        yield _row([_cell_text(cell) for cell in row], columns)


_EMPTY = Cell((Paragraph(),))
_DASHES = {"": "---", "left": ":---", "center": ":---:", "right": "---:"}


def _row(texts: Sequence[str], columns: int) -> str:
    padded = [*texts, *[""] * (columns - len(texts))]
    return "| " + " | ".join(padded) + " |"


def _cell_text(cell: Cell) -> str:
    """All of a cell in one line: a space stands for what would be a new line elsewhere."""
    pieces: list[Inline] = []
    for block in cell.blocks:
        for leaf in flat(block):
            match leaf:
                case Paragraph(content) | Heading(_, content):
                    more = content
                case CodeBlock(text, _):
                    more = (Run(" ".join(text.split()), frozenset({"code"})),)
                case Rule():
                    more = ()
            if more and pieces:
                pieces.append(Run(" "))
            pieces.extend(more)
    return _one_line(pieces, in_cell=True)


# Text


def _paragraph(content: Sequence[Inline]) -> Iterator[str]:
    yield from inline(as_said(content)).split("\n")


def as_said(content: Sequence[Inline]) -> tuple[Inline, ...]:
    """Without what nobody sees: spaces at the end of a line, which could only be written as `&#32;`, and
    breaks at the end of a block, which Markdown cannot say."""
    kept: list[Inline] = []
    for piece in reversed(content):
        ends_line = not kept or isinstance(kept[-1], Break)
        if isinstance(piece, Break):
            if not kept:
                continue
        elif ends_line and piece.link is None and "code" not in piece.marks:
            text = piece.text.rstrip(" ")
            if not text:
                continue
            piece = replace(piece, text=text)
        kept.append(piece)
    return tuple(reversed(kept))


def _one_line(content: Sequence[Inline], in_cell: bool = False) -> str:
    pieces = [Run(" ") if isinstance(piece, Break) else piece for piece in as_said(content)]
    return inline(tidy_inline(pieces), in_cell)
