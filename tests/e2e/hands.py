"""Somebody who uses a keyboard and nothing else: after every key, focus must be somewhere and to be seen."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

# Where focus is; null: nowhere, or somewhere unseen. A text shows its caret; a place that was only jumped to
# (`tabindex=-1`, a heading, a dialog) needs no ring: nothing can be done with it. What has no size of its own
# (the list of notes) shows it at the edge of the place it is in; a note's own shadow is no sign of focus.
FOCUS = """() => {
    const at = document.activeElement;
    if (!at || at === document.body) return null;
    const box = at.getBoundingClientRect();
    if (box.width === 0 && box.height === 0) {
        const edge = getComputedStyle(at.closest('[data-landmark]') ?? at, '::after');
        return edge.content !== 'none' && parseFloat(edge.borderTopWidth) > 0 ? at.tagName : null;
    }
    const onScreen = box.width > 0 && box.bottom > 0 && box.right > 0
        && box.top < window.innerHeight && box.left < window.innerWidth;
    if (!onScreen) return null;
    const note = at.matches('[role=option]');
    const text = at.isContentEditable || at.matches('textarea');
    if (text || (at.tabIndex < 0 && !note) || at.matches('[role$=dialog]')) return at.tagName;
    for (let around = at, steps = 0; around && steps < 3; around = around.parentElement, steps++) {
        const look = getComputedStyle(around);
        const ring = look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) > 0;
        if (ring || (!note && look.boxShadow !== 'none')) return at.tagName;
    }
    return null;
}"""


class Hands:
    """Two hands on a keyboard. After every key, focus must be seen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.did: list[str] = []

    def press(self, *keys: str) -> None:
        for key in keys:
            self.did.append(key)
            self.page.keyboard.press(key)
            self.sees_focus()

    def rattle(self, *keys: str) -> None:
        """As fast as keys can be: nothing is looked at in between."""
        for key in keys:
            self.did.append(key)
            self.page.keyboard.press(key)
        self.sees_focus()

    def type(self, words: str) -> None:
        self.did.append(words)
        self.page.keyboard.type(words)
        self.sees_focus()

    def reach(self, target: Locator, key: str = "Tab", within: int = 60) -> None:
        """By Tab, or back by Shift+Tab, and no other way."""
        expect(target).to_be_visible()
        for _ in range(within):
            self.press(key)
            if target.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"{target} was not reached within {within} × {key}")

    def sees_focus(self) -> None:
        try:
            self.page.wait_for_function(FOCUS)
        except Exception as error:
            at = self.page.evaluate("document.activeElement?.outerHTML.slice(0, 300)")
            raise AssertionError(f"focus is lost or unseen after {self.did[-6:]}, at {at}") from error
