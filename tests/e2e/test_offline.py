"""Without a network people write on, and nothing of it is lost when it comes back."""

from __future__ import annotations

import re

from playwright.sync_api import APIRequestContext, Page, expect

from .steps import done, invitation, items, join, new_challenge, saved, served, statement, written

NOT_SAVED = re.compile(r"Not saved – \d+ changes? kept on this device")


def test_what_was_written_offline_survives_a_closed_tab(api: APIRequestContext, someone):
    challenge = new_challenge(api, "Buses to the clinic")
    guest: Page = someone(phone=True)
    join(guest, invitation(api, challenge)["url"], "Hal")
    statement(guest).tap()
    guest.keyboard.type("On the way. ")
    expect(saved(guest)).to_have_text("Saved")

    guest.context.set_offline(True)
    guest.keyboard.type("In the tunnel. ")
    expect(saved(guest)).to_have_text(NOT_SAVED)
    expect(guest.get_by_text("You are offline")).to_be_visible()
    guest.keyboard.type("Still in the tunnel.")
    assert written(guest) == "On the way. In the tunnel. Still in the tunnel."
    assert "tunnel" not in served(api, challenge)

    address, context = guest.url, guest.context
    expect(saved(guest)).to_have_text(NOT_SAVED)
    guest.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(address)
    expect(saved(again)).to_have_text("Saved")
    assert written(again) == "On the way. In the tunnel. Still in the tunnel."
    assert served(api, challenge).strip() == "On the way. In the tunnel. Still in the tunnel."


def test_a_restore_meanwhile_sets_the_offline_text_aside(api: APIRequestContext, someone):
    challenge = new_challenge(api, "Letters people understand")
    guest: Page = someone()
    join(guest, invitation(api, challenge)["url"], "Ivy")
    statement(guest).click()
    guest.keyboard.type("As agreed.")
    expect(saved(guest)).to_have_text("Saved")
    versions = f"/api/challenges/{challenge}/statement/versions"
    done(api.post(versions, data={"name": "Agreed"}))
    guest.keyboard.type(" Then more.")
    expect(saved(guest)).to_have_text("Saved")

    guest.context.set_offline(True)
    guest.keyboard.type(" And my own thought.")
    expect(saved(guest)).to_have_text(NOT_SAVED)
    agreed = next(each["id"] for each in items(api, versions) if each["name"] == "Agreed")
    done(api.post(f"{versions}/{agreed}/restore"))
    guest.context.set_offline(False)

    notice = guest.get_by_role("region", name="Your unsaved changes were set aside")
    expect(notice).to_be_visible()
    notice.get_by_text("Show the text").click()
    expect(notice.locator("pre")).to_have_text("As agreed. Then more. And my own thought.")
    expect(statement(guest)).to_have_text("As agreed.")
    expect(saved(guest)).to_have_text("Saved")
    assert served(api, challenge).strip() == "As agreed."

    guest.reload()
    expect(notice).to_be_visible()
    notice.get_by_role("button", name="Discard it").click()
    expect(notice).to_have_count(0)
    guest.reload()
    expect(saved(guest)).to_have_text("Saved")
    expect(notice).to_have_count(0)
