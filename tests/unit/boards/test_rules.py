"""Every lock, area rule, role and deed against the plain table, one by one."""

from __future__ import annotations

from itertools import product
from typing import Any, cast

import pytest
from pycrdt import Doc

from lab.boards.document import build
from lab.boards.judge import MOST_BYTES, BoardJudge
from lab.boards.objects import BoardContent, BoardObject
from lab.boards.rules import AreaRule, Lock, Rules
from lab.core.clock import HandClock
from lab.core.db import Database
from lab.realtime.ports import EntryName, Special, Touch
from tests.support.board_rules import AREA_ALLOWS, FACET_IS, LOCK_SPARES, LOCK_STOPS

CONTENT = BoardContent(
    objects=(
        BoardObject(id="area", kind="area", by="fay"),
        BoardObject(id="other", kind="area", by="fay"),
        BoardObject(id="cluster", kind="cluster", by="ben", parent="area"),
        BoardObject(id="inside", kind="note", by="ana", parent="area"),
        BoardObject(id="deep", kind="note", by="ana", parent="cluster"),
        BoardObject(id="free", kind="note", by="ana"),
    )
)
WRITTEN = Touch(({"any": "value"},), removed=False, over=True, inside=False, typed=0)
TAKEN = Touch((), removed=True, over=False, inside=False, typed=0)
TYPED = Touch((), removed=False, over=False, inside=True, typed=5)
NEW_TEXT = Touch((Special.TEXT,), removed=False, over=False, inside=False, typed=0)


def placed(parent: str | None) -> Touch:
    return Touch((parent,), removed=False, over=True, inside=False, typed=0)


def made(kind: str, by: str | None) -> Touch:
    return Touch(({"kind": kind, "by": by, "at": None},), removed=False, over=False, inside=False, typed=0)


@pytest.fixture(scope="module")
def doc() -> Doc[Any]:
    made: Doc[Any] = Doc()
    made.apply_update(build(CONTENT))
    return made


def asked(doc: Doc[Any], rules: Rules, person: str, touched: dict[str, Touch]) -> str | None:
    judge = BoardJudge("b", cast(Database, None), HandClock(), {"fay", "sam"}.__contains__)
    judge.rule(rules, 0)
    names: dict[EntryName, Touch] = {("objects", key): touch for key, touch in touched.items()}
    return judge.refuses(person, names, doc)


def touches(id: str, facet: str) -> list[dict[str, Touch]]:
    ways = [TYPED] if facet == "text" else [WRITTEN, TAKEN]
    return [{f"{id}/{facet}": way} for way in ways]


LOCKS = list(product(["position", "content", "all"], ["me", "facilitators"], ["ana", "ben", "fay"]))
HOLDS = {"inside": {"inside", "area"}, "deep": {"deep", "area"}, "free": {"free"}, "area": {"area"}}
"""Which locks are about an object: its own and its area's, not its cluster's."""


@pytest.mark.parametrize(("level", "who", "by"), LOCKS)
def test_what_a_lock_stops_and_for_whom(doc: Doc[Any], level: Any, who: Any, by: str) -> None:
    for locked, id, facet, person in product(
        ["inside", "deep", "free", "area", "cluster", "other"], HOLDS, FACET_IS, ["ana", "ben", "fay", "sam"]
    ):
        rules = Rules({locked: Lock(level, who, by, "Whoever")})
        stopped = (level, FACET_IS[facet]) in LOCK_STOPS and locked in HOLDS[id]
        spared = (who, by == person, person in {"fay", "sam"}) in LOCK_SPARES
        for touched in touches(id, facet):
            assert (asked(doc, rules, person, touched) is not None) is (stopped and not spared)


PERMISSIONS = ["everyone", "own", "facilitators"]


@pytest.mark.parametrize(("action", "permission"), list(product(["edit", "move", "remove"], PERMISSIONS)))
def test_what_an_area_allows_and_to_whom(doc: Doc[Any], action: str, permission: Any) -> None:
    rules = Rules(areas={"area": AreaRule(**{action: permission})})
    makers = {one.id: one.by for one in CONTENT.objects}
    for id, facet, person in product(HOLDS, FACET_IS, ["ana", "ben", "fay", "sam"]):
        concerned = FACET_IS[facet] == action and "area" in HOLDS[id]
        allowed = (permission, makers[id] == person, person in {"fay", "sam"}) in AREA_ALLOWS
        for touched in touches(id, facet):
            assert (asked(doc, rules, person, touched) is not None) is (concerned and not allowed)


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        (
            Rules(areas={"area": AreaRule(add="facilitators")}),
            "In this area only facilitators can add things.",
        ),
        (Rules({"area": Lock("all", "facilitators", "fay", "Fay")}), "This area is locked by Fay."),
    ],
)
def test_coming_into_an_area_is_adding_to_it(doc: Doc[Any], rules: Rules, words: str) -> None:
    new = {"new/made": made("note", "ben"), "new/text": NEW_TEXT}
    both = {**new, "group/made": made("cluster", "ben"), "group/parent": placed("area")}
    refused: list[dict[str, Touch]] = [
        {**new, "new/parent": placed("area")},
        {**new, "new/parent": placed("cluster")},
        {**both, "new/parent": placed("group")},
        {"free/parent": placed("area")},
        {"free/parent": placed("cluster")},
        {"free/parent": Touch((None, "area"), removed=False, over=True, inside=False, typed=0)},
    ]
    for touched in refused:
        assert asked(doc, rules, "ben", touched) == words
        assert asked(doc, rules, "fay", touched) is None
    for touched in ({**new, "new/parent": placed("other")}, new, {"free/parent": placed("nowhere")}):
        assert asked(doc, rules, "ben", touched) is None


def test_within_its_area_a_note_may_go_from_cluster_to_cluster(doc: Doc[Any]) -> None:
    rules = Rules(areas={"area": AreaRule(add="facilitators")})
    assert asked(doc, rules, "ben", {"inside/parent": placed("cluster")}) is None
    assert asked(doc, rules, "ben", {"deep/parent": placed("area")}) is None


def test_reactions_and_the_legend_are_bound_by_no_rule(doc: Doc[Any]) -> None:
    rules = Rules({"inside": Lock("all", "facilitators", "fay", "Fay")})
    assert asked(doc, rules, "ben", {"inside/reaction/👍/ben": WRITTEN}) is None
    judge = BoardJudge("b", cast(Database, None), HandClock(), lambda person: False)
    judge.rule(rules, 0)
    assert judge.refuses("ben", {("board", "legend/rose"): WRITTEN}, doc) is None


@pytest.mark.parametrize(
    "touched",
    [
        {"free/made": made("note", "ana")},
        {"free/made": TAKEN},
        {"nothing/place": WRITTEN},
        {"new/made": Touch((), removed=True, over=False, inside=False, typed=0)},
        {"new/made": Touch(made("note", "ana").values * 2, removed=False, over=True, inside=False, typed=0)},
        {"free/text": Touch((Special.TEXT,), removed=False, over=True, inside=False, typed=0)},
        {"free/text": Touch((), removed=False, over=False, inside=True, typed=MOST_BYTES + 1)},
    ],
)
def test_some_things_nobody_may(doc: Doc[Any], touched: dict[str, Touch]) -> None:
    assert asked(doc, Rules(), "fay", touched)
