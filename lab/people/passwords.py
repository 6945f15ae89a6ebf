"""Passwords: argon2id in a thread, two at a time, and a check that a new one is not everybody's."""

from __future__ import annotations

import asyncio
import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files
from itertools import takewhile
from typing import ParamSpec, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from lab.people.errors import Busy, PasswordRefused

P = ParamSpec("P")
T = TypeVar("T")
SHORTEST, LONGEST = 12, 256
AT_ONCE = 2
"""Each takes 64 MiB: more at once would let a stranger take the server's memory."""
MOST_WAITING = 32


class Passwords:
    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0
        # What an account without a password, or no account at all, is compared with: the same work is done.
        self._nobody: str | None = None

    async def hash(self, password: str) -> str:
        return await self._in_turn(self._hasher.hash, _composed(password))

    async def matches(self, password: str, stored: str | None) -> bool:
        """Takes as long when there is nothing to compare with."""
        if self._nobody is None:
            self._nobody = await self.hash("nobody has this password")
        matched = await self._in_turn(self._verify, stored or self._nobody, _composed(password))
        return matched and stored is not None

    def outdated(self, stored: str) -> bool:
        """Whether it was hashed with other costs than today's."""
        return self._hasher.check_needs_rehash(stored)

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _in_turn(self, work: Callable[P, T], /, *arguments: P.args, **named: P.kwargs) -> T:
        if self._waiting >= MOST_WAITING:
            raise Busy("Many people are signing in at this moment. Try again in a few seconds.")
        self._waiting += 1
        try:
            async with self._turn:
                return await asyncio.to_thread(work, *arguments, **named)
        finally:
            self._waiting -= 1


def check_strength(password: str, context: Iterable[str]) -> None:
    """Raises PasswordRefused. `context`: words about this person and lab that anybody would try first."""
    composed = _composed(password)
    if len(composed) < SHORTEST:
        raise PasswordRefused(f"Use at least {SHORTEST} characters. Three or four words do well.")
    if len(composed) > LONGEST:
        raise PasswordRefused(f"Use at most {LONGEST} characters.")
    if len(set(composed.lower())) < 5:
        raise PasswordRefused("This repeats the same few characters. Three or four words do well.")
    bare = _bare(composed)
    if any(form in _common() or _is_a_run(form) for form in _forms(composed)):
        raise PasswordRefused("Many people use this password, so it is tried first. Choose another.")
    rest = bare
    for word in sorted({_bare(word) for word in context}, key=len, reverse=True):
        if len(word) >= 4:
            rest = rest.replace(word, "")
    if len(rest) < SHORTEST // 2 and rest != bare:
        raise PasswordRefused("This is mostly your name, your address or the lab's name. Choose another.")


def _composed(password: str) -> str:
    return unicodedata.normalize("NFC", password)


_AS_LETTERS = str.maketrans("013457@$!", "oleastasi")


def _bare(text: str) -> str:
    """Without case, spaces and the usual swaps of letters for digits."""
    return re.sub(r"[\W_]+", "", text.casefold().translate(_AS_LETTERS))


def _forms(text: str) -> set[str]:
    """What a guesser undoes first: `Sunshine2024!`, `123sunshine` and `sunshinesunshine` are `sunshine`."""
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)
    plain = re.sub(r"[\W_]+", "", text.casefold())
    forms = {plain, _bare(text), _bare(core)}
    return forms | {form[: len(form) // 2] for form in forms if form[: len(form) // 2] * 2 == form}


_ROWS = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "01234567890")


def _is_a_run(text: str) -> bool:
    """Made only of pieces of the alphabet or a row of keys: four characters or more, the last maybe fewer."""
    rows = [*_ROWS, *(row[::-1] for row in _ROWS)]
    rest = text
    while rest:
        size = max(_alike(rest, row[at:]) for row in rows for at in range(len(row)))
        if size < min(4, len(rest)):
            return False
        rest = rest[size:]
    return bool(text)


def _alike(one: str, other: str) -> int:
    """How many characters they begin with in common."""
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))))


@cache
def _common() -> frozenset[str]:
    lines = files("lab.people").joinpath("common_passwords.txt").read_text("utf-8").splitlines()
    return frozenset(_bare(line) for line in lines if line and not line.startswith("#"))
