"""Signs that no font has are spelled out, and paper says PDF/UA only where it is true."""

from __future__ import annotations

import time
from io import BytesIO

import pytest
from PIL import Image

from lab.boards.drawing import Card, Look, draw, press, signs, svg
from lab.boards.drawing.listing import listing
from lab.boards.drawing.model import Rect, Strokes
from lab.boards.objects import BoardContent
from tests.support.boards import PEOPLE, board, medicines, note, wire


def test_signs_no_font_has_are_spelled_out_and_the_others_stay() -> None:
    content = board(
        note("n1", "Done 🎉👍🏽 ✓ café", tags=("🎉",), reactions={"👍": ("a",), "🎉": ("a", "b")}),
        title="🎉 Day",
    )
    said = signs.spelled_out(content, lambda sign: sign != "🎉")
    (one,) = said.objects
    assert said.title == "[party popper] Day"
    assert one.text == "Done [party popper]👍🏽 ✓ café"
    assert one.tags == ("[party popper]",)
    assert set(one.reactions) == {"👍", "[party popper]"}
    assert signs.spelled_out(content, lambda sign: True) == content


def test_only_so_many_signs_are_asked_for() -> None:
    asked: list[str] = []
    text = "".join(chr(0x1F300 + at) for at in range(500))

    def is_shown(sign: str) -> bool:
        asked.append(sign)
        return True

    signs.spelled_out(board(note("n1", text)), is_shown)
    assert len(asked) == signs.MOST_ASKED


@pytest.mark.parametrize("text", ["Emoji 😀 🎉 🫠", "Words", "𒀀 \U000f0000"])
def test_paper_with_signs_is_made_and_claims_only_what_is_true(text: str) -> None:
    data = press.pdf(board(note("n1", text)))
    assert b"StructTreeRoot" in data
    if text != "𒀀 \U000f0000":
        assert b"pdfuaid:part>1" in data


def test_scripts_without_a_font_are_tagged_paper_all_the_same() -> None:
    content = BoardContent(title="日本", objects=(note("n1", "日本語のテスト שלום مرحبا"),))
    data = press.pdf(content)
    assert b"StructTreeRoot" in data
    assert b"/Lang" in data


def test_a_label_that_is_wider_than_its_wire_leaves_the_arrow_in_sight() -> None:
    content = board(
        note("a", "A"), note("b", "B", 250), wire("w", "a", "b", relation="supports", text="a lot")
    )
    shapes = [shape for group in draw(content).groups if group.id == "w" for shape in group.shapes]
    (arrow,) = (shape for shape in shapes if isinstance(shape, Strokes))
    (tab,) = (shape for shape in shapes if isinstance(shape, Rect))
    assert tab.y >= max(y for _, y in arrow.points) - 2


def test_a_board_of_three_thousand_notes_is_drawn_in_two_seconds() -> None:
    words = ("the ward when it is ready to go home and nobody knows who owns the list " * 2).split(" ")
    notes = [
        note(f"n{at}", " ".join(words[at % 7 : -1]), at % 60 * 230, at // 60 * 200, by="01DEV")
        for at in range(3_000)
    ]
    wires = [wire(f"w{at}", f"n{at * 7}", f"n{at * 9 + 1}") for at in range(300)]
    began = time.process_time()
    svg.write(draw(board(*notes, *wires), Look(names=PEOPLE)))
    assert time.process_time() - began < 2


def test_both_themes_are_whole_pictures() -> None:
    for theme in ("light", "dark"):
        data = press.png(medicines(), Look(theme=theme, names=PEOPLE), scale=0.5)  # type: ignore[arg-type]
        assert Image.open(BytesIO(data)).size[0] > 600


def test_the_list_says_what_links_say_and_names_cards_by_their_words() -> None:
    look = Look(names=PEOPLE, cards={"01CARD": Card("E12", "Four hours in a coat")})
    facts = str(listing(medicines(), look))
    assert "supports “Talk through medicines with the carer too” (saves a trip)" in facts
    assert "challenges “E12: Four hours in a coat”" in facts
