"""Excalidraw scenes that travel inside pictures: SVG and PNG with the scene embedded.

SVG has it between comments, as base64; PNG in a text chunk named by the scene's media type. Version 2 of
either is JSON around deflated bytes, one character each.
"""

from __future__ import annotations

import base64
import binascii
import re
import struct
import zlib
from typing import Any, Final

from lab.boards.formats.errors import FileDamaged, FileNotKnown, FileTooBig
from lab.boards.formats.strict import parsed

KEYWORD: Final = b"application/vnd.excalidraw+json"
PNG: Final = b"\x89PNG\r\n\x1a\n"
MOST_SCENE: Final = 60 << 20
MOST_CHUNKS: Final = 10_000
_PAYLOAD: Final = re.compile(rb"<!-- payload-start -->(.*?)<!-- payload-end -->", re.S)
_NONE: Final = "This picture carries no Excalidraw scene. Export it again with “Embed scene” switched on."


def is_svg(data: bytes) -> bool:
    return (
        data[:1_000].lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<svg", b"<?xml", b"<!--", b"<!DOCTYPE svg"))
    )


def from_svg(data: bytes) -> Any:
    found = _PAYLOAD.search(data)
    if found is None or b"payload-type:" + KEYWORD not in data[: found.start()]:
        raise FileNotKnown(_NONE)
    try:
        payload = base64.b64decode(b"".join(found.group(1).split()), validate=True)
    except (binascii.Error, ValueError):
        raise _damaged() from None
    return _unwrapped(payload)


def from_png(data: bytes) -> Any:
    at = len(PNG)
    for _ in range(MOST_CHUNKS):
        if at + 8 > len(data):
            break
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        if kind == b"tEXt":
            keyword, _, text = data[at + 8 : at + 8 + length].partition(b"\x00")
            if keyword == KEYWORD:
                return _unwrapped(text)
        if kind == b"IEND":
            break
        at += 12 + length
    raise FileNotKnown(_NONE)


def _unwrapped(payload: bytes) -> Any:
    value = parsed(payload, MOST_SCENE)
    if not isinstance(value, dict) or "encoded" not in value:
        return value
    encoded = value["encoded"]
    if not isinstance(encoded, str):
        raise _damaged()
    try:
        data = encoded.encode("latin-1")
        return parsed(_inflated(data) if value.get("compressed") else data, MOST_SCENE)
    except (UnicodeEncodeError, zlib.error):
        raise _damaged() from None


def _inflated(data: bytes) -> bytes:
    """What it says about its size is not asked; what comes out is counted."""
    opened = zlib.decompressobj()
    found = opened.decompress(data, MOST_SCENE + 1)
    if len(found) > MOST_SCENE:
        raise FileTooBig(f"Unpacked, this scene has more than {MOST_SCENE / 1e6:.0f} MB.", limit=MOST_SCENE)
    if not opened.eof:
        raise _damaged()
    return found


def _damaged() -> FileDamaged:
    return FileDamaged("The scene in this picture is damaged. Export it again.")
