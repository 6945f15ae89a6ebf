"""Workers: what may be slow, huge or deadly happens in a child, and its death is news, not a disaster."""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from pycrdt import Doc, Text

from lab.realtime import workers
from lab.realtime.errors import RefusedUpdate
from lab.realtime.guard import Guard, Known, Limits, NeedsChild
from lab.realtime.options import Options
from lab.realtime.replica import Poisoned
from lab.realtime.workers import ChildDied, InProcess, Workers

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


async def test_a_child_that_dies_is_asked_once_more_and_the_next_is_served(children: Workers) -> None:
    with pytest.raises(ChildDied):
        await children._ask(5, os._exit, 1)
    assert await children._ask(5, abs, -1) == 1


async def test_a_bystander_of_a_crash_is_served(children: Workers) -> None:
    crash = asyncio.create_task(children._ask(5, os._exit, 1))
    bystander = asyncio.create_task(children._ask(5, abs, -1))
    assert await bystander == 1
    with pytest.raises(ChildDied):
        await crash


async def test_a_child_has_so_much_time_and_memory_and_no_more() -> None:
    work = Workers(Options(children=1, child_memory=1 << 30))
    try:
        with pytest.raises(ChildDied):
            await work._ask(0, _spin)
        with pytest.raises(MemoryError):
            await work._ask(5, bytes, 2 << 30)
    finally:
        work.close()


def _spin() -> None:
    while True:
        pass


def test_a_snapshot_that_does_not_decode_to_the_same_is_no_snapshot(monkeypatch: pytest.MonkeyPatch) -> None:
    states = [text("a"), text("b")]
    monkeypatch.setattr(workers, "folded", lambda *_: states.pop())
    with pytest.raises(Poisoned):
        workers.fold(None, [])


def test_a_killed_server_leaves_no_children() -> None:
    script = (
        "import asyncio, os\n"
        "from lab.realtime.workers import Workers\n"
        "from lab.realtime.options import Options\n"
        "async def main():\n"
        "    print(await Workers(Options(children=1))._ask(5, os.getpid), flush=True)\n"
        "    await asyncio.Event().wait()\n"
        "if __name__ == '__main__':\n"
        "    asyncio.run(main())\n"
    )
    server = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert server.stdout is not None
    child = int(server.stdout.readline())
    os.kill(child, 0)
    server.send_signal(signal.SIGKILL)
    server.wait()
    server.stdout.close()
    deadline = time.monotonic() + 60
    while _lives(child):
        assert time.monotonic() < deadline, "the child outlives its server"


def _lives(process: int) -> bool:
    """A zombie that nobody has collected does not."""
    try:
        with open(f"/proc/{process}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def test_in_process_work_leaves_the_guard_alone() -> None:
    state, guard = await InProcess().load(text("a"), [], None, Limits())
    known = dict(guard.clocks)
    await InProcess().attempt(state, guard, text("b"), NOBODY)
    assert dict(guard.clocks) == known
    assert isinstance(guard, Guard)
    InProcess().close()


async def test_a_child_gives_way_to_everybody_and_ctrl_c_is_not_for_it(children: Workers) -> None:
    here = os.getpriority(os.PRIO_PROCESS, 0)
    assert await children._ask(5, os.getpriority, os.PRIO_PROCESS, 0) == workers.CHILD_PRIORITY
    assert await children._ask(5, signal.getsignal, signal.SIGINT) == signal.SIG_IGN
    assert os.getpriority(os.PRIO_PROCESS, 0) == here
