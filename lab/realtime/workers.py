"""Workers: what of the engine's work may be slow, huge or deadly, and is done in child processes."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from hashlib import sha256
from operator import itemgetter
from typing import Any, Protocol

from pycrdt import Array, Doc, Map, Text, XmlElement, XmlFragment, XmlText

from .children import Children
from .guard import Checked, Guard, Known, Limits
from .options import Options
from .ports import Schema
from .protocol import decode_vector
from .replica import Poisoned, Replica, distrusting, folded


class Work(Protocol):
    async def load(
        self, snapshot: bytes | None, updates: Sequence[bytes], schema: Schema | None, limits: Limits
    ) -> tuple[bytes, Guard]:
        """The state, and a guard that knows it."""

    async def attempt(self, state: bytes, guard: Guard, update: bytes, known: Known) -> Checked:
        """Check a large update and try it on a copy of the document."""

    async def fold(self, snapshot: bytes | None, updates: Sequence[bytes]) -> bytes:
        """A snapshot that has been decoded again and compared."""

    def close(self) -> None: ...


def load(
    snapshot: bytes | None, updates: Sequence[bytes], schema: Schema | None, limits: Limits
) -> tuple[bytes, Guard]:
    state = folded(snapshot, updates)
    guard = Guard(schema, limits)
    with distrusting():
        guard.rebuild(state)
    return state, guard


def attempt(state: bytes, guard: Guard, update: bytes, known: Known) -> Checked:
    with distrusting():
        checked = guard.check(update, known, large=True)
    replica = Replica(state, guard=guard)
    replica.apply(checked)
    # Some updates apply, and only make every later encoding or loading impossible.
    folded(None, [replica.state()])
    # The rest of it is the whole room, which the parent has.
    checked.additions.below = None
    return checked


def fold(snapshot: bytes | None, updates: Sequence[bytes]) -> bytes:
    state = folded(snapshot, updates)
    if digest(folded(None, [state])) != digest(state):
        raise Poisoned("a snapshot does not decode to what it was made from")
    return state


def digest(state: bytes) -> str:
    """What a reader would find, in every way of reading, and which clocks are known."""
    doc: Doc[Any] = Doc()
    with distrusting():
        doc.apply_update(state)
        found: list[object] = [sorted(decode_vector(doc.get_state()).items())]
        for name in sorted(doc.keys()):
            # What kind a root is, is not stored: each way of reading shows its own part of it. Letters are
            # read as text only: over an emoji among them, the core's reading as an array never ends.
            found += (_shown(doc.get(name, type=kind)) for kind in (Text, Map, XmlFragment))
            if not str(doc.get(name, type=Text)):
                found.append(_shown(doc.get(name, type=Array)))
        return sha256(repr(found).encode("utf-8", "surrogatepass")).hexdigest()


def _shown(value: Any) -> object:
    """As nested tuples, entries and attributes sorted: the core keeps them in another order in every copy."""
    match value:
        case Text() | XmlText():
            attributes = _entries(value.attributes) if isinstance(value, XmlText) else ()
            runs = ((_shown(text), _entries((marks or {}).items())) for text, marks in value.diff())
            return type(value).__name__, attributes, tuple(runs)
        case XmlElement():
            return value.tag, _entries(value.attributes), tuple(map(_shown, value.children))
        case XmlFragment():
            return tuple(map(_shown, value.children))
        case Map():
            return _entries(value.items())
        case dict():
            return _entries(value.items())
        case Array() | list() | tuple():
            return tuple(map(_shown, value))
        case str() | bytes() | int() | float() | None:
            return value
        case _:
            return type(value).__name__


def _entries(pairs: Any) -> tuple[tuple[str, object], ...]:
    return tuple(sorted(((key, _shown(value)) for key, value in pairs), key=itemgetter(0)))


class InProcess:
    """The same work without children: for tests of something else."""

    async def load(
        self, snapshot: bytes | None, updates: Sequence[bytes], schema: Schema | None, limits: Limits
    ) -> tuple[bytes, Guard]:
        return load(snapshot, updates, schema, limits)

    async def attempt(self, state: bytes, guard: Guard, update: bytes, known: Known) -> Checked:
        return attempt(state, pickle.loads(pickle.dumps(guard)), update, known)  # noqa: S301

    async def fold(self, snapshot: bytes | None, updates: Sequence[bytes]) -> bytes:
        return fold(snapshot, updates)

    def close(self) -> None:
        return None


class Workers:
    def __init__(self, options: Options) -> None:
        self._options = options
        self._children = Children(options.children, options.child_memory)

    async def load(
        self, snapshot: bytes | None, updates: Sequence[bytes], schema: Schema | None, limits: Limits
    ) -> tuple[bytes, Guard]:
        seconds = self._options.child_load_cpu_seconds
        return await self._children.run(seconds, load, snapshot, updates, schema, limits)

    async def attempt(self, state: bytes, guard: Guard, update: bytes, known: Known) -> Checked:
        return await self._children.run(self._options.child_cpu_seconds, attempt, state, guard, update, known)

    async def fold(self, snapshot: bytes | None, updates: Sequence[bytes]) -> bytes:
        return await self._children.run(self._options.child_load_cpu_seconds, fold, snapshot, updates)

    def close(self) -> None:
        self._children.close()
