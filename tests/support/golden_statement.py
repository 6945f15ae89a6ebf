"""Makes tests/golden/statement.json: a statement built here, which both suites must read alike.

Run it again only when the schema of statements changes: `python -m tests.support.golden_statement`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lab.challenges.anchors import anchor_of
from lab.challenges.blocks import (
    Block,
    Break,
    BulletList,
    Cell,
    CodeBlock,
    Heading,
    Inline,
    Item,
    Link,
    OrderedList,
    Paragraph,
    Quote,
    Rule,
    Run,
    Table,
    tidy,
)  # fmt: skip
from lab.challenges.building import build
from lab.challenges.document import SCHEMA_VERSION
from lab.challenges.markdown_out import to_markdown

GOLDEN = Path(__file__).parent.parent / "golden" / "statement.json"
CLIENT = 1_234_567_890
QUOTED = "who lives 😀 with it"


def run(text: str, *marks: str, href: str = "", title: str = "") -> Run:
    return Run(text, frozenset(marks), Link(href, title) if href else None)


def paragraph(*pieces: Inline | str) -> Paragraph:
    return Paragraph(tuple(run(piece) if isinstance(piece, str) else piece for piece in pieces))


STATEMENT = tidy(
    (
        Heading(1, (run("Peer support – für alle"),)),
        paragraph(
            "Ask ", run("everybody", "bold"), " ", run("who lives 😀 with it", "bold", "italic"),
            run(", struck", "strike"), run(" under", "underline"), run(" high", "highlight"), " and ",
            run("code", "code"), ". See ",
            run("the report", href="https://example.org/a_(b)?c=d#e", title="Yes"),
            ", or ", run("write", "bold", href="mailto:lab@example.org"), ".", Break(), "A second line.",
        ),
        Heading(2, (run("Points"),)),
        BulletList(
            (
                Item((paragraph("one"), BulletList((Item((paragraph("one, below"),)),)))),
                Item((paragraph("two"), paragraph("with more to say"))),
            )
        ),
        OrderedList((Item((paragraph("three"),)), Item((paragraph("four"),))), start=3),
        Heading(3, (run("A quote and a table"),)),
        Quote((paragraph("Nobody asked me."), paragraph(run("Invented", "italic")))),
        Table(
            (
                (
                    Cell((paragraph("What"),), header=True),
                    Cell((paragraph("How many"),), header=True, align="right"),
                ),
                (Cell((paragraph("groups"),)), Cell((paragraph(run("12", "bold")),), align="right")),
                (Cell((paragraph(""),)), Cell((paragraph("a | b"),), align="right")),
            )
        ),
        CodeBlock("if a < b:\n    return `b`", "python"),
        Rule(),
        Paragraph(),
    )
)  # fmt: skip


def prosemirror(block: Block | Item) -> dict[str, Any]:
    """The block as the editor's `getJSON` tells it."""
    match block:
        case Paragraph(content):
            return node("paragraph", inline(content))
        case Heading(level, content):
            return node("heading", inline(content), level=level)
        case CodeBlock(text, language):
            return node("codeBlock", [{"type": "text", "text": text}], language=language or None)
        case Rule():
            return node("horizontalRule", [])
        case Quote(blocks):
            return node("blockquote", [prosemirror(child) for child in blocks])
        case Item(blocks):
            return node("listItem", [prosemirror(child) for child in blocks])
        case BulletList(items):
            return node("bulletList", [prosemirror(item) for item in items])
        case OrderedList(items, start, style):
            return node("orderedList", [prosemirror(item) for item in items], start=start, type=style or None)
        case Table(rows):
            return node("table", [node("tableRow", [cell(each) for each in row]) for row in rows])


def cell(each: Cell) -> dict[str, Any]:
    return node(
        "tableHeader" if each.header else "tableCell",
        [prosemirror(child) for child in each.blocks],
        colspan=each.colspan,
        rowspan=each.rowspan,
        colwidth=list(each.colwidth) or None,
        align=each.align or None,
    )


def node(kind: str, content: list[dict[str, Any]], **attributes: Any) -> dict[str, Any]:
    made: dict[str, Any] = {"type": kind}
    if attributes:
        made["attrs"] = attributes
    if content:
        made["content"] = content
    return made


def inline(content: tuple[Inline, ...]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for piece in content:
        if isinstance(piece, Break):
            found.append({"type": "hardBreak"})
            continue
        marks: list[dict[str, Any]] = [{"type": mark} for mark in sorted(piece.marks)]
        if piece.link is not None:
            marks.append(
                {"type": "link", "attrs": {"href": piece.link.href, "title": piece.link.title or None}}
            )
        found.append({"type": "text", "text": piece.text, **({"marks": marks} if marks else {})})
    return found


def golden() -> dict[str, Any]:
    built = build(STATEMENT, client=CLIENT)
    return {
        "about": "A statement built by the server (lab/challenges/building.py). Marks are sorted by name, a "
        "link last and without target, rel and class; attributes are complete.",
        "schema": SCHEMA_VERSION,
        "root": "statement",
        "update": built.update.hex(),
        "doc": {"type": "doc", "content": [prosemirror(block) for block in STATEMENT]},
        "markdown": to_markdown(STATEMENT),
        "anchor": anchor_of(built, QUOTED),
    }


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(golden(), indent=1, ensure_ascii=False) + "\n", "utf-8")
