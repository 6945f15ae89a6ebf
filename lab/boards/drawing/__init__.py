"""Drawings: pictures of a board made on the server, from what is on it and nothing else.

`draw` lays a board out as a `Drawing` (shapes and lines of text, already broken); `svg.write` says it as SVG,
`press.pdf` and `press.png` set it with Typst.
"""

from lab.boards.drawing.layout import draw
from lab.boards.drawing.model import Card, Drawing, ImageFile, Look

__all__ = ["Card", "Drawing", "ImageFile", "Look", "draw"]
