"""The table of docs/accessibility.md holds every command of the boards, and a way for everybody to each."""

from __future__ import annotations

import json
import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
WAYS = ("mouse", "touch", "keyboard on the board", "in the outline")

# The rows of the table, and which commands are what they speak of.
ROWS = {
    "go from one to the next": "go.left go.right go.up go.down go.first go.last area.next area.previous",
    "select several, all": "select.toggle select.all extend.left extend.right extend.up extend.down",
    "step back: out of a text, a drag, a selection": "escape edit.leave",
    "add a note": "note.add note.right note.left note.above note.below tool.note",
    "add a heading, an area": "heading.add area.add tool.heading tool.area",
    "add an image, a link": "picture.add source.add",
    "write in it": "edit",
    "move it": "move.mode move.drop move.left move.right move.up move.down move.left.fine move.right.fine"
    " move.up.fine move.down.fine arrows",
    "move it to an area": "move.to",
    "make it larger or smaller": "size.wider size.narrower size.taller size.shorter",
    "above or below others": "order.up order.down order.top order.bottom",
    "align, equal gaps, tidy up": "align.left align.centre align.right align.top align.middle align.bottom"
    " distribute.across distribute.down tidy",
    "group, take apart, cluster by": "group ungroup cluster-by",
    "merge, split": "merge split",
    "connect": "connect connect.here connect.list tool.connect",
    "go along a connector": "connector.next connector.follow",
    "meaning, words and direction of a connector": "relation.plain relation.supports relation.challenges"
    " relation.leads_to connector.turn",
    "colour, tags": "colour tags",
    "support, react": "support react",
    "comment, answer, resolve": "comment",
    "say something to those here": "chat",
    "describe an image, change a link": "alt source.edit",
    "open a link, an evidence card; details of anything": "source.open evidence.open details",
    "lock, unlock, rules of an area": "lock unlock area.rules",
    "duplicate, copy, cut, paste": "duplicate copy cut paste paste.plain",
    "remove, bring back": "remove removed",
    "undo, redo (only your own)": "undo redo",
    "find": "find find.next find.previous",
    "zoom, see everything": "zoom.in zoom.out zoom.whole zoom.fit zoom.selection minimap",
    "look elsewhere": "tool.select tool.hand",
    "less on the screen: calm mode, others' cursors": "calm cursors",
    "versions, going back": "history",
    "find what is said twice, what colours mean, download, settings": "duplicates legend export settings",
    "everything that can be done with it; all keys": "menu shortcuts",
}
SPELLED = {"PageUp": "Page Up", "PageDown": "Page Down", ".": "full stop"}


@cache
def commands() -> dict[str, dict[str, Any]]:
    script = ["node", "scripts/commands.mjs"]
    told = subprocess.run(script, cwd=ROOT / "frontend", capture_output=True, text=True, encoding="utf-8")
    assert told.returncode == 0, told.stderr
    return {each["id"]: each for each in json.loads(told.stdout)}


@cache
def table() -> dict[str, list[str]]:
    page = (ROOT / "docs" / "accessibility.md").read_text()
    _, _, after = page.partition("| action | " + " | ".join(WAYS) + " |\n")
    assert after, "the table of board actions has these columns"
    rows = re.match(r"(?:\|.*\|\n)+", after)
    assert rows is not None
    cells = [[cell.strip() for cell in row[1:-1].split("|")] for row in rows[0].splitlines()[1:]]
    return {action: ways for action, *ways in cells}


def test_every_command_has_one_row() -> None:
    named = [id for row in ROWS.values() for id in row.split()]
    assert len(named) == len(set(named))
    assert set(named) == commands().keys()


@pytest.mark.parametrize("action", ROWS)
def test_every_action_says_how_it_is_done_each_way(action: str) -> None:
    ways = table()[action]
    assert len(ways) == len(WAYS)
    missing = [way for way, how in zip(WAYS, ways, strict=True) if not re.search(r"[^\s–]", how)]
    assert not missing


@pytest.mark.parametrize("action", ROWS)
def test_the_keys_are_those_of_the_commands(action: str) -> None:
    keyboard = table()[action][2]
    wanted = {id: spelled(commands()[id]["keys"][0]) for id in ROWS[action].split() if commands()[id]["keys"]}
    missing = {id: key for id, key in wanted.items() if not said(key, keyboard)}
    assert not missing


def spelled(key: str) -> str:
    key = re.sub(r"Arrow(Left|Right|Up|Down)$", "arrows", key)
    return SPELLED.get(key, key.replace("Mod+", "Ctrl+"))


def said(key: str, cell: str) -> bool:
    """As a word of its own, or as one of "left and right arrows"."""
    return re.search(rf"(?<![\w+]){re.escape(key)}(?![\w+])", cell) is not None
