"""Pictures of boards: true to the board, text as text, and nothing that runs or is fetched."""

from __future__ import annotations

import re
import zlib
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from lab.boards.drawing import Card, ImageFile, Look, draw, press, svg
from lab.boards.drawing.listing import listing
from lab.boards.drawing.palette import TOKENS
from lab.boards.objects import COLOURS, KINDS, RELATIONS, BoardContent, BoardObject, End, Picture, Source
from lab.boards.templates import built_in

SVG = "{http://www.w3.org/2000/svg}"
NOTE = BoardObject(id="n1", kind="note", text="Write the list the **evening** before", x=20, y=60, by="amara")
BOARD = BoardContent(
    title="Ideas board",
    legend={"butter": "Problem"},
    objects=(
        BoardObject(id="a1", kind="area", text="Before the round", prompt="What must be true?", w=500, h=400),
        NOTE.model_copy(update={"parent": "a1", "tags": ("ward",)}),
        BoardObject(
            id="n2", kind="note", text="Ask <early> & often", x=240, y=60, parent="a1", colour="sky",
            reactions={"👍": ("x", "y")},
        ),
        BoardObject(id="g1", kind="cluster", text="Start from what is there"),
        BoardObject(id="n3", kind="note", text="Look in the cupboard", x=600, y=60, parent="g1"),
        BoardObject(id="h1", kind="heading", text="Medicines to take home", y=-80),
        BoardObject(
            id="c1", kind="connector", start=End(object="n1"), end=End(object="n3"), relation="leads_to"
        ),
        BoardObject(id="s1", kind="source", source=Source(url="https://example.org", title="A page"), x=900),
        BoardObject(id="e1", kind="evidence", evidence="card", x=900, y=300),
        BoardObject(
            id="i1", kind="image", picture=Picture(file="f1", width=4, height=3), alt="A trolley", y=500
        ),
    ),
)  # fmt: skip


def png() -> bytes:
    out = BytesIO()
    Image.new("RGB", (4, 3), (10, 90, 60)).save(out, "PNG")
    return out.getvalue()


LOOK = Look(
    names={"amara": "Amara Osei"},
    cards={"card": Card("E3", "Half of all delays are at the pharmacy", "Ward audit, 2024")},
    images={"f1": ImageFile(png(), "image/png")},
)


def texts(data: bytes) -> str:
    return " ".join("".join(one.itertext()) for one in Xml.fromstring(data).iter(f"{SVG}text"))


def test_everything_on_the_board_is_in_the_picture_as_text() -> None:
    found = texts(svg.write(draw(BOARD, LOOK)))
    for words in (
        "Before the round", "What must be true?", "evening", "Ask <early> & often", "Problem", "Amara",
        "Start from what is there", "Medicines to take home", "leads to", "A page", "E3", "ward",
    ):  # fmt: skip
        assert words in found, words


def test_without_authors_nobody_is_named() -> None:
    for look in (Look(authors=False, names=LOOK.names), Look()):
        assert b"Amara" not in svg.write(draw(BOARD, look))
        assert "Amara" not in str(listing(BOARD, look))


def test_the_picture_says_what_it_shows() -> None:
    picture = Xml.fromstring(svg.write(draw(BOARD, LOOK)))
    assert picture.attrib["role"] == "img"
    assert picture.find(f"{SVG}title").text == "Ideas board"  # type: ignore[union-attr]
    told = picture.find(f"{SVG}desc").text  # type: ignore[union-attr]
    assert told is not None
    assert "3 notes" in told
    assert "Before the round: 2 notes" in told


def test_one_area_alone() -> None:
    found = texts(svg.write(draw(BOARD, Look(area="a1"))))
    assert "Before the round" in found
    assert "cupboard" not in found
    assert [section["title"] for section in listing(BOARD, Look(area="a1"))] == ["Before the round"]


def test_an_empty_board_says_so() -> None:
    assert "Nothing on this board yet" in texts(svg.write(draw(BoardContent())))
    assert press.png(BoardContent()).startswith(b"\x89PNG")
    assert press.pdf(BoardContent()).startswith(b"%PDF")


def test_the_colours_are_those_of_the_screens() -> None:
    css = (Path(__file__).parents[2] / "frontend/src/styles/tokens.css").read_text()
    said = re.findall(r"--([a-z0-9-]+):\s*(#[0-9A-Fa-f]{6})\b", css)
    # The light ones are said first, the dark ones last.
    for theme, tokens in TOKENS.items():
        there = dict(said if theme == "dark" else reversed(said))
        assert {name: there.get(name, "").upper() for name in tokens} == {
            name: value.upper() for name, value in tokens.items()
        }


def test_the_list_has_what_the_picture_shows() -> None:
    sections = listing(BOARD, LOOK)
    assert [section["title"] for section in sections] == ["Before the round", "Outside the areas"]
    first, second = sections[0]["items"]
    assert first["text"] == "Write the list the evening before"
    assert first["facts"] == "Problem; ward; leads to “Look in the cupboard”; Amara Osei"
    assert second["facts"] == "supported by 2"
    outside = {item["text"]: item for item in sections[1]["items"]}
    assert [one["text"] for one in outside["Start from what is there"]["inside"]] == ["Look in the cupboard"]
    assert "A trolley" in outside
    assert "E3: Half of all delays are at the pharmacy" in outside


def test_pdf_is_tagged_and_its_text_is_text() -> None:
    data = press.pdf(BOARD, LOOK)
    assert b"StructTreeRoot" in data
    assert b"pdfuaid:part>1" in data
    assert b"/Lang" in data
    assert b"AtkinsonHyperlegibleNext" in data
    assert b"ToUnicode" in data


def test_png_has_the_size_asked_for_and_not_too_many_points(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawing = draw(BOARD, LOOK)
    made = Image.open(BytesIO(press.png(BOARD, LOOK, scale=1)))
    assert made.size == (pytest.approx(drawing.w, abs=2), pytest.approx(drawing.h, abs=2))
    monkeypatch.setattr(press, "MOST_PIXELS", 10_000)
    width, height = Image.open(BytesIO(press.png(BOARD, LOOK))).size
    assert width * height < 12_000


@pytest.mark.parametrize("template", built_in(), ids=lambda one: one.id)
def test_every_template_can_be_drawn(template: object) -> None:
    content = template.content()  # type: ignore[attr-defined]
    assert Xml.fromstring(svg.write(draw(content, Look(theme="dark")))) is not None


def test_three_thousand_notes_are_one_picture() -> None:
    notes = tuple(
        BoardObject(
            id=f"n{n}", kind="note", text=f"Note {n} with some words", x=n % 60 * 210, y=n // 60 * 160
        )
        for n in range(3_000)
    )
    data = svg.write(draw(BoardContent(objects=notes)))
    assert data.count(b"<text") >= 3_000


number = st.floats(-1_000_000, 1_000_000)
ident = st.sampled_from(["a", "b", "c", "d", "missing"])
anything = st.builds(
    BoardObject,
    id=st.sampled_from(["a", "b", "c", "d"]),
    kind=st.sampled_from(KINDS),
    x=number,
    y=number,
    w=st.floats(1, 100_000),
    h=st.floats(1, 100_000),
    parent=st.none() | ident,
    colour=st.sampled_from(COLOURS),
    text=st.text(max_size=300),
    tags=st.lists(st.text(min_size=1, max_size=40), max_size=3).map(tuple),
    start=st.none() | st.builds(End, object=st.none() | ident, x=number, y=number),
    end=st.none() | st.builds(End, object=st.none() | ident, x=number, y=number),
    relation=st.sampled_from(RELATIONS),
    alt=st.text(max_size=50),
    source=st.none() | st.builds(Source, url=st.text(max_size=60), title=st.text(max_size=40)),
    prompt=st.text(max_size=60),
    reactions=st.dictionaries(st.text(min_size=1, max_size=3), st.just(("x",)), max_size=2),
)
boards = st.builds(
    BoardContent,
    title=st.text(max_size=40),
    objects=st.lists(anything, max_size=4, unique_by=lambda one: one.id).map(tuple),
)


@settings(deadline=None)
@given(boards, st.sampled_from([None, "a", "missing"]))
def test_whatever_lies_where_the_picture_is_whole(content: BoardContent, area: str | None) -> None:
    data = svg.write(draw(content, Look(area=area)))
    picture = Xml.fromstring(data)
    assert {one.tag.removeprefix(SVG) for one in picture.iter()} <= {
        "svg", "title", "desc", "defs", "pattern", "circle", "rect", "g", "path", "text", "tspan", "image",
    }  # fmt: skip
    for one in picture.iter():
        assert not any(name.lower().startswith("on") for name in one.attrib)
        assert one.attrib.get("href", "data:").startswith("data:")
    assert b"nan" not in re.sub(rb">[^<]*<", b"><", data).lower()
    listing(content, Look(area=area))


def test_what_people_write_is_never_read_as_typst() -> None:
    hostile = '#read("/etc/passwd") $x$ \\ `raw` @ref <label> *b* = h\n- list // comment "quote'
    content = BoardContent(title=hostile, objects=(NOTE.model_copy(update={"text": hostile}),))
    data = press.pdf(content)
    assert data.startswith(b"%PDF")
    assert b"root:" not in b"".join(_streams(data))


def _streams(data: bytes) -> list[bytes]:
    found = []
    for part in re.findall(rb"stream\r?\n(.*?)endstream", data, re.S):
        try:
            found.append(zlib.decompress(part))
        except zlib.error:
            found.append(part)
    return found
