"""What is taken in as a picture, what is kept of it, and what is refused."""

from __future__ import annotations

import struct
import zlib
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from lab.boards.errors import BadImage
from lab.boards.images import LONGEST_SIDE, MOST_BYTES, SMALL_SIDE, prepare, refuse_early


def picture(form: str, size: tuple[int, int] = (60, 40), mode: str = "RGB", **more: object) -> bytes:
    out = BytesIO()
    Image.new(mode, size, (200, 30, 30) if mode == "RGB" else 0).save(out, form, **more)
    return out.getvalue()


def kept(data: bytes) -> Image.Image:
    return Image.open(BytesIO(prepare(data).full))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_pictures_of_the_usual_kinds_are_taken_in(form: str) -> None:
    made = prepare(picture(form))
    assert (made.width, made.height, made.media) == (60, 40, "image/webp")
    assert kept(picture(form)).format == "WEBP"


def test_nothing_but_pixels_is_kept() -> None:
    exif = Image.Exif()
    exif[0x010F] = "A camera with a name"
    exif[0x8825] = {1: "N", 2: (53.0, 48.0, 0.0)}
    sent = picture("JPEG", exif=exif, comment=b"Ward 7, Mrs A.") + b"PK\x03\x04 and a second file"
    assert b"camera" in sent
    made = prepare(sent)
    for data in (made.full, made.small):
        opened = Image.open(BytesIO(data))
        assert not opened.getexif()
        assert not {"exif", "icc_profile", "xmp", "comment"} & set(opened.info)
        assert b"camera" not in data
        assert b"Ward 7" not in data
        assert b"PK\x03\x04" not in data


def test_a_picture_stands_upright_as_the_camera_was_held() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert kept(picture("JPEG", (60, 40), exif=exif)).size == (40, 60)


def test_what_is_clear_stays_clear() -> None:
    out = BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(out, "PNG")
    assert kept(out.getvalue()).convert("RGBA").getpixel((5, 5))[3] == 0


def test_of_a_moving_picture_the_first_is_kept() -> None:
    frames = [Image.new("P", (20, 20), colour) for colour in (1, 2, 3)]
    out = BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    assert getattr(kept(out.getvalue()), "n_frames", 1) == 1


def test_large_pictures_are_made_smaller_and_every_one_has_a_small_form() -> None:
    made = prepare(picture("PNG", (LONGEST_SIDE + 1000, 900)))
    assert made.width == LONGEST_SIDE
    assert max(Image.open(BytesIO(made.small)).size) == SMALL_SIDE


def test_a_picture_of_too_many_points_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(BadImage, match="points"):
        prepare(bomb(30_000, 30_000))


def bomb(width: int, height: int) -> bytes:
    """A PNG that says it is huge; its pixels are not there."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\x00" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "drawing",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"\xef\xbb\xbf  <?xml version='1.0'?><svg/>",
        b"<!DOCTYPE html><script>alert(1)</script>",
    ],
)
def test_drawings_that_can_hold_programs_are_refused(drawing: bytes) -> None:
    with pytest.raises(BadImage, match="SVG"):
        prepare(drawing)


def test_too_many_bytes_and_none_are_refused_before_anything_is_decoded() -> None:
    with pytest.raises(BadImage, match="15 MB"):
        refuse_early(b"\xff\xd8" + b"\x00" * MOST_BYTES)
    with pytest.raises(BadImage, match="empty"):
        refuse_early(b"")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
@settings(deadline=None)
@given(cut=st.floats(0.02, 0.9))
def test_a_picture_that_was_cut_off_is_refused_or_made_whole(form: str, cut: float) -> None:
    whole = picture(form, (300, 200))
    try:
        made = prepare(whole[: int(len(whole) * cut)])
    except BadImage:
        return
    # Some can be read though their end is missing: then what is kept is a whole picture.
    assert Image.open(BytesIO(made.full)).size == (300, 200)


@settings(deadline=None)
@given(st.binary(max_size=2_000), st.sampled_from(["", "JPEG", "PNG", "WEBP", "GIF"]))
def test_whatever_bytes_come_the_answer_is_a_picture_or_a_refusal(noise: bytes, form: str) -> None:
    data = picture(form)[:200] + noise if form else noise
    with suppress(BadImage):
        prepare(data)
