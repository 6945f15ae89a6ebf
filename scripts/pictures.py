"""Takes the pictures of the docs: every screen from the example lab, wide and on a phone, light and dark.

    .venv/bin/python scripts/pictures.py [NAME...]

Writes docs/images/NAME-WIDTH[-dark].png. Needs the built screens (`make run` builds them) and a Chromium.
Two more people are in the workspace while it is taken, so that their faces, carets and selection are in it.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from playwright.sync_api import APIRequestContext, Browser, Locator, Page, Playwright, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.server import Server  # noqa: E402
from tests.e2e.steps import invitation, items, join, saved, sign_in, statement  # noqa: E402

IMAGES = ROOT / "docs" / "images"
SIZES = {1440: {"width": 1440, "height": 900}, 390: {"width": 390, "height": 844}}
EXAMPLE = "Peer support for everyone who wants it"


class Studio:
    """A lab with the example in it, the person whose screen is taken, and two who write meanwhile."""

    def __init__(self, lab: Server, api: APIRequestContext, browser: Browser) -> None:
        self.lab = lab
        self.api = api
        self.browser = browser
        listed = items(api, "/api/challenges")
        challenge = next(each["id"] for each in listed if each["title"] == EXAMPLE)
        self.path = f"/challenges/{challenge}"
        self.link = invitation(api, challenge, label="Carers’ group, Tuesday")["url"]
        api.patch("/api/me", data={"name": "Robin Ashe"})
        self.staff = self.arrives()
        sign_in(self.staff, api, email="robin@example.org")
        self.amina = self.arrives()
        join(self.amina, self.link, "Amina Yusuf")
        self.bryn = self.arrives()
        join(self.bryn, self.link, "Bryn Hale")
        self.amina_comments()

    def arrives(self) -> Page:
        context = self.browser.new_context(
            base_url=self.lab.url, viewport=SIZES[1440], reduced_motion="reduce"
        )
        context.set_default_timeout(20_000)
        return context.new_page()

    def home(self) -> Page:
        """Of somebody who has been in the example before."""
        self.staff.goto(self.path)
        expect(statement(self.staff)).to_have_attribute("contenteditable", "true")
        self.staff.goto("/")
        expect(self.staff.get_by_role("link", name=EXAMPLE).first).to_be_visible()
        return self.staff

    def workspace(self) -> Page:
        self.staff.goto(self.path)
        expect(statement(self.staff)).to_have_attribute("contenteditable", "true")
        self.they_write()
        statement(self.staff).locator("[data-thread]").first.click(delay=80)
        expect(self.staff.locator("article[data-on]")).to_be_attached()
        self.staff.evaluate("document.querySelector('#main').scrollTo(0, 0); window.scrollTo(0, 0)")
        return self.staff

    def amina_comments(self) -> None:
        """On words near the top, so that a phone shows them too."""
        self.amina_chooses("a matter of luck")
        self.amina.get_by_role("button", name="Comment on these words").click()
        self.amina.get_by_label("Your comment").fill("Mine was luck: a neighbour told me.")
        self.amina.get_by_role("button", name="Comment", exact=True).click()
        expect(self.amina.get_by_role("article", name="Comment by Amina Yusuf")).to_be_visible()

    def they_write(self) -> None:
        """One has a caret in a list, the other has chosen a few words."""
        caret_after(self.amina, statement(self.amina).locator("li").nth(1))
        caret_after(self.bryn, statement(self.bryn).locator("p").nth(1))
        for _ in range(6):
            self.bryn.keyboard.press("Control+Shift+ArrowLeft")

    def they_move(self) -> None:
        """The name at a caret fades when it rests: right before a picture, nobody rests."""
        for page, there, back in (
            (self.amina, "ArrowLeft", "ArrowRight"),
            (self.bryn, "Control+Shift+ArrowLeft", "Control+Shift+ArrowRight"),
        ):
            page.keyboard.press(there)
            page.keyboard.press(back)
        self.staff.wait_for_function(
            """() => document.getAnimations().filter((each) =>
                each.animationName?.includes('rest') && each.currentTime < 1500).length === 2"""
        )

    def history_compare(self) -> Page:
        self.amina_edits()
        self.staff.goto(f"{self.path}/history")
        before = re.compile("^Compare with now.*Before Tuesday")
        self.staff.get_by_role("button", name=before).click()
        expect(self.staff.get_by_text("words added")).to_be_visible()
        return self.staff

    def amina_edits(self) -> None:
        """Once: the second picture is of the same edits."""
        if "few things help" in statement(self.amina).inner_text():
            return
        self.api.post(f"/api{self.path}/statement/versions", data={"name": "Before Tuesday’s group"})
        for words, better in (
            ("nothing helps as much as", "few things help as much as"),
            ("with others in the same place", "with others in the same boat"),
        ):
            self.amina_chooses(words)
            self.amina.keyboard.type(better)
        expect(saved(self.amina)).to_have_text("Saved")

    def amina_chooses(self, words: str) -> None:
        caret_after(self.amina, statement(self.amina).locator("p").first)
        self.amina.evaluate("(words) => window.find(words, true, false, true)", words)
        expect(self.amina.get_by_role("button", name="Comment on these words")).to_be_visible()

    def boards(self) -> Page:
        self.staff.goto(f"{self.path}/boards")
        expect(self.staff.get_by_role("heading", level=1, name="Boards")).to_be_visible()
        return self.staff

    def board(self) -> Page:
        """Others have chosen notes, one of them writes. On a phone this is the outline."""
        self.opens_board(self.staff)
        self.opens_board(self.amina)
        self.opens_board(self.bryn)
        notes = self.amina.get_by_role("listbox").get_by_role("option")
        notes.nth(3).click()
        self.bryn.get_by_role("listbox").get_by_role("option").nth(6).click()
        self.staff.bring_to_front()
        return self.staff

    def board_face(self) -> Page:
        """Where `board` shows the outline, or both."""
        self.opens_board(self.staff)
        alone = self.staff.get_by_role("button", name="Board", exact=True)
        if alone.count() > 0:
            alone.click()
        else:
            self.staff.get_by_role("button", name="Board menu").click()
            self.staff.get_by_role("menuitemradio", name="Outline only").click()
            self.staff.keyboard.press("Escape")
        return self.staff

    def opens_board(self, page: Page) -> None:
        listed = items(self.api, f"/api{self.path}/boards")
        page.goto(f"{self.path}/boards/{listed[0]['id']}")
        expect(saved(page)).to_have_text(re.compile("Saved|Read only"))
        expect(page.locator("[role=option], [data-item]").first).to_be_visible()

    def people(self) -> Page:
        self.staff.goto(f"{self.path}/people")
        expect(self.staff.get_by_text("Here now").first).to_be_visible()
        return self.staff

    def settings(self) -> Page:
        self.staff.goto(f"{self.path}/settings")
        expect(self.staff.get_by_role("heading", name="Stages")).to_be_visible()
        return self.staff

    def invite(self) -> Page:
        self.staff.goto(self.path)
        self.staff.get_by_role("button", name="Invite").click()
        expect(self.staff.get_by_role("heading", name="Links made so far")).to_be_visible()
        return self.staff

    def lab_people(self) -> Page:
        self.staff.goto("/people")
        expect(self.staff.get_by_text("Robin").first).to_be_visible()
        return self.staff

    def account(self) -> Page:
        self.staff.goto("/account")
        expect(self.staff.get_by_role("heading", level=1)).to_be_visible()
        return self.staff

    def join(self) -> Page:
        page = self.arrives()
        page.goto(self.link)
        page.get_by_label("Your name").fill("Mo Bell")
        return page

    def sign_in(self) -> Page:
        page = self.arrives()
        page.goto("/sign-in")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        return page

    def pictures(self) -> dict[str, Callable[[], Page]]:
        return {
            "home": self.home,
            "workspace": self.workspace,
            "history-compare": self.history_compare,
            "boards": self.boards,
            "board": self.board,
            "board-face": self.board_face,
            "people": self.people,
            "settings": self.settings,
            "invite": self.invite,
            "lab-people": self.lab_people,
            "account": self.account,
            "join": self.join,
            "sign-in": self.sign_in,
        }


def caret_after(page: Page, block: Locator) -> None:
    block.click()
    page.keyboard.press("End")


def take(studio: Studio, name: str, reach: Callable[[], Page]) -> None:
    for width, size in SIZES.items():
        page = None
        for scheme in ("light", "dark"):
            if page is None:
                studio.staff.set_viewport_size(size)  # type: ignore[arg-type]
                page = reach()
                page.set_viewport_size(size)  # type: ignore[arg-type]
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            page.wait_for_function(
                "() => document.fonts.status === 'loaded'"
                " && [...document.images].every((image) => image.complete)"
            )
            if name == "workspace":
                studio.they_move()
            path = IMAGES / f"{name}-{width}{'-dark' if scheme == 'dark' else ''}.png"
            page.screenshot(path=path, caret="initial")
            print(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1024} KB")
        assert page is not None
        page.emulate_media(color_scheme="light")


def main(wanted: list[str], playwright: Playwright) -> int:
    found = os.environ.get("LAB_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        print("No Chromium was found. Install one, or set LAB_CHROMIUM.", file=sys.stderr)
        return 1
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        lab = Server(Path(folder), settings={"LAB_DEMO": "1"})
        lab.start()
        try:
            headers = {"Authorization": f"Bearer {lab.token('robin@example.org')}"}
            api = playwright.request.new_context(base_url=lab.url, extra_http_headers=headers)
            with closing(playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])) as browser:
                studio = Studio(lab, api, browser)
                known = studio.pictures()
                for name in wanted or known:
                    take(studio, name, known[name])
        finally:
            lab.stop()
    return 0


if __name__ == "__main__":
    with sync_playwright() as started:
        raise SystemExit(main(sys.argv[1:], started))
