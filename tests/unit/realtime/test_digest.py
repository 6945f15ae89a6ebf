"""The digest of a document: the same for the same content, whichever copy it is read from."""

from __future__ import annotations

from typing import Any

from pycrdt import Array, Doc, Map, Text, XmlElement, XmlFragment, XmlText

from lab.realtime.workers import digest, fold


def everything() -> Doc[Any]:
    doc: Doc[Any] = Doc()
    values = doc.get("values", type=Map)
    for number in range(20):
        values[str(number)] = {"x": number, "y": [1, {"b": None, "a": True}]}
    values["text"] = Text("hé😀")
    values["nested"] = Map({"q": 1.5, "w": Array([1, b"\x00", Map({"z": "1", "y": 2})])})
    text = doc.get("text", type=Text)
    text.insert(0, "abc", {"bold": True, "italic": True, "link": {"href": "x", "rel": "y"}})
    page = doc.get("page", type=XmlFragment)
    page.children.append(
        XmlElement("tableCell", {"colspan": "1", "rowspan": "1", "align": "left"}, [XmlText("word")])
    )
    return doc


def test_every_copy_has_the_same_digest() -> None:
    state = everything().get_update()
    assert len({digest(state) for _ in range(20)}) == 1
    assert fold(None, [state])


def test_a_text_with_an_emoji_can_be_folded() -> None:
    doc: Doc[Any] = Doc()
    doc.get("text", type=Text).insert(0, "good 👍 and 𝄞")
    doc.get("list", type=Array).extend(["👍", 1])
    before = digest(doc.get_update())
    doc.get("list", type=Array).append(2)
    assert fold(None, [doc.get_update()])
    assert digest(doc.get_update()) != before


def test_marks_attributes_entries_and_deletions_count() -> None:
    def bold(doc: Doc[Any]) -> None:
        doc.get("text", type=Text).format(0, 1, {"bold": None})

    def attribute(doc: Doc[Any]) -> None:
        doc.get("page", type=XmlFragment).children[0].attributes["align"] = "right"

    def entry(doc: Doc[Any]) -> None:
        doc.get("values", type=Map)["3"] = 4

    def deletion(doc: Doc[Any]) -> None:
        del doc.get("text", type=Text)[0:1]

    state = everything().get_update()
    digests = {digest(state)}
    for change in (bold, attribute, entry, deletion):
        doc: Doc[Any] = Doc()
        doc.apply_update(state)
        change(doc)
        digests.add(digest(doc.get_update()))
    assert len(digests) == 5
