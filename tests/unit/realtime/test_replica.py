"""The replica: what was news, and what happens when the core fails."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from pycrdt import Doc, Text

from lab.realtime import bulletin
from lab.realtime.guard import Known
from lab.realtime.replica import EMPTY, Poisoned, Replica, distrusting, folded

KNOWN = Known("ana", 1, {})


def written(words: str) -> Doc[Any]:
    doc: Doc[Any] = Doc()
    doc.get("t", type=Text).insert(0, words)
    return doc


def take(replica: Replica, update: bytes) -> bytes | None:
    return replica.apply(replica.check(update, KNOWN))


def test_news_is_told_once() -> None:
    replica = Replica(EMPTY)
    doc = written("hello")
    news = take(replica, doc.get_update())
    assert news is not None
    assert str(text_of(news)) == "hello"
    assert take(replica, doc.get_update()) is None
    del doc.get("t", type=Text)[1:3]
    deletion = take(replica, doc.get_update())
    assert deletion is not None
    assert deletion[0] == 0, "only what was new of it: a deletion"
    assert replica.state_vector() == doc.get_state()
    assert str(text_of(replica.diff(b"\0"))) == str(text_of(folded(None, [replica.state()]))) == "hlo"


def text_of(update: bytes) -> Text:
    doc: Doc[Any] = Doc()
    doc.apply_update(update)
    return doc.get("t", type=Text)


def test_rows_of_the_log_are_taken_as_they_are() -> None:
    replica = Replica(EMPTY)
    replica.absorb(written("hello").get_update())
    assert str(replica.doc.get("t", type=Text)) == "hello"
    assert len(replica.guard.clocks) == 1


def test_a_core_that_takes_less_than_the_guard_let_pass_is_not_trusted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    replica = Replica(EMPTY)
    checked = replica.check(written("hello").get_update(), KNOWN)
    monkeypatch.setattr(replica.doc, "apply_update", lambda update: None)
    with pytest.raises(Poisoned):
        replica.apply(checked)


def test_several_transactions_make_one_piece_of_news(monkeypatch: pytest.MonkeyPatch) -> None:
    replica = Replica(EMPTY)
    checked = replica.check(written("hello").get_update(), KNOWN)
    other = written("more").get_update()
    monkeypatch.setattr(
        replica.doc, "apply_update", lambda update: replica._absorbed.extend([checked.update, other])
    )
    news = replica.apply(checked)
    assert news is not None
    assert sorted(str(text_of(news)).replace("hello", "h ").replace("more", "m ").split()) == ["h", "m"]


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, asyncio.CancelledError])
def test_what_ends_a_program_or_a_task_is_no_poison(kind: type[BaseException]) -> None:
    with pytest.raises(kind), distrusting():
        raise kind


def test_a_panic_of_the_real_core_is_poison() -> None:
    doc = written("x")
    with pytest.raises(Poisoned, match="PanicException"), distrusting():
        doc.apply_update(bytes.fromhex("010206ffffffffffffff0f0002000100"))


@pytest.mark.parametrize(
    "what",
    [
        bulletin.Rows(7, (bulletin.Row(1, b"ab", "ana", (5, 1 << 40)), bulletin.Row(3, b"", "ben", ()))),
        bulletin.Here(((5, 1, "{}"), (6, 2, "null"))),
        bulletin.WhoIsThere(),
        bulletin.LookAgain(),
        bulletin.Told({"type": "changed", "what": "comments", "é": [1]}),
    ],
)
def test_bulletins_arrive_as_they_were_written(what: bulletin.Bulletin) -> None:
    assert bulletin.read(bulletin.write(what)) == what


@pytest.mark.parametrize("nonsense", [b"", b"\x00", b"\x00\x01\x01\x09", b"\x01\x03", b"\x01\x09", b"\x04[]"])
def test_a_bulletin_that_cannot_be_read_is_none(nonsense: bytes) -> None:
    assert bulletin.read(nonsense) is None
