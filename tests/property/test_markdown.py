"""Markdown and statements, by chance: what Markdown can say survives, and no word vanishes."""

from __future__ import annotations

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from lab.challenges.blocks import (
    Blocks,
    BulletList,
    CodeBlock,
    Heading,
    Item,
    Paragraph,
    Quote,
    Rule,
    Run,
    flat,
    plain_text,
    tidy,
)  # fmt: skip
from lab.challenges.building import seed
from lab.challenges.html import to_html
from lab.challenges.markdown_in import from_markdown
from lab.challenges.markdown_out import to_markdown
from lab.challenges.reading import read_state
from tests.support.statements import statements

_BARE = Item((Paragraph(),))


@settings(max_examples=300, deadline=None)
@given(statements)
@example((BulletList((Item((Paragraph(), BulletList((Item((Paragraph(), BulletList((_BARE,)))),)))),)),))
@example((Paragraph((Run("*", frozenset({"bold", "italic"})), Run("0_0", frozenset({"italic"})))),))
@example((BulletList((Item((Paragraph(), Rule())), Item((Paragraph(), BulletList((_BARE,)))))),))
def test_a_statement_comes_back_from_markdown_as_it_was(statement: Blocks) -> None:
    written = to_markdown(statement)
    assert from_markdown(written) == statement, written


@settings(max_examples=100, deadline=None)
@given(statements)
def test_a_statement_comes_back_from_a_document_as_it_was(statement: Blocks) -> None:
    assert read_state(seed(statement)) == (statement or (Paragraph(),))


_words = st.text(alphabet="abcdefghij", min_size=3, max_size=6)
_markdown = st.lists(
    st.one_of(
        _words,
        st.sampled_from(
            ["\n", "\n\n", "# ", "> ", "- ", "1. ", "    ", "\t", "*", "**", "_", "~~", "==", "++", "`",
             "```", "[", "](", ")", "![", "|", "|-|-|\n", "<", ">", "&", "\\", "---", " ", ": ", "[x]: ", "https://"]
        ),
    ),
    max_size=40,
).map("".join)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(_markdown)
@example("|abc|def|\n|-|-|\n|ghi|jabc|defg|")
@example("[abc]: https://defg 'hij'")
@example("![abc](javascript:defg 'hij') [abc](javascript:defg)")
@example("```abc defg\nhij\n```")
def test_no_word_of_any_text_vanishes_and_the_second_time_nothing_changes(text: str) -> None:
    statement = from_markdown(text)
    links = [
        f"{run.link.href} {run.link.title}"
        for block in statement
        for leaf in flat(block)
        if isinstance(leaf, Paragraph | Heading)
        for run in leaf.content
        if isinstance(run, Run) and run.link is not None
    ]
    languages = [leaf.language for block in statement for leaf in flat(block) if isinstance(leaf, CodeBlock)]
    kept = plain_text(statement) + " ".join(links + languages)
    for word in re.findall("[a-j]{3,}", text):
        assert word in kept or f"]: {word}" in text, (word, statement)
    again = from_markdown(to_markdown(statement))
    assert from_markdown(to_markdown(again)) == again


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_text_of_any_kind_is_text_in_html(text: str) -> None:
    shown = to_html(tidy((Paragraph((Run(text),)), Quote((Heading(2, (Run(text),)),)))))
    without_ours = re.sub(r"</?(p|blockquote|h2)>", "", shown)
    assert "<" not in without_ours
