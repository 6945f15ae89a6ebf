"""Words people send: without the characters no reader can see, and never only those."""

from __future__ import annotations

import re
from typing import Final

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_INVISIBLE: Final = re.compile(r"[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def clean(text: str) -> str:
    """Without the characters no reader can see and some cannot survive (controls, noncharacters)."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(value: str) -> str:
    """For titles and names. ValueError when nothing can be seen of it."""
    kept = " ".join(_INVISIBLE.sub("", clean(value)).split())
    if not kept:
        raise ValueError("Write something that can be seen.")
    return kept


def some_text(value: str) -> str:
    """For longer texts. ValueError when nothing can be seen of it."""
    kept = clean(value).strip()
    if not _INVISIBLE.sub("", kept).strip():
        raise ValueError("Write something that can be seen.")
    return kept


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, cut between words, with an ellipsis where something was left out."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > limit // 2 else cut).rstrip(" ,;:–-") + "…"
