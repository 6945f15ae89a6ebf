"""Sign-in links: by mail through a real SMTP server, by hand, and the first one."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from email import message_from_bytes
from email.message import Message
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from sqlmodel import select

from lab.core.db import DatabaseUnavailable
from lab.people import Person
from tests.support.app import Lab, running_lab


class MailServer:
    """Real SMTP on this computer; keeps what it takes."""

    def __init__(self) -> None:
        self.taken: list[Message] = []
        self.to: list[str] = []
        self.signed_in: list[str] = []
        self.refuses = False

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.refuses:
            return "554 Not today"
        assert isinstance(envelope.content, bytes)
        self.taken.append(message_from_bytes(envelope.content, policy=default))
        self.to += envelope.rcpt_tos
        return "250 Taken"

    def authenticate(
        self, server: Any, session: Any, envelope: Any, mechanism: str, data: LoginPassword
    ) -> AuthResult:
        self.signed_in.append(data.login.decode())
        return AuthResult(success=data.password == b"mail password")


@pytest.fixture
async def mail() -> AsyncIterator[tuple[MailServer, int]]:
    handler = MailServer()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(handler, authenticator=handler.authenticate, auth_require_tls=False, loop=loop),
        "127.0.0.1",
        0,
    )
    yield handler, server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()


@pytest.fixture
async def mailing(sqlite_url: str, tmp_path: Path, mail: tuple[MailServer, int]) -> AsyncIterator[Lab]:
    settings: dict[str, Any] = {
        "smtp_host": "127.0.0.1", "smtp_port": mail[1], "smtp_security": "none",
        "smtp_user": "lab", "smtp_password": "mail password",
    }  # fmt: skip
    async with running_lab(sqlite_url, tmp_path, **settings) as lab:
        yield lab


async def finished(lab: Lab) -> None:
    await lab.app.state.sign_ins.finish()


def link_in(message: Message) -> str:
    text = message.get_content()  # type: ignore[attr-defined]
    return str(next(line for line in text.splitlines() if "/sign-in#" in line))


async def test_a_link_comes_by_mail_and_signs_in_once(mailing: Lab, mail: tuple[MailServer, int]) -> None:
    await mailing.account("Ana")
    browser = mailing.browser()
    assert (await browser.me())["mail"] is True
    assert (await browser.post("/api/sign-in/link", {"email": "ana@example.org"})).status_code == 202
    await finished(mailing)
    server = mail[0]
    assert server.to == ["ana@example.org"]
    assert server.signed_in == ["lab"]
    assert server.taken[0]["auto-submitted"] == "auto-generated"
    assert "Our lab" in server.taken[0]["subject"]
    link = link_in(server.taken[0])
    assert link.startswith("http://127.0.0.1:8000/sign-in#")
    page, _, secret = link.partition("#")
    assert (await browser.get(page)).status_code in (200, 503), "opening the page does not spend the link"
    assert (await browser.post("/api/sign-in/redeem", {"token": secret})).status_code == 200
    assert (await browser.me())["person"]["name"] == "Ana"
    again = await mailing.browser().post("/api/sign-in/redeem", {"token": secret})
    assert (again.status_code, again.json()["code"]) == (410, "link_used")


async def test_the_answer_is_the_same_for_an_address_nobody_has(
    mailing: Lab, mail: tuple[MailServer, int]
) -> None:
    staff = await mailing.person("Sam", role="staff")
    ana = await mailing.account("Ana")
    await staff.patch(f"/api/people/{ana.id}", {"suspended": True})
    await mailing.account("Ben")
    answers = [
        await mailing.browser().post("/api/sign-in/link", {"email": f"{name}@example.org"})
        for name in ("ben", "nobody", "ana")
    ]
    await finished(mailing)
    assert {(answer.status_code, answer.content) for answer in answers} == {(202, b"")}
    assert mail[0].to == ["ben@example.org"]


async def test_nobodys_mailbox_is_filled(mailing: Lab, mail: tuple[MailServer, int]) -> None:
    await mailing.account("Ana")
    for _ in range(6):
        await mailing.browser().post("/api/sign-in/link", {"email": "ana@example.org"})
        await finished(mailing)
    assert len(mail[0].taken) == 3
    mailing.clock.advance(601)
    await mailing.browser().post("/api/sign-in/link", {"email": "ana@example.org"})
    await finished(mailing)
    assert len(mail[0].taken) == 4


async def test_a_mail_link_holds_ten_minutes(mailing: Lab, mail: tuple[MailServer, int]) -> None:
    await mailing.account("Ana")
    browser = mailing.browser()
    await browser.post("/api/sign-in/link", {"email": "ana@example.org"})
    await finished(mailing)
    secret = link_in(mail[0].taken[0]).partition("#")[2]
    mailing.clock.advance(600)
    answer = await browser.post("/api/sign-in/redeem", {"token": secret})
    assert (answer.status_code, answer.json()["code"]) == (410, "link_expired")


async def test_a_mail_server_that_refuses_or_is_away_breaks_nothing(
    mailing: Lab, mail: tuple[MailServer, int], sqlite_url: str, tmp_path: Path
) -> None:
    mail[0].refuses = True
    ana = await mailing.account("Ana")
    assert (
        await mailing.browser().post("/api/sign-in/link", {"email": "ana@example.org"})
    ).status_code == 202
    await finished(mailing)
    staff = await mailing.person("Sam", role="staff")
    handed = await staff.post(f"/api/people/{ana.id}/sign-in-link")
    assert handed.json()["mailed"] is False
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        away: dict[str, Any] = {"smtp_host": "127.0.0.1", "smtp_port": closed.getsockname()[1]}
        async with running_lab(sqlite_url, tmp_path, smtp_security="none", **away) as lab:
            assert (
                await lab.browser().post("/api/sign-in/link", {"email": "ana@example.org"})
            ).status_code == 202
            await finished(lab)


async def test_a_full_disk_while_a_link_is_made_is_only_logged(mailing: Lab) -> None:
    await mailing.account("Ana")

    async def full(*_: object) -> None:
        raise DatabaseUnavailable("The disk is full.")

    mailing.people.by_email = full  # type: ignore[method-assign, assignment]
    assert (
        await mailing.browser().post("/api/sign-in/link", {"email": "ana@example.org"})
    ).status_code == 202
    await finished(mailing)


async def test_staff_hand_over_a_link_and_it_is_mailed_where_possible(
    mailing: Lab, mail: tuple[MailServer, int]
) -> None:
    staff, ana = await mailing.person("Sam", role="staff"), await mailing.account("Ana")
    made = (await staff.post(f"/api/people/{ana.id}/sign-in-link")).json()
    assert made["mailed"] is True
    assert link_in(mail[0].taken[0]) == made["url"]


async def test_a_handed_link_replaces_the_one_before(lab: Lab) -> None:
    staff, ana = await lab.person("Sam", role="staff"), await lab.account("Ana")
    first, second = [
        (await staff.post(f"/api/people/{ana.id}/sign-in-link")).json()["url"].partition("#")[2]
        for _ in range(2)
    ]
    answer = await lab.browser().post("/api/sign-in/redeem", {"token": first})
    assert (answer.status_code, answer.json()["code"]) == (404, "link_unknown")
    assert (await lab.browser().post("/api/sign-in/redeem", {"token": second})).status_code == 200


async def test_without_a_mail_server_asking_is_answered_all_the_same(lab: Lab) -> None:
    await lab.account("Ana")
    assert (await lab.browser().me())["mail"] is False
    assert (await lab.browser().post("/api/sign-in/link", {"email": "ana@example.org"})).status_code == 202


@pytest.mark.parametrize("forged", ["", "x", "a" * 32, "\u00e9" * 30])
async def test_forged_links(lab: Lab, forged: str) -> None:
    answer = await lab.browser().post("/api/sign-in/redeem", {"token": forged})
    assert (answer.status_code, answer.json()["code"]) == (404, "link_unknown")


async def test_two_presses_at_once_sign_in_once(lab: Lab) -> None:
    ana = await lab.account("Ana")
    async with lab.people.database.transaction() as session:
        secret, _ = await lab.people.links.make(session, ana.id, "staff")
    answers = await asyncio.gather(
        *(lab.browser().post("/api/sign-in/redeem", {"token": secret}) for _ in range(5))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 410, 410, 410, 410]


async def test_a_link_from_the_future_does_not_hold(lab: Lab) -> None:
    ana = await lab.account("Ana")
    lab.clock.advance(30 * 86400)
    async with lab.people.database.transaction() as session:
        secret, _ = await lab.people.links.make(session, ana.id, "staff")
    lab.clock.advance(-30 * 86400)
    answer = await lab.browser().post("/api/sign-in/redeem", {"token": secret})
    assert answer.json()["code"] == "link_expired"


async def test_a_suspended_person_gets_no_link_and_uses_none(lab: Lab) -> None:
    staff, ana = await lab.person("Sam", role="staff"), await lab.account("Ana")
    async with lab.people.database.transaction() as session:
        secret, _ = await lab.people.links.make(session, ana.id, "staff")
        (await lab.people.one(session, ana.id)).suspended = True
    assert (await lab.browser().post("/api/sign-in/redeem", {"token": secret})).status_code == 404
    answer = await staff.post(f"/api/people/{ana.id}/sign-in-link")
    assert (answer.status_code, answer.json()["code"]) == (409, "person_suspended")


async def test_the_first_link_is_printed_until_a_member_of_staff_has_signed_in(lab: Lab) -> None:
    sign_ins = lab.app.state.sign_ins
    first = await sign_ins.first_link("http://127.0.0.1:8000")
    second = await sign_ins.first_link("http://127.0.0.1:8000")
    assert first != second
    browser = lab.browser()
    old = await browser.post("/api/sign-in/redeem", {"token": first.partition("#")[2]})
    assert old.json()["code"] == "link_unknown", "only the newest is good"
    lab.clock.advance(86399)
    assert (await browser.post("/api/sign-in/redeem", {"token": second.partition("#")[2]})).status_code == 200
    assert (await browser.me())["person"]["role"] == "staff"
    assert await sign_ins.first_link("http://127.0.0.1:8000") is None


async def test_nodes_that_start_at_once_make_one_first_member_of_staff(lab: Lab) -> None:
    sign_ins = lab.app.state.sign_ins
    links = await asyncio.gather(*(sign_ins.first_link("http://127.0.0.1:8000") for _ in range(4)))
    assert len(set(links)) == 4
    async with lab.people.database.reading() as session:
        assert len((await session.exec(select(Person).where(Person.role == "staff"))).all()) == 1
    secrets = [link.partition("#")[2] for link in links]
    answers = [await lab.browser().post("/api/sign-in/redeem", {"token": secret}) for secret in secrets]
    assert 200 in {answer.status_code for answer in answers}, "one of the printed links at least is good"


async def test_the_first_link_holds_a_day(lab: Lab) -> None:
    link = await lab.app.state.sign_ins.first_link("http://127.0.0.1:8000")
    lab.clock.advance(86400)
    answer = await lab.browser().post("/api/sign-in/redeem", {"token": link.partition("#")[2]})
    assert answer.json()["code"] == "link_expired"
