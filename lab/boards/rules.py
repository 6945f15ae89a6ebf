"""Rules: who may do what to an object, besides what holds for every board. Pure.

`docs/protocol.md` has the table; the browser's copy, which only saves people from trying, is
`frontend/src/features/boards/view/permit.ts`. Whoever leads is bound by neither locks nor areas. Comments and
reactions are open to all who write.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from lab.boards.models import Allowed, Holder, Level

Action = Literal["add", "edit", "move", "remove"]


@dataclass(frozen=True, slots=True)
class Lock:
    level: Level
    who: Holder
    by: str
    """Person id of whoever set it."""
    name: str
    """Theirs."""


@dataclass(frozen=True, slots=True)
class AreaRule:
    add: Allowed = "everyone"
    edit: Allowed = "everyone"
    move: Allowed = "everyone"
    remove: Allowed = "everyone"


@dataclass(frozen=True, slots=True)
class Thing:
    """An object as far as rules go."""

    id: str
    kind: str
    by: str | None
    area: str | None
    """The area it lies in, directly or through its cluster; an area lies in itself."""


@dataclass(frozen=True, slots=True)
class Deed:
    person: str
    leads: bool
    action: Action
    thing: Thing
    """For `add`: the object that comes, its area being where it comes to lie."""


@dataclass(frozen=True, slots=True)
class Rules:
    locks: Mapping[str, Lock] = field(default_factory=dict)
    areas: Mapping[str, AreaRule] = field(default_factory=dict)


Rule = Callable[[Rules, Deed], str | None]
"""Why it may not be done, or None."""

STOPS: Final[Mapping[Level, frozenset[Action]]] = {
    "position": frozenset({"move", "remove"}),
    "content": frozenset({"edit", "remove"}),
    "all": frozenset({"add", "edit", "move", "remove"}),
}
"""What each level of lock stops, for the object itself and for all that lies in a locked area."""


def locked(rules: Rules, deed: Deed) -> str | None:
    thing = deed.thing
    # What is only coming to lie in an area has no lock of its own yet.
    own = () if deed.action == "add" else (thing.id,)
    for object_id in dict.fromkeys((*own, thing.area)):
        lock = rules.locks.get(object_id) if object_id is not None else None
        if (
            lock is None
            or deed.action not in STOPS[lock.level]
            or spares(lock, deed.person, leads=deed.leads)
        ):
            continue
        what = f"This {NOUNS.get(thing.kind, 'object')}" if object_id == thing.id else "This area"
        return f"{what} is locked by {lock.name}."
    return None


def reserved(rules: Rules, deed: Deed) -> str | None:
    rule = rules.areas.get(deed.thing.area) if deed.thing.area is not None else None
    if rule is None or deed.leads:
        return None
    allowed: Allowed = getattr(rule, deed.action)
    if allowed == "facilitators":
        return f"In this area only facilitators can {DOING[deed.action]} things."
    if allowed == "own" and deed.action != "add" and deed.thing.by != deed.person:
        return f"In this area you can {DOING[deed.action]} only what you made yourself."
    return None


RULES: Final[tuple[Rule, ...]] = (locked, reserved)


def why_not(rules: Rules, deed: Deed) -> str | None:
    return next((why for rule in RULES if (why := rule(rules, deed)) is not None), None)


def spares(lock: Lock, person: str, *, leads: bool) -> bool:
    """Whether it does not hold for this person."""
    return leads or (lock.who == "me" and lock.by == person)


NOUNS: Final[Mapping[str, str]] = {
    "note": "note",
    "heading": "heading",
    "area": "area",
    "cluster": "cluster",
    "connector": "connector",
    "image": "image",
    "source": "link",
    "evidence": "evidence card",
}
DOING: Final[Mapping[Action, str]] = {"add": "add", "edit": "change", "move": "move", "remove": "remove"}
