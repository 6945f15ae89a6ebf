"""Updates, decoded strictly: the rules that need no document (G2 to G7, G13, G14)."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest

from lab.realtime.errors import RefusedUpdate
from lab.realtime.lib0 import MAX_NUMBER, read_value, write_string, write_varuint
from lab.realtime.updates import Kind, TooMany, TypeKind, decode_update
from tests.support import v1

decode: Callable[[bytes], object] = lambda data: decode_update(data, clients=3, structs=10, deletions=10)  # noqa: E731


def root_item(kind_and_content: tuple[int, bytes], **where: object) -> bytes:
    return v1.item(*kind_and_content, parent="root", **where)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("content", "length", "kind", "means"),
    [
        (v1.deleted(7), 7, Kind.DELETED, None),
        (v1.binary(b"xy"), 1, Kind.BINARY, b"xy"),
        (v1.text("a😀é"), 4, Kind.STRING, "a😀é"),
        (v1.embed({"img": "x"}), 1, Kind.EMBED, {"img": "x"}),
        (v1.mark("bold", None), 1, Kind.FORMAT, ("bold", None)),
        (v1.element("heading"), 1, Kind.TYPE, (TypeKind.ELEMENT, "heading")),
        (v1.XML_TEXT, 1, Kind.TYPE, (TypeKind.XML_TEXT, "")),
        (v1.values(v1.NULL, v1.word("x")), 2, Kind.VALUES, [None, "x"]),
    ],
)
def test_every_kind_of_content_is_read(
    content: tuple[int, bytes], length: int, kind: Kind, means: object
) -> None:
    data = v1.update(v1.group(5, 3, root_item(content)), deletions={5: [(0, 2), (2, 1)], 6: [(9, 1)]})
    decoded = decode_update(data, clients=3, structs=10, deletions=10)
    [[struct_]] = decoded.structs
    assert (struct_.client, struct_.clock, struct_.length, struct_.kind) == (5, 3, length, kind)
    assert (struct_.parent, struct_.content) == ("root", means)
    assert decoded.deletions == {5: [(0, 2), (2, 3)], 6: [(9, 10)]}
    assert decoded.deletion_count == 3


def test_where_an_item_stands_is_read() -> None:
    data = v1.one(
        5,
        0,
        v1.item(*v1.text("a"), parent=(1, 2), key="k"),
        v1.item(*v1.text("b"), origin=(5, 0)),
        v1.item(*v1.text("c"), right=(300, 1)),
        v1.item(*v1.text("d"), origin=(1, 1), right=(2, 2), key="not written"),
        v1.gc(3),
    )
    decoded = decode_update(data, clients=3, structs=10, deletions=10)
    where = [(s.clock, s.origin, s.right, s.parent, s.key) for s in decoded.structs[0]]
    assert where == [
        (0, None, None, (1, 2), "k"),
        (1, (5, 0), None, None, None),
        (2, None, (300, 1), None, None),
        (3, (1, 1), (2, 2), None, None),
        (4, None, None, None, None),
    ]


def nested(tag: bytes, depth: int) -> bytes:
    return tag * depth + v1.NULL


@pytest.mark.parametrize(
    ("encoded", "value"),
    [
        (b"\x7f", None),
        (b"\x7e", None),
        (b"\x79", False),
        (b"\x78", True),
        (b"\x7d\x05", 5),
        (b"\x7d\x45", -5),
        (b"\x7d\x80\x01", 64),
        (b"\x7d\xbf" + write_varuint(MAX_NUMBER >> 6), MAX_NUMBER),
        (b"\x7c" + struct.pack(">f", 1.5), 1.5),
        (b"\x7b" + struct.pack(">d", 0.1), 0.1),
        (b"\x7a" + struct.pack(">q", -(1 << 62)), -(1 << 62)),
        (b"\x74\x02xy", b"xy"),
        (v1.word("é"), "é"),
        (b"\x75\x00", []),
        (b"\x76\x00", {}),
        (b"\x75\x03\x75\x00\x76\x01\x01k\x75\x01\x78\x79", [[], {"k": [True]}, False]),
        (b"\x76\x02\x01a\x76\x01\x01b\x7e\x01c\x78", {"a": {"b": None}, "c": True}),
    ],
)
def test_values_are_read(encoded: bytes, value: object) -> None:
    assert read_value(encoded + b"rest", 0) == (value, len(encoded))


def test_32_deep_is_allowed() -> None:
    assert decode(v1.one(1, 0, root_item(v1.values(nested(b"\x75\x01", 32)))))
    assert decode(v1.one(1, 0, root_item((6, write_string("m") + write_string("[" * 32 + "]" * 32)))))


def json_mark(text: str) -> bytes:
    return v1.one(1, 0, root_item((6, write_string("m") + write_string(text))))


REFUSED = {
    "G2 nothing": (b"", "G2"),
    "G2 it ends before the structs do": (b"\x01\x01\x05\x00", "G2"),
    "G2 it ends inside a number": (b"\x01\x01\x85", "G2"),
    "G2 something follows": (b"\x00\x00\x00", "G2"),
    "G2 a client of 2^53": (v1.one(1 << 53, 0, v1.gc(1)), "G2"),
    "G2 a number of nine bytes": (b"\x80\x80\x80\x80\x80\x80\x80\x80\x00\x00", "G2"),
    "G2 a lying length": (v1.one(1, 0, root_item((4, b"\x7fab"))), "G2"),
    "G2 a number of nine bytes in a value": (
        v1.one(1, 0, root_item(v1.values(b"\x7d\xff\xff\xff\xff\xff\xff\xff\xff\x7f"))),
        "G2",
    ),
    "G2 a number of 2^53 in a value": (
        v1.one(1, 0, root_item(v1.values(b"\x7d\x80" + write_varuint(1 << 47)))),
        "G2",
    ),
    "G2 a value that ends early": (v1.one(1, 0, root_item(v1.values(b"\x7b\x00")))[:-1], "G2"),
    "G2 a value without a tag": (b"\x01\x01\x01\x00\x08\x01\x01r\x01", "G2"),
    "G3 a string that is not UTF-8": (v1.one(1, 0, root_item((4, b"\x02\xff\xfe"))), "G3"),
    "G3 half a character": (v1.one(1, 0, root_item((4, b"\x03\xed\xa0\xbd"))), "G3"),
    "G3 not JSON": (json_mark("{"), "G3"),
    "G3 NaN": (json_mark("NaN"), "G3"),
    "G3 not finite": (json_mark("1e999"), "G3"),
    "G3 a number that loses digits": (json_mark("18446744073709551615"), "G3"),
    "G3 thousands of digits": (json_mark("1" * 9_000), "G3"),
    "G3 half a character in JSON": (json_mark('"\\ud83d"'), "G3"),
    "G3 deep JSON": (json_mark("[" * 33 + "]" * 33), "G3"),
    "G4 an unknown value": (v1.one(1, 0, root_item(v1.values(b"\x10"))), "G4"),
    "G4 deep lists": (v1.one(1, 0, root_item(v1.values(nested(b"\x75\x01", 33)))), "G4"),
    "G4 deep objects": (v1.one(1, 0, root_item(v1.values(nested(b"\x76\x01\x01k", 33)))), "G4"),
    "G5 a client without structs": (v1.one(1, 0), "G5"),
    "G5 a client twice": (v1.update(v1.group(1, 0, v1.gc(1)), v1.group(1, 1, v1.gc(1))), "G5"),
    "G5 a client without deletions": (v1.update(deletions={1: []}), "G5"),
    "G5 a client's deletions twice": (b"\x00\x02\x01\x01\x00\x01\x01\x01\x01\x01", "G5"),
    "G6 nothing collected": (v1.one(1, 0, v1.gc(0)), "G6"),
    "G6 an empty string": (v1.one(1, 0, root_item(v1.text(""))), "G6"),
    "G6 no values": (v1.one(1, 0, root_item(v1.values())), "G6"),
    "G6 the last clock": (v1.one(1, (1 << 31) - 1, v1.gc(1)), "G6"),
    "G6 nothing deleted": (v1.update(deletions={1: [(3, 0)]}), "G6"),
    "G6 a deletion to the end of time": (v1.update(deletions={1: [(3, 1 << 31)]}), "G6"),
    "G7 legacy JSON": (v1.one(1, 0, root_item((2, b"\x01\x011"))), "G7"),
    "G7 a sub-document": (v1.one(1, 0, root_item((9, b"\x01g\x76\x00"))), "G7"),
    "G7 a skip": (v1.one(1, 0, b"\x0a\x05"), "G7"),
    "G7 a move": (v1.one(1, 0, root_item((11, b"\x00"))), "G7"),
    "G7 a collected run with flags": (v1.one(1, 0, b"\x20\x01"), "G7"),
    "G7 an XML hook": (v1.one(1, 0, root_item((7, b"\x05\x01a"))), "G7"),
    "G7 a type to come": (v1.one(1, 0, root_item((7, b"\x07"))), "G7"),
    "G9 a parent of neither kind": (v1.one(1, 0, b"\x04\x02\x01r\x01a"), "G9"),
    "G12 too many structs": (v1.one(1, 0, *[v1.gc(1)] * 11), "G12"),
    "G12 too many deletions": (v1.update(deletions={1: [(2 * n, 1) for n in range(11)]}), "G12"),
    "G13 too many clients": (v1.update(*(v1.group(n, 0, v1.gc(1)) for n in range(4))), "G13"),
    "G14 backwards": (v1.update(deletions={1: [(5, 1), (3, 1)]}), "G14"),
    "G14 overlapping": (v1.update(deletions={1: [(3, 3), (5, 3)]}), "G14"),
}


@pytest.mark.parametrize(("data", "rule"), REFUSED.values(), ids=REFUSED)
def test_refused(data: bytes, rule: str) -> None:
    with pytest.raises(RefusedUpdate) as refused:
        decode(data)
    assert refused.value.rule == rule
    assert refused.value.reason == f"update_refused:{rule}"
    assert isinstance(refused.value, TooMany) == (rule == "G12")


def test_the_other_half_of_an_emoji_is_read_from_the_core_only() -> None:
    data = v1.update(
        v1.group(1, 0, root_item(v1.text("😀")), v1.item(*v1.text(""), origin=(1, 0))),
        v1.group(2, 0, root_item(v1.text(""))),
    )
    with pytest.raises(RefusedUpdate, match="length is 0"):
        decode(data)
    decoded = decode_update(data, clients=3, structs=10, deletions=10, from_core=True)
    assert [[struct_.content for struct_ in group] for group in decoded.structs] == [["😀"]]
