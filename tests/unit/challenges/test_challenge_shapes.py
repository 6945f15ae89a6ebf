"""What comes in over HTTP is cleaned and checked before anybody decides anything."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from lab.challenges.access import effective_role
from lab.challenges.paging import BadCursor, cursor_of, read_cursor
from lab.challenges.shapes import Anchor, ChangeChallenge, NewChallenge
from lab.comments.shapes import NewPost


def test_titles_are_one_line_of_visible_characters() -> None:
    form = NewChallenge(title="  A\u202e title\n\tof\x07 two  lines ", question="Why?")
    assert form.title == "A title of two lines"
    for title in ("", "   ", "\u200b\u2060", "x" * 121):
        with pytest.raises(ValidationError):
            NewChallenge(title=title, question="Why?")


def test_comments_keep_their_lines_and_nothing_unseen() -> None:
    assert NewPost(text=" a\r\nb\x00 ").text == "a\nb"
    for text in ("", " \n", "\u200b", "x" * 4001):
        with pytest.raises(ValidationError):
            NewPost(text=text)
    with pytest.raises(ValidationError):
        NewPost(text="x", mentions=["x"] * 21)


def test_anchors_are_bytes_in_base64() -> None:
    assert Anchor(start="AAA=", end="AAA=", quote=" a ").quote == " a "
    for start in ("", "not base64!", "A", "x" * 300):
        with pytest.raises(ValidationError):
            Anchor(start=start, end="AAA=", quote="a")


def test_stages_are_bounded() -> None:
    for stages in ([], [{"label": str(n)} for n in range(9)], [{"label": "x" * 41}]):
        with pytest.raises(ValidationError):
            ChangeChallenge.model_validate({"stages": stages})


def test_cursors_come_back_as_they_went_and_nothing_else_does() -> None:
    at = datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)
    assert read_cursor(cursor_of(at, "X1")) == (at, "X1")

    def packed(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()

    naive = at.replace(tzinfo=None).isoformat()
    for cursor in (
        "", "?", "AAAA", packed(1), packed([at.isoformat()]), packed([naive, "X"]), packed([1, 2]),
        packed([at.isoformat(), 5]), packed([at.isoformat(), ""]), packed([at.isoformat(), "x" * 27]),
        base64.b64encode(b"[" * 5000).decode(), "\u00e4",
    ):  # fmt: skip
        with pytest.raises(BadCursor):
            read_cursor(cursor)


@pytest.mark.parametrize(
    ("member", "lab", "open_to_lab", "role"),
    [
        (None, None, True, None), (None, None, False, None), (None, "participant", False, None),
        (None, "participant", True, "participant"), (None, "facilitator", True, "facilitator"),
        (None, "observer", True, "observer"), (None, "facilitator", False, None),
        ("observer", "facilitator", True, "observer"), ("facilitator", "observer", True, "facilitator"),
        ("participant", None, False, "participant"), (None, "staff", False, "staff"),
        ("observer", "staff", False, "staff"),
    ],
)  # fmt: skip
def test_the_role_in_a_challenge(
    member: str | None, lab: str | None, open_to_lab: bool, role: str | None
) -> None:
    assert effective_role(member, lab, open_to_lab=open_to_lab) == role
