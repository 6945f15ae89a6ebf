"""Identifiers: 26 characters that sort by the time they were made."""

from __future__ import annotations

import secrets
import time

# Crockford's base 32: no I, L, O, U, so that an id can be read aloud; ASCII order is numeric order.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RANDOM_BITS = 74


def new_id() -> str:
    """56 bits of microseconds and 74 random ones: sorts by time, unique without asking anybody.

    It is not a secret: whoever knows an id knows when the thing was made.
    """
    number = (time.time_ns() // 1000) << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))
