"""C3: the server's library and Yjs, given the same session, hold the same; and read each other's bytes alike.

A session is a few replicas, each of them kept in both, and steps: an edit, made in one of the two by chance,
or one replica sending another what it lacks. (The same edit made in both would not do: where it stands among
what was deleted, either may choose.) 50 sessions here; 1,000 with `--hypothesis-profile deep`.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import settings
from pycrdt import Array, Doc, Map, Text, XmlElement, XmlFragment, XmlText

SESSIONS = 1_000 if settings.get_current_profile_name() == "deep" else 50
SCRIPT = Path(__file__).resolve().parents[1] / "support" / "sessions.mjs"
LETTERS = "abcdef \né字👍𝄞"
VALUES: list[Any] = [0, -7, 3.5, True, None, "é👍", [1, [2]], {"a": {"b": 1}}]
TEXTS = ("insert text", "insert text", "insert text", "delete text", "format text")
LISTS = ("insert value", "insert value", "insert type", "delete value")
MAPS = ("set value", "set value", "set type", "delete entry")
NODES = ("insert element", "insert words", "set attribute", "delete node")


def step(chance: Random, count: int) -> dict[str, Any]:
    on = chance.randrange(count)
    if chance.random() < 0.2:
        return {"do": "send", "on": on, "to": chance.choice([n for n in range(count) if n != on])}
    root = chance.choice(["text", "text", "list", "map", "xml", "inner", "inner"])
    verbs = {"text": TEXTS, "list": LISTS, "map": MAPS, "xml": NODES, "inner": TEXTS + LISTS + MAPS}[root]
    do = chance.choice(verbs)
    made: dict[str, Any] = {
        "do": do, "on": on, "root": root, "key": chance.choice("abc"), "entry": chance.choice("abc"),
        "at": chance.random() * 0.999, "count": chance.randint(1, 5), "mark": chance.choice(["bold", "link"]),
        "on_": chance.choice([True, None, {"href": "x"}]),
    }  # fmt: skip
    if do in ("insert text", "insert words", "set attribute"):
        made["what"] = "".join(chance.choices(LETTERS, k=chance.randint(1, 6)))
    elif do in ("insert type", "set type"):
        made["what"] = chance.choice(["text", "list", "map"])
    elif do == "insert element":
        made["what"] = chance.choice("ph")
    else:
        made["what"] = chance.choice(VALUES)
    return made


# -- in the server's library


def units(text: Any, at: int) -> int:
    """Bytes before the character at this place."""
    return len(str(text)[:at].encode())


def place(share: float, size: int) -> int:
    return int(share * (size + 1))


def holder(doc: Doc[Any], step: dict[str, Any]) -> Any:
    held = doc.get("map", type=Map)
    match step["root"]:
        case "text":
            return doc.get("text", type=Text)
        case "list":
            return doc.get("list", type=Array)
        case "map":
            return held
        case "xml":
            return doc.get("xml", type=XmlFragment)
    return held.get(step["key"])


def fresh(kind: str) -> Any:
    return {"text": Text, "list": Array, "map": Map}[kind]()


def edit(doc: Doc[Any], step: dict[str, Any]) -> None:
    target, share, what = holder(doc, step), step["at"], step["what"]
    match step["do"], target:
        case "insert text", Text():
            target.insert(units(target, place(share, len(str(target)))), what)
        case "delete text", Text():
            start = place(share, len(str(target)))
            first, end = units(target, start), units(target, start + step["count"])
            if end > first:
                del target[first:end]
        case "format text", Text():
            start = place(share, len(str(target)))
            first, end = units(target, start), units(target, start + step["count"])
            if end > first:
                target.format(first, end, {step["mark"]: step["on_"]})
        case "insert value", Array():
            target.insert(place(share, len(target)), what)
        case "insert type", Array():
            target.insert(place(share, len(target)), fresh(what))
        case "delete value", Array():
            start = place(share, len(target))
            end = min(start + step["count"], len(target))
            if end > start:
                del target[start:end]
        case "set value", Map():
            target[step["entry"]] = what
        case "set type", Map():
            target[step["entry"]] = fresh(what)
        case "delete entry", Map():
            if step["entry"] in target:
                del target[step["entry"]]
        case "insert element", XmlFragment():
            target.children.insert(place(share, len(target.children)), XmlElement(what))
        case "insert words", XmlFragment():
            target.children.insert(place(share, len(target.children)), XmlText(what))
        case "set attribute", XmlFragment():
            if len(target.children):
                node = target.children[min(place(share, len(target.children)), len(target.children) - 1)]
                if isinstance(node, XmlElement):
                    node.attributes[step["entry"]] = what
        case "delete node", XmlFragment():
            at = place(share, len(target.children))
            if at < len(target.children):
                del target.children[at]


def runs(text: Any) -> list[Any]:
    found: list[Any] = []
    for words, marks in text.diff():
        marked = [[key, plain(value)] for key, value in sorted((marks or {}).items())]
        if found and found[-1][1] == marked:
            found[-1][0] += words
        else:
            found.append([words, marked])
    return found


def shown(value: Any) -> Any:
    match value:
        case XmlElement():
            attributes = [[key, held] for key, held in sorted(value.attributes)]
            return ["element", value.tag, attributes, [shown(child) for child in value.children]]
        case XmlText() | Text():
            return ["text", runs(value)]
        case XmlFragment():
            return [shown(child) for child in value.children]
        case Array():
            return [shown(each) for each in value]
        case Map():
            return [[key, shown(held)] for key, held in sorted(value.items(), key=lambda pair: pair[0])]
    return plain(value)


def plain(value: Any) -> Any:
    """Numbers as JavaScript writes them."""
    match value:
        case float() if value.is_integer():
            return int(value)
        case list():
            return [plain(each) for each in value]
        case dict():
            return {key: plain(each) for key, each in value.items()}
    return value


def holds(doc: Doc[Any]) -> list[Any]:
    kinds: dict[str, Any] = {"text": Text, "list": Array, "map": Map, "xml": XmlFragment}
    return [shown(doc.get(name, type=kind)) for name, kind in kinds.items()]


class Yjs:
    """The same replicas in Node."""

    def __init__(self) -> None:
        node = shutil.which("node")
        assert node, "Node runs the browser's library"
        self._process = subprocess.Popen(
            [node, str(SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def tell(self, **what: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()

    def ask(self, **what: Any) -> Any:
        self.tell(**what)
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())

    def end(self) -> None:
        self._process.communicate()


def played(seed: int, yjs: Yjs) -> None:
    """Each edit is made in one of the two, and reaches the same replica in the other as bytes."""
    chance = Random(seed)
    count = chance.randint(2, 4)
    ids = chance.sample(range(1, 1 << 31), 2 * count)
    docs: list[Doc[Any]] = [Doc(client_id=client) for client in ids[:count]]
    for doc in docs:
        holds(doc)
    yjs.tell(begin=ids[count:])
    for _ in range(chance.randint(20, 120)):
        made = step(chance, count)
        doc = docs[made["on"]]
        if made["do"] == "send":
            to = docs[made["to"]]
            to.apply_update(doc.get_update(to.get_state()))
            yjs.tell(send=made)
        elif chance.random() < 0.5:
            before = doc.get_state()
            with doc.transaction():
                edit(doc, made)
            yjs.tell(take=doc.get_update(before).hex(), on=made["on"])
        else:
            doc.apply_update(bytes.fromhex(yjs.ask(edit=made)))
    theirs = yjs.ask(end=True)
    for number, doc in enumerate(docs):
        # Of itself Yjs takes out marks that have become superfluous; that reaches us as bytes, like an edit.
        doc.apply_update(bytes.fromhex(theirs["updates"][number]))
        assert holds(doc) == theirs["holds"][number], f"session {seed}, replica {number}"
        read: Doc[Any] = Doc()
        read.apply_update(bytes.fromhex(theirs["updates"][number]))
        assert holds(read) == theirs["holds"][number], f"session {seed}, replica {number} read"


def test_C3_the_same_session_gives_the_same_document_in_both() -> None:
    yjs = Yjs()
    try:
        for seed in range(SESSIONS):
            played(seed, yjs)
    finally:
        yjs.end()
