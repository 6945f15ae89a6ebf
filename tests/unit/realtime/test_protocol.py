"""Frames: golden bytes, and refusal of everything else with ProtocolError only."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from lab.realtime.errors import ProtocolError
from lab.realtime.lib0 import Malformed, write_string, write_varuint
from lab.realtime.protocol import (
    AwarenessUpdate,
    Event,
    Frame,
    Mark,
    QueryAwareness,
    Saved,
    SyncStep1,
    SyncStep2,
    Update,
    decode,
    decode_any,
    decode_vector,
    encode,
    encode_vector,
)

TESTS = Path(__file__).parents[2]
GOLDEN = json.loads((TESTS / "golden/frames.json").read_text())
CRAFTED = json.loads((TESTS / "data/fuzz/crafted.json").read_text())


def meaning(frame: Frame) -> dict[str, Any]:
    match frame:
        case SyncStep1(clocks):
            return {"kind": "sync-step-1", "clocks": {str(client): clock for client, clock in clocks.items()}}
        case SyncStep2(update):
            return {"kind": "sync-step-2", "update": update.hex()}
        case Update(update):
            return {"kind": "update", "update": update.hex()}
        case AwarenessUpdate(states):
            listed = [[client, clock, json.loads(state)] for client, clock, state in states]
            return {"kind": "awareness", "states": listed}
        case QueryAwareness():
            return {"kind": "query-awareness"}
        case Mark(n):
            return {"kind": "mark", "n": n}
        case Saved(n):
            return {"kind": "saved", "n": n}
        case Event(content):
            return {"kind": "event", "content": content}


def crafted_bytes(record: dict[str, Any]) -> bytes:
    if "file" in record:
        return (TESTS / "data/fuzz" / record["file"]).read_bytes()
    return bytes.fromhex(record["hex"])


def awareness(*states: tuple[int, int, str]) -> bytes:
    return encode(AwarenessUpdate(states))


@pytest.mark.parametrize("golden", GOLDEN["frames"], ids=lambda golden: golden["name"])
def test_golden_bytes_mean_what_is_written_beside_them(golden: dict[str, Any]) -> None:
    data = bytes.fromhex(golden["hex"])
    frame = decode_any(data)
    told = {key: value for key, value in golden.items() if key not in ("name", "hex", "from")}
    assert meaning(frame) == told
    assert encode(frame) == data
    if golden["from"] == "server":
        with pytest.raises(ProtocolError):
            decode(data)
    else:
        assert decode(data) == frame


@pytest.mark.parametrize("golden", GOLDEN["malformed"], ids=lambda golden: golden["name"])
def test_malformed_frames_are_refused(golden: dict[str, Any]) -> None:
    with pytest.raises(ProtocolError) as refused:
        decode_any(bytes.fromhex(golden["hex"]))
    assert refused.value.close == 4400


@pytest.mark.parametrize(
    "record", [r for r in CRAFTED if r["kind"] in ("frame", "awareness")], ids=lambda r: r["id"]
)
def test_every_hostile_frame_of_the_corpus_is_refused(record: dict[str, Any]) -> None:
    with pytest.raises(ProtocolError):
        decode(crafted_bytes(record))


@pytest.mark.parametrize("record", [r for r in CRAFTED if r["kind"] == "state_vector"], ids=lambda r: r["id"])
def test_every_hostile_state_vector_of_the_corpus_is_refused(record: dict[str, Any]) -> None:
    vector = crafted_bytes(record)
    with pytest.raises(Malformed):
        decode_vector(vector)
    with pytest.raises(ProtocolError):
        decode(b"\x00\x00" + write_varuint(len(vector)) + vector)


def test_a_state_vector_is_written_anew_for_the_core() -> None:
    padded = bytes((0, 0, 4, 1, 0x85, 0, 3))  # client 5, in two bytes where one would do
    frame = decode(padded)
    assert isinstance(frame, SyncStep1)
    assert frame.state_vector == bytes((1, 5, 3))
    assert decode_vector(encode_vector({1: 2, 300: 40_000})) == {1: 2, 300: 40_000}


@pytest.mark.parametrize(
    ("vector", "why"),
    [
        (encode_vector(dict.fromkeys(range(5_001), 1)), "too many clients"),
        (bytes((1, 5)) + write_varuint(1 << 31), "impossible clock"),
        (bytes((1, 5, 3, 0)), "follows the end"),
    ],
)
def test_state_vectors_are_bounded(vector: bytes, why: str) -> None:
    with pytest.raises(Malformed, match=why):
        decode_vector(vector)


def test_presence_has_a_size_limit_that_the_caller_sets() -> None:
    state = json.dumps({"text": "x" * 100})
    assert decode(awareness((1, 1, state)))
    with pytest.raises(ProtocolError) as refused:
        decode(awareness((1, 1, state)), awareness_bytes=100)
    assert refused.value.reason == "awareness_too_big"


@pytest.mark.parametrize(
    "states",
    [
        [(1, 1, "{}"), (1, 2, "{}")],
        [(1, 1 << 31, "{}")],
        [(1, 1, "[]")],
        [(1, 1, '{"x":Infinity}')],
        [(1, 1, '{"x":1e999}')],
        [(1, 1, '{"x":9007199254740993}')],
        [(1, 1, '{"x":"\\ud800"}')],
        [(1, 1, '{"x":' * 33 + "1" + "}" * 33)],
        [(client, 1, "null") for client in range(1_001)],
    ],
)
def test_presence_that_a_browser_could_not_read_is_refused(states: list[tuple[int, int, str]]) -> None:
    with pytest.raises(ProtocolError):
        decode(awareness(*states))


def test_brackets_inside_strings_are_not_depth() -> None:
    state = json.dumps({"text": '[[[["\\' * 20, "deep": [[[1]]]})
    assert decode(awareness((1, 1, state))) == AwarenessUpdate(((1, 1, state),))


def test_something_after_the_presence_list_is_refused() -> None:
    with pytest.raises(ProtocolError):
        decode(bytes((1, 2, 0, 0)))


def test_an_event_is_an_object() -> None:
    with pytest.raises(ProtocolError):
        decode_any(b"\x66" + write_string("[]"))


def test_whatever_the_bytes_only_protocol_errors_come_out() -> None:
    chance = random.Random(1)
    frames = [bytes.fromhex(golden["hex"]) for golden in GOLDEN["frames"]]
    for _ in range(5_000):
        data = bytearray(chance.choice(frames))
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.choice((0, 1, 127, 128, 255, chance.randrange(256)))
        try:
            decode(bytes(data))
        except ProtocolError:
            continue
