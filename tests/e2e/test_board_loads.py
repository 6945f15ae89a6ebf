"""A board is opened: all that its page asks for is there, and its console has nothing to complain about."""

from __future__ import annotations

import pytest
from playwright.sync_api import APIRequestContext, ConsoleMessage, Page, Response, expect

from bench.server import Server

from .board_steps import SLOW, address, area, board, furnish, new_board, note, outline, picture, thing
from .steps import done, invitation, items, join, new_challenge, saved


@pytest.fixture(scope="module")
def boards(lab: Server, api: APIRequestContext) -> list[tuple[str, str]]:
    """Challenge and board: the example, and one with everything on it that is fetched on its own."""
    example = items(api, "/api/challenges")[0]["id"]
    challenge = new_challenge(api, "Home with the right bag")
    mine = new_board(api, challenge, "Pictures")
    sent = {"file": {"name": "bag.png", "mimeType": "image/png", "buffer": picture(320, 200)}}
    bag = done(api.post(f"/api/boards/{mine}/images", multipart=sent))  # type: ignore[arg-type]
    pixels = {"file": bag["id"], "width": bag["width"], "height": bag["height"]}
    source = {"url": "https://example.org/bag", "title": "A bag", "site": "example.org"}
    things = [
        area("At the bedside", 0, 0),
        note("Ask early", 20, 80),
        thing("image", "", 300, 80, size={"w": 160, "h": 100}, picture=pixels, alt="A bag on a bed"),
        thing("source", "Read this", 20, 300, source=source),
        thing("evidence", "", 300, 300, evidence="E12"),
    ]
    furnish(lab, mine, lab.token("staff@example.org"), things)
    return [(example, items(api, f"/api/challenges/{example}/boards")[0]["id"]), (challenge, mine)]


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
@pytest.mark.parametrize("which", [0, 1], ids=["example", "pictures"])
def test_nothing_is_asked_for_in_vain(api: APIRequestContext, someone, boards, which: int, phone: bool):
    challenge, one = boards[which]
    page: Page = someone(phone=phone)
    join(page, invitation(api, challenge)["url"], "Moss")
    trouble: list[str] = []

    def answered(got: Response) -> None:
        if got.status >= 400:
            trouble.append(f"{got.status} {got.url}")

    def complained(said: ConsoleMessage) -> None:
        if said.type in ("error", "warning"):
            trouble.append(said.text)

    page.on("response", answered)
    page.on("console", complained)
    for opens in (lambda: page.goto(address(challenge, one)), page.reload):
        opens()
        expect(saved(page)).to_have_text("Saved", timeout=SLOW)
        things = outline(page).locator("button[data-item]") if phone else board(page).get_by_role("option")
        expect(things.first).to_be_visible(timeout=SLOW)
        page.wait_for_load_state("networkidle")
    assert trouble == []
