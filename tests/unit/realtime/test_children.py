"""Child processes: what kills one is news, not a disaster, and none outlives its parent."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator

import pytest

from lab.realtime.children import CHILD_PRIORITY, ChildDied, Children


@pytest.fixture
async def pool() -> AsyncIterator[Children]:
    pool = Children(1, 1 << 30)
    yield pool
    pool.close()
    pool.close()


async def test_a_child_that_dies_is_asked_once_more_and_the_next_is_served(pool: Children) -> None:
    with pytest.raises(ChildDied):
        await pool.run(5, os._exit, 1)
    assert await pool.run(5, abs, -1) == 1


async def test_a_bystander_of_a_crash_is_served(pool: Children) -> None:
    crash = asyncio.create_task(pool.run(5, os._exit, 1))
    bystander = asyncio.create_task(pool.run(5, abs, -1))
    assert await bystander == 1
    with pytest.raises(ChildDied):
        await crash


async def test_a_child_has_so_much_time_and_memory_and_no_more() -> None:
    work = Children(1, 1 << 30)
    try:
        with pytest.raises(ChildDied):
            await work.run(0, _spin)
        with pytest.raises(MemoryError):
            await work.run(5, bytes, 2 << 30)
    finally:
        work.close()


def _spin() -> None:
    while True:
        pass


def test_a_killed_server_leaves_no_children() -> None:
    script = (
        "import asyncio, os\n"
        "from lab.realtime.children import Children\n"
        "async def main():\n"
        "    print(await Children(1, 1 << 30).run(5, os.getpid), flush=True)\n"
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


async def test_a_child_gives_way_to_everybody_and_ctrl_c_is_not_for_it(pool: Children) -> None:
    here = os.getpriority(os.PRIO_PROCESS, 0)
    assert await pool.run(5, os.getpriority, os.PRIO_PROCESS, 0) == CHILD_PRIORITY
    assert await pool.run(5, signal.getsignal, signal.SIGINT) == signal.SIG_IGN
    assert os.getpriority(os.PRIO_PROCESS, 0) == here
