"""S1: hostile frames over live sockets, with honest people in the same rooms.

    .venv/bin/python bench/hostile.py [--frames 100000] [--attackers 16] [--honest 20] [--rooms 4]

Attackers run in a process of their own. They join the honest people's rooms and send mutated updates,
mutated awareness, cut and random frames and the crafted corpus, reconnecting whenever they are closed.
Honest people write tokens all the time: first alone (the baseline), then under attack, in the same run.
What must hold: the server process never ends, honest latency at the 95th percentile changes by less than
20 %, every honest token is in the room exactly once, also after a restart.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import multiprocessing
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from multiprocessing.queues import Queue
from pathlib import Path

import pycrdt
from kills import TOKEN
from peer import Peer, sized
from server import ROOT, Server
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

BURST = 60
"""Frames an attacker sends before looking whether it has been closed."""
PATIENCE = 30.0
"""Seconds an attacker waits for that."""
CORPUS = ROOT / "tests" / "data" / "fuzz"


class Honest:
    """Writes a token every so often; remembers when it was written and when its neighbour saw it."""

    def __init__(self, name: int, url: str, token: str) -> None:
        self.name, self.written = name, 0
        self.peer = Peer(url, token)
        self.text = self.peer.doc.get("honest", type=pycrdt.Text)
        self.sent_at: dict[str, float] = {}
        self.seen_at: dict[str, float] = {}
        self._read = 0
        self._watch = self.text.observe(self._note)

    def _note(self, event: pycrdt.TextEvent) -> None:
        now = time.monotonic()
        for part in event.delta:
            inserted = part.get("insert")
            if isinstance(inserted, str):
                for writer, number in TOKEN.findall(inserted):
                    self.seen_at.setdefault(f"w{writer}-{number}", now)

    async def live(self, stop: asyncio.Event, chance: random.Random) -> None:
        async with self.peer.joined():
            while not stop.is_set():
                if self.peer.closed is not None:
                    raise RuntimeError(f"an honest person was closed: {self.peer.closed}")
                self.written += 1
                token = f"w{self.name}-{self.written}"
                self.sent_at[token] = time.monotonic()
                await self.peer.write(lambda token=token: self.text.insert(0, f"{token};"))
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(chance.uniform(0.3, 0.7)):
                        await stop.wait()
            await self.peer.until_saved(self.peer.sent)


def hostile_frames(seed: int) -> list[bytes]:
    """A few thousand different bad frames to draw from."""
    chance = random.Random(seed)
    genuine = [bytes.fromhex(line) for line in (CORPUS / "valid_yjs_session.hex").read_text().split()]
    frames: list[bytes] = []
    for record in json.loads((CORPUS / "crafted.json").read_text()):
        data = (CORPUS / record["file"]).read_bytes() if "file" in record else bytes.fromhex(record["hex"])
        frames.append(data if record["kind"] == "frame" else _framed(record["kind"], data))
    for line in (CORPUS / "mutated.jsonl").read_text().splitlines():
        frames.append(_framed("update", bytes.fromhex(json.loads(line)["hex"])))
    for update in chance.choices(genuine, k=4000):
        frames.append(_framed(chance.choice(("update", "update", "step2")), _mutate(update, chance)))
    frames += [chance.randbytes(chance.randint(0, 200)) for _ in range(500)]
    frames += [b"\x01" + sized(chance.randbytes(chance.randint(0, 120))) for _ in range(500)]
    return frames


def _framed(kind: str, data: bytes) -> bytes:
    head = {"update": b"\0\2", "step2": b"\0\1", "state_vector": b"\0\0", "awareness": b"\1"}[kind]
    return head + sized(data)


def _mutate(update: bytes, chance: random.Random) -> bytes:
    data = bytearray(update)
    for _ in range(chance.randint(1, 4)):
        where = chance.randrange(len(data) + 1)
        match chance.randrange(4):
            case 0 if where < len(data):
                data[where] ^= 1 << chance.randrange(8)
            case 1:
                data[where:where] = chance.randbytes(chance.randint(1, 6))
            case 2:
                del data[where : where + chance.randint(1, 8)]
            case _:
                data = data[: max(1, where)]
    return bytes(data)


def attack(rooms: list[str], tokens: list[str], frames: int, seed: int, report: Queue[Counter[str]]) -> None:
    asyncio.run(_attack(rooms, tokens, frames, seed, report))


async def _attack(
    rooms: list[str], tokens: list[str], frames: int, seed: int, report: Queue[Counter[str]]
) -> None:
    supply, closes = hostile_frames(seed), Counter[str]()
    chance = random.Random(seed)
    left = frames

    async def one(token: str) -> None:
        nonlocal left
        headers = {"Authorization": f"Bearer {token}"}
        while left > 0:
            burst = chance.choices(supply, k=min(left, BURST))
            left -= len(burst)
            try:
                async with connect(
                    chance.choice(rooms), additional_headers=headers, compression=None, max_size=None
                ) as socket:
                    with contextlib.suppress(ConnectionClosed, TimeoutError):
                        for frame in burst:
                            await socket.send(frame)
                        async with asyncio.timeout(PATIENCE):
                            async for _ in socket:
                                pass
                    await socket.close()
                    closes[f"{socket.close_code} {socket.close_reason}".strip()] += 1
            except (OSError, InvalidHandshake, TimeoutError) as problem:
                closes[type(problem).__name__] += 1
                await asyncio.sleep(0.2)

    await asyncio.gather(*(one(token) for token in tokens))
    report.put(closes)


def latencies(people: list[Honest], since: float, until: float) -> list[float]:
    """Milliseconds from a token's writing to its being seen by each room-mate."""
    found = []
    for writer in people:
        for token, sent in writer.sent_at.items():
            if since <= sent < until:
                mates = (mate for mate in people if mate is not writer and mate.peer.url == writer.peer.url)
                found += [(mate.seen_at[token] - sent) * 1000 for mate in mates if token in mate.seen_at]
    return found


async def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--frames", type=int, default=100_000)
    options.add_argument(
        "--attackers", type=int, default=16, help="hostile people, each with a sign-in of their own"
    )
    options.add_argument("--honest", type=int, default=20)
    options.add_argument("--rooms", type=int, default=4)
    options.add_argument("--baseline", type=float, default=45, help="seconds without an attack first")
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="lab-hostile-") as name:
        # The limits of the product as it is delivered: they are part of what is measured.
        server = Server(Path(name), settings={"LAB_LIMIT_FACTOR": "1"})
        server.start()
        try:
            return await measure(server, chosen)
        finally:
            server.stop()


async def measure(server: Server, chosen: argparse.Namespace) -> int:
    chance = random.Random(chosen.seed)
    good = [server.token(f"honest{number}@example.org") for number in range(chosen.honest)]
    bad = [server.token(f"hostile{number}@example.org", "participant") for number in range(chosen.attackers)]
    rooms = [f"{server.ws}/scratch/hostile-{number}" for number in range(chosen.rooms)]
    people = [Honest(number, rooms[number % len(rooms)], good[number]) for number in range(chosen.honest)]
    stop = asyncio.Event()
    tasks = [asyncio.create_task(person.live(stop, random.Random(chance.random()))) for person in people]
    await asyncio.sleep(5)
    quiet = time.monotonic()
    await asyncio.sleep(chosen.baseline)
    memory = server.memory()
    began = time.monotonic()
    fork = multiprocessing.get_context("spawn")
    report: Queue[Counter[str]] = fork.Queue()
    attacker = fork.Process(target=attack, args=(rooms, bad, chosen.frames, chosen.seed, report), daemon=True)
    attacker.start()
    while report.empty() and attacker.is_alive():
        await asyncio.sleep(0.2)
        if any(task.done() for task in tasks):
            break
    ended = time.monotonic()
    closes = report.get(timeout=10) if not report.empty() else Counter[str]()
    attacker.join(10)
    alive = server.process is not None and server.process.poll() is None
    stop.set()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    unhappy = [str(outcome) for outcome in outcomes if isinstance(outcome, BaseException)]
    grown = (server.memory() - memory) / 2**20 if alive else float("nan")
    before, during = latencies(people, quiet, began), latencies(people, began, ended)
    server.stop()
    server.start()
    intact = await documents_intact(people, good[0])
    p95 = [
        statistics.quantiles(found, n=20)[18] if len(found) > 20 else float("nan")
        for found in (before, during)
    ]
    change = (p95[1] / p95[0] - 1) * 100
    print(
        "| hostile frames | server ended | honest people closed | honest p95 before / during | change "
        "| memory | documents intact after a restart |"
    )
    print("|---|---|---|---|---|---|---|")
    print(
        f"| {chosen.frames} in {ended - began:.0f} s | {'no' if alive else 'YES'} | {len(unhappy)} "
        f"| {p95[0]:.1f} / {p95[1]:.1f} ms ({len(before)}, {len(during)} samples) | {change:+.0f} % "
        f"| {grown:+.0f} MiB | {'yes' if intact else 'NO'} |"
    )
    print(
        "\nHow attackers' sockets ended: "
        + ", ".join(f"{reason} × {count}" for reason, count in closes.most_common(12))
    )
    for problem in unhappy:
        print(problem, file=sys.stderr)
    return 0 if alive and intact and not unhappy else 1


async def documents_intact(people: list[Honest], bearer: str) -> bool:
    """A stranger's copy of each room holds each honest token exactly once."""
    good = True
    for url in sorted({person.peer.url for person in people}):
        stranger = Peer(url, bearer)
        text = stranger.doc.get("honest", type=pycrdt.Text)
        async with stranger.joined():
            found = Counter(f"w{writer}-{number}" for writer, number in TOKEN.findall(str(text)))
        wanted = {token for person in people if person.peer.url == url for token in person.sent_at}
        good = good and set(found) == wanted and max(found.values(), default=1) == 1
    return good


if __name__ == "__main__":
    raise SystemExit(asyncio.run(main()))
