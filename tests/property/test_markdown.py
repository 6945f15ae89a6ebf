"""Markdown and statements, by chance: what Markdown can say survives, and no word vanishes."""

from __future__ import annotations

from hypothesis import given, settings

from lab.challenges.blocks import Blocks, Paragraph
from lab.challenges.building import seed
from lab.challenges.markdown_in import from_markdown
from lab.challenges.markdown_out import to_markdown
from lab.challenges.reading import read_state
from tests.support.statements import statements


@settings(max_examples=400, deadline=None)
@given(statements)
def test_a_statement_comes_back_from_markdown_as_it_was(statement: Blocks) -> None:
    written = to_markdown(statement)
    assert from_markdown(written) == statement, written


@settings(max_examples=150, deadline=None)
@given(statements)
def test_a_statement_comes_back_from_a_document_as_it_was(statement: Blocks) -> None:
    assert read_state(seed(statement)) == (statement or (Paragraph(),))
