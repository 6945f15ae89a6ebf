"""A version shown as HTML: from blocks, every letter escaped, no attribute that is not of our choosing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from lab.challenges.blocks import (
    MARKS,
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
)  # fmt: skip

_TAGS = {
    "bold": "strong",
    "italic": "em",
    "strike": "s",
    "underline": "u",
    "highlight": "mark",
    "code": "code",
}


def to_html(blocks: Iterable[Block]) -> str:
    return "\n".join(_block(block) for block in blocks)


def _block(block: Block) -> str:
    match block:
        case Paragraph(content):
            return f"<p>{_inline(content)}</p>"
        case Heading(level, content):
            return f"<h{level}>{_inline(content)}</h{level}>"
        case CodeBlock(text, _):
            return f"<pre><code>{escape(text)}</code></pre>"
        case Rule():
            return "<hr>"
        case Quote(inner):
            return f"<blockquote>{to_html(inner)}</blockquote>"
        case BulletList(items):
            return f"<ul>{_items(items)}</ul>"
        case OrderedList(items, start, style):
            kind = f' type="{escape(style)}"' if style else ""
            first = f' start="{start}"' if start != 1 else ""
            return f"<ol{first}{kind}>{_items(items)}</ol>"
        case Table(rows):
            return "<table>" + "".join(_row(row) for row in rows) + "</table>"


def _items(items: Iterable[Item]) -> str:
    return "".join(f"<li>{to_html(item.blocks)}</li>" for item in items)


def _row(row: Sequence[Cell]) -> str:
    return "<tr>" + "".join(_cell(cell) for cell in row) + "</tr>"


def _cell(cell: Cell) -> str:
    tag, scope = ("th", ' scope="col"') if cell.header else ("td", "")
    spans = "".join(
        f' {name}="{count}"'
        for name, count in (("colspan", cell.colspan), ("rowspan", cell.rowspan))
        if count > 1
    )
    return f"<{tag}{scope}{spans}>{to_html(cell.blocks)}</{tag}>"


def _inline(content: Iterable[Inline]) -> str:
    return "".join("<br>" if isinstance(piece, Break) else _run(piece) for piece in content)


def _run(run: Run) -> str:
    text = escape(run.text)
    for mark in reversed(MARKS):
        if mark in run.marks:
            text = f"<{_TAGS[mark]}>{text}</{_TAGS[mark]}>"
    if run.link is not None:
        title = f' title="{escape(run.link.title)}"' if run.link.title else ""
        text = f'<a href="{escape(run.link.href)}" rel="noopener noreferrer nofollow"{title}>{text}</a>'
    return text
