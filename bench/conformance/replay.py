"""Replays a real editing trace into a statement, by its authors; everyone must end with its exact text.

    .venv/bin/python bench/conformance/replay.py TRACE.json.gz
    .venv/bin/python bench/conformance/replay.py --url http://127.0.0.1:8000 --token … TRACE.json.gz
    … --url … --token … --kill-pid PID --data DIR TRACE.json.gz

A sequential trace is typed by one client while a Python and a Node client watch; a concurrent one by each
of its authors over a connection of its own, every transaction on the merge of its parents. Then everyone's
text must be the trace's `endContent`. Without `--url` the server is ours: after the replay it is killed with
SIGKILL, its database is read directly, it is started again, and a fresh Python and a fresh Node client look.
`--kill-pid` and `--data` do the same to a server on this machine that somebody else started on that folder.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from authors import Manner, type_alone, type_together
from client import Client, Ended, Refused
from trace_file import NotATrace, Trace, read_trace
from witnesses import Findings, look, look_into_database, node_client

sys.path.append(str(Path(__file__).resolve().parents[1]))
from server import Server  # one folder up: the benches' own

FAILURES = (Ended, Refused, NotATrace, TimeoutError, RuntimeError, OSError)
ORDINARY_FRAMES = 50.0


@dataclass(frozen=True, slots=True)
class Lab:
    """A server, and as whom it is visited: one token per author, as far as there are any."""

    url: str
    tokens: tuple[str, ...]

    def client(self, room: str, author: int = 0) -> Client:
        schema = None if room.startswith("scratch/") else 1
        return Client(self.url, self.tokens[author % len(self.tokens)], room, schema=schema)

    def new_statement(self, title: str) -> str:
        """The statement room of a challenge made for this replay."""
        request = urllib.request.Request(
            f"{self.url}/api/challenges",
            data=json.dumps({"title": title, "question": "Does every word arrive?"}).encode(),
            headers={"Authorization": f"Bearer {self.tokens[0]}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return f"statement/{json.load(answer)['id']}"
        except urllib.error.HTTPError as error:
            said = error.read().decode(errors="replace")
            raise RuntimeError(f"no challenge was made: {error.code} {said}") from error


async def replay(trace: Trace, manner: Manner, lab: Lab, room: str, findings: Findings) -> None:
    async with AsyncExitStack() as everyone:
        authors = [await everyone.enter_async_context(lab.client(room, n)) for n in range(trace.agents)]
        watcher = await everyone.enter_async_context(lab.client(room))
        node = await everyone.enter_async_context(node_client(lab.url, lab.tokens[0], room))
        began = time.monotonic()
        if trace.concurrent:
            await type_together(trace, manner, authors)
        else:
            await type_alone(trace, manner, authors[0])
        seconds = time.monotonic() - began
        marks = sum(author.marks for author in authors)
        rate = len(trace.transactions) / seconds
        print(f"  all saved after {seconds:.1f} s: {marks:,} marks, {rate:,.0f} transactions/s", flush=True)
        for number, author in enumerate(authors):
            await look(author, findings, f"author {number + 1} of {trace.agents}")
        await look(watcher, findings, "watching Python client")
        await node.look(findings, "watching Node client")


async def look_afresh(lab: Lab, room: str, findings: Findings) -> None:
    async with lab.client(room) as fresh:
        await look(fresh, findings, "fresh Python client")
    async with node_client(lab.url, lab.tokens[0], room) as node:
        await node.look(findings, "fresh Node client")


async def on_own_server(trace: Trace, asked: argparse.Namespace, folder: Path, findings: Findings) -> None:
    """On an empty folder, with the rate limits out of the way."""
    server = Server(folder)
    seconds = server.start()
    factor = server.environment["LAB_LIMIT_FACTOR"]
    print(f"  own server, up in {seconds:.1f} s, LAB_LIMIT_FACTOR={factor}", flush=True)
    try:
        tokens = tuple(server.token(f"author{n + 1}@example.org") for n in range(trace.agents))
        lab = Lab(server.url, tokens)
        room = asked.room or lab.new_statement(f"Replay of {asked.trace.name}")
        await replay(trace, Manner(asked.batch or 20, asked.frames), lab, room, findings)
    finally:
        server.kill()
    await after_kill(server, tokens, room, findings)


async def on_given_server(trace: Trace, asked: argparse.Namespace, findings: Findings) -> None:
    """With the limits it has: bigger frames, fewer of them."""
    lab = Lab(asked.url, tuple(asked.token))
    room = asked.room or lab.new_statement(f"Replay of {asked.trace.name}")
    manner = Manner(asked.batch or 200, asked.frames or ORDINARY_FRAMES)
    await replay(trace, manner, lab, room, findings)
    if asked.kill_pid is None:
        await look_afresh(lab, room, findings)
    else:
        os.kill(asked.kill_pid, signal.SIGKILL)
        await after_kill(Server(asked.data), lab.tokens, room, findings)


async def after_kill(server: Server, tokens: tuple[str, ...], room: str, findings: Findings) -> None:
    print("  server killed with SIGKILL", flush=True)
    look_into_database(server.data, room, findings)
    print(f"  server up again in {server.start():.1f} s", flush=True)
    try:
        await look_afresh(Lab(server.url, tokens), room, findings)
    finally:
        server.stop()


async def main() -> int:
    asked = arguments()
    try:
        trace = read_trace(asked.trace)
    except NotATrace as error:
        print(error, file=sys.stderr)
        return 2
    kind = f"concurrent, {trace.agents} authors" if trace.concurrent else "sequential"
    print(f"{asked.trace.name}: {kind}, {len(trace.transactions):,} transactions", flush=True)
    findings = Findings(trace.end)
    try:
        if asked.url is None:
            with tempfile.TemporaryDirectory(prefix="lab-replay-") as folder:
                await on_own_server(trace, asked, Path(folder), findings)
        else:
            await on_given_server(trace, asked, findings)
    except* FAILURES as failures:
        for failure in failures.exceptions:
            print(f"  FAILED: {failure!r}", file=sys.stderr)
        findings.stopped = True
    return 0 if findings.conclude() else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("trace", type=Path, metavar="TRACE.json[.gz]")
    parser.add_argument("--url", help="http://host:port of a running lab; without it one is started")
    parser.add_argument("--token", action="append", default=[], help="with --url; repeat it for more authors")
    parser.add_argument("--room", help="an existing room instead of a new challenge's statement")
    parser.add_argument("--batch", type=int, help="transactions to a frame (200 with --url, else 20)")
    parser.add_argument(
        "--frames", type=float, help="frames a second per author (50 with --url, else no limit)"
    )
    parser.add_argument("--kill-pid", type=int, help="with --url and --data: the process id of that server")
    parser.add_argument("--data", type=Path, help="its data folder")
    asked = parser.parse_args()
    if asked.url is not None and not asked.token:
        parser.error("--url needs --token (lab token EMAIL prints one)")
    if (asked.kill_pid is None) != (asked.data is None):
        parser.error("--kill-pid and --data go together")
    return asked


if __name__ == "__main__":
    raise SystemExit(asyncio.run(main()))
