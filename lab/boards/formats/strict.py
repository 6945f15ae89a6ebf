"""JSON from strangers: read as the standard says, or refused with the place where it goes wrong."""

from __future__ import annotations

import json
from typing import Any, Final

from lab.boards.formats.errors import FileDamaged, FileTooBig, FileTooMuch

MOST_BYTES: Final = 20 << 20
"""Of one text file, or of one text in a bundle."""


def refuse_big(data: bytes, most: int = MOST_BYTES) -> None:
    """Before anything is parsed."""
    if len(data) > most:
        raise FileTooBig(
            f"This file has {len(data) / 1e6:.0f} MB; at most {most / 1e6:.0f} MB are read. "
            "Take out pictures or parts of it, and bring those in by themselves.",
            limit=most,
        )


def utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileDamaged(
            f"The file is not UTF-8 text: byte {error.start} cannot be read. Save it as UTF-8.",
            where=f"byte {error.start}",
        ) from None


def parsed(data: bytes, most: int = MOST_BYTES) -> Any:
    refuse_big(data, most)
    text = utf8(data)
    try:
        # NaN and Infinity are not JSON, but some programs write them: whoever reads a number sees to it.
        return json.loads(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise FileDamaged(f"The file is not whole JSON: {where}. Save it again.", where=where) from None
    except RecursionError:
        raise FileDamaged(
            "The file has lists within lists, too deep to be a board. Export it again."
        ) from None
    except MemoryError:
        raise FileTooMuch("There is too much in this file. Bring it in piece by piece.") from None
    except ValueError as error:
        # A number with thousands of digits.
        raise FileDamaged(
            f"A number in this file cannot be read: {str(error)[:80]}. Export it again."
        ) from None


def dumped(value: Any, indent: str | None = "\t") -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False) + "\n").encode()


def some(value: Any, kind: type) -> Any:
    """The value if it is of that kind, else an empty one."""
    return value if isinstance(value, kind) else kind()
