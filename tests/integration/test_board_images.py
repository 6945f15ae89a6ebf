"""Pictures over HTTP: who may send and see them, how much room they take."""

from __future__ import annotations

from io import BytesIO

from PIL import Image

from lab.boards.images import MOST_BYTES
from tests.support.app import ORIGIN
from tests.support.sitting import Group


def picture(shade: int = 0, size: tuple[int, int] = (900, 600)) -> bytes:
    out = BytesIO()
    Image.effect_noise(size, 40 + shade).save(out, "PNG")
    return out.getvalue()


async def test_a_picture_is_sent_once_and_seen_by_those_of_the_challenge(group: Group) -> None:
    board = (await group.begin(group.pat))["id"]
    images = f"/api/boards/{board}/images"
    data = picture()
    sent = await group.pat.upload(images, data, "ward.png")
    assert sent.status_code == 201, sent.text
    shown = sent.json()
    assert (shown["width"], shown["height"]) == (900, 600)
    assert (await group.uma.upload(images, data)).json()["id"] == shown["id"]

    whole = await group.obi.get(f"{images}/{shown['id']}")
    small = await group.obi.get(f"{images}/{shown['id']}/small")
    for answer, longest in ((whole, 900), (small, 400)):
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "image/webp"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "private" in answer.headers["cache-control"]
        assert "sandbox" in answer.headers["content-security-policy"]
        assert max(Image.open(BytesIO(answer.content)).size) == longest
    quota = (await group.obi.get(f"/api/challenges/{group.challenge}/quota")).json()
    assert quota["used"] == len(whole.content) + len(small.content)
    for path in (f"{images}/{shown['id']}", f"/api/challenges/{group.challenge}/quota"):
        assert (await group.sue.get(path)).status_code == 404


async def test_observers_and_strangers_send_none(group: Group) -> None:
    images = f"/api/boards/{(await group.begin(group.pat))['id']}/images"
    assert (await group.obi.upload(images, picture())).json()["code"] == "cannot_edit"
    assert (await group.sue.upload(images, picture())).json()["code"] == "board_not_found"
    other = (await group.begin(group.pat))["id"]
    mine = (await group.pat.upload(images, picture())).json()["id"]
    assert (await group.pat.get(f"/api/boards/{other}/images/{mine}")).json()["code"] == "image_not_found"


async def test_what_is_no_picture_is_told_so(group: Group) -> None:
    images = f"/api/boards/{(await group.begin(group.pat))['id']}/images"
    hostile = {
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>": (422, "bad_image"),
        b"MZ this is a program": (422, "bad_image"),
        picture()[:400]: (422, "bad_image"),
        b"": (422, "bad_image"),
        b"\x00" * (MOST_BYTES + (1 << 20)): (413, "body_too_big"),
    }
    for content, expected in hostile.items():
        answer = await group.pat.upload(images, content)
        assert (answer.status_code, answer.json()["code"]) == expected, content[:20]
        assert answer.headers["content-type"] == "application/problem+json"
    assert (await group.pat.post(images, {"file": "x"})).json()["code"] == "wrong_content_type"
    headless = await group.pat.http.post(
        images,
        content=b"nonsense",
        headers={
            "content-type": "multipart/form-data",
            "origin": ORIGIN,
            "x-lab-csrf": group.pat.csrf,
        },
    )
    assert headless.json()["code"] == "bad_form"


async def test_a_full_challenge_takes_no_more_and_says_how_much_there_is(group: Group) -> None:
    board = (await group.begin(group.pat))["id"]
    pictures = group.lab.app.state.pictures
    data = picture(1)
    first = (await group.pat.upload(f"/api/boards/{board}/images", data)).json()
    quota = f"/api/challenges/{group.challenge}/quota"
    pictures.most = (await group.pat.get(quota)).json()["used"] + 1000
    refused = await group.pat.upload(f"/api/boards/{board}/images", picture(2))
    assert (refused.status_code, refused.json()["code"]) == (409, "quota_full")
    assert refused.json()["limit"] == pictures.most
    # What is there already takes no more room.
    again = await group.pat.upload(f"/api/boards/{board}/images", data)
    assert again.json()["id"] == first["id"]
    assert (await group.pat.get(f"/api/boards/{board}/images/{first['id']}")).status_code == 200
