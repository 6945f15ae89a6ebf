"""Words with their looks as Markdown: fences open and close where they should, and signs stay signs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it.common.utils import MD_TRIM_CHARS, isPunctChar, isWhiteSpace

from lab.challenges.blocks import Break, Inline, Link, Run

_FENCES = {"bold": "**", "italic": "_", "strike": "~~", "highlight": "==", "underline": "++"}
_ENTITY = re.compile(r"&(?:#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,8}|[A-Za-z][A-Za-z0-9]{1,31});")
_NUMBERED = re.compile(r"[0-9]{1,9}[.)](?=\s|$)")
_ALWAYS = frozenset("\\`*[]<~|")


@dataclass(slots=True)
class _Letters:
    """Text as it will be read. `entities` are the places of letters to be written as `&#97;`."""

    text: str
    entities: set[int]


@dataclass(frozen=True, slots=True)
class _Raw:
    """Markdown as it will stand: brackets, code, a break."""

    markdown: str


@dataclass(frozen=True, slots=True)
class _Fence:
    markdown: str
    opens: bool


_Piece = _Letters | _Raw | _Fence
_Look = str | Link


def inline(content: Sequence[Inline], in_cell: bool = False) -> str:
    """One paragraph's worth. A break ends a line with a backslash."""
    pieces = list(_pieces(content, in_cell))
    _protect_edges(pieces)
    while _protect_fences(pieces):
        pass
    return "".join(_written(pieces))


def _pieces(content: Sequence[Inline], in_cell: bool) -> Iterator[_Piece]:
    """Looks open and close like brackets; of those that open together the longest lasting is outermost.
    So two fences of the same kind never touch."""
    looks = _wanted(content)
    open_looks: list[_Look] = []
    for n, piece in enumerate(content):
        wanted = looks[n]
        yield from _closing(open_looks, _agreeing(open_looks, wanted))
        if isinstance(piece, Break):
            yield _Raw("\\\n")
            continue
        fresh = sorted(wanted - set(open_looks), key=lambda look: (-_lasts(look, looks, n), str(look)))
        for look in fresh:
            open_looks.append(look)
            yield _Raw("[") if isinstance(look, Link) else _Fence(_FENCES[look], True)
        if "code" in piece.marks:
            code = _code(piece.text)
            # A table is cut into cells before code is looked for.
            yield _Raw(code.replace("|", "\\|") if in_cell else code)
        else:
            yield _Letters(piece.text, set())
    yield from _closing(open_looks, 0)


def _wanted(content: Sequence[Inline]) -> list[frozenset[_Look]]:
    """The looks of each piece. A break has those of what follows it: only they stay open over it."""
    wanted: list[frozenset[_Look]] = []
    following: frozenset[_Look] = frozenset()
    for piece in reversed(content):
        if isinstance(piece, Run):
            link: set[_Look] = {piece.link} if piece.link is not None else set()
            following = frozenset(link | (piece.marks - {"code"}))
        wanted.append(following)
    return wanted[::-1]


def _agreeing(open_looks: Sequence[_Look], wanted: frozenset[_Look]) -> int:
    count = 0
    while count < len(open_looks) and open_looks[count] in wanted:
        count += 1
    return count


def _closing(open_looks: list[_Look], keep: int) -> Iterator[_Piece]:
    while len(open_looks) > keep:
        look = open_looks.pop()
        yield _Raw(_destination(look)) if isinstance(look, Link) else _Fence(_FENCES[look], False)


def _lasts(look: _Look, wanted: Sequence[frozenset[_Look]], at: int) -> int:
    """How many pieces in a row want this look; beyond a hundred it makes no difference."""
    end = at
    while end < min(len(wanted), at + 100) and look in wanted[end]:
        end += 1
    return end - at


def _destination(link: Link) -> str:
    # Destinations hold no spaces, brackets <> or backslashes (`allowed_href`), but may hold parentheses.
    href = _ENTITY.sub(lambda found: "\\" + found.group(), link.href)
    if not _balanced(href):
        href = re.sub("[()]", lambda found: "\\" + found.group(), href)
    title = re.sub(r'[\\"&|]', lambda found: "\\" + found.group(), link.title)
    return f']({href} "{title}")' if title else f"]({href})"


def _balanced(href: str) -> bool:
    depth = 0
    for letter in href:
        depth += (letter == "(") - (letter == ")")
        if not 0 <= depth < 20:
            return False
    return depth == 0


def _code(text: str) -> str:
    text = text.replace("\n", " ")
    taken = {len(ticks) for ticks in re.findall("`+", text)}
    ticks = "`" * next(length for length in range(1, len(text) + 2) if length not in taken)
    padded = text.strip(" ") and (text[0] in "` " or text[-1] in "` ")
    return f"{ticks} {text} {ticks}" if padded else f"{ticks}{text}{ticks}"


# Escapes


def _is_space(letter: str) -> bool:
    return letter in MD_TRIM_CHARS or isWhiteSpace(ord(letter)) or letter.isspace()


def _protect_edges(pieces: Sequence[_Piece]) -> None:
    """Space at either end of a line would be trimmed; tabs and newlines within would turn into spaces."""
    for n, piece in enumerate(pieces):
        if not isinstance(piece, _Letters):
            continue
        piece.entities |= {at for at, letter in enumerate(piece.text) if letter in "\t\n"}
        if n == 0 or _breaks(pieces[n - 1]):
            at = 0
            while at < len(piece.text) and _is_space(piece.text[at]):
                piece.entities.add(at)
                at += 1
        if n == len(pieces) - 1 or _breaks(pieces[n + 1]):
            at = len(piece.text) - 1
            while at >= 0 and _is_space(piece.text[at]):
                piece.entities.add(at)
                at -= 1


def _breaks(piece: _Piece) -> bool:
    return isinstance(piece, _Raw) and piece.markdown == "\\\n"


def _protect_fences(pieces: Sequence[_Piece]) -> bool:
    """A fence opens and closes only with something solid on its inner side, and not between a letter outside
    and a sign inside; `_` not beside a letter at all. Where that is so, the letter is written as an entity,
    which counts as a sign. Returns whether anything changed: one entity may call for the next."""
    changed = False
    for n, piece in enumerate(pieces):
        if not isinstance(piece, _Fence):
            continue
        before, after = _Edge(pieces, n - 1, -1), _Edge(pieces, n + 1, 0)
        inner, outer = (after, before) if piece.opens else (before, after)
        if inner.kind == "space":
            changed |= inner.write_as_entity()
        if outer.kind == "letter" and (inner.kind != "letter" or piece.markdown == "_"):
            changed |= outer.write_as_entity()
    return changed


class _Edge:
    """The letter that touches a fence on one side."""

    def __init__(self, pieces: Sequence[_Piece], n: int, at: int) -> None:
        piece = pieces[n] if 0 <= n < len(pieces) else None
        self._letters = piece if isinstance(piece, _Letters) else None
        self._at = len(self._letters.text) - 1 if self._letters and at == -1 else 0
        if self._letters is None:
            # The paragraph's end counts as space; brackets, code and other fences as signs.
            solid = piece is not None and not (at == -1 and _breaks(piece))
            self.kind = "sign" if solid else "space"
        elif self._at in self._letters.entities:
            self.kind = "sign"
        else:
            letter = self._letters.text[self._at]
            self.kind = "space" if isWhiteSpace(ord(letter)) else "sign" if isPunctChar(letter) else "letter"

    def write_as_entity(self) -> bool:
        if self._letters is None or self._at in self._letters.entities:
            return False
        self._letters.entities.add(self._at)
        return True


def _written(pieces: Sequence[_Piece]) -> Iterator[str]:
    for n, piece in enumerate(pieces):
        if isinstance(piece, _Letters):
            yield _escaped(piece, starts_line=n == 0 or _breaks(pieces[n - 1]))
        else:
            yield piece.markdown


def _escaped(piece: _Letters, starts_line: bool) -> str:
    text = piece.text
    out: list[str] = []
    numbered = _NUMBERED.match(text) if starts_line else None
    for at, letter in enumerate(text):
        edge = at in (0, len(text) - 1)
        if at in piece.entities:
            out.append(f"&#{ord(letter)};")
        elif (
            letter in _ALWAYS
            or (letter == "&" and (edge or _ENTITY.match(text, at)))
            or (letter == "_" and not _inside_word(piece, at))
            or (letter in "=+" and (edge or letter in (text[at - 1], text[at + 1])))
            or (letter == "!" and at == len(text) - 1)
            or (letter == "#" and at == len(text) - 1)
            or (starts_line and at == 0 and letter in "#>-:")
            or (numbered is not None and at == numbered.end() - 1)
        ):
            out.append("\\" + letter)
        else:
            out.append(letter)
    return "".join(out)


def _inside_word(piece: _Letters, at: int) -> bool:
    around = (at - 1, at + 1)
    return 0 < at < len(piece.text) - 1 and all(
        piece.text[n].isalnum() and n not in piece.entities for n in around
    )
