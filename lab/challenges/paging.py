"""Cursors: where a page ended, readable by us only, checked when it comes back."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from lab.core.errors import Invalid

Row = TypeVar("Row")


class BadCursor(Invalid):
    code, title = "bad_cursor", "This page does not exist"


def cursor_of(at: datetime, id: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([at.isoformat(), id]).encode()).decode()


def read_cursor(cursor: str) -> tuple[datetime, str]:
    try:
        at, id = json.loads(base64.b64decode(cursor, altchars=b"-_", validate=True))
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None or not isinstance(id, str) or not 0 < len(id) <= 26:
            raise ValueError("not a cursor of ours")
    except (ValueError, TypeError, binascii.Error, RecursionError, OverflowError) as error:
        raise BadCursor("This cursor is not one that came with a list.", errors=[]) from error
    return moment, id


def page(rows: Sequence[Row], limit: int) -> tuple[Sequence[Row], bool]:
    """The first `limit` of rows of which one more was asked for, and whether there are more."""
    return rows[:limit], len(rows) > limit
