"""Contents of boards to test with."""

from __future__ import annotations

from itertools import count
from typing import Any

from lab.boards.arrangement import layers
from lab.boards.objects import BoardContent, BoardObject, End, Origin, Picture, Source

PEOPLE = {
    "01AMARA": "Amara Obi",
    "01RHYS": "Rhys Evans",
    "01PRIYA": "Priya Nair",
    "01GWEN": "Gwen Pugh",
    "01TOM": "Tom Wood",
    "01DEV": "Dev Shah",
}


def board(*objects: BoardObject, **more: Any) -> BoardContent:
    keys = layers(len(objects))
    made = [one.model_copy(update={"z": z}) for one, z in zip(objects, keys, strict=True)]
    return BoardContent(objects=tuple(made), **more)


def note(id: str, text: str, x: float = 0, y: float = 0, **more: Any) -> BoardObject:
    return BoardObject.model_validate({"id": id, "kind": "note", "text": text, "x": x, "y": y, **more})


def area(id: str, text: str, x: float, y: float, w: float = 448, h: float = 560, **more: Any) -> BoardObject:
    return BoardObject(id=id, kind="area", text=text, x=x, y=y, w=w, h=h, **more)


def wire(id: str, start: str, end: str, **more: Any) -> BoardObject:
    given = {"id": id, "kind": "connector", "start": End(object=start), "end": End(object=end), **more}
    return BoardObject.model_validate(given)


def medicines() -> BoardContent:
    """One board with everything on it, invented."""
    ids = count(1)

    def paper(
        area: str, column: int, top: int, text: str, by: str, colour: str, votes: int = 0, **more: Any
    ) -> BoardObject:
        left = {"a1": 0, "a2": 472, "a3": 944}[area]
        reactions = {"👍": tuple(list(PEOPLE)[:votes])} if votes else {}
        return note(
            f"n{next(ids)}", text, left + 17 + 214 * column, top, parent=area, colour=colour, by=f"01{by}",
            at="2026-11-23T10:05Z", reactions=reactions, **more,
        )  # fmt: skip

    return board(
        area("a1", "Before the round", 0, 0, prompt="What would have to be true by nine?", h=760),
        area("a2", "In the pharmacy", 472, 0, h=760),
        area("a3", "At the bedside", 944, 0, h=760),
        paper("a1", 0, 76, "Write the list the evening before", "AMARA", "butter", 5),
        paper("a1", 1, 76, "Name **one person** who owns today’s leavers", "RHYS", "butter", 2),
        paper("a1", 0, 240, "Start with people going home, not bed one", "PRIYA", "apricot", 6),
        paper("a1", 1, 240, "Is the round *ever* before nine?", "GWEN", "chalk"),
        BoardObject(id="c1", kind="cluster", text="Start from what people already have", parent="a1"),
        note("m1", "Ask what is already in the cupboard at home", 17, 430, parent="c1", colour="mint",
             by="01DEV", tags=("home",), reactions={"👍": ("01TOM",), "🎉": ("01DEV", "01TOM")}),
        note("m2", "Bring your own medicines bag", 231, 430, parent="c1", colour="mint", by="01AMARA",
             reactions={"👍": ("01RHYS",)}),
        paper("a2", 0, 60, "Show where each order is on one screen", "RHYS", "sky", 6),
        paper("a2", 1, 60, "Text the ward when it is ready", "TOM", "sky", 4),
        paper("a2", 0, 240, "Pharmacist joins the round twice a week:\n- Monday\n- Thursday, before nine",
              "PRIYA", "lilac", 6),
        paper("a2", 1, 240, "Pre-packs for the ten most common", "DEV", "lilac", 2),
        paper("a2", 0, 430, "Stop the phone: one update an hour, to everyone who waits, and nobody rings the "
              "pharmacy to ask whether it is ready, because everybody can see it on the board by the door",
              "GWEN", "rose", 5),
        paper("a2", 1, 430, "Ring only when something changes", "RHYS", "rose", 1,
              tags=("quick", "try first")),
        paper("a3", 0, 60, "A time, written on the board by the bed", "AMARA", "butter", 6),
        paper("a3", 1, 60, "Lunch is kept for you until you go", "GWEN", "rose", 4),
        paper("a3", 0, 240, "Talk through medicines with the carer too", "PRIYA", "mint", 3),
        BoardObject(id="s1", kind="source", x=1175, y=240, parent="a3", text="Their list of questions to ask",
                    source=Source(url="https://example.org/leaving", title="Leaving hospital: what to ask")),
        BoardObject(id="e1", kind="evidence", x=961, y=430, w=260, h=150, parent="a3", evidence="01CARD"),
        BoardObject(id="i1", kind="image", x=1237, y=430, w=140, h=100, parent="a3", alt="A bag on a bed",
                    picture=Picture(file="01PICTURE", width=280, height=200), text="Bag, as drawn"),
        BoardObject(id="h1", kind="heading", text="Medicines to take home", x=0, y=-60, w=700, h=40),
        wire("w1", "n2", "n5"),
        wire("w2", "n6", "n11", relation="leads_to"),
        wire("w3", "n8", "n13", relation="supports", text="saves a trip"),
        wire("w4", "n10", "e1", relation="challenges"),
        BoardObject(id="w5", kind="connector", start=End(object="n3"), end=End(x=200, y=700)),
        title="Ideas board",
        legend={"mint": "At home", "rose": "Waiting"},
    )  # fmt: skip


def everything() -> BoardContent:
    """Every field set to something else than its default."""
    one = note(
        "nFull", "Text with **all**", 10.5, -3.25, w=240, h=180, by="01DEV", at="2026-11-23T10:05Z",
        parent="c1", colour="sky", tags=("a", "b c"),
        reactions={"👍": ("01DEV", "01TOM")}, merged=("n2", "n3"),
        origin=Origin(board="01BOARD", object="nOld"),
    )  # fmt: skip
    return board(
        area("a1", "Area", 0, 0, prompt="Why?"),
        BoardObject(id="c1", kind="cluster", text="Cluster", parent="a1"),
        one,
        BoardObject(id="i1", kind="image", text="Caption", alt="Alt",
                    picture=Picture(file="01P", width=10, height=20)),
        BoardObject(id="s1", kind="source", source=Source(url="https://example.org", title="T", site="S")),
        BoardObject(id="e1", kind="evidence", evidence="01CARD"),
        BoardObject(id="h1", kind="heading", text="Heading", x=1, y=2, w=300, h=40),
        BoardObject(id="w1", kind="connector", start=End(object="nFull", x=1, y=2), end=End(x=5, y=6),
                    relation="supports"),
        title="All", legend={"sky": "Ideas"},
    )  # fmt: skip
