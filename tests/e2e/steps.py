"""Steps that several tests take, in the words of the people who take them."""

from __future__ import annotations

import re
import time
from typing import Any

from playwright.sync_api import APIRequestContext, Locator, Page, expect

from bench.server import Server


def sign_in_link(lab: Server) -> str:
    """The one-time staff link that the first start prints."""
    printed = lab.log.read_text()
    links = re.findall(r"https?://\S+/sign-in#\S+", printed)
    assert links, printed
    return str(links[-1])


def sign_in(
    page: Page, api: APIRequestContext, *, email: str = "staff@example.org", role: str = "staff"
) -> None:
    """By a one-time link that staff made for this person."""
    made = api.post("/api/people", data={"email": email, "name": email.split("@")[0].title(), "role": role})
    if made.ok:
        person = made.json()["id"]
    else:
        person = next(each["id"] for each in items(api, "/api/people") if each["email"] == email)
    page.goto(done(api.post(f"/api/people/{person}/sign-in-link"))["url"])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("Sign in")


def new_challenge(api: APIRequestContext, title: str, **more: Any) -> str:
    """Its id."""
    form = {"title": title, "question": f"What would {title.lower()} take?", **more}
    return str(done(api.post("/api/challenges", data=form))["id"])


def write_markdown(api: APIRequestContext, challenge: str, markdown: str) -> None:
    """Replaces the statement."""
    done(api.post(f"/api/challenges/{challenge}/statement/import", data={"markdown": markdown}))


def invitation(
    api: APIRequestContext, challenge: str, role: str = "participant", **more: Any
) -> dict[str, Any]:
    return dict(done(api.post(f"/api/challenges/{challenge}/invitations", data={"role": role, **more})))


def join(page: Page, url: str, name: str, *, shared: bool = False) -> None:
    page.goto(url)
    page.get_by_label("Your name").fill(name)
    if shared:
        page.get_by_text("This is a shared computer").click()
    page.get_by_role("button", name="Join", exact=True).click()
    expect(saved(page)).to_have_text(re.compile("Saved|Read only"))


def statement(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Problem statement")


def saved(page: Page) -> Locator:
    """The words of the badge that says how safe the work is."""
    return page.locator("[data-saved] > span").first


def written(page: Page) -> str:
    """The text of the statement, without the carets of the others."""
    return str(
        statement(page).evaluate(
            """text => {
                const copy = text.cloneNode(true);
                for (const caret of copy.querySelectorAll('[aria-hidden]')) caret.remove();
                return [...copy.children].map((block) => block.textContent).join('\\n');
            }"""
        )
    )


def served(api: APIRequestContext, challenge: str) -> str:
    """The statement as a newcomer gets it."""
    answer = api.get(f"/api/challenges/{challenge}/statement.md")
    assert answer.ok, answer.text()
    return answer.text()


def until_served(api: APIRequestContext, challenge: str, words: str, seconds: float = 60) -> None:
    """A badge that says so may still be about what was written before these words."""
    ends = time.monotonic() + seconds
    while words not in (text := served(api, challenge)):
        assert time.monotonic() < ends, text
        time.sleep(0.05)


def items(api: APIRequestContext, path: str) -> list[dict[str, Any]]:
    return list(done(api.get(path))["items"])


def done(answer: Any) -> dict[str, Any]:
    assert answer.ok, f"{answer.url}: {answer.status} {answer.text()}"
    return dict(answer.json())
