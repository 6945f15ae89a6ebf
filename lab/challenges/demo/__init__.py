"""The example a new lab opens with: three challenges, the people in them, and what they have done so far.

All people are invented and named as examples; so are their words. The facts in the texts are those about the
first lab of this kind and about PINCER, and no others.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import resources
from typing import Any, Protocol

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from lab.challenges.anchors import anchor_of
from lab.challenges.blocks import Blocks, count_words, plain_text, summary
from lab.challenges.building import build
from lab.challenges.document import SCHEMA_VERSION
from lab.challenges.keeping import keep
from lab.challenges.markdown_in import from_markdown
from lab.challenges.models import (
    DEFAULT_STAGES,
    Activity,
    Challenge,
    LabSettings,
    Membership,
)
from lab.comments.models import Mention, Post, Thread
from lab.core.clock import Clock
from lab.core.db import Database
from lab.people.models import Person
from lab.realtime.ports import RoomName

LAB_NAME = "Example lab"
LAB_INTRO = (
    "Patients, carers, staff and researchers working on one hard question at a time. Everything here is an "
    "example: look around, write in it, and begin your own challenge when you are ready."
)


class Documents(Protocol):
    """What is needed of the engine, or of a store without one."""

    async def create(
        self, room: RoomName, seed: bytes | None, *, schema: int = 0, within: Any = None
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class _Comment:
    ago: timedelta
    quote: str
    posts: tuple[tuple[str, str], ...]
    """(who, words), the first is the comment; `@name` mentions."""
    resolved_by: str = ""


@dataclass(frozen=True, slots=True)
class _Example:
    file: str
    title: str
    question: str
    stage: str
    began: timedelta
    people: tuple[tuple[str, str], ...]
    """(who, role), in the order of joining."""
    drafts: tuple[tuple[timedelta, str, str, int], ...]
    """(when, who, name of the version, how many blocks it had by then)."""
    done: tuple[tuple[timedelta, str, str, str], ...]
    """(when, who, verb, text)."""
    comments: tuple[_Comment, ...] = ()


def _ago(*, days: float = 0, hours: float = 0) -> timedelta:
    return timedelta(days=days, hours=hours)


_PEOPLE = ("jo", "amara", "tom", "priya", "rhys", "gwen", "daniel", "anna")
_NAMES = {
    "jo": "Jo Marsh",
    "amara": "Amara Osei",
    "tom": "Tom Whitby",
    "priya": "Priya Nair",
    "rhys": "Rhys Kent",
    "gwen": "Gwen Pritchard",
    "daniel": "Daniel Kovac",
    "anna": "Anna Lindqvist",
}

_EXAMPLES = (
    _Example(
        "safer-prescribing.md",
        "Safer prescribing, practice by practice",
        "How does something that made prescribing safer in a few practices come to work in all of them?",
        "share",
        _ago(days=90),
        (("rhys", "facilitator"), ("priya", "participant"), ("gwen", "observer")),
        ((_ago(days=20), "rhys", "Agreed with the pharmacists", 5),),
        (
            (_ago(days=8), "rhys", "moved", "moved to Share"),
            (_ago(days=6), "priya", "edited", "edited the statement"),
        ),
    ),
    _Example(
        "somebody-soon.md",
        "Somebody soon, or somebody I know",
        "How can a practice offer both a prompt appointment and a doctor who knows you?",
        "develop",
        _ago(days=40),
        (
            ("priya", "facilitator"),
            ("tom", "participant"),
            ("anna", "participant"),
            ("daniel", "participant"),
        ),
        ((_ago(days=12), "priya", "Before the first week", 4),),
        (
            (_ago(days=5), "priya", "moved", "moved to Develop and test"),
            (_ago(hours=27), "anna", "edited", "edited the statement"),
        ),
        (
            _Comment(
                _ago(hours=26),
                "One practice, one week, one question at the desk.",
                (
                    ("anna", "The desk is busiest on Mondays. Could we begin on a Wednesday?"),
                    ("priya", "Yes. I will ask the receptionists which hour suits them."),
                ),
            ),
        ),
    ),
    _Example(
        "peer-support.md",
        "Peer support for everyone who wants it",
        "What would it take for peer support to be open to everyone who wants it?",
        "understand",
        _ago(days=16),
        (
            ("jo", "facilitator"),
            ("amara", "participant"),
            ("tom", "participant"),
            ("gwen", "participant"),
            ("daniel", "participant"),
            ("anna", "observer"),
        ),
        (
            (_ago(days=14), "jo", "First draft, from the kick-off", 5),
            (_ago(days=7), "amara", "After the conversations with carers", 9),
        ),
        (
            (_ago(days=3), "daniel", "joined", "joined"),
            (_ago(hours=30), "tom", "edited", "edited the statement"),
            (_ago(hours=3), "amara", "edited", "edited the statement"),
        ),
        (
            _Comment(
                _ago(days=2),
                "Whether you hear of it depends on",
                (
                    ("tom", "This was so for me. My pharmacist knew of a group, my doctor did not."),
                    ("gwen", "We could ask pharmacists first, then. @Jo Marsh, is that in the plan?"),
                    ("jo", "It is now: second row of the table."),
                ),
            ),
            _Comment(
                _ago(days=6),
                "It is not a cheaper kind of therapy, and it does not replace one.",
                (
                    ("amara", "Can we say this earlier? People stop reading."),
                    ("jo", "Moved up, right after the list."),
                ),
                resolved_by="amara",
            ),
            _Comment(
                _ago(hours=5),
                "whether to begin with one condition or with one place",
                (
                    ("daniel", "One place. Then we meet everybody who lives there, whatever they have."),
                    ("amara", "One condition would be easier to find people for. Let us vote next week."),
                ),
            ),
        ),
    ),
)


Also = Callable[[AsyncSession, Documents, str, Mapping[str, str], datetime], Awaitable[None]]
"""What another feature adds to a challenge of the example: session, documents, the challenge's id, its people
(short name -> id) and the time."""


async def load_demo(
    database: Database,
    documents: Documents,
    clock: Clock,
    *,
    beside: bool = False,
    also: Mapping[str, Sequence[Also]] | None = None,
) -> bool:
    """Whether it was loaded now: all of it, or none. Only into a lab without challenges, or, with `beside`,
    into any that does not have it yet. `also`: by the name of the statement's file."""
    now = clock.now()
    async with database.transaction() as session:
        # Two servers may start at once: the second waits here, and then sees what the first has done.
        settings = (await session.exec(select(LabSettings).with_for_update())).one()
        known = list(await session.exec(select(Challenge.example)))
        if any(known) or (known and not beside):
            return False
        if not known:
            settings.name, settings.intro = LAB_NAME, LAB_INTRO
            settings.example = True
            session.add(settings)
        await _add_people(session, now)
        for example in _EXAMPLES:
            challenge = await _add(session, documents, example, now)
            people = {who: _id(who) for who, _ in example.people}
            for add in (also or {}).get(example.file, ()):
                await add(session, documents, challenge, people, now)
    return True


def _id(who: str) -> str:
    """The same on every start, and no id that is ever made: those begin with the time."""
    return f"{_PEOPLE.index(who) + 1:026d}"


async def _add_people(session: AsyncSession, now: datetime) -> None:
    there = set(
        await session.exec(select(Person.id).where(col(Person.id).in_([_id(who) for who in _PEOPLE])))
    )
    for who in _PEOPLE:
        if _id(who) not in there:
            # Without an address or a password nobody can sign in as one of them.
            session.add(Person(id=_id(who), name=f"{_NAMES[who]} (example)", created_at=now - _ago(days=90)))
    await session.flush()


async def _add(session: AsyncSession, documents: Documents, example: _Example, now: datetime) -> str:
    """The challenge's id."""
    text = resources.files(__name__).joinpath(example.file).read_text("utf-8")
    blocks = from_markdown(text)
    built = build(blocks)
    first = example.people[0][0]
    challenge = Challenge(
        title=example.title,
        question=example.question,
        stage=example.stage,
        stages=[dict(stage) for stage in DEFAULT_STAGES],
        open_to_lab=True,
        example=True,
        seeds=[built.client],
        summary=summary(blocks),
        words=count_words(plain_text(blocks)),
        created_by=_id(first),
        created_at=now - example.began,
        updated_at=now - min(when for when, *_ in example.done),
    )
    session.add(challenge)
    await session.flush()
    await documents.create(RoomName(challenge.room), built.update, schema=SCHEMA_VERSION, within=session)
    for turn, (who, role) in enumerate(example.people):
        joined = now - example.began + timedelta(hours=turn)
        session.add(Membership(challenge_id=challenge.id, person_id=_id(who), role=role, joined_at=joined))
    for when, who, name, count in example.drafts:
        draft: Blocks = blocks[:count]
        await keep(session, challenge, draft, "named", at=now - when, by=_id(who), name=name)
    for when, who, verb, done in example.done:
        at = now - when
        session.add(
            Activity(challenge_id=challenge.id, person_id=_id(who), verb=verb, text=done, began_at=at, at=at)
        )
    for comment in example.comments:
        await _add_comment(session, challenge, comment, anchor_of(built, comment.quote), now)
    await session.flush()
    return challenge.id


async def _add_comment(
    session: AsyncSession, challenge: Challenge, comment: _Comment, anchor: dict[str, str], now: datetime
) -> None:
    at = now - comment.ago
    thread = Thread(
        place=challenge.room,
        challenge_id=challenge.id,
        anchor=anchor,
        created_by=_id(comment.posts[0][0]),
        created_at=at,
        resolved_at=at + timedelta(hours=20) if comment.resolved_by else None,
        resolved_by=_id(comment.resolved_by) if comment.resolved_by else None,
    )
    session.add(thread)
    await session.flush()
    for turn, (who, words) in enumerate(comment.posts):
        said = at + timedelta(minutes=40 * turn)
        post = Post(thread_id=thread.id, author_id=_id(who), text=words, at=said)
        session.add(post)
        await session.flush()
        for other, name in _NAMES.items():
            if f"@{name}" in words:
                session.add(Mention(post_id=post.id, person_id=_id(other)))
        session.add(
            Activity(
                challenge_id=challenge.id,
                person_id=_id(who),
                verb="commented",
                text="commented on the statement",
                began_at=said,
                at=said,
            )
        )
    await session.flush()
