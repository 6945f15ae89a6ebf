"""The board the example comes with: from what gets in the way of peer support to what to test first.

People and words are invented, like everything in the example; the two facts about the first lab are real.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlmodel.ext.asyncio.session import AsyncSession

from lab.boards.arrangement import layers
from lab.boards.document import SCHEMA_VERSION, build
from lab.boards.keeping import Packed, keep
from lab.boards.models import Board
from lab.boards.objects import BoardContent, BoardObject, Colour, End, Relation, Source
from lab.comments.models import Mention, Post, Thread
from lab.realtime.ports import RoomName

TITLE = "From what gets in the way to what we test first"
EXAMPLE = "An example: the people and their words are invented, the first lab is real"
LEGEND: dict[Colour, str] = {
    "rose": "Gets in the way",
    "butter": "Idea",
    "mint": "Test",
    "sky": "We do not know yet",
    "chalk": "Known, with its source",
}


class Documents(Protocol):
    """What is needed of the engine, or of a store without one."""

    async def create(
        self, room: RoomName, seed: bytes | None, *, schema: int = 0, within: Any = None
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class _Note:
    who: str
    text: str
    column: int
    row: int
    cluster: str = ""
    colour: Colour | None = None
    """None: its area's."""
    tags: tuple[str, ...] = ()
    likes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Area:
    key: str
    title: str
    prompt: str
    x: int
    columns: int
    colour: Colour
    clusters: Mapping[str, str]
    """Key -> name."""
    notes: Mapping[str, _Note]


# Rows are far enough apart for the name of a cluster to stand between them.
_LEFT, _TOP, _ACROSS, _DOWN, _TALL = 30, 100, 220, 200, 900

AREAS = (
    _Area(
        "way",
        "What gets in the way",
        "Think of somebody who could have met a peer and did not. What stopped it?",
        0,
        3,
        "rose",
        {"finding": "Finding it", "trusting": "Trusting it", "lasting": "Keeping it going"},
        {
            "whom": _Note(
                "tom",
                "It depends on **whom you happen to meet**. My pharmacist knew of a group, my doctor not.",
                2, 0, "finding", tags=("first contact",), likes=("amara", "gwen", "daniel"),
            ),
            "lists": _Note(
                "gwen", "Every list of groups is out of date, so nobody looks at any.", 0, 0, "finding",
                tags=("staff",), likes=("jo",),
            ),
            "word": _Note(
                "amara", "“Peer support” means nothing to most people. “Somebody who has been there” does.",
                1, 0, "finding", tags=("words",), likes=("tom", "daniel"),
            ),
            "risk": _Note(
                "gwen", "Staff do not like to send people somewhere they have never been themselves.",
                2, 1, "trusting", tags=("staff",), likes=("jo", "tom"),
            ),
            "room": _Note(
                "daniel", "Walking into a room of strangers is the hardest part, and we put it first.",
                0, 1, "trusting", tags=("first contact",), likes=("amara",),
            ),
            "same": _Note(
                "amara", "Nobody there who looks like me, or speaks the language my mother speaks.",
                1, 1, "trusting", tags=("who is missing",), likes=("daniel", "gwen"),
            ),
            "worn": _Note(
                "tom", "Two people carry the group. When they are worn out it ends, and nobody notices.",
                2, 2, "lasting", tags=("carers",), likes=("amara", "jo", "gwen"),
            ),
            "money": _Note(
                "jo", "Money comes a year at a time. A group needs a room every week.", 1, 2, "lasting",
            ),
            "evenings": _Note(
                "daniel", "Carers cannot come on a weekday morning. When else is the building open?", 0, 3,
                tags=("carers",),
            ),
            "who": _Note(
                "amara", "Who is never offered it at all? We only hear from those who were.", 1, 3,
                colour="sky", tags=("who is missing",), likes=("jo",),
            ),
        },
    ),
    _Area(
        "ideas",
        "Ideas",
        "What would have to be so that this does not stop anybody? Wild ones are welcome.",
        760,
        3,
        "butter",
        {"sooner": "Ask sooner", "care": "Look after those who help"},
        {
            "counter": _Note(
                "tom", "Ask at the pharmacy counter: “Would you like to talk to somebody who has had this?”",
                1, 0, "sooner", tags=("first contact", "quick"), likes=("gwen", "jo", "amara", "daniel"),
            ),
            "letter": _Note(
                "gwen", "One line in every clinic letter, with a name and a number, not a leaflet.",
                0, 1, "sooner", tags=("quick", "words"), likes=("tom",),
            ),
            "call": _Note(
                "daniel", "A telephone call with *one* person before any group. Ten minutes is enough.",
                2, 1, "sooner", tags=("first contact",), likes=("amara", "tom"),
            ),
            "visit": _Note(
                "jo", "Every member of staff sits in on a group once, as a guest.", 0, 2, tags=("staff",),
                likes=("gwen",),
            ),
            "brought": _Note(
                "amara", "Go where people meet already: the mosque, the allotments, the school gate.", 1, 2,
                tags=("who is missing",), likes=("daniel", "jo"),
            ),
            "three": _Note(
                "tom", "Never fewer than three who lead a group, and a date on which each may stop.",
                0, 3, "care", tags=("carers",), likes=("amara",),
            ),
            "listened": _Note(
                "gwen", "Somebody to listen to those who listen:\n- once a month\n- paid\n- not a manager",
                1, 3, "care", likes=("jo", "tom"),
            ),
            "enough": _Note(
                "jo", "Does one good conversation do anything, or does it take a group?", 2, 2, colour="sky",
            ),
        },
    ),
    _Area(
        "test",
        "To test first",
        "Small enough for one week and one place. What do we expect to see?",
        1520,
        2,
        "mint",
        {},
        {
            "week": _Note(
                "tom", "**One pharmacy, one week**: ask everybody who collects for the first time. We expect "
                "two in ten to say yes.",
                0, 0, tags=("quick",), likes=("jo", "gwen", "daniel"),
            ),
            "five": _Note(
                "daniel", "Five first calls, with people from our own list. Then ask both: would you do it "
                "again?",
                0, 1, tags=("first contact",), likes=("amara",),
            ),
            "guest": _Note(
                "gwen", "Two nurses visit one group each. Did they mention it to anybody in the month after?",
                1, 0, tags=("staff",), likes=("jo",),
            ),
            "known": _Note(
                "jo", "About 200 people took part when a lab first worked on this question. Ask what they "
                "would test again.",
                0, 2, colour="chalk",
            ),
            "stages": _Note(
                "jo", "That lab took a year, in three stages: bring together what is known, try things out, "
                "pass it on.",
                1, 2, colour="chalk",
            ),
        },
    ),
)  # fmt: skip

LINES: tuple[tuple[str, Relation, str, str], ...] = (
    ("whom", "leads_to", "counter", ""),
    ("risk", "leads_to", "visit", ""),
    ("worn", "leads_to", "three", ""),
    ("counter", "leads_to", "week", ""),
    ("call", "leads_to", "five", ""),
    ("enough", "challenges", "call", ""),
    ("week", "plain", "five", "in the same week"),
    ("report", "supports", "known", ""),
)
SOURCE = Source(
    url="https://www.rand.org/randeurope.html",
    title="RAND Europe, which evaluated that lab",
    site="rand.org",
)
TALKS: tuple[tuple[str, timedelta, str, tuple[tuple[str, str], ...]], ...] = (
    (
        "week", timedelta(hours=20), "",
        (
            ("gwen", "Which pharmacy? The one in the station sees people once and never again."),
            ("tom", "Mine, on the green. They know who comes for the first time."),
        ),
    ),
    (
        "word", timedelta(days=2), "amara",
        (
            ("daniel", "Could we call the whole thing that, @Jo Marsh?"),
            ("jo", "On the posters, yes. In the statement we say once what we mean and keep the short word."),
        ),
    ),
    (
        "same", timedelta(hours=6), "",
        (("amara", "My mother would say: ask the women who cook after prayers. They know everybody."),),
    ),
)  # fmt: skip


DRAFTS = ((8, "jo", "After round one", {"way"}), (4, "gwen", "Before the tests", {"way", "ideas"}))
"""Days ago, by whom, under what name, and which areas had something in them by then."""


async def add_board(
    session: AsyncSession, documents: Documents, challenge: str, people: Mapping[str, str], now: datetime
) -> None:
    """In the caller's transaction. `people`: short name -> person id."""
    content = board(people, now)
    row = Board(
        challenge_id=challenge,
        title=TITLE,
        notes=sum(one.kind == "note" for one in content.objects),
        created_by=people["jo"],
        created_at=now - timedelta(days=9),
        updated_at=now - timedelta(hours=2),
    )
    session.add(row)
    await session.flush()
    await documents.create(RoomName(row.room), build(content), schema=SCHEMA_VERSION, within=session)
    for days, who, name, areas in DRAFTS:
        packed = Packed(only(content, areas))
        await keep(session, row.id, packed, "named", at=now - timedelta(days=days), by=people[who], name=name)
    for about, ago, resolver, posts in TALKS:
        at = now - ago
        thread = Thread(
            place=row.room,
            challenge_id=challenge,
            anchor={"object": id_of(about)},
            created_by=people[posts[0][0]],
            created_at=at,
            resolved_at=at + timedelta(hours=9) if resolver else None,
            resolved_by=people[resolver] if resolver else None,
        )
        session.add(thread)
        await session.flush()
        for turn, (who, words) in enumerate(posts):
            post = Post(
                thread_id=thread.id, author_id=people[who], text=words, at=at + timedelta(minutes=30 * turn)
            )
            session.add(post)
            await session.flush()
            if "@Jo Marsh" in words:
                session.add(Mention(post_id=post.id, person_id=people["jo"]))
    await session.flush()


def board(people: Mapping[str, str], now: datetime) -> BoardContent:
    objects = [made for area in AREAS for made in _area(area, people, now - timedelta(days=9))]
    there = {one.id: one for one in objects}
    objects += [
        BoardObject(
            id=f"line{number:08}",
            kind="connector",
            by=people["gwen"],
            at=_minute(now - timedelta(days=4)),
            text=label,
            start=_end(there[id_of(start)]),
            end=_end(there[id_of(end)]),
            relation=relation,
        )
        for number, (start, relation, end, label) in enumerate(LINES, 1)
    ]
    objects.append(
        BoardObject(
            id=id_of("example"), kind="heading", by=people["jo"], text=EXAMPLE, x=0, y=-90, w=1_200, h=44
        )
    )
    keys = layers(len(objects))
    return BoardContent(
        legend=LEGEND,
        objects=tuple(one.model_copy(update={"z": z}) for one, z in zip(objects, keys, strict=True)),
    )


def only(content: BoardContent, areas: set[str]) -> BoardContent:
    """As it was when nobody had written in the other areas."""
    empty = {id_of(area.key) for area in AREAS if area.key not in areas}
    emptied = {one.id for one in content.objects if one.parent in empty}
    # Clusters among them take their notes along.
    emptied |= {one.id for one in content.objects if one.parent in emptied}
    kept = tuple(
        one
        for one in content.objects
        if one.id not in emptied
        and not any(end is not None and end.object in emptied for end in (one.start, one.end))
    )
    return content.model_copy(update={"objects": kept})


def id_of(key: str) -> str:
    """Twelve characters, the same on every start."""
    return f"ex{key.capitalize():0<10}"[:12]


def _area(area: _Area, people: Mapping[str, str], began: datetime) -> list[BoardObject]:
    at = _minute(began)
    made = [
        BoardObject(
            id=id_of(area.key),
            kind="area",
            by=people["jo"],
            at=at,
            text=area.title,
            prompt=area.prompt,
            x=area.x,
            y=0,
            w=2 * _LEFT + area.columns * _ACROSS - 20,
            h=_TALL,
        )
    ]
    made += [
        BoardObject(
            id=id_of(key), kind="cluster", by=people["gwen"], at=at, text=name, parent=id_of(area.key)
        )
        for key, name in area.clusters.items()
    ]
    for turn, (key, note) in enumerate(area.notes.items()):
        made.append(
            BoardObject(
                id=id_of(key),
                kind="note",
                by=people[note.who],
                at=_minute(began + timedelta(hours=1, minutes=3 * turn)),
                text=note.text,
                x=area.x + _LEFT + note.column * _ACROSS,
                y=_TOP + note.row * _DOWN,
                parent=id_of(note.cluster or area.key),
                colour=note.colour or area.colour,
                tags=tuple(sorted(note.tags)),
                reactions={"👍": tuple(sorted(people[who] for who in note.likes))} if note.likes else {},
            )
        )
    if area.key == "test":
        made.append(
            BoardObject(
                id=id_of("report"),
                kind="source",
                by=people["jo"],
                at=at,
                text="What came of it the first time",
                source=SOURCE,
                x=area.x + _LEFT,
                y=_TOP + 3 * _DOWN,
                parent=id_of(area.key),
            )
        )
    return made


def _end(one: BoardObject) -> End:
    return End(object=one.id, x=one.x + one.w / 2, y=one.y + one.h / 2)


def _minute(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%MZ")
