"""The settings of a challenge, by those who lead it."""

from __future__ import annotations

import pytest
from playwright.sync_api import APIRequestContext, Page, expect

from .steps import done, new_challenge, sign_in


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_stages_are_added_moved_and_taken_out(api: APIRequestContext, someone, phone: bool):
    challenge = new_challenge(api, "Stages of our own")
    page: Page = someone(phone=phone)
    sign_in(page, api)
    page.goto(f"/challenges/{challenge}/settings")
    names = page.get_by_role("textbox", name="Name of stage")
    expect(names).to_have_count(3)

    page.get_by_role("button", name="Add a stage").click()
    expect(page.get_by_role("textbox", name="Name of stage 4")).to_be_focused()
    page.keyboard.type("Look back")
    page.keyboard.press("Alt+ArrowUp")
    expect(page.get_by_role("textbox", name="Name of stage 3")).to_be_focused()
    expect(page.locator("#announcements")).to_contain_text("Look back is now stage 3 of 4.")
    page.get_by_role("button", name="Save stages").click()
    expect(page.get_by_role("radio", name="The work is in stage 3, Look back")).to_be_enabled()

    # The work is in the first: taking it out is asked about, and focus stays in the list.
    page.get_by_role("button", name="Take Understand out").click()
    dialog = page.get_by_role("alertdialog", name="Take Understand out?")
    expect(dialog).to_contain_text("It goes to Develop and test")
    dialog.get_by_role("button", name="Take it out").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("textbox", name="Name of stage 1")).to_be_focused()
    page.get_by_role("button", name="Move Look back down").click()
    # The word of the first saving may still stand there: what counts is the lab's answer to the second.
    with page.expect_response(lambda answer: answer.request.method == "PATCH") as answered:
        page.get_by_role("button", name="Save stages").click()
    assert answered.value.ok

    shown = done(api.get(f"/api/challenges/{challenge}"))
    assert [stage["label"] for stage in shown["stages"]] == ["Develop and test", "Share", "Look back"]
    assert shown["stage"]["label"] == "Develop and test"
