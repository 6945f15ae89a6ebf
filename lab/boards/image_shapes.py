"""The shapes in which pictures cross HTTP."""

from __future__ import annotations

from pydantic import BaseModel


class ImageShown(BaseModel):
    """As it is kept, which may be smaller than what was sent."""

    id: str
    width: int
    height: int
    bytes: int


class Quota(BaseModel):
    """Bytes; both sizes of every picture count."""

    used: int
    limit: int
