"""Logins and bearer tokens: how long they hold, who ends them, and when they change."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from lab.people.devices import device_of
from lab.people.models import BearerToken, Login, Person
from tests.support.app import Browser, Lab

PASSWORD = "correct mule battery fence"
HOUR = 3600.0
DAY = 24 * HOUR


async def is_known(browser: Browser) -> bool:
    return (await browser.me())["person"] is not None


async def test_a_login_ends_after_twelve_idle_hours(lab: Lab) -> None:
    ana = await lab.person("Ana")
    lab.clock.advance(12 * HOUR - 1)
    assert await is_known(ana)
    lab.clock.advance(12 * HOUR - 1)
    assert await is_known(ana), "it was used in between"
    lab.clock.advance(12 * HOUR)
    assert not await is_known(ana)


async def test_a_login_ends_after_seven_days_however_busy(lab: Lab) -> None:
    ana = await lab.person("Ana")
    for _ in range(14):
        assert await is_known(ana)
        lab.clock.advance(DAY / 2 - 1)
    assert await is_known(ana)
    lab.clock.advance(14)
    assert not await is_known(ana)


async def test_a_login_from_the_future_does_not_hold(lab: Lab) -> None:
    """The server's clock was a year ahead and was put right: the login does not live a year."""
    ana = await lab.person("Ana")
    lab.clock.advance(-4 * 60)
    assert await is_known(ana), "a small step back is forgiven"
    lab.clock.advance(-365 * DAY)
    assert not await is_known(ana)


async def test_own_sessions_are_listed_and_ended(lab: Lab) -> None:
    ana = await lab.person("Ana")
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    phone = await lab.signed_in(ana.id)
    async with lab.people.database.transaction() as session:
        login = (await session.exec(select(Login).where(Login.person_id == ana.id))).first()
        assert login is not None
        login.device = device_of(firefox)
    items = (await ana.get("/api/me/sessions")).json()["items"]
    assert len(items) == 2
    assert {item["device"] for item in items} == {"Firefox on Linux", "Python"}
    assert [item["current"] for item in items].count(True) == 1
    other = next(item["id"] for item in items if not item["current"])
    assert (await ana.delete(f"/api/me/sessions/{other}")).status_code == 204
    assert not await is_known(phone)
    assert await is_known(ana)


async def test_nobody_ends_anybody_elses_session(lab: Lab) -> None:
    ana, ben = await lab.person("Ana"), await lab.person("Ben")
    theirs = (await ben.get("/api/me/sessions")).json()["items"][0]["id"]
    answer = await ana.delete(f"/api/me/sessions/{theirs}")
    assert (answer.status_code, answer.json()["code"]) == (404, "session_not_found")
    assert await is_known(ben)


async def test_signing_out_ends_the_session_on_the_server_too(lab: Lab) -> None:
    ana = await lab.person("Ana")
    kept = ana.http.cookies["lab"]
    answer = await ana.post("/api/sign-out")
    assert answer.status_code == 204
    assert 'lab=""' in answer.headers["set-cookie"]
    thief = lab.browser()
    thief.http.cookies.set("lab", kept, domain="127.0.0.1")
    assert not await is_known(thief)


async def test_signing_out_when_nobody_is_signed_in(lab: Lab) -> None:
    assert (await lab.browser().post("/api/sign-out")).status_code == 204
    stale = lab.browser()
    stale.http.cookies.set("lab", "long-gone", domain="127.0.0.1")
    assert (await stale.post("/api/sign-out")).status_code == 204


async def test_a_new_role_means_a_new_token_at_the_next_page(lab: Lab) -> None:
    staff, ana = await lab.person("Sam", role="staff"), await lab.person("Ana")
    before = ana.http.cookies["lab"]
    await staff.patch(f"/api/people/{ana.id}", {"role": "facilitator"})
    answer = await ana.get("/api/me")
    assert answer.json()["person"]["role"] == "facilitator"
    after = ana.http.cookies["lab"]
    assert after != before
    assert ana.csrf == answer.json()["csrf"], "pages open elsewhere keep working"
    old = lab.browser()
    old.http.cookies.set("lab", before, domain="127.0.0.1")
    assert await is_known(old), "requests that were under way are answered"
    lab.clock.advance(31)
    assert not await is_known(old)
    assert await is_known(ana)
    assert "set-cookie" not in (await ana.get("/api/me")).headers


async def test_a_new_password_ends_every_other_session_and_every_link(lab: Lab) -> None:
    ana = await lab.person("Ana")
    elsewhere = await lab.signed_in(ana.id)
    before = ana.http.cookies["lab"]
    async with lab.people.database.transaction() as session:
        link, _ = await lab.people.links.make(session, ana.id, "staff")
    assert (await ana.put("/api/me/password", {"new": PASSWORD})).status_code == 200
    assert ana.http.cookies["lab"] != before
    assert await is_known(ana)
    assert not await is_known(elsewhere)
    assert (await lab.browser().post("/api/sign-in/redeem", {"token": link})).status_code == 404


async def test_changing_a_password_needs_the_current_one(lab: Lab) -> None:
    ana = await lab.person("Ana")
    await ana.put("/api/me/password", {"new": PASSWORD})
    another = {"new": "another mule battery fence"}
    for wrong in (another, {**another, "current": "guessed it"}):
        answer = await ana.put("/api/me/password", wrong)
        assert (answer.status_code, answer.json()["code"]) == (422, "wrong_password")
    lab.clock.advance(10)
    assert (await ana.put("/api/me/password", {**another, "current": PASSWORD})).status_code == 200
    for _ in range(5):
        await ana.put("/api/me/password", {"new": PASSWORD, "current": "guess"})
        lab.clock.advance(20)
    refused = await ana.put("/api/me/password", {"new": PASSWORD, "current": another["new"]})
    assert refused.status_code == 429


async def test_a_password_changed_elsewhere_meanwhile_stands(lab: Lab) -> None:
    ana = await lab.person("Ana")
    real = lab.people.passwords.hash

    async def meanwhile(password: str) -> str:
        async with lab.people.database.transaction() as session:
            (await session.get_one(Person, ana.id)).password_hash = "set by another device"
        return await real(password)

    lab.people.passwords.hash = meanwhile  # type: ignore[method-assign]
    answer = await ana.put("/api/me/password", {"new": PASSWORD})
    assert answer.json()["code"] == "wrong_password"
    assert (await lab.people.get(ana.id)).password_hash == "set by another device"


@pytest.mark.parametrize(
    "password",
    ["short", "password1234", "P@ssw0rd2024!", "qwertyuiop123", "anaanaanaana", "aaaaaaaaaaaa", "x" * 257],
)
async def test_bad_passwords_are_refused_with_a_reason(lab: Lab, password: str) -> None:
    ana = await lab.person("Ana")
    answer = await ana.put("/api/me/password", {"new": password})
    assert (answer.status_code, answer.json()["code"]) == (422, "password_refused")
    assert password not in answer.text


async def test_name_and_address_can_be_changed_and_addresses_are_unique(lab: Lab) -> None:
    ana, _ = await lab.person("Ana"), await lab.person("Ben")
    before = ana.http.cookies["lab"]
    answer = await ana.patch("/api/me", {"name": "  Ana\u202e  Maria "})
    assert answer.json()["person"]["name"] == "Ana Maria"
    assert ana.http.cookies["lab"] == before
    answer = await ana.patch("/api/me", {"email": "ana@new.example"})
    assert answer.json()["person"]["email"] == "ana@new.example"
    assert ana.http.cookies["lab"] != before
    taken = await ana.patch("/api/me", {"email": "BEN@example.org"})
    assert (taken.status_code, taken.json()["code"]) == (409, "email_taken")
    for bad in (
        "nonsense",
        "a@b",
        "a@b..c",
        'a"b@example.org',
        "a\nb@example.org",
        "a" * 250 + "@example.org",
    ):
        assert (await ana.patch("/api/me", {"email": bad})).status_code == 422
    for bad in ("", "  ", "\u200b", "x" * 81):
        assert (await ana.patch("/api/me", {"name": bad})).status_code == 422


async def test_bearer_tokens_are_shown_once_listed_and_withdrawn(lab: Lab) -> None:
    ana = await lab.person("Ana")
    made = await ana.post("/api/me/tokens", {"name": "My script", "expires_in_days": 2})
    assert made.status_code == 201
    secret, token = made.json()["token"], made.json()["id"]
    assert secret.startswith("lab_")
    async with lab.people.database.reading() as session:
        assert secret not in repr((await session.exec(select(BearerToken))).all())
    script = lab.browser(authorization=f"Bearer {secret}")
    assert await is_known(script)
    assert script.csrf == ""
    assert (await script.patch("/api/me", {"name": "By script"})).status_code == 200
    listed = (await ana.get("/api/me/tokens")).json()["items"]
    assert [item["name"] for item in listed] == ["My script"]
    assert listed[0]["last_used_at"] is not None
    assert "token" not in listed[0]
    lab.clock.advance(90)
    assert await is_known(script)
    lab.clock.advance(2 * DAY)
    assert not await is_known(script)
    fresh = await lab.signed_in(ana.id)
    assert (await fresh.delete(f"/api/me/tokens/{token}")).status_code == 204
    gone = await fresh.delete(f"/api/me/tokens/{token}")
    assert (gone.status_code, gone.json()["code"]) == (404, "token_not_found")


async def test_nobody_withdraws_anybody_elses_token(lab: Lab) -> None:
    ana, ben = await lab.person("Ana"), await lab.person("Ben")
    token = (await ana.post("/api/me/tokens", {"name": "Mine"})).json()["id"]
    assert (await ben.delete(f"/api/me/tokens/{token}")).status_code == 404


async def test_tokens_have_a_number(lab: Lab) -> None:
    ana = await lab.person("Ana")
    for n in range(50):
        assert (await ana.post("/api/me/tokens", {"name": str(n)})).status_code == 201
    assert (await ana.post("/api/me/tokens", {"name": "one more"})).json()["code"] == "too_many_tokens"


@pytest.mark.parametrize("header", ["Bearer nonsense", "Basic YTpi", "Bearer", "", "bearer  "])
async def test_a_bad_authorization_is_nobody_even_beside_a_good_cookie(lab: Lab, header: str) -> None:
    ana = await lab.person("Ana")
    ana.headers["authorization"] = header
    assert not await is_known(ana)
    assert (await ana.get("/api/me/sessions")).status_code == 401


async def test_a_forged_cookie_is_nobody(lab: Lab) -> None:
    await lab.person("Ana")
    for forged in (b"x" * 32, b"", b"\xed\xb3\xbf", b"a" * 4000, b'"\\303\\277"'):
        browser = lab.browser()
        answer = await browser.http.get("/api/me", headers=[(b"cookie", b"lab=" + forged)])
        assert answer.json()["person"] is None


async def test_old_logins_are_swept_when_a_person_signs_in(lab: Lab) -> None:
    ana = await lab.person("Ana")
    lab.clock.advance(8 * DAY)
    await lab.signed_in(ana.id)
    async with lab.people.database.reading() as session:
        held = (await session.exec(select(Login).where(Login.person_id == ana.id))).all()
    assert len(held) == 1
    assert held[0].ends_at - held[0].created_at == timedelta(days=7)


async def test_being_noted_as_here_is_not_worth_failing_for(lab: Lab) -> None:
    """The disk has become full: reading goes on."""
    ana = await lab.person("Ana")
    script = await lab.bearer(ana.id)
    lab.clock.advance(120)
    logins, tokens = lab.people.logins, lab.people.tokens
    logins._database = tokens._database = ReadOnly(lab)  # type: ignore[assignment]
    assert await is_known(ana)
    assert await is_known(script)


class ReadOnly:
    """A database that can only be read."""

    def __init__(self, lab: Lab) -> None:
        self._database = lab.people.database
        self.reading = self._database.reading

    def transaction(self) -> object:
        from lab.core.db import DatabaseUnavailable

        raise DatabaseUnavailable("The disk is full.")


def test_browsers_have_names_people_know() -> None:
    assert (
        device_of("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Safari/604")
        == "Safari on iPhone"
    )
    assert device_of("Mozilla/5.0 (Windows NT 10.0) Chrome/140 Safari/537 Edg/140") == "Edge on Windows"
    assert device_of("") == "Unknown device"
