"""Tags in text, for formats that know no tags: `#tag #another one` on a line of their own, the last.

A space within a tag is written as a no-break space, which looks the same and keeps the tag whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_TAG = re.compile(r"#(?!#*$)[^ \t]+")
_ESCAPED = re.compile(r"(\\+)(#.*)")


def with_tags(text: str, tags: Sequence[str]) -> str:
    if tags:
        line = " ".join(f"#{tag.replace(' ', chr(0xA0))}" for tag in tags)
        return f"{text}\n{line}" if text else line
    head, last = _last(text)
    # Words that only look like a line of tags would come back as tags.
    escaped = _ESCAPED.fullmatch(last)
    return f"{head}\\{last}" if _is_tags(escaped.group(2) if escaped else last) else text


def without_tags(text: str) -> tuple[str, tuple[str, ...]]:
    """The text as it was, and its tags. Never raises."""
    head, last = _last(text)
    if _is_tags(last):
        tags = tuple(part[1:].replace("\xa0", " ") for part in last.split(" ") if part)
        return head.removesuffix("\n"), tags
    escaped = _ESCAPED.fullmatch(last)
    return (head + last[1:] if escaped and _is_tags(escaped.group(2)) else text), ()


def _last(text: str) -> tuple[str, str]:
    at = text.rfind("\n") + 1
    return text[:at], text[at:]


def _is_tags(line: str) -> bool:
    parts = [part for part in line.split(" ") if part]
    return bool(parts) and all(_TAG.fullmatch(part) for part in parts)
