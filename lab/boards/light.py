"""Light Markdown: what a note's text may say about itself.

**bold**, *italic*, lines that begin with "- "; anything else is plain text. The browser's
`features/boards/canvas/markdown.ts` reads it the same way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

# A mark opens before a letter and closes after one, so that "2 * 3 * 4" stays as it was typed.
_MARKED: Final = re.compile(r"\*\*(?=\S)([^*]*?\S)\*\*|\*(?=[^\s*])([^*]*?[^\s*])\*")
_BULLET: Final = re.compile(r"[-*•]\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Run:
    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    bullet: bool
    runs: tuple[Run, ...]


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    return tuple(_paragraph(line) for line in text.split("\n"))


def plain(text: str) -> str:
    """The words alone, on one line: for names and labels."""
    words = (run.text for paragraph in paragraphs(text) for run in (*paragraph.runs, Run(" ")))
    return " ".join("".join(words).split())


def _paragraph(line: str) -> Paragraph:
    bullet = _BULLET.match(line)
    return Paragraph(bullet is not None, _runs(line[bullet.end() :] if bullet else line))


def _runs(line: str) -> tuple[Run, ...]:
    found: list[Run] = []
    at = 0
    for match in _MARKED.finditer(line):
        if match.start() > at:
            found.append(Run(line[at : match.start()]))
        bold, italic = match.group(1), match.group(2)
        found.append(Run(bold or italic, bold is not None, italic is not None))
        at = match.end()
    if at < len(line):
        found.append(Run(line[at:]))
    return tuple(found)
