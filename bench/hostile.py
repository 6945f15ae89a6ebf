"""S1: hostile frames over live sockets, with honest people in the same rooms.

    .venv/bin/python bench/hostile.py [--frames 100000] [--attackers 16] [--honest 20] [--rooms 4]

Attackers run in a process of their own, which gives way to others (nice 10): what is measured is what they
cost the server, not what it costs to be sixteen of them on the same two cores. They join the honest people's
rooms and send mutated updates, mutated awareness, cut and random frames and the crafted corpus, coming back
as soon as they are closed. Honest people write tokens all the time. The attackers take turns of attacking and
being silent, so that whatever else the machine does meanwhile falls on both; the seconds after an attack in
which sockets still wait to be looked at count for neither.

What must hold: the server process never ends, no honest person is closed, honest latency at the 95th
percentile changes by less than 20 %, every honest token is in the room exactly once and every document has
the same digest after a restart.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import multiprocessing
import os
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from multiprocessing.process import BaseProcess
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path
from queue import Empty

import pycrdt
from ledger import TOKEN
from peer import Peer, sized
from server import ROOT, Server
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from lab.realtime.workers import digest

BURST = 200
"""Frames an attacker sends before looking whether it has been closed."""
PATIENCE = 60.0
"""Seconds an attacker waits for that: the server may let it wait for 20 before it looks."""
SETTLING = 12.0
"""Seconds after an attack in which those who wait at the door are let in and closed."""
ONSET = 5
"""Seconds at the beginning of an attack that are shown by themselves: nobody waits for anything yet."""
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


@dataclass
class Report:
    sent: int = 0
    sockets: int = 0
    ends: Counter[str] = field(default_factory=Counter)


@dataclass
class Plan:
    rooms: list[str]
    tokens: list[str]
    frames: int
    burst: int
    seed: int
    go: Event


def attack(plan: Plan, reports: Queue[Report]) -> None:
    os.nice(10)
    asyncio.run(_attack(plan, reports))


async def _attack(plan: Plan, reports: Queue[Report]) -> None:
    supply, report, chance = hostile_frames(plan.seed), Report(), random.Random(plan.seed)
    left = plan.frames

    def joining(token: str) -> connect:
        return connect(
            chance.choice(plan.rooms), additional_headers={"Authorization": f"Bearer {token}"},
            compression=None, max_size=None, open_timeout=PATIENCE,
        )  # fmt: skip

    async def one(token: str) -> None:
        nonlocal left
        while left > 0:
            await asyncio.to_thread(plan.go.wait)
            burst = chance.choices(supply, k=min(left, plan.burst))
            left -= len(burst)
            # What does not get out because the door was shut before is sent by the next.
            sent = 0
            try:
                async with joining(token) as socket:
                    report.sockets += 1
                    with contextlib.suppress(ConnectionClosed, TimeoutError):
                        for frame in burst:
                            await socket.send(frame)
                            sent += 1
                        async with asyncio.timeout(PATIENCE):
                            await _drain(socket)
                    await socket.close()
                    report.ends[f"{socket.close_code} {socket.close_reason}".strip()] += 1
            except (OSError, InvalidHandshake, TimeoutError) as problem:
                report.ends[type(problem).__name__] += 1
                await asyncio.sleep(0.2)
            report.sent += sent
            left += len(burst) - sent

    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(len(plan.tokens)))
    await asyncio.gather(*(one(token) for token in plan.tokens))
    reports.put(report)


async def _drain(socket: ClientConnection) -> None:
    async for _ in socket:
        pass


@dataclass
class Phase:
    began: float = 0
    ended: float = 0
    cpu: float = 0
    """Seconds of processor time the server used."""
    late: list[float] = field(default_factory=list)
    """Milliseconds by which this process's own loop woke too late."""


@contextlib.contextmanager
def phase(server: Server) -> Iterator[Phase]:
    async def wake() -> None:
        while True:
            due = time.monotonic() + 0.01
            await asyncio.sleep(0.01)
            now.late.append((time.monotonic() - due) * 1000)

    now = Phase(time.monotonic())
    used = server.cpu()
    waking = asyncio.create_task(wake())
    try:
        yield now
    finally:
        waking.cancel()
        now.ended, now.cpu = time.monotonic(), server.cpu() - used


def latencies(people: list[Honest], phases: list[Phase]) -> list[float]:
    """Milliseconds from a token's writing to its being seen by each room-mate."""
    found = []
    for writer in people:
        for token, sent in writer.sent_at.items():
            if any(each.began <= sent < each.ended for each in phases):
                mates = (mate for mate in people if mate is not writer and mate.peer.url == writer.peer.url)
                found += [(mate.seen_at[token] - sent) * 1000 for mate in mates if token in mate.seen_at]
    return found


def quantile(found: list[float], hundredth: int) -> float:
    return statistics.quantiles(found, n=100)[hundredth - 1] if len(found) > 100 else float("nan")


async def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--frames", type=int, default=100_000)
    options.add_argument(
        "--attackers", type=int, default=16, help="hostile people, each with a sign-in of their own"
    )
    options.add_argument("--burst", type=int, default=BURST, help="frames sent on one socket")
    options.add_argument("--honest", type=int, default=20)
    options.add_argument("--rooms", type=int, default=4)
    options.add_argument("--turn", type=float, default=30, help="seconds of attacking, and of being silent")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--factor", default="1", help="LAB_LIMIT_FACTOR; the product's own limits are 1")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="lab-hostile-") as name:
        server = Server(Path(name), settings={"LAB_LIMIT_FACTOR": chosen.factor})
        server.start()
        try:
            return await measure(server, chosen)
        finally:
            server.stop()


async def measure(server: Server, chosen: argparse.Namespace) -> int:
    chance = random.Random(chosen.seed)
    good = await server.tokens([f"honest{number}@example.org" for number in range(chosen.honest)])
    bad = await server.tokens([f"hostile{number}@example.org" for number in range(chosen.attackers)])
    rooms = [f"{server.ws}/scratch/hostile-{number}" for number in range(chosen.rooms)]
    people = [Honest(number, rooms[number % len(rooms)], good[number]) for number in range(chosen.honest)]
    stop = asyncio.Event()
    tasks = [asyncio.create_task(person.live(stop, random.Random(chance.random()))) for person in people]
    fork = multiprocessing.get_context("spawn")
    reports: Queue[Report] = fork.Queue()
    plan = Plan(rooms, bad, chosen.frames, chosen.burst, chosen.seed, fork.Event())
    attacker = fork.Process(target=attack, args=(plan, reports), daemon=True)
    attacker.start()
    await asyncio.sleep(8)
    memory, counted, load = server.memory(), server.counters(), os.getloadavg()[0]
    silent: list[Phase] = []
    attacking: list[Phase] = []
    reporting = asyncio.create_task(asyncio.to_thread(_next, reports, attacker))
    with phase(server) as each:
        await asyncio.sleep(chosen.turn)
    silent.append(each)
    while not reporting.done() and not any(task.done() for task in tasks):
        plan.go.set()
        with phase(server) as each:
            await asyncio.wait([reporting], timeout=chosen.turn)
        attacking.append(each)
        plan.go.clear()
        await asyncio.sleep(SETTLING)
        with phase(server) as each:
            await asyncio.sleep(chosen.turn)
        silent.append(each)
    report = reporting.result() if reporting.done() else Report()
    counted = {name: value - counted.get(name, 0) for name, value in server.counters().items()}
    grown = (server.memory() - memory) / 2**20
    load = max(load, *os.getloadavg()[:2])
    stop.set()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    attacker.join(10)
    unhappy = [str(outcome) for outcome in outcomes if isinstance(outcome, BaseException)]
    alive = server.process is not None and server.process.poll() is None
    held = await documents(people, good[0])
    server.stop()
    server.start()
    intact = all(fine for _, fine in held.values()) and held == await documents(people, good[0])
    tell(chosen, silent, attacking, people, report, counted)
    print(
        f"\nServer ended: {'no' if alive else 'YES'}. Honest people closed: {len(unhappy)}. "
        f"Every honest token once in each document, and the documents' digests the same after a restart: "
        f"{'yes' if intact else 'NO'}. Memory of the server: {grown:+.0f} MiB. "
        f"Load average of the machine: up to {load:.1f}."
    )
    for problem in unhappy:
        print(problem, file=sys.stderr)
    return 0 if alive and intact and not unhappy and report.sent >= chosen.frames else 1


def _next(reports: Queue[Report], attacker: BaseProcess) -> Report:
    while attacker.is_alive():
        with contextlib.suppress(Empty):
            return reports.get(timeout=0.5)
    return Report()


def tell(
    chosen: argparse.Namespace,
    silent: list[Phase],
    attacking: list[Phase],
    people: list[Honest],
    report: Report,
    counted: dict[str, float],
) -> None:
    first = attacking[0]
    onset = replace(first, ended=min(first.ended, first.began + ONSET), late=[])
    rows = {
        "silent": silent, "attacking": attacking, f"first {ONSET} s of the attack": [onset],
    }  # fmt: skip
    print(
        "| attackers | seconds | honest p50 | p95 | p99 | p95 against silent | samples "
        "| p95 of how late a bare loop wakes | server's processor time |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    base = quantile(latencies(people, silent), 95)
    for name, phases in rows.items():
        found = latencies(people, phases)
        p95, lasted = quantile(found, 95), sum(each.ended - each.began for each in phases)
        late = [late for each in phases for late in each.late]
        change = "" if phases is silent else f"{(p95 / base - 1) * 100:+.0f} %"
        cpu = f"{sum(each.cpu for each in phases) / lasted * 100:.0f} % of a core" if late else ""
        print(
            f"| {name} | {lasted:.0f} | {quantile(found, 50):.2f} ms | {p95:.2f} ms "
            f"| {quantile(found, 99):.2f} ms | {change} | {len(found)} "
            f"| {f'{quantile(late, 95):.2f} ms' if late else ''} | {cpu} |"
        )
    print("\np95 turn by turn, silent and attacking: " + turns(people, silent, attacking))
    closed = {name: int(value) for name, value in counted.items() if name.startswith("lab_closed_total")}
    taken, refused = counted.get("lab_frames_in_total", 0), counted.get("lab_updates_refused_total", 0)
    shut = ", ".join(f"{code(name)} × {count}" for name, count in closed.items() if count)
    ends = ", ".join(f"{reason} × {count}" for reason, count in report.ends.most_common(14))
    print(
        f"\nFrames sent: {report.sent} of {chosen.frames}, on {report.sockets} sockets of {chosen.attackers} "
        f"people. Nothing that follows a refusal on the same socket is looked at: "
        f"the server took {taken:.0f} frames in that time, honest ones included, and refused {refused:.0f} "
        f"updates. It closed {shut or 'nobody'}.\n\nHow attackers' sockets ended: {ends}."
    )


def turns(people: list[Honest], silent: list[Phase], attacking: list[Phase]) -> str:
    order = sorted([*silent, *attacking], key=lambda each: each.began)
    shown = (quantile(latencies(people, [each]), 95) for each in order)
    return (
        " ".join(
            f"**{p95:.1f}**" if each in attacking else f"{p95:.1f}"
            for each, p95 in zip(order, shown, strict=True)
        )
        + " ms (attacking in bold)."
    )


def code(name: str) -> str:
    return name.split('"')[1]


async def documents(people: list[Honest], bearer: str) -> dict[str, tuple[str, bool]]:
    """Of each room: its digest, and whether a stranger's copy holds each honest token exactly once."""
    found = {}
    for url in sorted({person.peer.url for person in people}):
        stranger = Peer(url, bearer)
        text = stranger.doc.get("honest", type=pycrdt.Text)
        async with stranger.joined():
            state, there = stranger.doc.get_update(), str(text)
        tokens = Counter(f"w{writer}-{number}" for writer, number in TOKEN.findall(there))
        wanted = {token for person in people if person.peer.url == url for token in person.sent_at}
        fine = set(tokens) == wanted and max(tokens.values(), default=1) == 1
        found[url] = (digest(state), fine)
    return found


if __name__ == "__main__":
    raise SystemExit(asyncio.run(main()))
