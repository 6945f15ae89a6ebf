"""Tying a comment to words of a statement that was built here.

In the browser the editor makes anchors. Here they are written for the example, in the same bytes: a Yjs
relative position names the letter right after it, or, at the end of a text, the text itself.
"""

from __future__ import annotations

import base64

from lab.challenges.building import Built, Placed

_AROUND = 32
_ITEM, _TYPE = 0, 2
_AFTER = 0


def anchor_of(built: Built, quote: str) -> dict[str, str]:
    """Where `quote` first stands. It must stand within one stretch of text; ValueError if it does not."""
    for placed in built.placed:
        at = placed.text.find(quote)
        if at >= 0 and quote:
            return {
                "start": _position(placed, at),
                "end": _position(placed, at + len(quote)),
                "quote": quote,
                "prefix": placed.text[max(0, at - _AROUND) : at],
                "suffix": placed.text[at + len(quote) :][:_AROUND],
            }
    raise ValueError(f"{quote!r} does not stand in this statement")


def _position(placed: Placed, at: int) -> str:
    # The document counts UTF-16 units; the item of the text itself comes right before its first letter.
    units = len(placed.text[:at].encode("utf-16-le")) // 2
    inside = at < len(placed.text)
    kind, clock = (_ITEM, placed.clock + units) if inside else (_TYPE, placed.clock - 1)
    encoded = b"".join(map(_varuint, (kind, placed.client, clock, _AFTER)))
    return base64.b64encode(encoded).decode()


def _varuint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)
