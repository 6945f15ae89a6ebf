"""Every screen, at three widths, light and dark: no barrier a machine can find, and no scrolling sideways."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import APIRequestContext, Page, expect

from .steps import done, invitation, items, join, new_challenge, sign_in, statement, write_markdown

# The third is a 1440 pixel screen at 200 % zoom.
SIZES = {
    "desktop": {"width": 1440, "height": 900},
    "phone": {"width": 390, "height": 844},
    "zoomed": {"width": 720, "height": 450},
}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What a theme can change: everything else is the same elements in both.
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
RUN = """async ({ within, ...only }) => {
    const moving = () => document.getAnimations()
        .filter((each) => each.effect.getComputedTiming().endTime < Infinity);
    do {
        await Promise.allSettled(moving().map((each) => each.finished));
        await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    } while (moving().length > 0);
    const found = await axe.run(within ?? document, { runOnly: only, resultTypes: ['violations'] });
    const why = (node) => `${node.target.join(' ')} (${node.any[0]?.message ?? node.failureSummary})`;
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(why).join(' | ')}`);
}"""
SIDEWAYS = """() => {
    const page = document.scrollingElement;
    if (page.scrollWidth <= page.clientWidth) return null;
    const beyond = (each) => each.getBoundingClientRect().right > page.clientWidth + 1;
    const wide = [...document.body.querySelectorAll('*')].filter(beyond).slice(-3);
    const which = wide.map((each) => each.outerHTML.slice(0, 120)).join(' | ');
    return `${page.scrollWidth} > ${page.clientWidth}: ${which}`;
}"""

Screen = Callable[[Page], None]


class Screens:
    """How to get to each screen, for a staff member and for a stranger."""

    def __init__(self, api: APIRequestContext) -> None:
        self.api = api
        listed = items(api, "/api/challenges")
        self.example = next(f"/challenges/{each['id']}" for each in listed if each["counts"]["comments"])
        self.empty = f"/challenges/{new_challenge(api, 'A new one')}"
        archived = new_challenge(api, "One that is over")
        write_markdown(api, archived, "It is done.")
        done(api.patch(f"/api/challenges/{archived}", data={"archived": True}))
        self.archived = f"/challenges/{archived}"
        self.join = invitation(api, self.example.split("/")[-1])["url"]

    def for_a_stranger(self) -> dict[str, Screen]:
        return {
            "sign-in": lambda page: opens(page, "/sign-in", "Sign in"),
            "sign-in with mistakes": self.mistaken,
            "sign-in link": lambda page: opens(page, "/sign-in#some-token", "Sign in to"),
            "join": lambda page: opens(page, self.join, ""),
            "join with a dead link": lambda page: opens(page, "/join#gone", "This invitation is not known"),
        }

    def for_staff(self) -> dict[str, Screen]:
        return {
            "home": lambda page: opens(page, "/", "Example lab"),
            "new challenge": self.new_challenge,
            "archived challenges": self.archived_list,
            "account menu": self.account_menu,
            "statement with an open comment": self.comment,
            "statement with the slash menu": self.slash,
            "empty statement": lambda page: self.paper(page, self.empty),
            "archived statement": lambda page: opens(page, self.archived, "One that is over"),
            "comparison": self.comparison,
            "version": self.version,
            "people of a challenge": lambda page: opens(page, f"{self.example}/people", "People"),
            "invite": self.invite,
            "settings": lambda page: opens(page, f"{self.example}/settings", "Settings"),
            "account": lambda page: opens(page, "/account", ""),
            "people of the lab": lambda page: opens(page, "/people", "People of the lab"),
            "not found": lambda page: opens(page, "/nowhere", "There is no page here"),
            "no such challenge": lambda page: opens(page, "/challenges/none", "This challenge is not here"),
        }

    def mistaken(self, page: Page) -> None:
        opens(page, "/sign-in", "Sign in")
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_text("Write your password.")).to_be_visible()

    def new_challenge(self, page: Page) -> None:
        opens(page, "/", "Example lab")
        page.get_by_role("button", name="New challenge").click()
        expect(page.get_by_role("dialog", name="New challenge")).to_be_visible()

    def archived_list(self, page: Page) -> None:
        opens(page, "/", "Example lab")
        page.get_by_role("button", name="Archived challenges").click()
        expect(page.get_by_role("link", name="One that is over")).to_be_visible()

    def account_menu(self, page: Page) -> None:
        opens(page, "/", "Example lab")
        page.get_by_role("button", name="your account").click()
        expect(page.get_by_role("menu", name="Your account")).to_be_visible()

    def paper(self, page: Page, path: str) -> None:
        opens(page, path, "")
        expect(statement(page)).to_have_attribute("contenteditable", "true")

    def comment(self, page: Page) -> None:
        self.paper(page, self.example)
        statement(page).locator("[data-thread]").first.click()
        page.keyboard.press("Control+Alt+m")  # On a narrow page a click alone leaves the caret in sight.
        thread = page.locator("article[data-on]")
        expect(thread).to_be_visible()
        thread.get_by_role("button", name="Answer").click()
        expect(page.get_by_label("Your answer")).to_be_focused()

    def slash(self, page: Page) -> None:
        self.paper(page, f"/challenges/{new_challenge(self.api, 'A line to turn into something')}")
        statement(page).click()
        page.keyboard.type("/")
        expect(page.get_by_role("listbox", name="Turn this line into")).to_be_visible()

    def comparison(self, page: Page) -> None:
        opens(page, f"{self.example}/history", "History")
        page.get_by_role("button", name="Compare ").last.click()
        expect(page.get_by_text("words added")).to_be_visible()
        # What the sticky bars happen to cover is not what is looked for.
        page.evaluate("window.scrollTo(0, 0)")

    def version(self, page: Page) -> None:
        opens(page, f"{self.example}/history", "History")
        page.get_by_role("button", name="Look at ").last.click()
        expect(
            page.get_by_role("dialog").get_by_role("button", name="Go back to this version")
        ).to_be_visible()

    def invite(self, page: Page) -> None:
        opens(page, self.example, "")
        page.get_by_role("button", name="Invite").click()
        expect(page.get_by_role("dialog").get_by_role("button", name="Make a link")).to_be_visible()


def opens(page: Page, path: str, heading: str) -> None:
    page.goto("about:blank")  # So that an address that differs only after its # is a new page too.
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
    page.wait_for_function(
        "() => document.fonts.status === 'loaded' && !document.querySelector('[aria-busy]')"
    )


@pytest.fixture(scope="module")
def screens(api: APIRequestContext) -> Screens:
    return Screens(api)


@pytest.fixture(params=list(SIZES))
def size(request: pytest.FixtureRequest) -> Any:
    return SIZES[request.param]


def test_screens_of_someone_not_signed_in(axe: str, someone, screens: Screens, size):
    check(someone(reduced=True, script=axe), screens.for_a_stranger(), size)


def test_screens_of_staff(axe: str, api: APIRequestContext, someone, screens: Screens, size):
    page: Page = someone(reduced=True, script=axe)
    sign_in(page, api)
    check(page, screens.for_staff(), size)


def test_a_guest_reading_along(axe: str, api: APIRequestContext, someone, screens: Screens, size):
    page: Page = someone(reduced=True, script=axe)
    url = invitation(api, screens.example.split("/")[-1], role="observer")["url"]
    page.set_viewport_size(size)
    join(page, url, "Lou")
    expect(page.get_by_text("You are observing")).to_be_visible()
    check(page, {"observed statement": lambda page: None}, size)


def check(page: Page, screens: dict[str, Screen], size: Any) -> None:
    page.set_viewport_size(size)
    faults: list[str] = []
    for name, reach in screens.items():
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        reach(page)
        if sideways := page.evaluate(SIDEWAYS):
            faults.append(f"{name}: scrolls sideways, {sideways}")
        faults += [f"{name}: {fault}" for fault in page.evaluate(RUN, {"type": "tag", "values": RULES})]
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        faults += [
            f"{name}, dark: {fault}" for fault in page.evaluate(RUN, {"type": "rule", "values": COLOUR_RULES})
        ]
    assert not faults, "\n".join(faults)
