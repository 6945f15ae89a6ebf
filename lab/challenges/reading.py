"""From a shared document to blocks: never fails, never loses words, whatever concurrent edits left behind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from lab.challenges.blocks import (
    Block,
    Blocks,
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
    inline_text,
    tidy,
)  # fmt: skip
from lab.challenges.document import ROOT, is_whole

_DEEPEST = 64


def read(doc: Doc[Any]) -> Blocks:
    """The statement in this document, tidied."""
    root = doc.get(ROOT, type=XmlFragment)
    with doc.transaction():
        return tidy(_blocks_in(root, 0))


def read_state(state: bytes) -> Blocks:
    """The statement in a stored update. The bytes are our own: an update from outside is guarded first."""
    doc: Doc[Any] = Doc()
    doc.apply_update(state)
    return read(doc)


def _blocks_in(parent: XmlFragment | XmlElement, depth: int) -> Iterator[Block]:
    """The blocks among the children; text that stands where a block should is a paragraph."""
    if depth > _DEEPEST:
        return
    loose: list[Inline] = []
    for child in parent.children:
        inline = _inline_of(child)
        if inline is not None:
            loose.extend(inline)
            continue
        if loose:
            yield Paragraph(tuple(loose))
            loose = []
        yield from _block(child, depth)
    if loose:
        yield Paragraph(tuple(loose))


def _inline_of(node: Any) -> Iterable[Inline] | None:
    if isinstance(node, XmlText):
        return list(_runs(node))
    if isinstance(node, XmlElement) and node.tag == "hardBreak":
        return (Break(),)
    return None


def _block(element: Any, depth: int) -> Iterator[Block]:
    get = element.attributes.get
    match element.tag:
        case "paragraph":
            yield from _textblock(element, Paragraph, depth)
        case "heading":
            level = _int(get("level"), 1)
            yield from _textblock(element, lambda content: Heading(level, content), depth)
        case "codeBlock":
            text = "\n".join(_texts(_blocks_in(element, depth + 1)))
            yield CodeBlock(text, _str(get("language")))
        case "horizontalRule":
            yield Rule()
            yield from _blocks_in(element, depth + 1)
        case "blockquote":
            yield Quote(tuple(_blocks_in(element, depth + 1)))
        case "bulletList":
            yield BulletList(tuple(_items(element, depth)))
        case "orderedList":
            yield OrderedList(tuple(_items(element, depth)), _int(get("start"), 1), _str(get("type")))
        case "table":
            yield Table(tuple(_rows(element, depth)))
        case _:
            # An item, row or cell that lost its container, or a name this version does not know.
            yield from _blocks_in(element, depth + 1)


def _textblock(element: XmlElement, make: Any, depth: int) -> Iterator[Block]:
    """A block of text; blocks that ended up inside it follow it."""
    content: list[Inline] = []
    strays: list[Block] = []
    for child in element.children:
        inline = _inline_of(child)
        if inline is not None:
            content.extend(inline)
        elif depth < _DEEPEST:
            strays.extend(_block(child, depth + 1))
    yield make(tuple(content))
    yield from strays


def _items(element: XmlElement, depth: int) -> Iterator[Item]:
    for child in element.children:
        if isinstance(child, XmlElement) and child.tag == "listItem":
            yield Item(tuple(_blocks_in(child, depth + 1)))
        else:
            yield Item(tuple(_astray(child, depth)))


def _rows(element: XmlElement, depth: int) -> Iterator[tuple[Cell, ...]]:
    for child in element.children:
        if isinstance(child, XmlElement) and child.tag == "tableRow":
            yield tuple(_cell(cell, depth + 1) for cell in child.children)
        else:
            yield (_cell(child, depth + 1),)


def _cell(node: Any, depth: int) -> Cell:
    if not isinstance(node, XmlElement) or node.tag not in ("tableCell", "tableHeader"):
        return Cell(tuple(_astray(node, depth)))
    get = node.attributes.get
    widths = get("colwidth")
    return Cell(
        tuple(_blocks_in(node, depth + 1)),
        header=node.tag == "tableHeader",
        colspan=_int(get("colspan"), 1),
        rowspan=_int(get("rowspan"), 1),
        colwidth=tuple(_int(width, 0) for width in widths) if isinstance(widths, list) else (),
        align=_str(get("align")),
    )


def _astray(node: Any, depth: int) -> Iterator[Block]:
    inline = _inline_of(node)
    if inline is not None:
        yield Paragraph(tuple(inline))
    elif depth < _DEEPEST:
        yield from _block(node, depth + 1)


def _texts(blocks: Iterator[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Paragraph(content) | Heading(_, content):
                yield inline_text(content)
            case CodeBlock(text, _):
                yield text
            case _:
                continue


def _runs(text: XmlText) -> Iterator[Run]:
    for value, attributes in text.diff():
        if not isinstance(value, str):
            continue
        marks: set[str] = set()
        link: Link | None = None
        for key, attribute in (attributes or {}).items():
            # A mark that may overlap itself carries a hash after two dashes.
            name = key.split("--", 1)[0]
            if attribute is None:
                continue
            if name == "link" and isinstance(attribute, dict):
                link = Link(_str(attribute.get("href")), _str(attribute.get("title")))
            else:
                marks.add(name)
        yield Run(value, frozenset(marks), link)


def _int(value: Any, default: int) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 9:
        return int(value)
    return int(value) if is_whole(value, -(2**31), 2**31) else default


def _str(value: Any) -> str:
    return value if isinstance(value, str) else ""
