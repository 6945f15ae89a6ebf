"""The statement as a document: what it may hold, reading whatever stands there, building one from nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from lab.challenges.anchors import anchor_of
from lab.challenges.blocks import (
    MAX_DEPTH,
    Break,
    BulletList,
    Cell,
    CodeBlock,
    Heading,
    Item,
    Link,
    OrderedList,
    Paragraph,
    Quote,
    Rule,
    Run,
    Table,
    count_words,
    flat,
    inline_text,
    plain_text,
    summary,
    tidy,
    tidy_inline,
)  # fmt: skip
from lab.challenges.building import build, seed
from lab.challenges.document import ROOT, STATEMENT, check_value
from lab.challenges.html import to_html
from lab.challenges.reading import read, read_state
from lab.core.words import clean, shorten
from lab.realtime.guard import Guard
from tests.support.golden_statement import GOLDEN, QUOTED, golden, paragraph, run
from tests.support.golden_statement import STATEMENT as EVERYTHING


class Scribble:
    """A document written to by hand, the way concurrent edits and other clients may leave it."""

    def __init__(self) -> None:
        self.doc: Doc[Any] = Doc()
        self.root = self.doc.get(ROOT, type=XmlFragment)

    def add(self, parent: Any, tag: str, text: str = "", **attributes: Any) -> Any:
        element = parent.children.append(XmlElement(tag))
        for name, value in attributes.items():
            element.attributes[name] = value
        if text:
            element.children.append(XmlText(text))
        return element


def test_the_golden_statement_still_means_the_same() -> None:
    kept = json.loads(GOLDEN.read_text("utf-8"))
    made = golden()
    assert read_state(bytes.fromhex(kept["update"])) == EVERYTHING
    assert {**kept, "update": ""} == {**made, "update": ""}


def test_what_is_built_passes_the_guard() -> None:
    checked = Guard(STATEMENT).check(seed(EVERYTHING), None)
    assert checked.structs > 50


def test_each_seed_comes_from_a_client_of_its_own() -> None:
    clients = {next(iter(build(EVERYTHING).placed)).client for _ in range(20)}
    assert len(clients) == 20
    assert all(0 < client < 2**32 for client in clients)


def test_an_empty_statement_is_one_empty_paragraph() -> None:
    assert read_state(seed(())) == (Paragraph(),)


@pytest.mark.parametrize(
    ("name", "attribute", "good", "bad"),
    [
        ("heading", "level", [1, 2.0, 3], [0, 4, 1.5, "2", True]),
        ("orderedList", "start", [0, 7.0, 999_999_999], [-1, 10**9, "1"]),
        ("orderedList", "type", ["1", "a", "I"], ["b", 1]),
        ("codeBlock", "language", ["", "python", "c++"], ["two words", "x" * 41, 3]),
        ("tableCell", "colspan", [1, 50.0], [0, 51, "1"]),
        ("tableHeader", "rowspan", [1, 200], [0, 201]),
        ("tableCell", "colwidth", [[100, 20.0], []], ["100", [-1], [1] * 51, ["1"]]),
        ("tableCell", "align", ["left", "center", "right"], ["justify", 1]),
        ("link", "target", ["_blank", ""], ["_top", 1]),
        ("link", "rel", ["noopener noreferrer nofollow", ""], ["opener", 1]),
        ("link", "class", [""], ["button danger"]),
        ("link", "title", ["A title"], ["x" * 301, 1]),
        (
            "link", "href",
            ["https://a.org", "http://a.b/c?d=(e)#f", "HTTPS://A.ORG", "mailto:a@b.org", "https://a.org/ä"],
            [
                "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:x", " https://a.org", "//a.b",
                "data:text/html,x", "/api/me", "file:///etc/passwd", "https://", "https://?", "mailto:",
                "https://a.b/\u2028", "https://a.b/<script>", "vbscript:x", 5, {}, "https://a b",
                "https://" + "x" * 2000,
            ],
        ),
    ],
)  # fmt: skip
def test_values_of_attributes(name: str, attribute: str, good: list[Any], bad: list[Any]) -> None:
    for value in (None, *good):
        assert check_value(name, attribute, value) is None, value
    for value in bad:
        assert check_value(name, attribute, value), value


def test_attributes_nobody_knows_are_refused() -> None:
    assert check_value("paragraph", "onclick", "x") == "paragraph has no attribute 'onclick'"
    assert check_value("bold", "style", "x")


# Reading


def test_text_and_elements_where_they_do_not_belong_are_read_all_the_same() -> None:
    it = Scribble()
    it.root.children.append(XmlText("loose "))
    it.root.children.append(XmlElement("hardBreak"))
    outer = it.add(it.root, "paragraph", "outside")
    it.add(outer, "heading", "inside", level=2)
    bullets = it.add(it.root, "bulletList")
    it.add(bullets, "paragraph", "no item")
    bullets.children.append(XmlText("no paragraph"))
    it.add(it.root, "listItem", "no list")
    table = it.add(it.root, "table")
    row = it.add(table, "tableRow")
    it.add(row, "paragraph", "no cell")
    it.add(table, "tableCell", "no row")
    row.children.append(XmlText("no cell either"))
    it.add(it.root, "futureThing", "from the future")
    rule = it.add(it.root, "horizontalRule", "in a rule")
    assert rule.tag == "horizontalRule"
    it.add(it.root, "codeBlock", "a")
    assert read(it.doc) == (
        Paragraph((Run("loose "), Break())),
        Paragraph((Run("outside"),)),
        Heading(2, (Run("inside"),)),
        BulletList((Item((paragraph("no item"),)), Item((paragraph("no paragraph"),)))),
        paragraph("no list"),
        Table(
            (
                (Cell((paragraph("no cell"),)), Cell((paragraph("no cell either"),))),
                (Cell((paragraph("no row"),)),),
            )
        ),
        paragraph("from the future"),
        Rule(),
        paragraph("in a rule"),
        CodeBlock("a"),
    )


def test_attributes_of_the_wrong_kind_fall_back() -> None:
    it = Scribble()
    it.add(it.root, "heading", "a", level="2")
    it.add(it.root, "heading", "b", level=[1])
    it.add(it.root, "heading", "c", level=99)
    numbered = it.add(it.root, "orderedList", start=-5, type="weird")
    it.add(it.add(numbered, "listItem"), "paragraph", "d")
    row = it.add(it.add(it.root, "table"), "tableRow")
    it.add(row, "tableCell", "e", colspan=1000, rowspan="x", colwidth=[99999], align="justify")
    it.add(it.root, "codeBlock", "f", language="two words")
    assert read(it.doc) == (
        Heading(2, (Run("a"),)),
        Heading(1, (Run("b"),)),
        Heading(3, (Run("c"),)),
        OrderedList((Item((paragraph("d"),)),), 0, ""),
        Table(((Cell((paragraph("e"),), colspan=50),),)),
        CodeBlock("f"),
    )


def test_code_keeps_lines_that_another_client_put_into_paragraphs() -> None:
    it = Scribble()
    code = it.add(it.root, "codeBlock", "first")
    it.add(code, "paragraph", "second")
    it.add(code, "codeBlock", "third")
    it.add(code, "horizontalRule")
    assert read(it.doc) == (CodeBlock("first\nsecond\nthird"),)


def test_marks_as_other_clients_write_them() -> None:
    it = Scribble()
    element = it.add(it.root, "paragraph")
    text = element.children.append(XmlText("bold comment link nothing bad"))
    text.format(0, 4, {"bold": True, "comment--aGFzaA==": {}})
    text.format(5, 12, {"highlight--aGFzaA==": {"color": "red"}})
    text.format(13, 17, {"link": {"href": "https://example.org", "title": 7}})
    text.format(26, 29, {"link": {"href": "javascript:alert(1)"}, "italic": {}})
    text.insert_embed(len(text), {"image": "x"})
    assert read(it.doc) == (
        Paragraph(
            (
                run("bold", "bold"), run(" "), run("comment", "highlight"), run(" "),
                run("link", href="https://example.org"), run(" nothing "), run("bad", "italic"),
            )
        ),
    )  # fmt: skip


def test_nesting_beyond_all_reason_is_flattened_and_keeps_its_words() -> None:
    it = Scribble()
    parent: Any = it.root
    for _ in range(60):
        parent = it.add(parent, "blockquote")
    it.add(parent, "paragraph", "deep down")
    (block,) = read(it.doc)
    depth = 0
    while isinstance(block, Quote):
        (block,) = block.blocks
        depth += 1
    assert (depth, block) == (MAX_DEPTH, paragraph("deep down"))


def test_nesting_no_guard_would_let_through_ends_somewhere() -> None:
    it = Scribble()
    for tag in ("blockquote", "paragraph", "bulletList", "tableCell"):
        parent: Any = it.root
        for _ in range(200):
            parent = it.add(parent, tag)
    assert read(it.doc)


# Tidying


def test_tidy_keeps_items_and_cells_as_the_editor_wants_them() -> None:
    assert tidy((BulletList(()), OrderedList(()), Table(()), Table(((),)))) == ()
    assert tidy((BulletList((Item((Rule(),)), Item(()))),)) == (
        BulletList((Item((Paragraph(), Rule())), Item((Paragraph(),)))),
    )
    assert tidy((Quote(()), Table(((Cell(()),),)))) == (
        Quote((Paragraph(),)),
        Table(((Cell((Paragraph(),)),),)),
    )


def test_containers_beyond_the_depth_leave_their_leaves() -> None:
    inner: Any = Table(((Cell((paragraph("cell"),)),),))
    inner = OrderedList((Item((paragraph("item"), inner, CodeBlock("c"), Rule())),))
    for _ in range(MAX_DEPTH):
        inner = Quote((inner,))
    (block,) = tidy((inner,))
    while isinstance(block, Quote):
        *before, block = block.blocks
        if not isinstance(block, Quote):
            assert [*before, block] == [paragraph("item"), paragraph("cell"), CodeBlock("c"), Rule()]


def test_a_link_wins_over_code_and_code_over_everything_else() -> None:
    link = Link("https://example.org", "  a\n title ")
    assert tidy_inline(
        (Run("a", frozenset({"code", "bold"})), Run("b", frozenset({"code", "bold"}), link))
    ) == (
        Run("a", frozenset({"code"})),
        Run("b", frozenset({"bold"}), Link("https://example.org", "a title")),
    )
    assert tidy_inline((Run("a", frozenset({"blink"}), Link("javascript:x")), Run("b"), Run(""))) == (
        Run("ab"),
    )


def test_characters_nobody_can_see_are_left_out() -> None:
    assert clean("a\x00b\x1bc\x7fd\x85e\r\nf\rg\t\ufffeh\ud800") == "abcde\nf\ng\th"


# Summaries


def test_the_summary_is_the_first_sentence_of_the_first_paragraph_with_words() -> None:
    statement = (
        Heading(1, (Run("Title"),)), Quote((paragraph("An example."),)), paragraph(" … "),
        paragraph("Does it “work?” Nobody knows. At all."),
    )  # fmt: skip
    assert summary(statement) == "Does it “work?”"
    assert summary((paragraph("No end here"),)) == "No end here"
    assert summary(()) == ""
    assert summary((paragraph("word " * 100),), limit=20) == "word word word…"
    assert shorten("x" * 50, 10) == "xxxxxxxxx…"
    assert shorten("short", 10) == "short"


def test_words_are_counted_as_people_count_them() -> None:
    assert count_words("It’s a well-known fact: 41.5 % of don't-knows.") == 7
    assert count_words("") == 0
    statement = (*EVERYTHING, Rule())
    assert "12" in plain_text(statement)
    assert inline_text((Run("a"), Break(), Run("b"))) == "a\nb"
    assert sum(1 for block in statement for _ in flat(block)) > 15


# Anchors


def test_an_anchor_names_the_quoted_letters() -> None:
    built = build((paragraph("a😀b"), paragraph("say it, say it")), client=300)
    anchor = anchor_of(built, "say it")
    assert (anchor["prefix"], anchor["quote"], anchor["suffix"]) == ("", "say it", ", say it")
    assert anchor_of(built, "😀")["prefix"] == "a"
    # (kind 2: the text itself, because nothing follows), client 300 as a varuint, its clock, association 0.
    assert anchor_of(built, "b")["end"] == "AqwCAQA="
    with pytest.raises(ValueError, match="does not stand"):
        anchor_of(built, "elsewhere")
    assert anchor_of(build(EVERYTHING), QUOTED)["quote"] == QUOTED


# HTML


def test_html_shows_everything_and_escapes_everything() -> None:
    shown = to_html(EVERYTHING)
    assert (
        '<a href="https://example.org/a_(b)?c=d#e" rel="noopener noreferrer nofollow" title="Yes">' in shown
    )
    assert "<strong><em>who lives 😀 with it</em></strong>" in shown
    assert '<ol start="3">' in shown
    assert '<th scope="col">' in shown
    assert "if a &lt; b:" in shown
    hostile = '"><img src=x onerror=alert(1)>'
    link = Link("https://example.org/", hostile)
    cells = ((Cell((paragraph(hostile),), colspan=2, rowspan=3),),)
    shown = to_html(
        (Paragraph((Run(hostile, frozenset({"code"}), link),)), CodeBlock(hostile, ""), Table(cells))
    )
    assert "<img" not in shown
    assert '<td colspan="2" rowspan="3">' in shown
    assert to_html((OrderedList((Item((Paragraph(),)),), 1, "a"),)) == '<ol type="a"><li><p></p></li></ol>'
