"""Signing in with a password: same answers, counted failures, new cookies."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlmodel import select

from lab.people.errors import Busy
from lab.people.models import Login, Person, SignInFailure
from lab.people.passwords import AT_ONCE, MOST_WAITING, Passwords
from tests.support.app import Browser, Lab, cheap_passwords, running_lab

PASSWORD = "correct mule battery fence"


async def with_password(lab: Lab, name: str = "Ana") -> Browser:
    person = await lab.person(name)
    answer = await person.put("/api/me/password", {"new": PASSWORD})
    assert answer.status_code == 200, answer.text
    return person


async def sign_in(browser: Browser, email: str = "ana@example.org", password: str = PASSWORD) -> int:
    return (await browser.post("/api/sign-in", {"email": email, "password": password})).status_code


async def test_the_right_password_signs_in_whatever_the_case_of_the_address(lab: Lab) -> None:
    await with_password(lab)
    browser = lab.browser()
    assert (await browser.me())["person"] is None
    assert await sign_in(browser, " ANA@Example.ORG ") == 200
    me = await browser.me()
    assert me["person"]["name"] == "Ana"
    assert me["password_set"] is True
    assert me["person"]["colour"] in {"p1", "p2", "p3", "p4", "p5", "p6"}


async def test_what_was_wrong_is_not_told(lab: Lab) -> None:
    await with_password(lab)
    no_password = await lab.account("Ben")
    suspended = await with_password(lab, "Cleo")
    staff = await lab.person("Sam", role="staff")
    await staff.patch(f"/api/people/{suspended.id}", {"suspended": True})
    answers = []
    for email, password in [
        ("ana@example.org", "not her password"),
        ("nobody@example.org", PASSWORD),
        (str(no_password.email), PASSWORD),
        ("cleo@example.org", PASSWORD),
    ]:
        answer = await lab.browser().post("/api/sign-in", {"email": email, "password": password})
        answers.append((answer.status_code, answer.content, sorted(answer.headers)))
    assert len({(status, content) for status, content, _ in answers}) == 1
    assert answers[0][0] == 401
    assert len({tuple(names) for _, _, names in answers}) == 1


class CountingPasswords(Passwords):
    def __init__(self) -> None:
        super().__init__(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        self.looked = 0

    async def matches(self, password: str, stored: str | None) -> bool:
        self.looked += 1
        return await super().matches(password, stored)


async def test_the_same_work_is_done_for_an_address_nobody_has(sqlite_url: str, tmp_path: Path) -> None:
    passwords = CountingPasswords()
    async with running_lab(sqlite_url, tmp_path, passwords=passwords) as lab:
        await with_password(lab)
        for expected, email in enumerate(["ana@example.org", "nobody@example.org"], start=1):
            assert await sign_in(lab.browser(), email, "wrong, wrong, wrong") == 401
            assert passwords.looked == expected


async def test_five_failures_and_growing_pauses_per_account_and_network(lab: Lab) -> None:
    await with_password(lab)
    browser = lab.browser("192.0.2.10")
    assert await sign_in(browser, password="wrong") == 401
    assert await sign_in(browser, password="wrong") == 401
    answer = await browser.post("/api/sign-in", {"email": "ana@example.org", "password": "wrong"})
    assert (answer.status_code, answer.json()["code"]) == (429, "too_much")
    assert int(answer.headers["retry-after"]) == answer.json()["retry_after"] == 2
    for pause in (2, 5, 15):
        lab.clock.advance(pause - 0.5)
        assert await sign_in(browser, password="wrong") == 429
        lab.clock.advance(0.5)
        assert await sign_in(browser, password="wrong") == 401
    lab.clock.advance(60)
    assert await sign_in(browser) == 429, "even the right one has to wait now"
    assert await sign_in(lab.browser("192.0.2.200")) == 429, "the same network"
    assert await sign_in(lab.browser("198.51.100.7")) == 200, "another network is not locked out"
    lab.clock.advance(15 * 60)
    assert await sign_in(browser) == 200


async def test_the_right_password_wipes_the_slate(lab: Lab) -> None:
    await with_password(lab)
    browser = lab.browser()
    await sign_in(browser, password="wrong")
    assert await sign_in(browser) == 200
    async with lab.people.database.reading() as session:
        assert (await session.exec(select(SignInFailure))).all() == []


async def test_guesses_at_the_same_moment_are_all_counted(lab: Lab) -> None:
    await with_password(lab)
    answers = await asyncio.gather(*(sign_in(lab.browser(), password=f"guess {n}") for n in range(12)))
    assert answers.count(401) <= 2
    assert set(answers) == {401, 429}


async def test_twenty_sign_ins_a_minute_from_one_address(lab: Lab) -> None:
    browser = lab.browser("203.0.113.5")
    seen = [await sign_in(browser, f"person{n}@example.org") for n in range(21)]
    assert seen == [401] * 20 + [429]
    assert await sign_in(lab.browser("203.0.113.6"), "other@example.org") == 401
    lab.clock.advance(60)
    assert await sign_in(browser, "later@example.org") == 401


async def test_a_password_with_old_costs_is_hashed_again(lab: Lab) -> None:
    ana = await with_password(lab)
    old = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1).hash(PASSWORD)
    async with lab.people.database.transaction() as session:
        person = await session.get_one(Person, ana.id)
        person.password_hash = old
    assert await sign_in(lab.browser()) == 200
    kept = (await lab.people.get(ana.id)).password_hash
    assert kept != old
    assert kept is not None
    assert not lab.people.passwords.outdated(kept)
    assert await sign_in(lab.browser()) == 200


async def test_an_account_that_changed_while_it_was_looked_at_is_not_signed_in(
    sqlite_url: str, tmp_path: Path
) -> None:
    class Slow(CountingPasswords):
        during: object = None

        async def matches(self, password: str, stored: str | None) -> bool:
            found = await super().matches(password, stored)
            if callable(self.during):
                await self.during()
            return found

    passwords = Slow()
    async with running_lab(sqlite_url, tmp_path, passwords=passwords) as lab:
        ana = await with_password(lab)

        async def suspend() -> None:
            async with lab.people.database.transaction() as session:
                (await session.get_one(Person, ana.id)).suspended = True

        passwords.during = suspend
        assert await sign_in(lab.browser()) == 401


async def test_the_cookie_is_new_at_every_sign_in_and_the_one_before_is_over(lab: Lab) -> None:
    await with_password(lab)
    browser = lab.browser()
    # Session fixation: a value planted before sign-in never becomes a session.
    browser.http.cookies.set("lab", "planted-by-somebody-else", domain="127.0.0.1")
    assert await sign_in(browser) == 200
    first = browser.http.cookies["lab"]
    assert first != "planted-by-somebody-else"
    assert await sign_in(browser) == 200
    second = browser.http.cookies["lab"]
    assert second != first
    thief = lab.browser()
    thief.http.cookies.set("lab", first, domain="127.0.0.1")
    assert (await thief.me())["person"] is None


async def test_only_hashes_are_stored(lab: Lab) -> None:
    await with_password(lab)
    browser = lab.browser()
    await sign_in(browser)
    token = browser.http.cookies["lab"]
    assert len(token) >= 22, "128 bits in base 64"
    async with lab.people.database.reading() as session:
        rows = (await session.exec(select(Login))).all()
        people = (await session.exec(select(Person))).all()
    assert token not in repr(rows)
    assert PASSWORD not in repr(people)
    assert all(len(row.token_hash) == 64 for row in rows)


async def test_the_cookie_locally_and_under_https(lab: Lab, sqlite_url: str, tmp_path: Path) -> None:
    await lab.account("Ana")
    await with_password(lab, "Bea")
    answer = await lab.browser().post("/api/sign-in", {"email": "bea@example.org", "password": PASSWORD})
    local = answer.headers["set-cookie"]
    assert local.startswith("lab=")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(local.split("; "))
    assert "Secure" not in local
    assert "Max-Age=604800" in local
    async with running_lab(sqlite_url, tmp_path, base_url="https://lab.example.org") as public:
        browser = public.browser(host="lab.example.org", origin="https://lab.example.org")
        answer = await browser.post("/api/sign-in", {"email": "bea@example.org", "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-lab=")
        assert {"HttpOnly", "SameSite=lax", "Path=/", "Secure"} <= set(cookie.split("; "))
        assert "omain" not in cookie
        out = await browser.post("/api/sign-out")
        assert "__Host-lab=" in out.headers["set-cookie"]
        assert "Secure" in out.headers["set-cookie"]


async def test_a_shared_device_forgets_when_the_browser_is_closed(lab: Lab) -> None:
    await with_password(lab)
    body = {"email": "ana@example.org", "password": PASSWORD, "shared_device": True}
    browser = lab.browser()
    answer = await browser.post("/api/sign-in", body)
    assert "Max-Age" not in answer.headers["set-cookie"]
    lab.clock.advance(61 * 60)
    assert (await browser.me())["person"] is None


async def test_at_most_two_hashes_at_once_and_no_endless_queue() -> None:
    running, most = 0, 0
    entered = asyncio.Event()
    release = asyncio.Event()
    loop = asyncio.get_running_loop()

    class Watched(PasswordHasher):
        def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
            nonlocal running, most
            running += 1
            most = max(most, running)
            loop.call_soon_threadsafe(entered.set)
            asyncio.run_coroutine_threadsafe(release.wait(), loop).result()
            running -= 1
            return "x"

    passwords = Passwords(Watched(time_cost=1, memory_cost=8, parallelism=1))
    waiting = [asyncio.create_task(passwords.hash("a")) for _ in range(MOST_WAITING)]
    await entered.wait()
    with pytest.raises(Busy):
        await passwords.hash("one too many")
    release.set()
    assert await asyncio.gather(*waiting) == ["x"] * MOST_WAITING
    assert most <= AT_ONCE


def test_the_costs_are_those_we_promise() -> None:
    hasher = Passwords()._hasher
    assert (hasher.memory_cost, hasher.time_cost, hasher.parallelism) == (64 * 1024, 3, 1)
    assert hasher.type.name == "ID"


async def test_something_that_is_not_a_hash_matches_nothing() -> None:
    assert await cheap_passwords().matches("anything", "not a hash") is False
