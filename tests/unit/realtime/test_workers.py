"""Workers: what may be slow, huge or deadly happens in a child, and its death is news, not a disaster."""

from __future__ import annotations

import pickle
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pycrdt import Doc, Text

from lab.realtime import workers
from lab.realtime.errors import RefusedUpdate
from lab.realtime.guard import Guard, Known, Limits, NeedsChild
from lab.realtime.options import Options
from lab.realtime.replica import Poisoned
from lab.realtime.workers import InProcess, Workers

NOBODY = Known("ana", 1, {})


def text(words: str) -> bytes:
    doc: Doc[Any] = Doc()
    doc.get("t", type=Text).insert(0, words)
    return doc.get_update()


@pytest.fixture
async def children() -> AsyncIterator[Workers]:
    work = Workers(Options(children=1))
    yield work
    work.close()
    work.close()


async def test_a_room_is_loaded_folded_and_tried_in_a_child(children: Workers) -> None:
    state, guard = await children.load(text("a"), [text("b")], None, Limits())
    assert len(guard.clocks) == 2
    snapshot = text("a")
    assert await children.fold(snapshot, []) == snapshot
    big = text("x" * 100_000)
    checked = await children.attempt(state, guard, big, NOBODY)
    assert checked.update == big
    assert checked.additions.below is None
    guard.commit(checked)
    assert len(guard.clocks) == 3


async def test_a_refusal_comes_out_of_the_child_whole(children: Workers) -> None:
    state, guard = await InProcess().load(None, [], None, Limits())
    with pytest.raises(RefusedUpdate) as refused:
        await children.attempt(state, guard, bytes.fromhex("01011401000000"), NOBODY)
    assert refused.value.rule.startswith("G")
    assert refused.value.reason == f"update_refused:{refused.value.rule}"
    again = pickle.loads(pickle.dumps(NeedsChild("large", rule="G1")))
    assert (type(again), str(again), again.rule) == (NeedsChild, "large", "G1")


def test_a_snapshot_that_does_not_decode_to_the_same_is_no_snapshot(monkeypatch: pytest.MonkeyPatch) -> None:
    states = [text("a"), text("b")]
    monkeypatch.setattr(workers, "folded", lambda *_: states.pop())
    with pytest.raises(Poisoned):
        workers.fold(None, [])


async def test_in_process_work_leaves_the_guard_alone() -> None:
    state, guard = await InProcess().load(text("a"), [], None, Limits())
    known = dict(guard.clocks)
    await InProcess().attempt(state, guard, text("b"), NOBODY)
    assert dict(guard.clocks) == known
    assert isinstance(guard, Guard)
    InProcess().close()
