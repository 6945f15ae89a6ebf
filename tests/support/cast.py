"""One challenge, and somebody in each role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.support.app import Browser, Lab

QUESTION = {"title": "Getting home well", "question": "Why does it take so long?"}


async def begun(browser: Browser, **more: Any) -> str:
    answer = await browser.post("/api/challenges", {**QUESTION, **more})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


@dataclass
class Cast:
    """One challenge, and somebody in each role; `stranger` has an account and nothing to do with it."""

    lab: Lab
    id: str
    staff: Browser
    facilitator: Browser
    participant: Browser
    observer: Browser
    stranger: Browser

    @property
    def path(self) -> str:
        return f"/api/challenges/{self.id}"

    def __getitem__(self, who: str) -> Browser:
        found: Browser = getattr(self, who)
        return found
