"""Reading: what a file is, told by its content first and by its name where that leaves it open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from lab.boards.formats import bundle, canvas, excalidraw_in, own_json, scenes, table
from lab.boards.formats.errors import FileDamaged, FileNotKnown, FileTooMuch
from lab.boards.formats.found import Imported
from lab.boards.formats.strict import MOST_BYTES, parsed, refuse_big

MOST_FILE: Final = bundle.MOST_PACKED
"""Of any file: what a route should take in."""
MOST_CONTENT: Final = 24 << 20
"""Of what becomes of it, without pictures, so that its document has room to grow."""
KNOWN: Final = (
    "Boards come as JSON of this lab, JSON Canvas (.canvas or its zip), Excalidraw (.excalidraw, or a "
    "picture with the scene embedded), CSV or TSV."
)
_PICTURES: Final = (b"\xff\xd8\xff", b"GIF8", b"RIFF", b"%PDF", b"\x00\x00\x00")


def read(name: str, data: bytes, mapping: Mapping[str, str | None] | None = None) -> Imported:
    """`name`: what the file is called; the board's title is made of it where the file says none. `mapping`:
    for tables, field -> column. Raises one of `errors.BadFile`, and nothing else, for whatever bytes."""
    try:
        found = _read(name, data, mapping)
        weight = len(found.content.model_dump_json(exclude_defaults=True).encode())
    except RecursionError:
        raise FileDamaged("There are things within things in this file, too deep for a board.") from None
    except MemoryError:
        raise FileTooMuch("There is too much in this file. Bring it in piece by piece.") from None
    if weight > MOST_CONTENT:
        raise FileTooMuch(
            f"There are {weight / 1e6:.0f} MB of words in this file; a board holds at most "
            f"{MOST_CONTENT / 1e6:.0f} MB. Bring it in as several files.",
            limit=MOST_CONTENT,
        )
    return found


def _read(name: str, data: bytes, mapping: Mapping[str, str | None] | None) -> Imported:
    refuse_big(data, MOST_FILE)
    if not data.strip(b"\xef\xbb\xbf \t\r\n\x00"):
        raise FileDamaged("This file is empty. Export it again, or choose another.")
    title = titled(name)
    if bundle.is_zip(data):
        return bundle.read(data, title)
    if data.startswith(scenes.PNG):
        return _scene(scenes.from_png(data), title)
    if scenes.is_svg(data):
        return _scene(scenes.from_svg(data), title)
    if data.startswith(_PICTURES) and not name.lower().endswith((".csv", ".tsv")):
        raise FileNotKnown(f"This is a picture or a document. Put pictures on a board one by one. {KNOWN}")
    if _looks_like_json(data) and not name.lower().endswith((".csv", ".tsv", ".txt")):
        return _json(data, title)
    if name.lower().endswith((".json", ".canvas", ".excalidraw")):
        return _json(data, title)
    return table.read(data, title, mapping)


def preview(name: str, data: bytes, mapping: Mapping[str, str | None] | None = None) -> table.Preview:
    """Of a table: its columns, what they seem to mean, and its first rows."""
    refuse_big(data, MOST_BYTES)
    if bundle.is_zip(data) or data.startswith((scenes.PNG, *_PICTURES)) or scenes.is_svg(data):
        raise FileNotKnown(f"This is not a table. {KNOWN}")
    return table.preview(data, mapping)


def titled(name: str) -> str:
    stem = name.replace("\\", "/").rpartition("/")[2]
    for _ in range(3):
        head, dot, tail = stem.rpartition(".")
        if not dot or tail.lower() not in _ENDINGS or not head:
            break
        stem = head
    return stem


_ENDINGS: Final = ("json", "canvas", "zip", "excalidraw", "csv", "tsv", "txt", "svg", "png", "lab")


def _looks_like_json(data: bytes) -> bool:
    return data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")


def _json(data: bytes, title: str) -> Imported:
    # Scenes and our own carry their pictures within.
    carries = any(name in data[:400] for name in (b'"excalidraw', own_json.FORMAT.encode()))
    value = parsed(data, scenes.MOST_SCENE if carries else MOST_BYTES)
    if own_json.is_ours(value):
        return own_json.read(value)
    if excalidraw_in.is_scene(value):
        return excalidraw_in.read(value, title)
    if canvas.is_canvas(value):
        return canvas.read(value, title)
    raise FileNotKnown(f"This is JSON, but not of a board. {KNOWN}")


def _scene(value: Any, title: str) -> Imported:
    if not excalidraw_in.is_scene(value):
        raise FileNotKnown(f"What this picture carries is not an Excalidraw scene. {KNOWN}")
    return excalidraw_in.read(value, title)
