"""Rules G17 and G18: what a room with a schema takes."""

from __future__ import annotations

from typing import Any

import pytest

from lab.realtime.errors import RefusedUpdate
from lab.realtime.guard import Guard, Known
from lab.realtime.ports import Lease, Schema
from tests.support import v1

ANA, BEN = 7, 8
KNOWN = Known("ana", 1, {ANA: Lease("ana", 1), BEN: Lease("ben", 1)})


def check_value(name: str, attribute: str, value: Any) -> str | None:
    return f"no {value} in {name}.{attribute}" if value in ("bad", 99.0) else None


SCHEMA = Schema(
    version=1,
    roots={"page": "xml", "title": "text", "facts": "map", "list": "array"},
    elements=frozenset({"p", "h"}),
    attributes={"h": frozenset({"level"}), "*": frozenset({"id"}), "link": frozenset({"href"})},
    marks=frozenset({"bold", "link"}),
    check_value=check_value,
)
P, TEXT, LEVEL, H, WORD = (BEN, 0), (BEN, 1), (BEN, 2), (BEN, 3), (BEN, 4)
PAGE = v1.one(
    BEN,
    0,
    v1.item(*v1.element("p"), parent="page"),
    v1.item(*v1.XML_TEXT, parent=P),
    v1.item(*v1.values(v1.number(1)), parent=(BEN, 3 - 3), key="id"),
    v1.item(*v1.element("h"), origin=P),
    v1.item(*v1.text("a😀b"), parent=TEXT),
    v1.item(*v1.values(v1.number(2)), parent=(BEN, 3), key="level"),
)
OLD_LEVEL = (BEN, 8)


def guard(schema: Schema = SCHEMA) -> Guard:
    made = Guard(schema)
    made.rebuild(PAGE)
    return made


def mark(name: str, value: object) -> bytes:
    return v1.item(*v1.mark(name, value), origin=WORD)


TAKEN = {
    "a paragraph": v1.item(*v1.element("p"), parent="page"),
    "an element beside another": v1.item(*v1.element("h"), origin=P, right=H),
    "text in an element": v1.item(*v1.XML_TEXT, parent=P),
    "letters": v1.item(*v1.text("x"), parent=TEXT),
    "a mark": mark("bold", {}),
    "a mark that is only true": mark("bold", True),
    "the end of a mark": mark("bold", None),
    "a mark that overlaps itself": mark("link--aGVsbG8x", {"href": "good"}),
    "an attribute": v1.item(*v1.values(v1.number(3)), parent=H, key="level"),
    "an attribute of every element": v1.item(*v1.text("x"), parent=H, key="id"),
    "an attribute's next value": v1.item(*v1.values(v1.number(3)), origin=OLD_LEVEL, key="level"),
    "something deleted": v1.item(*v1.deleted(3), parent="page"),
    "something collected": v1.gc(3),
    "plain text": v1.item(*v1.text("x"), parent="title"),
    "a fact": v1.item(*v1.values(v1.NULL), parent="facts", key="k"),
    "a text among facts": v1.item(*v1.TEXT, parent="facts", key="k"),
    "a list entry": v1.item(*v1.values(v1.NULL), parent="list"),
    "a map in a list": v1.item(*v1.MAP, parent="list"),
}
REFUSED = {
    "an unknown root": v1.item(*v1.text("x"), parent="elsewhere"),
    "an unknown element": v1.item(*v1.element("script"), parent="page"),
    "an unknown element beside another": v1.item(*v1.element("script"), origin=P),
    "a fragment in the page": v1.item(*v1.FRAGMENT, parent="page"),
    "an unknown attribute": v1.item(*v1.values(v1.NULL), parent=P, key="onclick"),
    "an attribute of another element": v1.item(*v1.values(v1.NULL), parent=P, key="level"),
    "an attribute of the page": v1.item(*v1.values(v1.NULL), parent="page", key="id"),
    "an attribute of text": v1.item(*v1.values(v1.NULL), parent=TEXT, key="id"),
    "a type as an attribute": v1.item(*v1.MAP, parent=H, key="level"),
    "a bad value": v1.item(*v1.values(v1.NULL, v1.number(99)), parent=H, key="level"),
    "a bad value as a string": v1.item(*v1.text("bad"), parent=H, key="id"),
    "a bad next value": v1.item(*v1.values(v1.word("bad")), origin=OLD_LEVEL, key="level"),
    "an unknown mark": mark("blink", {}),
    "a mark that is a number": mark("bold", 3),
    "a mark with an unknown attribute": mark("link", {"onclick": "x"}),
    "a mark with a bad value": mark("link--aGVsbG8x", {"href": "bad"}),
    "an embed in text": v1.item(*v1.embed({"img": "x"}), parent=TEXT),
    "a type in text": v1.item(*v1.MAP, parent=TEXT),
    "an embed among facts": v1.item(*v1.embed({}), parent="facts", key="k"),
    "an element among facts": v1.item(*v1.element("p"), parent="facts", key="k"),
    "an element in a list": v1.item(*v1.element("p"), parent="list"),
}


@pytest.mark.parametrize("struct", TAKEN.values(), ids=TAKEN)
def test_G17_what_fits_is_taken(struct: bytes) -> None:
    assert guard().check(v1.one(ANA, 0, struct), KNOWN).structs == 1


@pytest.mark.parametrize("struct", REFUSED.values(), ids=REFUSED)
def test_G17_what_does_not_fit_is_refused(struct: bytes) -> None:
    update = v1.one(ANA, 0, struct)
    with pytest.raises(RefusedUpdate) as refused:
        guard().check(update, KNOWN)
    assert refused.value.rule == "G17"
    assert guard().check(update, None).structs == 1, "a row of the log is not asked again"


def test_G17_without_a_judge_every_value_is_taken() -> None:
    schema = Schema(1, SCHEMA.roots, SCHEMA.elements, SCHEMA.attributes, SCHEMA.marks)
    update = v1.one(ANA, 0, REFUSED["a bad value"])
    assert guard(schema).check(update, KNOWN).structs == 1


# "a😀b" is at clocks 4 to 7: a 4, 😀 5 and 6, b 7.
@pytest.mark.parametrize(
    "update",
    [
        v1.one(ANA, 0, v1.item(*v1.text("x"), origin=(BEN, 5))),
        v1.one(ANA, 0, v1.item(*v1.text("x"), right=(BEN, 6))),
        v1.update(deletions={BEN: [(4, 2)]}),
        v1.update(deletions={BEN: [(6, 1)]}),
        v1.update(v1.group(ANA, 0, v1.item(*v1.text("😀"), parent=TEXT)), deletions={ANA: [(0, 1)]}),
    ],
)
def test_G18_nobody_cuts_an_emoji_in_half(update: bytes) -> None:
    with pytest.raises(RefusedUpdate) as refused:
        guard().check(update, KNOWN)
    assert refused.value.rule == "G18"


def test_G18_beside_an_emoji_is_fine() -> None:
    made = guard()
    update = v1.update(
        v1.group(ANA, 0, v1.item(*v1.text("é😀"), origin=(BEN, 6), right=(BEN, 7))), deletions={BEN: [(5, 2)]}
    )
    made.commit(made.check(update, KNOWN))
    with pytest.raises(RefusedUpdate):
        made.check(v1.update(deletions={ANA: [(0, 2)]}), KNOWN)
    made.check(v1.update(deletions={ANA: [(1, 2)]}), KNOWN)
