"""The press: drawings set with Typst, as PDF that can be read aloud (PDF/UA-1) and as PNG."""

from __future__ import annotations

import json
from functools import lru_cache
from math import sqrt
from typing import Any, Final

import typst

from lab.boards.drawing import svg
from lab.boards.drawing.layout import draw
from lab.boards.drawing.listing import listing
from lab.boards.drawing.model import Drawing, Look
from lab.boards.drawing.signs import spelled_out
from lab.boards.drawing.typeset import FONTS
from lab.boards.objects import BoardContent

MOST_PIXELS: Final = 50_000_000
_DPI: Final = 72.0
"""At which one board unit is one pixel."""

_PICTURE: Final = """
#let it = json("it.json")
#set document(title: it.title, date: none)
#set text(lang: it.lang, font: it.fonts)
#set page(width: it.w * 1pt, height: it.h * 1pt, margin: 0pt)
#image("board.svg", width: 100%, height: 100%, alt: it.alt)
"""

_PAPER: Final = """
#let it = json("it.json")
#set document(title: it.title, description: it.alt, date: none)
#set text(lang: it.lang, font: it.fonts, size: 10.5pt)
#set par(leading: 0.6em)
#set page(paper: "a4", flipped: it.wide, margin: 14mm, numbering: "1", number-align: right)
#set list(indent: 0.4em, body-indent: 0.6em, spacing: 0.75em)
#show heading.where(level: 1): set text(size: 20pt)
#show heading.where(level: 2): it => block(above: 1.6em, below: 0.8em, it)
#let item(one) = {
  one.text
  if one.facts != "" { text(size: 0.86em, fill: luma(35%))[ #sym.dash.en #one.facts] }
}
#heading(level: 1, it.title)
#block(height: 1fr, width: 100%, align(center + horizon, image("board.svg", height: 100%, width: 100%, fit: "contain", alt: it.alt)))
#if it.sections.len() > 0 [
  #pagebreak()
  #for section in it.sections {
    if section.title != "" { heading(level: 2, section.title) }
    if section.prompt != "" { par(emph(section.prompt)) }
    if section.items.len() == 0 { par[Nothing here yet.] } else {
      list(..section.items.map(one => if one.inside.len() == 0 { item(one) } else { item(one); list(..one.inside.map(item)) }))
    }
  }
]
"""  # noqa: E501 (Typst)

_FONTS: Final = ["Atkinson Hyperlegible Next", "Libertinus Serif", "DejaVu Sans Mono"]


def pdf(content: BoardContent, look: Look | None = None) -> bytes:
    """The picture on a page of its own, then everything on it as headings and lists. Text stays text.

    PDF/UA asks that every character can be shown. Where the fonts of this machine lack signs, these are
    spelled out; where they lack a script, the paper is tagged all the same, and does not claim to be PDF/UA.
    """
    look = look or Look()
    content = spelled_out(content, is_shown)
    try:
        return _paper(content, look, pdf_standards=["ua-1"])
    except typst.TypstError:
        return _paper(content, look)


def _paper(content: BoardContent, look: Look, **how: object) -> bytes:
    drawing = draw(content, look)
    told = {
        **_told(drawing),
        "wide": drawing.w >= drawing.h,
        "sections": listing(content, look),
    }
    return _set(_PAPER, told, drawing, format="pdf", **how)


def png(content: BoardContent, look: Look | None = None, *, scale: float = 2.0) -> bytes:
    """One board unit is `scale` pixels, or fewer where the picture would have more than MOST_PIXELS."""
    drawing = draw(spelled_out(content, is_shown), look or Look())
    scale = min(scale, sqrt(MOST_PIXELS / max(1.0, drawing.w * drawing.h)))
    # Typst measures in points, which is what its picture here is laid out in; a page has its limits too.
    told = {**_told(drawing), "w": drawing.w, "h": drawing.h}
    return _set(_PICTURE, told, drawing, format="png", ppi=_DPI * scale)


@lru_cache(maxsize=512)
def is_shown(sign: str) -> bool:
    """Whether a font of this machine has it: Typst refuses to say PDF/UA of what it cannot show."""
    fonts = ", ".join(map(json.dumps, _FONTS))
    source = f'#set document(title: "x")\n#set text(font: ({fonts}))\n#sys.inputs.sign'
    files = {"main.typ": source.encode()}
    compile: Any = typst.compile
    try:
        compile(
            files, font_paths=[str(FONTS)], format="pdf", pdf_standards=["ua-1"], sys_inputs={"sign": sign}
        )
    except typst.TypstError:
        return False
    return True


def _told(drawing: Drawing) -> dict[str, object]:
    language = drawing.language.partition("-")[0]
    return {"title": drawing.title, "alt": drawing.description, "lang": language, "fonts": _FONTS}


def _set(source: str, told: dict[str, object], drawing: Drawing, **how: object) -> bytes:
    files = {
        "main.typ": source.encode(),
        "it.json": json.dumps(told, ensure_ascii=False).encode("utf-8", "replace"),
        "board.svg": svg.write(drawing),
    }
    # Its types know files only by path; by content they are not written anywhere.
    compile: Any = typst.compile
    made = compile(files, font_paths=[str(FONTS)], ignore_system_fonts=False, **how)
    return made if isinstance(made, bytes) else b"".join(made)
