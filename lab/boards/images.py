"""Images on boards: taken in as files, kept as pictures and nothing else.

Whatever comes is decoded in a child process and written anew, so that what is served holds pixels only: no
places, cameras, comments or second files in one. Two sizes are kept, the picture and a small one.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from lab.boards.errors import BadImage

MOST_BYTES: Final = 15 << 20
MOST_PIXELS: Final = 40_000_000
LONGEST_SIDE: Final = 4_096
"""Of what is kept; a larger picture is made smaller."""
SMALL_SIDE: Final = 400
CPU_SECONDS: Final = 20
FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
TAKEN: Final = "a JPEG, PNG, WebP, GIF or AVIF picture"


@dataclass(frozen=True, slots=True)
class Prepared:
    """`width` and `height` are the kept picture's, in pixels."""

    full: bytes
    small: bytes
    width: int
    height: int
    media: str = "image/webp"


def refuse_early(data: bytes) -> None:
    """What can be told without decoding anything. Raises BadImage."""
    if len(data) > MOST_BYTES:
        raise BadImage(
            f"This file has {len(data) / 1e6:.0f} MB; a picture may have {MOST_BYTES >> 20} MB. "
            "Make it smaller, or take a photograph of it."
        )
    if not data:
        raise BadImage("This file is empty.")
    head = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<svg", b"<?xml", b"<!doctype", b"<html")):
        raise BadImage(f"Drawings (SVG) can hold programs, so they are not taken. Save it as {TAKEN}.")


def prepare(data: bytes) -> Prepared:
    """The picture as it is kept. Raises BadImage, and nothing else, for whatever bytes. For a child."""
    refuse_early(data)
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as opened:
            width, height = opened.size
            if width * height > MOST_PIXELS:
                raise _too_many(width * height)
            opened.seek(0)
            # The first picture of several, turned as the camera was held.
            upright = ImageOps.exif_transpose(opened)
            seen = upright.has_transparency_data
            pixels = upright.convert("RGBA" if seen else "RGB")
    except UnidentifiedImageError:
        raise BadImage(f"This is not a picture that can be read here. Use {TAKEN}.") from None
    except Image.DecompressionBombError:
        raise _too_many(None) from None
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, ArithmeticError, LookupError, TypeError):
        raise BadImage("This picture is damaged, or was cut off. Save it again and try once more.") from None
    pixels.info.clear()
    pixels.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    full = _written(pixels)
    little = pixels.copy()
    little.thumbnail((SMALL_SIDE, SMALL_SIDE), Image.Resampling.LANCZOS)
    return Prepared(full, _written(little), pixels.width, pixels.height)


def _written(pixels: Image.Image) -> bytes:
    """Photographs and drawings alike stay small as WebP; nothing but pixels goes in."""
    out = BytesIO()
    pixels.save(out, "WEBP", quality=86, method=4, exif=b"", icc_profile=b"", xmp=b"")
    return out.getvalue()


def _too_many(pixels: int | None) -> BadImage:
    has = f"{pixels / 1e6:.0f} million points" if pixels else "far too many points"
    most = f"at most {MOST_PIXELS // 1_000_000} million can be taken in"
    return BadImage(f"This picture has {has}; {most}. Make it smaller.")
