"""The corpus of hostile and genuine input: what the guard must refuse, and what it must let pass."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lab.realtime.errors import ClockGap, RefusedUpdate
from lab.realtime.guard import Checked, Guard, Known, NeedsChild
from lab.realtime.ports import Lease
from tests.support.core_child import outcomes

CORPUS = Path(__file__).parents[2] / "data/fuzz"
BASES = {name: bytes.fromhex(base) for name, base in json.loads((CORPUS / "bases.json").read_text()).items()}
CRAFTED = [r for r in json.loads((CORPUS / "crafted.json").read_text()) if r["kind"] == "update"]
MUTATED = [json.loads(line) for line in (CORPUS / "mutated.jsonl").read_text().splitlines()]
SESSION = [bytes.fromhex(line) for line in (CORPUS / "valid_yjs_session.hex").read_text().split()]


def guard_of(base: str | None) -> Guard:
    guard = Guard(None)
    if base is not None:
        guard.rebuild(BASES[base])
    return guard


def check(guard: Guard, update: bytes, *, large: bool = False) -> Checked:
    """As someone who owns every client id there is: nothing is refused for belonging to somebody else."""
    return guard.check(update, Known("me", 1, dict.fromkeys(guard.clocks, Lease("me", 1))), large=large)


def crafted_bytes(record: dict[str, Any]) -> bytes:
    if "file" in record:
        return (CORPUS / record["file"]).read_bytes()
    return bytes.fromhex(record["hex"])


@pytest.mark.parametrize("record", [r for r in CRAFTED if r["must"] != "accept"], ids=lambda r: r["id"])
def test_every_crafted_attack_is_refused_before_the_core_sees_it(record: dict[str, Any]) -> None:
    guard, update = guard_of(record["base"]), crafted_bytes(record)
    try:
        check(guard, update)
    except NeedsChild:
        with pytest.raises((RefusedUpdate, ClockGap)):
            check(guard, update, large=True)
    except (RefusedUpdate, ClockGap):
        return
    else:
        pytest.fail("it passed")


@pytest.mark.parametrize("record", [r for r in CRAFTED if r["must"] == "accept"], ids=lambda r: r["id"])
def test_harmless_relatives_of_attacks_pass(record: dict[str, Any]) -> None:
    update = crafted_bytes(record)
    assert check(guard_of(record["base"]), update).structs
    assert outcomes([([], update)]) == ["ok"]


def test_whatever_passes_of_the_fuzzers_finds_does_the_core_no_harm() -> None:
    passed = []
    for record in MUTATED:
        update = bytes.fromhex(record["hex"])
        try:
            check(guard_of(record["base"]), update)
        except (RefusedUpdate, ClockGap):
            continue
        passed.append(([BASES[record["base"]]] if record["base"] else [], update))
    assert len(passed) > 20
    assert set(outcomes(passed)) == {"ok"}


def test_3000_genuine_updates_pass_one_after_the_other() -> None:
    guard = guard_of(None)
    for update in SESSION:
        guard.commit(check(guard, update))
    assert outcomes([(SESSION[:-1], SESSION[-1])]) == ["ok"]
    assert guard.items > 5_000


def test_genuine_updates_pass_after_a_restart_at_any_moment() -> None:
    from pycrdt import Doc  # genuine input only: safe in this process

    doc: Doc = Doc()
    guard = guard_of(None)
    for number, update in enumerate(SESSION[:1_000]):
        if number % 50 == 49:
            guard = guard_of(None)
            guard.rebuild(doc.get_update())
        guard.commit(check(guard, update))
        doc.apply_update(update)
