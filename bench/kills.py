"""F1: the server is killed with SIGKILL while people write; nothing acknowledged may be missing or doubled.

    .venv/bin/python bench/kills.py [--runs 100] [--writers 4] [--seed 1] [--database URL]

Every writer appends unique tokens to one shared text and writes each acknowledgement to a ledger file with
fsync. At a random moment the server is killed. In every second run the writers come back afterwards and
resend, as browsers do; in the others they never return. Then a stranger loads the room from the restarted
server and the checker compares it with the ledger: every acknowledged token exactly once, no token twice,
each writer's tokens in the order they were written.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import statistics
import sys
import tempfile
from pathlib import Path

import pycrdt
from ledger import Ledger, check
from peer import Peer
from server import Server
from websockets.exceptions import ConnectionClosed


class Writer:
    """Appends `w<writer>-<n>;` to the shared text, one mark each."""

    def __init__(self, name: int, url: str, token: str, ledger: Ledger) -> None:
        self.name, self.ledger = name, ledger
        self.written = 0
        self._by_mark: dict[int, str] = {}
        self.peer = Peer(url, token, on_saved=self._saved)
        self.text = self.peer.doc.get("text", type=pycrdt.Text)

    def _saved(self, number: int) -> None:
        done = [mark for mark in self._by_mark if mark <= number]
        tokens = [self._by_mark.pop(mark) for mark in done]
        if tokens:
            self.ledger.note(tokens)

    async def write_until_the_end(self, chance: random.Random) -> None:
        with contextlib.suppress(ConnectionClosed, TimeoutError, OSError):
            async with self.peer.joined():
                while self.peer.closed is None:
                    self.written += 1
                    token = f"w{self.name}-{self.written}"
                    # The mark's number is known before it is sent: the answer may come in the same breath.
                    self._by_mark[self.peer.sent + 1] = token
                    await self.peer.write(
                        lambda token=token: self.text.insert(len(str(self.text)), f"{token};")
                    )
                    await asyncio.sleep(chance.uniform(0.0, 0.02))

    async def come_back(self) -> None:
        """What was never acknowledged is still in the replica, and is sent again by sync step 2."""
        self._by_mark.clear()
        async with self.peer.joined() as peer:
            await peer.until_saved(1)


async def one_run(
    server: Server, token: str, run: int, writers: int, chance: random.Random, folder: Path
) -> dict[str, float]:
    room = f"{server.ws}/scratch/kill-{run}"
    ledger = Ledger(folder / f"ledger-{run}.txt")
    people = [Writer(number, room, token, ledger) for number in range(writers)]
    tasks = [
        asyncio.create_task(person.write_until_the_end(random.Random(chance.random()))) for person in people
    ]
    await asyncio.sleep(chance.uniform(0.3, 1.8))
    server.kill()
    await asyncio.gather(*tasks)
    back = server.start()
    if run % 2:
        await asyncio.gather(*(person.come_back() for person in people))
    stranger = Peer(room, token)
    text = stranger.doc.get("text", type=pycrdt.Text)
    async with stranger.joined():
        missing, doubled, disorder = check(str(text), ledger)
    return {
        "acknowledged": len(ledger.acknowledged), "written": sum(person.written for person in people),
        "missing": missing, "doubled": doubled, "disorder": disorder, "restart": back,
    }  # fmt: skip


async def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--runs", type=int, default=100)
    options.add_argument("--writers", type=int, default=4)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--database", default="", help="a database URL; empty: SQLite in a fresh folder")
    chosen = options.parse_args()
    chance = random.Random(chosen.seed)
    with tempfile.TemporaryDirectory(prefix="lab-kills-") as name:
        folder = Path(name)
        settings = {"LAB_DATABASE_URL": chosen.database} if chosen.database else {}
        server = Server(folder, settings=settings)
        server.start()
        token = server.token("writer@example.org")
        results = []
        try:
            for run in range(chosen.runs):
                results.append(await one_run(server, token, run, chosen.writers, chance, folder))
                if sys.stderr.isatty() or (run + 1) % 10 == 0:
                    print(f"  {run + 1} of {chosen.runs} kills", file=sys.stderr)
        finally:
            server.stop()
    total = {key: sum(result[key] for result in results) for key in results[0]}
    restarts = [result["restart"] for result in results]
    print(
        "| kills | acknowledged edits | lost | doubled | out of order | restart to serving, median / worst |"
    )
    print("|---|---|---|---|---|---|")
    print(
        f"| {len(results)} | {total['acknowledged']:.0f} of {total['written']:.0f} written "
        f"| {total['missing']:.0f} "
        f"| {total['doubled']:.0f} | {total['disorder']:.0f} "
        f"| {statistics.median(restarts):.2f} / {max(restarts):.2f} s |"
    )
    return 1 if total["missing"] or total["doubled"] or total["disorder"] else 0


if __name__ == "__main__":
    raise SystemExit(asyncio.run(main()))
