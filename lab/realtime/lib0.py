"""lib0: the numbers, strings, JSON and values that frames and updates are made of, read strictly.

Readers take the bytes and a position and return what they read and the position after it. Whatever is not
well-formed is `Malformed`, which names the rule of the guard (docs/protocol.md) that it breaks.
"""

from __future__ import annotations

import json
import math
import re
import struct
from typing import Final

MAX_NUMBER: Final = (1 << 53) - 1
"""Above this a browser can no longer tell neighbours apart."""
MAX_DEPTH: Final = 32
_MAX_VARUINT_BYTES: Final = 8

Value = object
"""None, bool, int, float, str, bytes, or a list or dict of values."""


class Malformed(Exception):
    """Not well-formed; `rule` is G2 (numbers and lengths), G3 (strings and JSON) or G4 (values)."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule


def read_varuint(data: bytes, at: int) -> tuple[int, int]:
    try:
        byte = data[at]
        if byte < 0x80:
            return byte, at + 1
        number = byte & 0x7F
        shift = 7
        for after in range(at + 1, at + _MAX_VARUINT_BYTES):
            byte = data[after]
            number |= (byte & 0x7F) << shift
            if byte < 0x80:
                if number > MAX_NUMBER:
                    break
                return number, after + 1
            shift += 7
    except IndexError:
        raise Malformed("G2", "it ends inside a number") from None
    raise Malformed("G2", "a number is too big")


def write_varuint(number: int) -> bytes:
    if number < 0x80:
        return bytes((number,))
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def read_bytes(data: bytes, at: int) -> tuple[bytes, int]:
    length, at = read_varuint(data, at)
    end = at + length
    if end > len(data):
        raise Malformed("G2", "a length reaches beyond the end")
    return data[at:end], end


def write_bytes(content: bytes) -> bytes:
    return write_varuint(len(content)) + content


def read_string(data: bytes, at: int) -> tuple[str, int]:
    content, at = read_bytes(data, at)
    try:
        return content.decode(), at
    except UnicodeDecodeError:
        raise Malformed("G3", "a string is not UTF-8") from None


def write_string(text: str) -> bytes:
    return write_bytes(text.encode())


def parse_json(text: str) -> Value:
    """What both the core and a browser understand: finite numbers, no half characters, at most 32 deep."""
    if text == "null":
        return None
    if text.count("{") + text.count("[") > MAX_DEPTH and _json_depth(text) > MAX_DEPTH:
        raise Malformed("G3", f"JSON is more than {MAX_DEPTH} deep")
    try:
        value: Value = _JSON.decode(text)
        if "\\u" in text:
            # Escapes can name half a surrogate pair: the core refuses it after it has begun.
            json.dumps(value, ensure_ascii=False).encode()
    except ValueError:
        raise Malformed("G3", "this is not JSON that everyone can read") from None
    return value


def read_json(data: bytes, at: int) -> tuple[Value, int]:
    text, at = read_string(data, at)
    return parse_json(text), at


def read_value(data: bytes, at: int) -> tuple[Value, int]:
    """One value ("Any" in lib0). Iterative: the depth of a value must never become the depth of our stack."""
    root: Value = None
    containers: list[list[Value] | dict[str, Value]] = []
    missing: list[int] = []
    key = ""
    while True:
        value, count, at = _read_part(data, at)
        if not containers:
            root = value
        else:
            inside = containers[-1]
            if isinstance(inside, list):
                inside.append(value)
            else:
                inside[key] = value
            missing[-1] -= 1
        if count and isinstance(value, list | dict):
            if len(containers) == MAX_DEPTH:
                raise Malformed("G4", f"a value is more than {MAX_DEPTH} deep")
            containers.append(value)
            missing.append(count)
        while missing and not missing[-1]:
            missing.pop()
            containers.pop()
        if not containers:
            return root, at
        if isinstance(containers[-1], dict):
            key, at = read_string(data, at)


def _read_part(data: bytes, at: int) -> tuple[Value, int, int]:
    """A value without its contents; how many parts follow inside it; the position."""
    try:
        tag = data[at]
        at += 1
        match tag:
            case 119:
                text, at = read_string(data, at)
                return text, 0, at
            case 126 | 127:  # null, undefined
                return None, 0, at
            case 120 | 121:
                return tag == 120, 0, at
            case 125:
                number, at = _read_varint(data, at)
                return number, 0, at
            case 124:
                return *_FLOAT32.unpack_from(data, at), 0, at + 4
            case 123:
                return *_FLOAT64.unpack_from(data, at), 0, at + 8
            case 122:
                return *_INT64.unpack_from(data, at), 0, at + 8
            case 118:
                count, at = read_varuint(data, at)
                return {}, count, at
            case 117:
                count, at = read_varuint(data, at)
                return [], count, at
            case 116:
                content, at = read_bytes(data, at)
                return content, 0, at
    except (IndexError, struct.error):
        raise Malformed("G2", "it ends inside a value") from None
    raise Malformed("G4", "a value has an unknown tag")


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    """lib0's signed kind: continuation bit, sign bit, then six bits in the first byte and seven in others."""
    byte = data[at]
    at += 1
    number = byte & 0x3F
    negative = byte & 0x40
    if byte & 0x80:
        rest, after = read_varuint(data, at)
        if after - at >= _MAX_VARUINT_BYTES or rest > MAX_NUMBER >> 6:
            raise Malformed("G2", "a number is too big")
        number |= rest << 6
        at = after
    return -number if negative else number, at


def _json_depth(text: str) -> int:
    depth = deepest = 0
    for bracket in _BRACKETS.findall(_JSON_STRINGS.sub("", text)):
        depth += 1 if bracket in "{[" else -1
        deepest = max(deepest, depth)
    return deepest


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("not finite")
    return number


def _safe_int(text: str) -> int:
    # Digits are counted first: turning thousands of them into an int is slow.
    if len(text) > 17 or abs(number := int(text)) > MAX_NUMBER:
        raise ValueError("too big")
    return number


def _no_constant(text: str) -> float:
    raise ValueError(f"{text} is not JSON")


_JSON: Final = json.JSONDecoder(parse_float=_finite, parse_int=_safe_int, parse_constant=_no_constant)
_JSON_STRINGS: Final = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BRACKETS: Final = re.compile(r"[\[\]{}]")
_FLOAT32: Final = struct.Struct(">f")
_FLOAT64: Final = struct.Struct(">d")
_INT64: Final = struct.Struct(">q")
