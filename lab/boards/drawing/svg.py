"""SVG of a drawing: text as text, nothing that runs, nothing that is fetched from elsewhere."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from html import escape
from typing import Final

from lab.boards.drawing.model import (
    Curve,
    Disc,
    Drawing,
    ImageFile,
    Photo,
    Rect,
    Shape,
    Strokes,
    Words,
)
from lab.boards.drawing.palette import Colour
from lab.boards.drawing.typeset import Family, Type

MEDIA: Final = "image/svg+xml"
FAMILIES: Final[dict[Family, str]] = {
    "tool": "'Atkinson Hyperlegible Next','Atkinson Hyperlegible',Verdana,'DejaVu Sans',system-ui,sans-serif",
    "voice": "Newsreader,Georgia,'Times New Roman',serif",
}
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def write(drawing: Drawing, *, metadata: str = "") -> bytes:
    """`metadata` is trusted markup for <metadata>; readers of the screen pass over it."""
    return "".join(_parts(drawing, metadata)).encode()


def _parts(drawing: Drawing, metadata: str) -> Iterator[str]:
    w, h = _n(drawing.w), _n(drawing.h)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" '
        f'viewBox="{_n(drawing.x)} {_n(drawing.y)} {w} {h}" role="img" '
        f'aria-labelledby="title" aria-describedby="desc" xml:lang="{said(drawing.language)}" '
        f'font-family="{FAMILIES["tool"]}">\n'
        f'<title id="title">{said(drawing.title)}</title>\n'
        f'<desc id="desc">{said(drawing.description)}</desc>\n'
    )
    if metadata:
        yield f"<metadata>{metadata}</metadata>\n"
    palette = drawing.palette
    yield (
        '<defs><pattern id="dots" width="24" height="24" patternUnits="userSpaceOnUse">'
        f'<circle cx="12" cy="12" r="1.1" fill="{palette.dot.value}"/></pattern></defs>\n'
    )
    where = f'x="{_n(drawing.x)}" y="{_n(drawing.y)}" width="{w}" height="{h}"'
    yield f'<rect {where} fill="{palette.ground.value}"/>\n<rect {where} fill="url(#dots)"/>\n'
    for group in drawing.groups:
        yield f'<g class="{group.kind}">'
        for shape in group.shapes:
            yield _shape(shape, drawing)
        yield "</g>\n"
    yield "</svg>\n"


def _shape(shape: Shape, drawing: Drawing) -> str:
    match shape:
        case Rect():
            round_ = f' rx="{_n(shape.radius)}"' if shape.radius else ""
            return (
                f'<rect x="{_n(shape.x)}" y="{_n(shape.y)}" width="{_n(max(0, shape.w))}" '
                f'height="{_n(max(0, shape.h))}"{round_}{_paint("fill", shape.fill)}'
                f"{_stroke(shape.stroke, shape.thick, shape.dash)}/>"
            )
        case Disc():
            return (
                f'<circle cx="{_n(shape.x)}" cy="{_n(shape.y)}" r="{_n(shape.r)}" fill="none"'
                f"{_stroke(shape.stroke, shape.thick)}/>"
            )
        case Curve():
            a, b, c, d = (_at(point) for point in shape.points)
            return f'<path d="M{a}C{b} {c} {d}" fill="none"{_stroke(shape.stroke, shape.thick, shape.dash)}/>'
        case Strokes():
            way = "L".join(_at(point) for point in shape.points)
            return (
                f'<path d="M{way}" fill="none" stroke-linecap="round" stroke-linejoin="round"'
                f"{_stroke(shape.stroke, shape.thick)}/>"
            )
        case Words():
            return _words(shape)
        case Photo():
            return _photo(shape, drawing.images[shape.file])


def _words(words: Words) -> str:
    pieces = words.line.pieces
    if not pieces:
        return ""
    first = pieces[0].type
    said_as = "".join(
        said(piece.text)
        if piece.type == first
        else f"<tspan{_type(piece.type, first)}>{said(piece.text)}</tspan>"
        for piece in pieces
    )
    direction = ' direction="rtl"' if words.line.rtl else ""
    size = f' font-size="{_n(first.size)}"'
    return (
        f'<text xml:space="preserve" x="{_n(words.x)}" y="{_n(words.y)}"{size}{_type(first, None)}{direction}'
        f"{_paint('fill', words.ink)}>{said_as}</text>"
    )


def _type(type: Type, beside: Type | None) -> str:
    """Only where it differs from what is around it."""
    found = ""
    if type.family != (beside.family if beside else "tool"):
        found += f' font-family="{FAMILIES[type.family]}"'
    if type.weight != (beside.weight if beside else 400):
        found += f' font-weight="{type.weight}"'
    if type.italic != (beside.italic if beside else False):
        found += f' font-style="{"italic" if type.italic else "normal"}"'
    return found


def _photo(photo: Photo, image: ImageFile) -> str:
    data = base64.b64encode(image.content).decode()
    name = f"<title>{said(photo.alt)}</title>" if photo.alt else ""
    return (
        f'<image x="{_n(photo.x)}" y="{_n(photo.y)}" width="{_n(photo.w)}" height="{_n(photo.h)}" '
        f'preserveAspectRatio="xMidYMid slice" href="data:{said(image.media)};base64,{data}">{name}</image>'
    )


def said(text: str) -> str:
    """For text and for attributes in double quotes; without what XML cannot hold."""
    return escape(_NOT_XML.sub("", text), quote=True)


def _stroke(colour: Colour | None, thick: float, dash: Iterable[float] = ()) -> str:
    if colour is None:
        return ""
    dashes = " ".join(map(_n, dash))
    return (
        f"{_paint('stroke', colour)}{f' stroke-width={chr(34)}{_n(thick)}{chr(34)}' if thick != 1 else ''}"
        + (f' stroke-dasharray="{dashes}"' if dashes else "")
    )


def _paint(what: str, colour: Colour | None) -> str:
    if colour is None:
        return f' {what}="none"'
    alpha = f' {what}-opacity="{_n(colour.alpha)}"' if colour.alpha < 1 else ""
    return f' {what}="{colour.value}"{alpha}'


def _at(point: tuple[float, float]) -> str:
    return f"{_n(point[0])} {_n(point[1])}"


def _n(value: float) -> str:
    """At most two decimals, without an exponent."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if value != int(value) else str(int(value))
