"""What staff do with people, and what nobody else may."""

from __future__ import annotations

import asyncio

import pytest
from sqlmodel import select

from lab.core import audit
from lab.core.audit import AuditEntry
from lab.people.models import Person
from tests.support.app import Lab


async def test_staff_make_accounts(lab: Lab) -> None:
    staff = await lab.person("Sam", role="staff")
    made = await staff.post(
        "/api/people", {"email": "Rosa@Example.org", "name": "Rosa", "role": "facilitator"}
    )
    assert made.status_code == 201
    assert made.json()["email"] == "rosa@example.org"
    again = await staff.post("/api/people", {"email": "rosa@example.ORG", "name": "R", "role": "observer"})
    assert (again.status_code, again.json()["code"]) == (409, "email_taken")


async def test_two_accounts_with_one_address_at_once(lab: Lab) -> None:
    staff = await lab.person("Sam", role="staff")
    body = {"email": "rosa@example.org", "name": "Rosa", "role": "observer"}
    answers = await asyncio.gather(*(staff.post("/api/people", body) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


async def test_the_database_has_the_last_word_on_addresses(lab: Lab) -> None:
    staff = await lab.person("Sam", role="staff")
    await lab.account("Rosa")

    async def sees_nobody(*_: object) -> None:
        return None

    lab.people.by_email = sees_nobody  # type: ignore[method-assign]
    answer = await staff.post("/api/people", {"email": "rosa@example.org", "name": "R", "role": "observer"})
    assert answer.json()["code"] == "email_taken"


async def test_people_are_found_by_name_and_address_page_by_page(lab: Lab) -> None:
    staff = await lab.person("Sam", role="staff")
    for number in range(5):
        await lab.account(f"Rosa{number}")
    await lab.account("Ben_%")
    first = (await staff.get("/api/people?limit=4")).json()
    assert len(first["items"]) == 4
    second = (await staff.get(f"/api/people?limit=4&cursor={first['next']}")).json()
    assert [len(second["items"]), second["next"]] == [3, None]
    assert len({item["id"] for item in first["items"] + second["items"]}) == 7
    found = (await staff.get("/api/people?q=ROSA")).json()["items"]
    assert len(found) == 5
    assert set(found[0]) == {"id", "name", "email", "role", "guest", "suspended", "last_seen_at"}
    assert [item["name"] for item in (await staff.get("/api/people?q=_%25")).json()["items"]] == ["Ben_%"]


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=x", "limit=201", "q=a&q=b", "unknown=1", "q=%00", "limit=99999999999999999999"],
)
async def test_bad_queries_say_which_field(lab: Lab, query: str) -> None:
    staff = await lab.person("Sam", role="staff")
    answer = await staff.get(f"/api/people?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


@pytest.mark.parametrize("role", ["facilitator", "participant", "observer"])
async def test_nobody_else_may(lab: Lab, role: str) -> None:
    other = await lab.person("Ana", role=role)  # type: ignore[arg-type]
    for answer in (
        await other.get("/api/people"),
        await other.post("/api/people", {"email": "x@example.org", "name": "X", "role": "staff"}),
        await other.patch(f"/api/people/{other.id}", {"role": "staff"}),
        await other.post(f"/api/people/{other.id}/sign-in-link"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "staff_only")
    assert (await lab.browser().get("/api/people")).status_code == 401


async def test_the_last_member_of_staff_stays(lab: Lab) -> None:
    sam = await lab.person("Sam", role="staff")
    for change in ({"role": "observer"}, {"suspended": True}):
        answer = await sam.patch(f"/api/people/{sam.id}", change)
        assert (answer.status_code, answer.json()["code"]) == (409, "last_staff")
    other = await lab.person("Tom", role="staff")
    assert (await sam.patch(f"/api/people/{other.id}", {"suspended": True})).status_code == 200
    assert (await sam.patch(f"/api/people/{sam.id}", {"role": "observer"})).status_code == 409
    assert (await sam.patch(f"/api/people/{other.id}", {"suspended": False})).status_code == 200
    assert (await sam.patch(f"/api/people/{sam.id}", {"role": "observer"})).status_code == 200
    assert (await sam.get("/api/people")).status_code == 403, "the role counts from that moment"


async def test_suspension_ends_everything_and_can_be_undone(lab: Lab) -> None:
    staff, ana = await lab.person("Sam", role="staff"), await lab.person("Ana")
    script, person = await lab.bearer(ana.id), ana.id
    changed = await staff.patch(f"/api/people/{person}", {"suspended": True, "name": "Ana (left)"})
    assert changed.json()["suspended"] is True
    assert changed.json()["name"] == "Ana (left)"
    assert (await ana.me())["person"] is None
    assert (await script.me())["person"] is None
    await staff.patch(f"/api/people/{person}", {"suspended": False})
    assert (await ana.me())["person"] is None, "old sign-ins do not come back"
    assert (await script.me())["person"]["name"] == "Ana (left)"


async def test_guests_get_no_role_in_the_lab(lab: Lab) -> None:
    staff = await lab.person("Sam", role="staff")
    async with lab.people.database.transaction() as session:
        session.add(Person(id="GUEST", name="Guest", guest=True, created_at=lab.clock.now()))
    answer = await staff.patch("/api/people/GUEST", {"role": "staff"})
    assert (answer.status_code, answer.json()["code"]) == (409, "guest_has_no_role")
    guest = await lab.signed_in("GUEST")
    for refused in (
        await guest.patch("/api/me", {"email": "g@example.org"}),
        await guest.put("/api/me/password", {"new": "a long and good password"}),
        await guest.get("/api/me/tokens"),
    ):
        assert refused.status_code in (403, 409)
        assert refused.json()["code"] in ("guest_has_no_role", "guest_not_allowed")
    assert (await guest.patch("/api/me", {"name": "Gustav"})).json()["person"]["name"] == "Gustav"


async def test_unknown_people(lab: Lab) -> None:
    staff = await lab.person("Sam", role="staff")
    for answer in (
        await staff.patch("/api/people/NOBODY", {"role": "staff"}),
        await staff.post("/api/people/NOBODY/sign-in-link"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "person_not_found")


async def test_what_happened_is_in_the_audit_log_without_secrets(lab: Lab) -> None:
    staff, ana = await lab.person("Sam", role="staff"), await lab.person("Ana")
    await staff.patch(f"/api/people/{ana.id}", {"role": "observer"})
    link = (await staff.post(f"/api/people/{ana.id}/sign-in-link")).json()["url"]
    token = (await ana.post("/api/me/tokens", {"name": "Script"})).json()["token"]
    await ana.put("/api/me/password", {"new": "correct mule battery fence"})
    await ana.post("/api/sign-out")
    async with lab.people.database.reading() as session:
        entries = (await session.exec(select(AuditEntry))).all()
        assert await audit.verify(session) == len(entries)
    actions = [entry.action for entry in entries]
    for expected in (
        "person_created", "signed_in", "role_changed", "link_made", "token_made",
        "password_changed", "signed_out",
    ):  # fmt: skip
        assert expected in actions
    told = repr(entries)
    for secret in (link.partition("#")[2], token, "battery"):
        assert secret not in told


async def test_names_and_colours_of_several_people_at_once(lab: Lab) -> None:
    ana, ben = await lab.account("Ana"), await lab.account("Ben")
    found = await lab.people.briefs([ana.id, ben.id, "nobody"])
    assert {one.name for one in found.values()} == {"Ana", "Ben"}
    assert await lab.people.briefs([]) == {}
