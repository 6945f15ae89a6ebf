"""Markdown in and out, by example: what people paste, and what hostile people paste."""

from __future__ import annotations

import time

import pytest

from lab.challenges.blocks import (
    Block,
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
    plain_text,
)  # fmt: skip
from lab.challenges.errors import MarkdownTooBig, MarkdownTooDeep
from lab.challenges.html import to_html
from lab.challenges.markdown_in import MAX_CHARACTERS, from_markdown
from lab.challenges.markdown_out import to_markdown
from tests.support.golden_statement import paragraph, run


def cells(*texts: str, header: bool = False, align: str = "") -> tuple[Cell, ...]:
    return tuple(Cell((paragraph(text) if text else Paragraph(),), header, align=align) for text in texts)


@pytest.mark.parametrize(
    ("markdown", "blocks"),
    [
        ("", ()),
        ("plain", (paragraph("plain"),)),
        ("two\nlines", (paragraph("two lines"),)),
        ("one  \ntwo\\\nthree", (paragraph("one", Break(), "two", Break(), "three"),)),
        ("# A\n\nB\n=", (Heading(1, (Run("A"),)), Heading(1, (Run("B"),)))),
        ("###### D", (Heading(3, (Run("D"),)),)),
        ("**a** *b* ~~c~~ ==d== ++e++ `f`", (
            paragraph(
                run("a", "bold"), " ", run("b", "italic"), " ", run("c", "strike"), " ",
                run("d", "highlight"), " ", run("e", "underline"), " ", run("f", "code"),
            ),
        )),
        ("C++ and == and a === b", (paragraph("C++ and == and a === b"),)),
        ("[**a** b](https://c.d \"e\")", (
            paragraph(
                run("a", "bold", href="https://c.d", title="e"), run(" b", href="https://c.d", title="e")
            ),
        )),
        ("<https://a.b> and [x][y]\n\n[y]: mailto:a@b.c", (
            paragraph(run("https://a.b", href="https://a.b"), " and ", run("x", href="mailto:a@b.c")),
        )),
        ("[a](javascript:alert(1)) [b](/c) [d]()", (paragraph("a (javascript:alert(1)) b (/c) d"),)),
        ("![a *b*](https://c.d/e.png) ![](https://f.g) ![x](data:image/png;base64,AAAA) ![y](k.png)", (
            paragraph(
                run("a b", href="https://c.d/e.png"), " ", run("image", href="https://f.g"), " x y (k.png)",
            ),
        )),
        ("[![a](https://b.c/d)](https://e.f)", (paragraph(run("a (https://b.c/d)", href="https://e.f")),)),
        ("<b onclick=x>a</b> <!-- c -->\n\n<script>\nalert(1)\n</script>", (
            paragraph("<b onclick=x>a</b> <!-- c -->"), paragraph("<script> alert(1) </script>"),
        )),
        ("- a\n  - b\n- c\n\n  d", (
            BulletList(
                (
                    Item((paragraph("a"), BulletList((Item((paragraph("b"),)),)))),
                    Item((paragraph("c"), paragraph("d"))),
                )
            ),
        )),
        ("4) a\n5) b", (OrderedList((Item((paragraph("a"),)), Item((paragraph("b"),))), 4),)),
        ("- # h", (BulletList((Item((Paragraph(), Heading(1, (Run("h"),)))),)),)),
        ("> a\n>\n> > b", (Quote((paragraph("a"), Quote((paragraph("b"),)))),)),
        ("```python\na\n\n  b\n```\n\n    c", (CodeBlock("a\n\n  b", "python"), CodeBlock("c"))),
        ("```python title=x\na\n```", (paragraph("python title=x"), CodeBlock("a"))),
        ("a\n\n---\n\nb", (paragraph("a"), Rule(), paragraph("b"))),
        ("|a|b|\n|:-|:-|\n|1|2|", (
            Table((cells("a", "b", header=True, align="left"), cells("1", "2", align="left"))),
        )),
        ("|a|b|\n|-|-|\n|1|2|3 \\| x|4|", (Table((cells("a", "b", header=True), cells("1", "2 3 | x 4"))),)),
        ("||\n|-|\n|1|", (Table((cells("1"),)),)),
        ("[a]: https://b.c\n[a]: https://d.e", (paragraph("[a]: https://b.c"), paragraph("[a]: https://d.e"))),
        ("\ufeffa\x00\x1b\u0085b\r\nc", (paragraph("ab c"),)),
        ("&lt;a&gt; &amp; &copy; &nope; \\*", (paragraph("<a> & © &nope; *"),)),
    ],
)  # fmt: skip
def test_markdown_becomes(markdown: str, blocks: tuple[Block, ...]) -> None:
    found = from_markdown(markdown)
    assert found == blocks
    # What came from Markdown goes back into it.
    assert from_markdown(to_markdown(found)) == found


@pytest.mark.parametrize(
    ("blocks", "markdown"),
    [
        ((), ""),
        ((Paragraph(), Paragraph((Break(),))), ""),
        ((paragraph("a", Break()),), "a\n"),
        ((paragraph("a "), paragraph("  ", Break(), " ")), "a\n"),
        ((paragraph("a ", Break(), " b", run(" ", "bold")),), "a\\\n&#32;b\n"),
        ((Heading(1, (Run("a  "),)), BulletList((Item((paragraph("b "),)),))), "# a\n\n- b\n"),
        ((Heading(2, (Run("a"), Break(), Run("b #"))),), "## a b \\#\n"),
        ((paragraph("1. a"), paragraph("- b"), paragraph("# c")), "1\\. a\n\n\\- b\n\n\\# c\n"),
        ((paragraph("A&E, x_y, 2 * 3"),), "A&E, x_y, 2 \\* 3\n"),
        ((paragraph("a", run("(b)", "bold"), "c"),), "&#97;**(b)**&#99;\n"),
        ((paragraph(run(" a ", "bold"), "b"),), "**&#32;a&#32;**&#98;\n"),
        ((paragraph(run("a ", "bold")),), "**a**\n"),
        ((paragraph("wow!", run("a", href="https://b.c")),), "wow\\![a](https://b.c)\n"),
        ((paragraph(run("a", href="https://b.c/)(")),), "[a](https://b.c/\\)\\()\n"),
        ((paragraph(run("`", "code"), " ", run(" ", "code")),), "`` ` `` ` `\n"),
        ((paragraph(run("``a`", "code"),),), "``` ``a` ```\n"),
        ((CodeBlock("```", ""),), "````\n```\n````\n"),
        ((BulletList((Item((paragraph("a"),)),)), BulletList((Item((paragraph("b"),)),))), "- a\n\n+ b\n"),
        ((Quote((Paragraph(),)),), ">\n"),
        (
            (OrderedList((Item((paragraph("a"), OrderedList((Item((paragraph("b"),)),), 3))),)),),
            "1. a\n\n   3. b\n",
        ),
        ((Table((
            (
                Cell((Heading(1, (Run("a"),)), CodeBlock("b\n c"), Rule()), colspan=2),
                Cell((paragraph("d|"),)),
            ),
            (Cell((Paragraph(),)),),
        )),), "|  |  |  |\n| --- | --- | --- |\n| a `b c` |  | d\\| |\n|  |  |  |\n"),
        ((Table(((Cell((paragraph(run("a|b", "code")),), header=True),),)),), "| `a\\|b` |\n| --- |\n"),
    ],
)  # fmt: skip
def test_blocks_become(blocks: tuple[Block, ...], markdown: str) -> None:
    assert to_markdown(blocks) == markdown


@pytest.mark.parametrize(
    "text",
    [
        "[" * MAX_CHARACTERS, "**a" * 60_000, "*a _b " * 30_000, "==a" * 60_000, "`a``" * 40_000,
        "![" * 90_000, "> \n" * 60_000, "<a " * 60_000, "|" * MAX_CHARACTERS, "a\n" * 90_000, "&a;" * 60_000,
        "\\" * MAX_CHARACTERS, "[a](" * 50_000, "\n" * MAX_CHARACTERS, "a  \n" * 50_000,
    ],
)  # fmt: skip
def test_text_made_to_keep_us_busy_does_not(text: str) -> None:
    began = time.process_time()
    statement = from_markdown(text[:MAX_CHARACTERS])
    to_markdown(statement)
    to_html(statement)
    assert time.process_time() - began < 20


def test_a_paragraph_with_too_many_signs_keeps_its_words() -> None:
    text = "**a** " * 400
    (block,) = from_markdown(text + "\nsecond line")
    assert isinstance(block, Paragraph)
    assert len(block.content) == 1
    assert plain_text((block,)).count("**a**") == 400
    assert plain_text((block,)).endswith("second line")


def test_too_much_is_refused_with_a_number() -> None:
    with pytest.raises(MarkdownTooBig, match="200,000"):
        from_markdown("a" * (MAX_CHARACTERS + 1))
    with pytest.raises(MarkdownTooBig, match="10,000 paragraphs"):
        from_markdown("a\n\n" * 10_001)
    with pytest.raises(MarkdownTooBig):
        from_markdown("|" + "a|" * 600 + "\n|" + "-|" * 600 + "\n" + "|\n" * 100)


@pytest.mark.parametrize("text", [">" * 5000, "1. " * 5000, "\n".join("  " * n + "- a" for n in range(400))])
def test_too_deep_is_refused_and_deep_is_flattened(text: str) -> None:
    with pytest.raises(MarkdownTooDeep):
        from_markdown(text)


def test_twenty_levels_of_lists_keep_their_words() -> None:
    statement = from_markdown("\n".join("  " * n + f"- level{n}" for n in range(20)))
    assert all(f"level{n}" in plain_text(statement) for n in range(20))
    assert from_markdown(to_markdown(statement)) == statement


def test_links_have_to_lead_somewhere_allowed_wherever_they_come_from() -> None:
    for href in (
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "vbscript:x",
    ):
        shown = to_html(from_markdown(f"[a]({href}) <{href}> ![b]({href})"))
        assert "<a" not in shown
    assert Link("https://a.b") == from_markdown("[x](https://a.b)")[0].content[0].link  # type: ignore[union-attr]
