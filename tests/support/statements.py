"""Statements as people, and chance, may write them: whatever Markdown can say."""

from __future__ import annotations

from hypothesis import strategies as st

from lab.challenges.blocks import (
    Block,
    Blocks,
    Break,
    BulletList,
    Cell,
    CodeBlock,
    Heading,
    Inline,
    Item,
    Link,
    OrderedList,
    Paragraph,
    Quote,
    Rule,
    Run,
    Table,
    tidy,
    tidy_inline,
)  # fmt: skip
from lab.challenges.markdown_out import as_said

_SIGNS = r"""*_~=+`[]()<>!#&;:|\-.,"'/{}@$%^?0123456789 """
_letters = st.sampled_from(
    [*_SIGNS, *"abzAZéß漢字😀½“”\u00a0\u2003", "&amp;", "**", "==", "1.", "http://a.b", "\t"]
)
_text = st.lists(_letters, min_size=1, max_size=12).map("".join)
_hrefs = st.sampled_from(
    ["https://example.org/a_(b)*c?d=e&amp=f#g", "mailto:someone@example.org", "http://xn--exmple-cua.org/ä"]
)
_links = st.builds(Link, _hrefs, st.sampled_from(["", 'A "title" \\ & | &lt;']))
_marks = st.frozensets(st.sampled_from(["bold", "italic", "strike", "underline", "highlight"]), max_size=4)
_runs = st.builds(Run, _text, st.one_of(_marks, st.just(frozenset({"code"}))), st.none() | _links)


def _sayable(run: Run) -> Run:
    # Code knows no entities, so that a tab at the edge of a cell is lost: keep to spaces.
    return Run(run.text.replace("\t", " "), run.marks, run.link) if "code" in run.marks else run


_one_line = st.lists(_runs.map(_sayable), min_size=1, max_size=5).map(tidy_inline).map(as_said).filter(bool)


@st.composite
def _several_lines(draw: st.DrawFn) -> tuple[Inline, ...]:
    pieces: list[Inline] = [Break()] * draw(st.sampled_from([0, 0, 0, 1]))
    pieces.extend(draw(_one_line))
    for _ in range(draw(st.integers(0, 2))):
        pieces.extend([Break()] * draw(st.sampled_from([1, 1, 2])))
        pieces.extend(draw(_one_line))
    return tidy_inline(pieces)


paragraphs = st.builds(Paragraph, _several_lines())
_headings = st.builds(Heading, st.integers(1, 3), st.one_of(_one_line, st.just(())))
_code_lines = st.lists(st.sampled_from([*_SIGNS, "a", "é", "```", "~~~", "\n"]), max_size=12).map("".join)
_code_blocks = st.builds(CodeBlock, _code_lines, st.sampled_from(["", "python", "c++"]))
_leaves = st.one_of(paragraphs, paragraphs, _headings, _code_blocks, st.just(Rule()))


def _containers(children: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    blocks = st.lists(children, min_size=1, max_size=3).map(tuple)
    items = st.builds(Item, st.one_of(blocks, st.just((Paragraph(),))))
    several = st.lists(items, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Quote, st.one_of(blocks, st.just((Paragraph(),)))),
        st.builds(BulletList, several),
        st.builds(OrderedList, several, st.sampled_from([0, 1, 1, 7, 999_999_990])),
    )


@st.composite
def tables(draw: st.DrawFn) -> Table:
    columns = draw(st.integers(1, 3))
    aligns = draw(
        st.lists(st.sampled_from(["", "left", "center", "right"]), min_size=columns, max_size=columns)
    )
    cells = st.one_of(_one_line, st.just(()))

    def row(header: bool, first: tuple[Inline, ...]) -> tuple[Cell, ...]:
        contents = [first, *(draw(cells) for _ in range(columns - 1))]
        return tuple(
            Cell((Paragraph(content),), header, align=align)
            for content, align in zip(contents, aligns, strict=True)
        )

    rows = [row(True, draw(_one_line))] if draw(st.booleans()) else []
    rows += [row(False, draw(cells)) for _ in range(draw(st.integers(0 if rows else 1, 2)))]
    return Table(tuple(rows))


blocks = st.recursive(st.one_of(_leaves, tables()), _containers, max_leaves=8)
statements: st.SearchStrategy[Blocks] = st.lists(blocks, max_size=5).map(tidy)
