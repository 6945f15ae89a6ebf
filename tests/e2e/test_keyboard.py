"""A guest's whole journey without a pointer: focus is always somewhere, and always to be seen."""

from __future__ import annotations

import re

from playwright.sync_api import APIRequestContext, Page, expect

from .hands import Hands
from .steps import invitation, new_challenge, saved, served, statement, until_served


def test_a_guest_without_a_pointer(api: APIRequestContext, someone):
    challenge = new_challenge(api, "Notes that follow the patient")
    page: Page = someone()
    hands = Hands(page)
    page.goto(invitation(api, challenge)["url"])
    joins(page, hands)
    writes(page, hands)
    comments(page, hands)
    goes_to_the_toolbar_and_back(page, hands)
    compares_in_history(page, hands, api, challenge)
    assert "# What we heard" in served(api, challenge)


def joins(page: Page, hands: Hands) -> None:
    hands.reach(page.get_by_label("Your name"))
    hands.type("Kit")
    hands.reach(page.get_by_role("button", name="Join", exact=True))
    hands.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Notes that follow the patient")).to_be_focused()


def writes(page: Page, hands: Hands) -> None:
    text = statement(page)
    hands.reach(text)
    hands.type("/")
    menu = page.get_by_role("listbox", name="Turn this line into")
    expect(menu.get_by_role("option", selected=True)).to_contain_text("Heading 1")
    hands.press("ArrowDown", "ArrowUp", "Enter")
    hands.type("What we heard")
    hands.press("Enter")
    hands.type("- at the desk")
    hands.press("Enter")
    hands.type("at home")
    hands.press("Enter", "Enter")
    hands.type("Read the guidance")
    expect(text.locator("h1")).to_have_text("What we heard")
    expect(text.locator("ul li")).to_have_text(["at the desk", "at home"])

    hands.press("Control+Shift+ArrowLeft", "Control+k")
    expect(page.get_by_role("dialog", name="Add a link").get_by_label("Address")).to_be_focused()
    hands.type("https://example.org/guidance")
    hands.press("Enter")
    expect(text).to_be_focused()
    expect(text.get_by_role("link", name="guidance")).to_have_attribute(
        "href", "https://example.org/guidance"
    )

    hands.press("Control+End")
    hands.type(" today")
    hands.press("Control+z")
    expect(text).not_to_contain_text("today")
    hands.press("Control+Shift+z")
    expect(text).to_contain_text("today")
    expect(saved(page)).to_have_text("Saved")


def comments(page: Page, hands: Hands) -> None:
    hands.press("Control+End", "Control+Shift+ArrowLeft")
    expect(page.get_by_role("button", name="Comment on these words")).to_be_visible()
    hands.press("Control+Alt+m")
    expect(page.get_by_label("Your comment")).to_be_focused()
    hands.type("Is it still true?")
    hands.reach(page.get_by_role("button", name="Comment", exact=True))
    hands.press("Enter")
    thread = page.get_by_role("article", name="Comment by Kit")
    expect(thread).to_contain_text("Is it still true?")
    expect(statement(page)).to_be_focused()
    hands.press("F7")
    expect(thread).to_be_focused()
    hands.reach(thread.get_by_role("button", name="Answer"))
    hands.press("Enter")
    expect(thread.get_by_label("Your answer")).to_be_focused()
    hands.type("Yes.")
    hands.press("Control+Enter")
    expect(thread).to_contain_text("Yes.")
    hands.sees_focus()
    hands.reach(statement(page), "Shift+Tab")


def goes_to_the_toolbar_and_back(page: Page, hands: Hands) -> None:
    hands.press("Control+End", "Control+Shift+ArrowLeft", "Alt+F10")
    toolbar = page.get_by_role("toolbar", name="Formatting")
    expect(toolbar.get_by_role("button").first).to_be_focused()
    hands.press("ArrowRight")
    bold = toolbar.get_by_role("button", name="Bold")
    expect(bold).to_be_focused()
    # As fast as keys can be: the browser draws nothing in between.
    hands.rattle("Enter", "Alt+F10", "Home", "Enter")
    expect(bold).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("menu", name="Style of this line: Text")).to_be_visible()
    hands.press("ArrowDown", "Escape", "Escape")
    expect(statement(page)).to_be_focused()
    hands.press("Escape")
    expect(statement(page)).not_to_be_focused()


def compares_in_history(page: Page, hands: Hands, api: APIRequestContext, challenge: str) -> None:
    hands.reach(page.get_by_role("link", name="History"), "Shift+Tab")
    hands.press("Enter")
    expect(page.get_by_role("heading", level=1, name="History")).to_be_focused()
    hands.reach(page.get_by_role("button", name="Name the present text"))
    hands.press("Enter")
    expect(page.get_by_role("dialog", name="Name the present text").get_by_label("Name")).to_be_focused()
    hands.type("First words")
    hands.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_text("First words").first).to_be_visible()
    hands.sees_focus()

    hands.reach(page.get_by_role("link", name="Statement"), "Shift+Tab")
    hands.press("Enter")
    hands.reach(statement(page))
    hands.press("Control+End")
    hands.type(" and tomorrow")
    until_served(api, challenge, "and tomorrow")
    expect(saved(page)).to_have_text("Saved")
    hands.press("Escape")
    hands.reach(page.get_by_role("link", name="History"), "Shift+Tab")
    hands.press("Enter")
    compare = page.get_by_role("button", name=re.compile("^Compare with now.*First words"))
    hands.reach(compare)
    hands.press("Enter")
    expect(page.get_by_text("2 words added, 0 words removed.")).to_be_visible()
    hands.reach(page.get_by_role("button", name=re.compile("^Look at First words")), "Shift+Tab")
    hands.press("Enter")
    dialog = page.get_by_role("dialog", name="First words")
    expect(dialog.get_by_role("heading", name="What we heard")).to_be_visible()
    hands.press("Escape")
    expect(page.get_by_role("button", name=re.compile("^Look at First words"))).to_be_focused()
