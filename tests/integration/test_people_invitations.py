"""Invitations: a fixed role, a number of uses, an end; and guests who give only a name."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlmodel import select

from lab.challenges.models import DEFAULT_STAGES, Challenge, Membership
from lab.people.models import Invitation, Login, Person
from tests.support.app import Browser, Lab


async def a_challenge(lab: Lab, by: Browser, *, facilitator: Browser | None = None) -> str:
    now = lab.clock.now()
    challenge = Challenge(
        title="Open doors", question="What would it take?", stage="understand", stages=list(DEFAULT_STAGES),
        created_by=by.id, created_at=now, updated_at=now,
    )  # fmt: skip
    async with lab.people.database.transaction() as session:
        session.add(challenge)
        await session.flush()
        if facilitator is not None:
            session.add(
                Membership(
                    challenge_id=challenge.id, person_id=facilitator.id, role="facilitator", joined_at=now
                )
            )
    return challenge.id


async def invited(by: Browser, challenge: str, **more: Any) -> tuple[str, dict[str, Any]]:
    """The secret, and the invitation as shown."""
    answer = await by.post(f"/api/challenges/{challenge}/invitations", {"role": "participant", **more})
    assert answer.status_code == 201, answer.text
    made = answer.json()
    page, _, secret = made["url"].partition("#")
    assert page == "http://127.0.0.1:8000/join"
    return secret, made


async def test_a_guest_joins_by_name_only(lab: Lab) -> None:
    staff = await lab.person("Sam", role="staff")
    challenge = await a_challenge(lab, staff)
    secret, _ = await invited(staff, challenge)
    guest = lab.browser("198.51.100.4")
    offer = (await guest.post("/api/invitations/look", {"secret": secret})).json()
    assert offer["challenge"] == {"id": challenge, "title": "Open doors", "question": "What would it take?"}
    assert (offer["role"], offer["lab"]) == ("participant", "Our lab")
    nameless = await guest.post("/api/invitations/accept", {"secret": secret})
    assert (nameless.status_code, nameless.json()["code"]) == (422, "name_needed")
    joined = await guest.post("/api/invitations/accept", {"secret": secret, "name": "Maya"})
    assert joined.status_code == 200, joined.text
    assert joined.json()["challenge"] == challenge
    me = joined.json()["person"]
    assert (me["name"], me["guest"], me["role"], me["email"]) == ("Maya", True, None, None)
    assert (await guest.me())["person"]["id"] == me["id"]
    async with lab.people.database.reading() as session:
        membership = await session.get(Membership, (challenge, me["id"]))
    assert membership is not None
    assert membership.role == "participant"


async def test_somebody_signed_in_keeps_their_account_and_gets_a_new_cookie(lab: Lab) -> None:
    staff, ana = await lab.person("Sam", role="staff"), await lab.person("Ana")
    challenge = await a_challenge(lab, staff)
    secret, made = await invited(staff, challenge, role="facilitator")
    before = ana.http.cookies["lab"]
    answer = await ana.post("/api/invitations/accept", {"secret": secret, "name": "Somebody else"})
    assert answer.json()["person"]["id"] == ana.id
    assert answer.json()["person"]["name"] == "Ana"
    assert ana.http.cookies["lab"] != before
    again = await ana.post("/api/invitations/accept", {"secret": secret})
    assert again.status_code == 200
    items = (await staff.get(f"/api/challenges/{challenge}/invitations")).json()["items"]
    assert [(item["id"], item["uses"]) for item in items] == [(made["id"], 1)], "twice is one use"


async def test_a_program_may_accept_too(lab: Lab) -> None:
    staff, ana = await lab.person("Sam", role="staff"), await lab.account("Ana")
    secret, _ = await invited(staff, await a_challenge(lab, staff))
    script = await lab.bearer(ana.id)
    answer = await script.post("/api/invitations/accept", {"secret": secret})
    assert answer.json()["person"]["id"] == ana.id
    assert "set-cookie" not in answer.headers


async def test_uses_are_counted_even_when_many_come_at_once(lab: Lab) -> None:
    staff = await lab.person("Sam", role="staff")
    secret, _ = await invited(staff, await a_challenge(lab, staff), max_uses=3)
    answers = await asyncio.gather(
        *(
            lab.browser().post("/api/invitations/accept", {"secret": secret, "name": f"Guest {n}"})
            for n in range(8)
        )
    )
    codes = [answer.json().get("code", "joined") for answer in answers]
    assert codes.count("joined") == 3
    assert codes.count("invitation_used_up") == 5
    async with lab.people.database.reading() as session:
        guests = (await session.exec(select(Person).where(Person.guest))).all()  # type: ignore[arg-type]
    assert len(guests) == 3, "who came too late was not made"


async def test_the_database_has_the_last_word_on_uses(lab: Lab) -> None:
    staff = await lab.person("Sam", role="staff")
    secret, made = await invited(staff, await a_challenge(lab, staff), max_uses=1)

    invitations = lab.app.state.invitations
    usable = invitations._usable

    async def looked_before_the_other_took_it(session: Any, given: str) -> Invitation:
        found: Invitation = await usable(session, given)
        session.expunge(found)
        stored = await session.get(Invitation, made["id"])
        stored.uses = 1
        await session.flush()
        return found

    invitations._usable = looked_before_the_other_took_it
    answer = await lab.browser().post("/api/invitations/accept", {"secret": secret, "name": "Late"})
    assert answer.json()["code"] == "invitation_used_up"


async def test_an_end_comes_by_time(lab: Lab) -> None:
    staff = await lab.person("Sam", role="staff")
    secret, _ = await invited(staff, await a_challenge(lab, staff), expires_in_hours=1)
    lab.clock.advance(3600)
    for path, body in (("look", {}), ("accept", {"name": "Maya"})):
        answer = await lab.browser().post(f"/api/invitations/{path}", {"secret": secret, **body})
        assert (answer.status_code, answer.json()["code"]) == (410, "invitation_expired")


@pytest.mark.parametrize("forged", ["", "x", "a" * 32])
async def test_forged_secrets(lab: Lab, forged: str) -> None:
    for path, body in (("look", {}), ("accept", {"name": "Maya"})):
        answer = await lab.browser().post(f"/api/invitations/{path}", {"secret": forged, **body})
        assert (answer.status_code, answer.json()["code"]) == (404, "invitation_unknown")


async def test_withdrawing_an_invitation_and_the_sign_ins_it_made(lab: Lab) -> None:
    staff = await lab.person("Sam", role="staff")
    challenge = await a_challenge(lab, staff)
    secret, made = await invited(staff, challenge)
    guest = lab.browser()
    await guest.post("/api/invitations/accept", {"secret": secret, "name": "Maya"})
    base = f"/api/challenges/{challenge}/invitations/{made['id']}/revoke"
    assert (await staff.post(base, {})).status_code == 204
    refused = await lab.browser().post("/api/invitations/accept", {"secret": secret, "name": "Late"})
    assert (refused.status_code, refused.json()["code"]) == (410, "invitation_revoked")
    assert (await guest.me())["person"] is not None, "who is in stays in"
    assert (await staff.post(base, {"end_sessions": True})).status_code == 204
    assert (await guest.me())["person"] is None
    item = (await staff.get(f"/api/challenges/{challenge}/invitations")).json()["items"][0]
    assert item["revoked_at"] is not None


async def test_who_may_invite(lab: Lab) -> None:
    staff = await lab.person("Sam", role="staff")
    rosa, ana = await lab.person("Rosa"), await lab.person("Ana", role="facilitator")
    challenge = await a_challenge(lab, staff, facilitator=rosa)
    await invited(rosa, challenge, role="facilitator")
    path = f"/api/challenges/{challenge}/invitations"
    outsider = await ana.post(path, {"role": "observer"})
    assert outsider.status_code == 404, "a challenge that is not theirs does not exist for them"
    secret, made = await invited(rosa, challenge)
    guest = lab.browser()
    await guest.post("/api/invitations/accept", {"secret": secret, "name": "Maya"})
    for answer in (
        await guest.post(path, {"role": "observer"}),
        await guest.get(path),
        await guest.post(f"{path}/{made['id']}/revoke", {}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert (await staff.post(path, {"role": "staff"})).status_code == 422, "nobody becomes staff by a link"


async def test_nobody_gives_or_withdraws_more_than_they_have(lab: Lab) -> None:
    staff, rosa = await lab.person("Sam", role="staff"), await lab.person("Rosa")
    challenge = await a_challenge(lab, staff, facilitator=rosa)
    _, made = await invited(staff, challenge, role="facilitator")
    async with lab.people.database.transaction() as session:
        (await session.get_one(Invitation, made["id"])).role = "staff"
    answer = await rosa.post(f"/api/challenges/{challenge}/invitations/{made['id']}/revoke", {})
    assert (answer.status_code, answer.json()["code"]) == (403, "role_too_high")
    from lab.people.shapes import NewInvitation

    too_high = NewInvitation.model_construct(role="staff", label="", expires_in_hours=1, max_uses=1)
    from lab.people.errors import RoleTooHigh

    with pytest.raises(RoleTooHigh):
        await lab.app.state.invitations.make(challenge, too_high, await lab.identity(rosa))


async def test_an_invitation_of_another_challenge_is_not_theirs_to_withdraw(lab: Lab) -> None:
    """Two ids are given, and both are looked at."""
    staff, rosa = await lab.person("Sam", role="staff"), await lab.person("Rosa")
    hers, other = await a_challenge(lab, staff, facilitator=rosa), await a_challenge(lab, staff)
    _, made = await invited(staff, other)
    answer = await rosa.post(f"/api/challenges/{hers}/invitations/{made['id']}/revoke", {})
    assert (answer.status_code, answer.json()["code"]) == (404, "invitation_unknown")


async def test_only_a_hash_of_the_secret_is_kept(lab: Lab) -> None:
    staff = await lab.person("Sam", role="staff")
    secret, _ = await invited(staff, await a_challenge(lab, staff))
    assert len(secret) >= 22, "128 bits in base 64"
    async with lab.people.database.reading() as session:
        assert secret not in repr((await session.exec(select(Invitation))).all())


async def test_an_invitation_to_a_challenge_that_is_gone(lab: Lab) -> None:
    staff = await lab.person("Sam", role="staff")
    secret, made = await invited(staff, await a_challenge(lab, staff))
    async with lab.people.database.transaction() as session:
        (await session.get_one(Invitation, made["id"])).challenge_id = "GONE"
    answer = await lab.browser().post("/api/invitations/look", {"secret": secret})
    assert (answer.status_code, answer.json()["code"]) == (404, "invitation_unknown")
    answer = await lab.browser().post("/api/invitations/accept", {"secret": secret, "name": "Maya"})
    assert answer.status_code == 404
    async with lab.people.database.reading() as session:
        assert (await session.exec(select(Login).where(Login.person_id != staff.id))).all() == []


async def test_a_workshop_behind_one_address_gets_in(lab: Lab) -> None:
    staff = await lab.person("Sam", role="staff")
    secret, _ = await invited(staff, await a_challenge(lab, staff), max_uses=60)
    for number in range(60):
        answer = await lab.browser("192.0.2.1").post(
            "/api/invitations/accept", {"secret": secret, "name": f"Guest {number}"}
        )
        assert answer.status_code == 200
