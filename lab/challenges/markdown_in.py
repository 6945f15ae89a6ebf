"""From Markdown to blocks: CommonMark with tables, ~~strike~~, ==highlight== and ++underline++, and no HTML.

What the statement cannot hold becomes words, and nothing vanishes: an image becomes a link with its words,
a link that leads nowhere allowed keeps its address in brackets, HTML stays as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_block.table import escapedSplit
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token
from markdown_it.utils import EnvType

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
    allowed_href,
    allowed_language,
    flat,
    tidy,
)  # fmt: skip
from lab.challenges.errors import MarkdownTooBig, MarkdownTooDeep
from lab.core.words import clean

MAX_CHARACTERS = 200_000
MAX_BLOCKS = 10_000
_MAX_NESTING = 120
_MAX_SIGNS = 600
"""In one paragraph. The parser's time grows with the square of the signs that may open or close something; a
paragraph with more of them is taken as plain words."""
_SIGNS = re.compile(r"[*_~=+\[\]`<]")
_LETTERS_OF_MARKS = {"em": "italic", "strong": "bold", "s": "strike", "mark": "highlight", "ins": "underline"}


def from_markdown(text: str) -> Blocks:
    """Raises MarkdownTooBig, MarkdownTooDeep; any other text is Markdown."""
    if len(text) > MAX_CHARACTERS:
        raise MarkdownTooBig(
            f"This text has {len(text):,} characters; a statement takes {MAX_CHARACTERS:,}. "
            "Import it in parts, or leave some of it out.",
            limit=MAX_CHARACTERS,
        )
    blocks = tidy(_Reader(clean(text).removeprefix("\ufeff")).blocks())
    # Short text can mean much: a table's missing cells are filled in.
    if sum(1 for block in blocks for _ in flat(block)) > MAX_BLOCKS:
        raise MarkdownTooBig(
            f"This text has more than {MAX_BLOCKS:,} paragraphs, points or cells. Import it in parts.",
            limit=MAX_BLOCKS,
        )
    return blocks


class _Markdown(MarkdownIt):
    """Addresses stay as they were written; which of them may be links is our decision, not the parser's."""

    def normalizeLink(self, url: str) -> str:
        return url

    def normalizeLinkText(self, link: str) -> str:
        return link

    def validateLink(self, url: str) -> bool:
        return True


class _Inline(ParserInline):
    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        if sum(1 for _ in _SIGNS.finditer(src)) <= _MAX_SIGNS:
            return super().parse(src, md, env, tokens)
        words = Token("text", "", 0)
        words.content = " ".join(line.strip() for line in src.split("\n"))
        tokens.append(words)
        return tokens


def _parser() -> MarkdownIt:
    parser = _Markdown("commonmark", {"html": False, "maxNesting": _MAX_NESTING})
    inline = _Inline()
    inline.ruler, inline.ruler2 = parser.inline.ruler, parser.inline.ruler2
    parser.inline = inline
    parser.enable(["table", "strikethrough"])
    parser.use(_paired, "=", "mark").use(_paired, "+", "ins")
    return parser


def _paired(parser: MarkdownIt, sign: str, name: str) -> None:
    """`==…==` and the like: exactly two signs on either side."""

    def tokenize(state: StateInline, silent: bool) -> bool:
        if silent or state.src[state.pos] != sign:
            return False
        scanned = state.scanDelims(state.pos, True)
        token = state.push("text", "", 0)
        token.content = sign * scanned.length
        if scanned.length == 2:
            state.delimiters.append(
                Delimiter(
                    marker=ord(sign),
                    length=0,
                    token=len(state.tokens) - 1,
                    end=-1,
                    open=scanned.can_open,
                    close=scanned.can_close,
                )
            )
        state.pos += scanned.length
        return True

    def replace(state: StateInline) -> None:
        for meta in (None, *state.tokens_meta):
            delimiters = state.delimiters if meta is None else meta.get("delimiters", [])
            for start in delimiters:
                if start.marker == ord(sign) and start.end != -1:
                    _turn(state.tokens[start.token], name, 1)
                    _turn(state.tokens[delimiters[start.end].token], name, -1)

    parser.inline.ruler.before("emphasis", name, tokenize)
    parser.inline.ruler2.before("emphasis", name, replace)


def _turn(token: Token, name: str, nesting: Any) -> None:
    token.type, token.tag, token.nesting = f"{name}_{'open' if nesting == 1 else 'close'}", name, nesting
    token.content = ""


@dataclass(slots=True)
class _Reader:
    source: str
    parser: MarkdownIt = field(default_factory=_parser)
    lines: list[str] = field(default_factory=list)
    tokens: list[Token] = field(default_factory=list)
    at: int = 0
    linked: set[str] = field(default_factory=set)

    def blocks(self) -> Iterator[Block]:
        found: dict[str, Any] = {}
        self.lines = self.source.split("\n")
        self.tokens = self.parser.parse(self.source, found)
        # At its limit the parser would leave the rest of the text out without a word.
        if any(token.level >= _MAX_NESTING - 1 for token in self.tokens):
            raise MarkdownTooDeep(
                "Quotes or lists stand too deep inside one another here. Flatten them first."
            )
        yield from self._until(None)
        unused = [one for one in found.get("references", {}).values() if one["href"] not in self.linked]
        for reference in (*unused, *found.get("duplicate_refs", ())):
            first, end = reference["map"]
            yield Paragraph((Run(" ".join(line.strip(" \t>") for line in self.lines[first:end])),))

    def _until(self, closing: str | None) -> Iterator[Block]:
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            if token.type == closing:
                return
            yield from self._block(token)

    def _block(self, token: Token) -> Iterator[Block]:
        match token.type:
            case "paragraph_open":
                yield Paragraph(self._inline("paragraph_close"))
            case "heading_open":
                yield Heading(int(token.tag[1:]), self._inline("heading_close"))
            case "fence" | "code_block":
                language = token.info.strip()
                if language and not allowed_language(language):
                    yield Paragraph((Run(language),))
                yield CodeBlock(token.content.removesuffix("\n"), language)
            case "hr":
                yield Rule()
            case "blockquote_open":
                yield Quote(tuple(self._until("blockquote_close")))
            case "bullet_list_open":
                yield BulletList(tuple(self._items("bullet_list_close")))
            case "ordered_list_open":
                start = token.attrs.get("start", 1)
                yield OrderedList(tuple(self._items("ordered_list_close")), int(start))
            case "table_open":
                yield Table(tuple(self._rows()))
            case _:
                if token.content:
                    yield Paragraph((Run(token.content),))

    def _items(self, closing: str) -> Iterator[Item]:
        while self.tokens[self.at].type != closing:
            self.at += 1
            yield Item(tuple(self._until("list_item_close")))
        self.at += 1

    def _inline(self, closing: str) -> tuple[Inline, ...]:
        content: list[Inline] = []
        while (token := self.tokens[self.at]).type != closing:
            content.extend(_runs(token.children or (), self.linked))
            self.at += 1
        self.at += 1
        return tuple(content)

    def _rows(self) -> Iterator[tuple[Cell, ...]]:
        columns = 0
        while (token := self.tokens[self.at]).type != "table_close":
            self.at += 1
            if token.type != "tr_open":
                continue
            row: list[Cell] = []
            line = -1
            while (token := self.tokens[self.at]).type != "tr_close":
                self.at += 1
                line = (self.tokens[self.at].map or [-1])[0]
                content = self._inline(token.type.replace("open", "close"))
                align = str(token.attrs.get("style", "")).removeprefix("text-align:")
                row.append(Cell((Paragraph(content),), token.type == "th_open", align=align))
            columns = columns or len(row)
            # A header has no surplus: with another count than the dashes' it would be no header.
            surplus = () if row[0].header else self._surplus(line, columns)
            if surplus:
                last = row[-1].blocks[0]
                assert isinstance(last, Paragraph)
                row[-1] = Cell((Paragraph((*last.content, Run(" "), *surplus)),), row[-1].header, align=align)
            if columns and row[0].header and not any(_content(cell) for cell in row):
                continue  # what `markdown_out` puts above a table that has no header
            yield tuple(row)
        self.at += 1

    def _surplus(self, line: int, columns: int) -> tuple[Inline, ...]:
        """Cells beyond the last column, which the parser leaves out."""
        if line < 0:
            return ()
        row = self.lines[line].lstrip(" \t>").rstrip()
        cells = escapedSplit(row)
        if cells and not cells[0]:
            cells.pop(0)
        if cells and not cells[-1]:
            cells.pop()
        extra = " ".join(cell.strip() for cell in cells[columns:])
        if not extra:
            return ()
        (inline,) = self.parser.parseInline(extra)
        return tuple(_runs(inline.children or (), self.linked))


def _content(cell: Cell) -> tuple[Inline, ...]:
    block = cell.blocks[0]
    return block.content if isinstance(block, Paragraph) else ()


def _runs(tokens: Sequence[Token], linked: set[str]) -> Iterator[Inline]:
    marks: list[str] = []
    link: Link | None = None
    nowhere: str | None = None
    for token in tokens:
        name = token.type.removesuffix("_open").removesuffix("_close")
        look = frozenset(marks)
        if name in _LETTERS_OF_MARKS:
            mark = _LETTERS_OF_MARKS[name]
            marks.append(mark) if token.nesting == 1 else marks.remove(mark)
            continue
        match token.type:
            case "link_open":
                href = str(token.attrs.get("href", ""))
                linked.add(href)
                if allowed_href(href):
                    link = Link(href, str(token.attrs.get("title", "")))
                else:
                    nowhere = " ".join(filter(None, (href, str(token.attrs.get("title", "")))))
            case "link_close":
                link = None
                if nowhere:
                    yield Run(f" ({nowhere})", look)
                nowhere = None
            case "image":
                yield _image(token, look, link, linked)
            case "code_inline":
                yield Run(token.content, look | {"code"}, link)
            case "hardbreak":
                yield Break()
            case "softbreak":
                yield Run(" ", look, link)
            case _:
                yield Run(token.content, look, link)


def _image(token: Token, look: frozenset[str], link: Link | None, linked: set[str]) -> Run:
    source, title = str(token.attrs.get("src", "")), str(token.attrs.get("title", ""))
    linked.add(source)
    words = token.content.strip()
    inner = "".join(piece.text for piece in _runs(token.children or (), linked) if isinstance(piece, Run))
    words = inner.strip() or words or "image"
    if link is None and allowed_href(source):
        return Run(words, look, Link(source, title))
    # A picture written into the text itself (data:) has no words in it.
    shown = "" if source[:5].lower() == "data:" else source
    told = " ".join(filter(None, (shown, title)))
    return Run(f"{words} ({told})" if told else words, look, link)
