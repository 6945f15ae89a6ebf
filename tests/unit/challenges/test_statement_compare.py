"""What changed between two states of a statement, and that saying so never takes long."""

from __future__ import annotations

import random
import time

import pytest

from lab.challenges.compare import Part, compare
from lab.challenges.diff import Budget, spans
from lab.challenges.markdown_in import from_markdown


def told(before: str, after: str) -> list[tuple[str, str, str]]:
    """(kind, type, words), with -removed- and +added+ words."""
    marks = {"same": "", "added": "+", "removed": "-"}
    return [
        (
            block.kind,
            block.type,
            "".join(f"{marks[part.op]}{part.text}{marks[part.op]}" for part in block.parts),
        )
        for block in compare(from_markdown(before), from_markdown(after)).blocks
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a", "a", [("same", "paragraph", "a")]),
        ("", "a", [("added", "paragraph", "+a+")]),
        ("a", "", [("removed", "paragraph", "-a-")]),
        (
            "They wait hours.", "They wait six hours.",
            [("changed", "paragraph", "They wait +six +hours.")],
        ),
        (
            "# Title\n\nOne.\n\nTwo is here.", "# Title\n\nOne.\n\nNew.\n\nTwo was here.",
            [
                ("same", "heading", "Title"), ("same", "paragraph", "One."), ("added", "paragraph", "+New.+"),
                ("changed", "paragraph", "Two -is-+was+ here."),
            ],
        ),
        (
            "- a b c\n- d\n  - e", "- a b x\n- d\n  - f\n  - e",
            [
                ("changed", "listItem", "a b -c-+x+"), ("same", "listItem", "d"),
                ("added", "listItem", "+f+"), ("same", "listItem", "e"),
            ],
        ),
        (
            "|a|b|\n|-|-|\n|1|two words here|", "|a|b|\n|-|-|\n|1|two other words here|",
            [("same", "tableRow", "a | b"), ("changed", "tableRow", "1 | two +other +words here")],
        ),
        ("**a** b", "a b", [("changed", "paragraph", "a b")]),
        ("# a", "## a", [("changed", "heading", "a")]),
        ("> quoted\n\n---\n\n`x`", "> quoted\n\n---\n\n```\nx\n```", [
            ("same", "blockquote", "quoted"), ("same", "horizontalRule", ""), ("changed", "codeBlock", "x"),
        ]),
        ("nothing alike", "something else", [
            ("removed", "paragraph", "-nothing alike-"), ("added", "paragraph", "+something else+"),
        ]),
        (
            "old one gone\n\nkept with a change", "kept with one change",
            [
                ("removed", "paragraph", "-old one gone-"),
                ("changed", "paragraph", "kept with -a-+one+ change"),
            ],
        ),
    ],
)  # fmt: skip
def test_comparing(before: str, after: str, expected: list[tuple[str, str, str]]) -> None:
    assert told(before, after) == expected


def test_words_are_counted_on_both_sides() -> None:
    found = compare(from_markdown("one two three"), from_markdown("one 2 three four"))
    assert (found.words_added, found.words_removed) == (2, 1)


def test_items_know_how_deep_they_stand_and_further_paragraphs_are_paragraphs() -> None:
    found = compare((), from_markdown("- a\n\n  more\n  - b"))
    assert [(block.type, block.level) for block in found.blocks] == [
        ("listItem", 1), ("paragraph", None), ("listItem", 2),
    ]  # fmt: skip


def test_points_have_the_marks_they_are_seen_with_and_a_number_is_no_change() -> None:
    before, after = "3. a\n4. b\n\n> - c", "3. new\n4. a\n5. b\n\n> - c"
    found = compare(from_markdown(before), from_markdown(after))
    assert [(block.kind, block.type, block.marker) for block in found.blocks] == [
        ("added", "listItem", "3."), ("same", "listItem", "4."), ("same", "listItem", "5."),
        ("same", "blockquote", "•"),
    ]  # fmt: skip


def test_a_point_without_words_is_a_point() -> None:
    found = compare((), from_markdown("-\n- - a"))
    assert [(block.level, [part.text for part in block.parts]) for block in found.blocks] == [
        (1, []), (1, []), (2, ["a"]),
    ]  # fmt: skip


def test_rows_come_cell_by_cell_also_where_words_look_like_their_borders() -> None:
    before, after = "|a \\| b|c|\n|-|-|\n|1||", "|a \\| b|c|d|\n|-|-|-|\n|2|x||"
    found = compare(from_markdown(before), from_markdown(after))
    marks = {"same": "", "added": "+", "removed": "-"}
    told = [[[marks[part.op] + part.text for part in cell] for cell in row.cells] for row in found.blocks]
    assert told[0] == [["a | b"], ["c"], ["+d"]]
    assert found.blocks[0].parts[0].text == "a | b | c"
    assert told[1:] == [[["-1"], []], [["+2"], ["+x"], []]]


def test_spans_cover_both_sides_whatever_they_are() -> None:
    chance = random.Random(7)
    for _ in range(2000):
        old = chance.choices("abc", k=chance.randrange(14))
        new = chance.choices("abc", k=chance.randrange(14))
        found = spans(old, new, Budget(chance.choice([10, 10_000])), chance.choice([1, 3, 100]))
        assert [item for span in found for item in old[span.i1 : span.i2]] == old
        assert [item for span in found for item in new[span.j1 : span.j2]] == new
        assert all(old[s.i1 : s.i2] == new[s.j1 : s.j2] and s.i1 < s.i2 for s in found if s.tag == "same")


def test_the_shortest_way_is_found() -> None:
    found = spans("abcabba", "cbabac", Budget(1000), 100)
    assert sum(span.i2 - span.i1 for span in found if span.tag == "same") == 4


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (" ".join("ab"[n % 2] for n in range(20_000)), " ".join("ac"[n % 2] for n in range(20_000))),
        (
            "\n\n".join(f"{'ab'[n % 2]} hello" for n in range(9000)),
            "\n\n".join(f"{'ac'[n % 2]} hallo" for n in range(9000)),
        ),
        ("\n\n".join("a b c d" for _ in range(9000)), "\n\n".join("d c b a" for _ in range(9000))),
    ],
)  # fmt: skip
def test_texts_made_to_keep_us_busy_do_not(before: str, after: str) -> None:
    old, new = from_markdown(before), from_markdown(after)
    began = time.process_time()
    compare(old, new)
    assert time.process_time() - began < 20


def test_beyond_the_budget_what_differs_is_told_as_a_whole() -> None:
    before = " ".join(f"a{n}" for n in range(2000))
    after = " ".join(f"b{n}" for n in range(2000))
    found = compare(from_markdown(before), from_markdown(after))
    assert [part.op for block in found.blocks for part in block.parts] == ["removed", "added"]
    assert found.blocks[1].parts == (Part("added", after),)
