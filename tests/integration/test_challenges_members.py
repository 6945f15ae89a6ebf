"""Members over HTTP: roles given and taken, leaving, and never above one's own."""

from __future__ import annotations

import pytest
from sqlmodel import select

from lab.challenges.errors import ChallengeNotFound
from lab.core.audit import AuditEntry
from tests.support.app import Browser, Lab


@pytest.fixture
async def fay(lab: Lab) -> Browser:
    return await lab.person("Fay", role="facilitator")


@pytest.fixture
async def path(fay: Browser) -> str:
    challenge = (await fay.post("/api/challenges", {"title": "T", "question": "Q?"})).json()["id"]
    return f"/api/challenges/{challenge}"


async def names(browser: Browser, path: str) -> dict[str, str]:
    items = (await browser.get(f"{path}/members")).json()["items"]
    return {one["person"]["name"]: one["role"] for one in items}


async def test_people_of_the_lab_become_members_and_change_roles(lab: Lab, fay: Browser, path: str) -> None:
    pat = await lab.person("Pat")
    lab.clock.advance(60)
    made = (await fay.put(f"{path}/members/{pat.id}", {"role": "observer"})).json()
    assert made == {
        "person": {"id": pat.id, "name": "Pat", "colour": pat.person["colour"], "guest": False},
        "role": "observer",
        "joined_at": "2026-01-05T09:01:00Z",
        "here": False,
    }
    await fay.put(f"{path}/members/{pat.id}", {"role": "facilitator"})
    assert await names(pat, path) == {"Fay": "facilitator", "Pat": "facilitator"}
    async with lab.people.database.reading() as session:
        found = await session.exec(select(AuditEntry).where(AuditEntry.action == "member_changed"))
        assert [entry.subject for entry in found] == [pat.id, pat.id]


async def test_a_person_of_one_challenge_cannot_be_made_a_member_unasked(
    lab: Lab, fay: Browser, path: str
) -> None:
    invitation = (await fay.post(f"{path}/invitations", {"role": "observer"})).json()
    guest = lab.browser("10.9.0.1")
    await guest.post(
        "/api/invitations/accept", {"secret": invitation["url"].partition("#")[2], "name": "Gus"}
    )
    other = (await fay.post("/api/challenges", {"title": "O", "question": "Q?"})).json()["id"]
    for person in (guest.id, "nobody"):
        answer = await fay.put(f"/api/challenges/{other}/members/{person}", {"role": "observer"})
        assert (answer.status_code, answer.json()["code"]) == (404, "member_not_found")
    # Where they are a member, their role can change.
    answer = await fay.put(f"{path}/members/{guest.id}", {"role": "participant"})
    assert (answer.status_code, answer.json()["person"]["guest"]) == (200, True)
    for role in ("staff", "owner", ""):
        assert (await fay.put(f"{path}/members/{guest.id}", {"role": role})).status_code == 422


async def test_a_challenge_keeps_somebody_to_look_after_it(lab: Lab, fay: Browser, path: str) -> None:
    for answer in (
        await fay.put(f"{path}/members/{fay.id}", {"role": "observer"}),
        await fay.delete(f"{path}/members/{fay.id}"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "last_facilitator")
    assert await names(fay, path) == {"Fay": "facilitator"}
    pat = await lab.person("Pat")
    await fay.put(f"{path}/members/{pat.id}", {"role": "facilitator"})
    assert (await fay.delete(f"{path}/members/{fay.id}")).status_code == 204
    assert (await fay.get(path)).status_code == 404
    # Staff can always look after it.
    staff = await lab.person("Sam", role="staff")
    assert (await staff.delete(f"{path}/members/{pat.id}")).status_code == 204
    assert await names(staff, path) == {}


async def test_leaving_is_ones_own_and_sending_away_is_for_facilitators(
    lab: Lab, fay: Browser, path: str
) -> None:
    pat, obi = await lab.person("Pat"), await lab.person("Obi")
    for person, role in ((pat, "participant"), (obi, "observer")):
        await fay.put(f"{path}/members/{person.id}", {"role": role})
    assert (await pat.delete(f"{path}/members/{obi.id}")).json()["code"] == "cannot_manage"
    assert (await obi.delete(f"{path}/members/{obi.id}")).status_code == 204
    assert (await fay.delete(f"{path}/members/{obi.id}")).json()["code"] == "member_not_found"
    assert (await pat.put(f"{path}/members/{pat.id}", {"role": "facilitator"})).json()[
        "code"
    ] == "cannot_manage"
    assert (await pat.get(path)).json()["your_role"] == "participant"


async def test_nobody_gives_or_takes_a_role_above_their_own(lab: Lab, fay: Browser, path: str) -> None:
    from lab.challenges.models import Membership

    staff = await lab.person("Sam", role="staff")
    async with lab.people.database.transaction() as session:
        challenge = path.rpartition("/")[2]
        session.add(
            Membership(challenge_id=challenge, person_id=staff.id, role="staff", joined_at=lab.clock.now())
        )
    for answer in (
        await fay.put(f"{path}/members/{staff.id}", {"role": "observer"}),
        await fay.delete(f"{path}/members/{staff.id}"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "cannot_grant")


async def test_an_invitation_raises_a_role_and_never_lowers_it(lab: Lab, fay: Browser, path: str) -> None:
    pat = await lab.person("Pat")
    await fay.put(f"{path}/members/{pat.id}", {"role": "observer"})
    for role, becomes in (
        ("participant", "participant"),
        ("observer", "participant"),
        ("facilitator", "facilitator"),
    ):
        url = (await fay.post(f"{path}/invitations", {"role": role})).json()["url"]
        answer = await pat.post("/api/invitations/accept", {"secret": url.partition("#")[2]})
        assert answer.status_code == 200, answer.text
        assert (await names(fay, path))["Pat"] == becomes


async def test_an_invitation_to_what_is_gone_leads_nowhere(lab: Lab, fay: Browser) -> None:
    members = lab.app.state.workspace.members
    assert await members.brief("nowhere") is None
    async with lab.people.database.transaction() as session:
        with pytest.raises(ChallengeNotFound):
            await members.admit(session, "nowhere", fay.id, "participant")


async def test_an_invitation_says_what_it_is_for(lab: Lab, fay: Browser, path: str) -> None:
    url = (await fay.post(f"{path}/invitations", {"role": "participant"})).json()["url"]
    offer = (await lab.browser().post("/api/invitations/look", {"secret": url.partition("#")[2]})).json()
    assert offer["challenge"] == {"id": path.rpartition("/")[2], "title": "T", "question": "Q?"}
    assert offer["lab"] == "Our lab"


async def test_members_come_in_pages_in_the_order_of_joining(lab: Lab, fay: Browser, path: str) -> None:
    for name in ("Pat", "Obi", "Sue", "Tim"):
        person = await lab.person(name)
        if name != "Obi":  # two of the same moment
            lab.clock.advance(60)
        await fay.put(f"{path}/members/{person.id}", {"role": "participant"})
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = (await fay.get(f"{path}/members?limit=2{cursor}")).json()
        seen += [one["person"]["name"] for one in answer["items"]]
        cursor = f"&cursor={answer['next']}" if answer["next"] else None
    assert sorted(seen[1:3]) == ["Obi", "Pat"]
    assert [seen[0], *seen[3:]] == ["Fay", "Sue", "Tim"]
    assert (await fay.get(f"{path}/members?cursor=nonsense")).json()["code"] == "bad_cursor"
