"""What people may do can end at any moment, and what a device keeps ends with it."""

from __future__ import annotations

import re
import sqlite3

import pytest
from playwright.sync_api import APIRequestContext, Page, expect

from bench.server import Server

from .steps import done, invitation, items, join, new_challenge, saved, served, statement

# How many rows of what people wrote this device holds: in the outbox, in copies of documents, under any name.
ROWS_KEPT = """async () => {
    const asked = (request) => new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
    let rows = 0;
    for (const { name } of await indexedDB.databases()) {
        const database = await asked(indexedDB.open(name));
        for (const store of database.objectStoreNames) {
            rows += await asked(database.transaction(store).objectStore(store).count());
        }
        database.close();
    }
    return rows;
}"""


@pytest.fixture
def challenge(api: APIRequestContext) -> str:
    return new_challenge(api, "Night visits")


def member(api: APIRequestContext, challenge: str, name: str) -> str:
    people = items(api, f"/api/challenges/{challenge}/members")
    return str(next(each["person"]["id"] for each in people if each["person"]["name"] == name))


def test_a_writer_made_observer_reads_on_and_writes_again_when_promoted(api, someone, challenge):
    guest: Page = someone()
    join(guest, invitation(api, challenge)["url"], "Bea")
    statement(guest).click()
    guest.keyboard.type("Before.")
    expect(saved(guest)).to_have_text("Saved")
    path = f"/api/challenges/{challenge}/members/{member(api, challenge, 'Bea')}"

    done(api.put(path, data={"role": "observer"}))
    expect(saved(guest)).to_have_text("Read only")
    expect(statement(guest)).to_have_attribute("contenteditable", "false")
    expect(guest.get_by_text("You are observing")).to_be_visible()
    expect(guest.get_by_role("toolbar", name="Formatting")).to_have_count(0)
    guest.keyboard.type("Not taken.")
    assert served(api, challenge).strip() == "Before."

    done(api.put(path, data={"role": "participant"}))
    expect(statement(guest)).to_have_attribute("contenteditable", "true")
    statement(guest).click()
    guest.keyboard.press("Control+End")
    guest.keyboard.type(" After.")
    expect(saved(guest)).to_have_text("Saved")
    assert served(api, challenge).strip() == "Before. After."


def test_someone_removed_sees_that_the_page_has_stopped_and_nothing_stays_on_their_device(
    api, someone, challenge
):
    guest: Page = someone()
    join(guest, invitation(api, challenge)["url"], "Cleo")
    statement(guest).click()
    guest.keyboard.type("Some words.")
    expect(saved(guest)).to_have_text("Saved")

    removed = api.delete(f"/api/challenges/{challenge}/members/{member(api, challenge, 'Cleo')}")
    assert removed.ok
    stopped = guest.get_by_text("no longer part of it").or_(
        guest.get_by_role("heading", name="This challenge is not here for you")
    )
    expect(stopped).to_be_visible()
    expect(statement(guest).and_(guest.locator("[contenteditable=true]"))).to_have_count(0)
    guest.wait_for_function(f"async () => (await ({ROWS_KEPT})()) === 0")
    guest.reload()
    expect(guest.get_by_role("heading", name="This challenge is not here for you")).to_be_visible()


def test_a_withdrawn_invitation_can_sign_out_those_who_came_by_it(api, someone, challenge):
    invited = invitation(api, challenge)
    guest: Page = someone()
    join(guest, invited["url"], "Dee")
    path = f"/api/challenges/{challenge}/invitations/{invited['id']}/revoke"
    assert api.post(path, data={"end_sessions": True}).ok
    expect(guest.get_by_text("You are signed out")).to_be_visible()
    expect(statement(guest)).to_have_attribute("contenteditable", "false")

    late: Page = someone(phone=True)
    late.goto(invited["url"])
    expect(late.get_by_role("heading", name="This invitation was withdrawn")).to_be_visible()


def test_invitations_that_are_over_say_so(lab: Server, api, someone, challenge):
    page: Page = someone(phone=True)
    old, once = invitation(api, challenge), invitation(api, challenge, max_uses=1)
    join(page, once["url"], "Eli")
    with sqlite3.connect(lab.data / "lab.db") as rows:
        rows.execute("UPDATE invitation SET expires_at = '2020-01-01 00:00:00' WHERE id = ?", (old["id"],))

    other: Page = someone()
    for url, said in (
        (old["url"], "This invitation has expired"),
        (once["url"], "This invitation has been used up"),
        (f"{lab.url}/join#{'x' * 43}", "This invitation is not known here"),
        (f"{lab.url}/join", "This invitation is not known here"),
    ):
        other.goto("about:blank")
        other.goto(url)
        expect(other.get_by_role("heading", level=1)).to_have_text(said)


def test_a_shared_computer_keeps_nothing(api, someone, challenge):
    guest: Page = someone()
    join(guest, invitation(api, challenge)["url"], "Fay", shared=True)
    statement(guest).click()
    guest.keyboard.type("Not to be kept here.")
    expect(saved(guest)).to_have_text("Saved")
    assert guest.evaluate(ROWS_KEPT) == 0
    session = [cookie for cookie in guest.context.cookies() if cookie["httpOnly"]]
    assert session
    assert all(cookie["expires"] == -1 for cookie in session)


def test_signing_out_wipes_the_device_and_warns_before_it_loses_anything(api, someone, challenge):
    guest: Page = someone()
    join(guest, invitation(api, challenge)["url"], "Gus")
    statement(guest).click()
    guest.keyboard.type("Kept until I leave.")
    expect(saved(guest)).to_have_text("Saved")
    guest.wait_for_function(f"async () => (await ({ROWS_KEPT})()) > 0")

    guest.context.set_offline(True)
    guest.keyboard.type(" And this is not saved.")
    expect(saved(guest)).to_have_text(re.compile("Not saved"))
    guest.get_by_role("button", name="Gus, your account").click()
    guest.get_by_role("menuitem", name="Sign out").click()
    warning = guest.get_by_role("alertdialog").or_(guest.get_by_role("dialog"))
    expect(warning).to_contain_text("Sign out and lose unsaved changes?")
    warning.get_by_role("button", name="Stay signed in").click()

    guest.context.set_offline(False)
    expect(saved(guest)).to_have_text("Saved")
    guest.get_by_role("button", name="Gus, your account").click()
    guest.get_by_role("menuitem", name="Sign out").click()
    expect(guest.get_by_role("heading", name="Sign in")).to_be_visible()
    guest.wait_for_function(f"async () => (await ({ROWS_KEPT})()) === 0")
    assert "And this is not saved." in served(api, challenge)
