"""Which passwords are refused, and that people's own are not."""

from __future__ import annotations

import pytest

from lab.people.errors import PasswordRefused
from lab.people.passwords import check_strength

CONTEXT = ["Ana", "Fernandez", "ana.fernandez", "example", "Example lab"]


@pytest.mark.parametrize(
    "password",
    [
        "eleven char", "password1234", "Password2024!!", "P@$$w0rd1234", "passwordpassword", "123456789012",
        "qwertyuiop[]123", "abcdefghijkl", "lkjhgfdsapoiuytrewq", "sunshine-2024", "!!!liverpool99",
        "aaaaaaaaaaaaaa", "abababababab", "anafernandez1", "Ana.Fernandez24", "FernandezAna!",
        "example lab 1", "nhsengland2024", "x" * 257, "\u00e9" * 12,
    ],
)  # fmt: skip
def test_what_is_tried_first_is_refused(password: str) -> None:
    with pytest.raises(PasswordRefused):
        check_strength(password, CONTEXT)


@pytest.mark.parametrize(
    "password",
    [
        "correct mule battery fence", "twelve chars", "fernandez likes purple otters", "9f!kQ2#vLm0z",
        "日本語のパスワードは長いです", "a" * 40 + "bcde fghi", "x7 q!" * 50, "gumdrop 4711 teapot",
    ],
)  # fmt: skip
def test_others_are_taken(password: str) -> None:
    check_strength(password, CONTEXT)


def test_one_password_typed_two_ways_is_one() -> None:
    from lab.people.passwords import _composed

    assert _composed("cafe\u0301") == _composed("caf\u00e9")
