"""The browser's board beside a pycrdt peer, over the server's own checks: all end equal, undo takes nothing
from anybody else, and the server never refuses what the browser writes.

The browser's model runs in Node: `frontend/src/features/boards/model/testing/driver.ts`, which edits and
undoes by chance and itself checks after every undo that nobody else's character or value was touched.
"""

from __future__ import annotations

import base64
import json
import random
import subprocess
from pathlib import Path
from typing import Any, Self, cast

import pytest
from pycrdt import Doc, Map, Text

from lab.boards.document import SCHEMA, read, read_state
from lab.boards.judge import BoardJudge
from lab.boards.objects import COLOURS, BoardContent
from lab.core.clock import SystemClock
from lab.core.db import Database
from lab.realtime.guard import Known
from lab.realtime.ports import Lease
from lab.realtime.replica import Replica

FRONTEND = Path(__file__).parents[2] / "frontend"
DRIVER = "src/features/boards/model/testing/driver.ts"
TURNS = 40
STEPS = 8


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """In one file that Node runs as it is."""
    bundle = tmp_path_factory.mktemp("driver") / "driver.mjs"
    how = ["--format", "esm", "--platform", "node", "--file", str(bundle)]
    command = ["node_modules/.bin/rolldown", DRIVER, *how]
    subprocess.run(command, cwd=FRONTEND, check=True, capture_output=True)
    return bundle


class Browser:
    """One person whose board is the browser's own."""

    def __init__(self, driver: Path, seed: int) -> None:
        self._node = subprocess.Popen(
            ["node", driver], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self._ask(begin=seed)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._node.__exit__(None, None, None)

    def _ask(self, **told: Any) -> dict[str, Any]:
        stdin, stdout = self._node.stdin, self._node.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps(told) + "\n")
        stdin.flush()
        answer: dict[str, Any] = json.loads(stdout.readline())
        assert "error" not in answer, answer["error"]
        return answer

    def act(self, steps: int) -> list[bytes]:
        return [base64.b64decode(update) for update in self._ask(do=steps)["updates"]]

    def take(self, updates: list[bytes]) -> None:
        self._ask(take=[base64.b64encode(update).decode() for update in updates])

    def show(self) -> tuple[BoardContent, dict[str, int]]:
        answer = self._ask(show=True)
        return BoardContent.model_validate(answer["board"]), answer["undone"]


class Peer:
    """Somebody whose client is written in Python."""

    def __init__(self, chance: random.Random) -> None:
        self.doc: Doc[Any] = Doc(client_id=chance.randrange(1 << 20, 1 << 30))
        self.objects = self.doc.get("objects", type=Map)
        self.board = self.doc.get("board", type=Map)
        self.chance = chance
        self.sent: list[bytes] = []
        self._deaf = False
        self._made = 0
        self._watch = self.doc.observe(self._note)

    def _note(self, event: Any) -> None:
        if not self._deaf:
            self.sent.append(event.update)

    def take(self, update: bytes) -> None:
        self._deaf = True
        self.doc.apply_update(update)
        self._deaf = False

    def act(self) -> list[bytes]:
        self.sent = []
        with self.doc.transaction():
            ids = [one.id for one in read(self.doc).objects]
            if not ids or self.chance.random() < 0.15:
                self._make()
            else:
                self._change(self.chance.choice(ids))
        return self.sent

    def _make(self) -> None:
        self._made += 1
        id = f"ben{self._made}"
        self.objects[f"{id}/made"] = {"kind": "note", "by": "ben", "at": "2026-11-23T12:05Z"}
        self.objects[f"{id}/place"] = {"x": self.chance.randrange(500), "y": 0}
        self.objects[f"{id}/text"] = Text("bus ")

    def _change(self, id: str) -> None:
        chance, objects = self.chance, self.objects
        match chance.randrange(8):
            case 0:
                objects[f"{id}/place"] = {"x": chance.randrange(4), "y": chance.randrange(4)}
            case 1:
                objects[f"{id}/style"] = {"colour": chance.choice(COLOURS[:3])}
            case 2:
                self._switch(f"{id}/tag/{chance.choice('abc')}")
            case 3:
                self._switch(f"{id}/reaction/👍/ben")
            case 4 if chance.random() < 0.4:
                objects[f"{id}/gone"] = {"by": "ben", "at": "2026-11-23T12:05Z"}
            case 5:
                self.board[f"legend/{chance.choice(COLOURS)}"] = chance.choice(["Problem", "Idea"])
            case _:
                text = objects[f"{id}/text"]
                if chance.random() < 0.1:
                    text.clear()
                elif chance.random() < 0.5:
                    text.insert(0, chance.choice(["bus ", "😀", "stop\n"]))
                else:
                    text += chance.choice([" late", "é"])

    def _switch(self, key: str) -> None:
        if key in self.objects:
            del self.objects[key]
        else:
            self.objects[key] = True


class Server:
    """Checks every update as the lab does, in the order of arrival."""

    def __init__(self) -> None:
        self.replica = Replica(b"\x00\x00", schema=SCHEMA)
        self.judge = BoardJudge("board", cast(Database, None), SystemClock(), lambda person: False)
        self.leases: dict[int, Lease] = {}

    def take(self, person: str, update: bytes) -> bytes | None:
        checked = self.replica.check(update, Known(person, 1, self.leases))
        assert self.judge.refuses(person, checked.touched, self.replica.doc) is None
        self.leases.update(dict.fromkeys(checked.new_clients, Lease(person, 1)))
        return self.replica.apply(checked)


@pytest.fixture(params=range(4), ids=lambda seed: f"seed {seed}")
def chance(request: pytest.FixtureRequest) -> random.Random:
    return random.Random(request.param)


def test_a_browser_and_a_python_peer_end_equal_and_undo_takes_only_ones_own(
    driver: Path, chance: random.Random
) -> None:
    server, ben = Server(), Peer(chance)
    from_ana: list[bytes] = []
    from_ben: list[bytes] = []
    to_ben: list[bytes] = []
    with Browser(driver, chance.randrange(1, 1 << 20)) as ana:

        def exchange(share: float) -> None:
            """Some of what is on its way arrives, of each in the order in which it was sent."""
            to_ana: list[bytes] = []
            for queue, person, out in ((from_ana, "ana", to_ben), (from_ben, "ben", to_ana)):
                arrived = len(queue) if share == 1 else chance.randrange(len(queue) + 1)
                for update in queue[:arrived]:
                    news = server.take(person, update)
                    if news is not None:
                        out.append(news)
                del queue[:arrived]
            ana.take(to_ana)
            while to_ben and chance.random() < share:
                ben.take(to_ben.pop(0))

        for turn in range(1, TURNS + 1):
            from_ana += ana.act(STEPS)
            for _ in range(STEPS // 2):
                from_ben += ben.act()
            exchange(0.6)
            if turn % 10 == 0:
                exchange(1)
                shown, undone = ana.show()
                assert shown == read(ben.doc) == read_state(server.replica.state())
        assert undone["steps"] > 20
