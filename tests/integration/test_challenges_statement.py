"""Statements: Markdown in and out, versions, comparing, restoring; and what follows from writing."""

from __future__ import annotations

from typing import Any

import pytest
from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from lab.challenges.document import ROOT
from lab.challenges.markdown_in import MAX_CHARACTERS
from lab.realtime.ports import RoomName
from tests.support.statement import Statement

# Markdown


async def test_markdown_goes_in_and_comes_out(statement: Statement) -> None:
    text = "# Home\n\nThey wait **all day**.\n\n- one\n- two\n"
    assert await statement.put(text) == 2
    assert await statement.text() == text
    shown = (await statement.fay.get(f"/api/challenges/{statement.id}")).json()
    assert (shown["summary"], shown["counts"]["words"]) == ("They wait all day.", 7)
    answer = await statement.fay.get(f"{statement.path}.md")
    assert answer.headers["content-type"].startswith("text/markdown")
    assert answer.headers["content-disposition"] == (
        'attachment; filename="home-well-soon.md"; '
        "filename*=UTF-8''Home%2C%20%E2%80%9Cwell%E2%80%9D%20%26%20soon.md"
    )


@pytest.mark.parametrize(
    ("markdown", "status", "code"),
    [
        ("a" * (MAX_CHARACTERS + 1), 413, "markdown_too_big"),
        ("a\n\n" * 10_001, 413, "markdown_too_big"),
        ("x" * 1_300_000, 413, "body_too_big"),
        (">" * 5000, 422, "markdown_too_deep"),
    ],
)
async def test_what_does_not_fit_changes_nothing(
    statement: Statement, markdown: str, status: int, code: str
) -> None:
    await statement.put("As it was.")
    before = await statement.versions()
    answer = await statement.pat.post(f"{statement.path}/import", {"markdown": markdown})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await statement.text(), await statement.versions()) == ("As it was.\n", before)


async def test_hostile_text_is_only_text(statement: Statement) -> None:
    await statement.put(
        "<script>alert(1)</script> [a](javascript:alert(1)) \x1b[31m\n\n![b](data:image/svg+xml,x)"
    )
    version = (await statement.versions())[0]
    shown = (await statement.fay.get(f"{statement.path}/versions/{version['id']}")).json()
    assert "<script" not in shown["html"]
    assert "<a" not in shown["html"]
    assert "\x1b" not in shown["html"]
    assert "&lt;script&gt;alert(1)&lt;/script&gt; a (javascript:alert(1)) [31m" in shown["html"]


# Versions


async def test_an_import_keeps_both_texts(statement: Statement) -> None:
    await statement.put("First.")
    await statement.put("Second.")
    kinds = [(one["kind"], one["words"], one["name"]) for one in await statement.versions()]
    # What an import brought is kept already: the import after it does not keep it again.
    assert kinds == [
        ("imported", 1, "Imported from Markdown"),
        ("imported", 1, "Imported from Markdown"),
        ("auto", 0, None),
    ]


async def test_restoring_keeps_what_stood_there(statement: Statement) -> None:
    await statement.put("The old text.")
    named = (await statement.pat.post(f"{statement.path}/versions", {"name": "Agreed"})).json()
    assert (named["kind"], named["name"], named["by"]["name"], named["words"]) == (
        "named",
        "Agreed",
        "Pat",
        3,
    )
    room = RoomName(f"statement/{statement.id}")
    await statement.lab.app.state.rooms.replace(room, _seed("Nobody kept this."))
    answer = await statement.pat.post(f"{statement.path}/versions/{named['id']}/restore")
    assert answer.json() == {"epoch": 4}
    assert await statement.text() == "The old text.\n"
    newest, before, *_ = await statement.versions()
    assert (newest["kind"], newest["name"]) == ("restored", "Restored: Agreed")
    whole = (await statement.fay.get(f"{statement.path}/versions/{before['id']}")).json()
    assert (before["kind"], whole["markdown"]) == ("auto", "Nobody kept this.\n")
    assert whole["html"] == "<p>Nobody kept this.</p>"
    assert (
        (await statement.fay.get("/api/lab")).json()["changes"][0]["text"].startswith("restored an earlier")
    )


def _seed(text: str) -> bytes:
    from lab.challenges.building import seed
    from lab.challenges.markdown_in import from_markdown

    return seed(from_markdown(text))


async def test_a_restore_that_fails_leaves_everything_as_it_was(
    statement: Statement, monkeypatch: pytest.MonkeyPatch
) -> None:
    await statement.put("First.")
    first = (await statement.versions())[0]["id"]
    await statement.put("Second.")
    before = await statement.versions()

    async def refuses(*_: Any, **__: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("lab.challenges.versions.keep", refuses)
    assert (await statement.pat.post(f"{statement.path}/versions/{first}/restore")).status_code >= 500
    monkeypatch.undo()
    assert (await statement.text(), await statement.versions()) == ("Second.\n", before)
    assert await statement.put("Third.") == 4


async def test_names_of_versions_change_and_make_automatic_ones_last(statement: Statement) -> None:
    await statement.wrote("a", statement.pat)
    (version,) = await statement.versions()
    assert (version["kind"], version["name"], version["by"]["name"]) == ("auto", None, "Pat")
    path = f"{statement.path}/versions/{version['id']}"
    shown = (await statement.fay.patch(path, {"name": "Kept"})).json()
    assert (shown["kind"], shown["name"], shown["by"]["name"]) == ("named", "Kept", "Pat")
    assert (await statement.fay.patch(path, {"name": " "})).status_code == 422
    await statement.put("b")
    imported = (await statement.versions())[0]
    shown = (
        await statement.fay.patch(f"{statement.path}/versions/{imported['id']}", {"name": "Mine"})
    ).json()
    assert (shown["kind"], shown["name"]) == ("imported", "Mine")


async def test_versions_of_another_challenge_are_not_reached_from_here(statement: Statement) -> None:
    await statement.put("a")
    version = (await statement.versions())[0]["id"]
    other = (await statement.fay.post("/api/challenges", {"title": "Other", "question": "Why?"})).json()["id"]
    path = f"/api/challenges/{other}/statement/versions"
    for answer in (
        await statement.fay.get(f"{path}/{version}"),
        await statement.fay.patch(f"{path}/{version}", {"name": "x"}),
        await statement.fay.post(f"{path}/{version}/restore"),
        await statement.fay.get(f"{path}/compare?from={version}"),
        await statement.fay.get(f"{statement.path}/versions/nonsense"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "version_not_found")


async def test_comparing_a_version_with_another_and_with_now(statement: Statement) -> None:
    await statement.put("They wait.\n\nAll day.")
    first = (await statement.versions())[0]["id"]
    await statement.put("They wait six hours.\n\nAll day.")
    second = (await statement.versions())[0]["id"]
    expected = [
        {
            "kind": "changed", "type": "paragraph", "level": None, "marker": None, "cells": [],
            "parts": [
                {"op": "same", "text": "They wait"}, {"op": "added", "text": " six hours"},
                {"op": "same", "text": "."},
            ],
        },
        {
            "kind": "same", "type": "paragraph", "level": None, "marker": None, "cells": [],
            "parts": [{"op": "same", "text": "All day."}],
        },
    ]  # fmt: skip
    for to in (second, "now"):
        found = (await statement.pat.get(f"{statement.path}/versions/compare?from={first}&to={to}")).json()
        assert found == {"from": first, "to": to, "blocks": expected, "words_added": 2, "words_removed": 0}
    found = (await statement.pat.get(f"{statement.path}/versions/compare?from=now")).json()
    assert (found["words_added"], found["words_removed"]) == (0, 0)
    for bad in ("", "?from=", "?to=now", "?from=x&from=y"):
        assert (await statement.pat.get(f"{statement.path}/versions/compare{bad}")).status_code == 422


async def test_versions_come_in_pages(statement: Statement) -> None:
    for n in range(5):
        await statement.pat.post(f"{statement.path}/versions", {"name": f"Version {n}"})
    names: list[str] = []
    cursor = ""
    while cursor is not None:
        answer = (await statement.fay.get(f"{statement.path}/versions?limit=2{cursor}")).json()
        names += [one["name"] for one in answer["items"]]
        cursor = f"&cursor={answer['next']}" if answer["next"] else None  # type: ignore[assignment]
    assert names == [f"Version {n}" for n in (4, 3, 2, 1, 0)]


async def test_named_versions_are_bounded(statement: Statement, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lab.challenges.versions.MOST_NAMED", 2)
    answers = [await statement.pat.post(f"{statement.path}/versions", {"name": "x"}) for _ in range(3)]
    assert [one.status_code for one in answers] == [201, 201, 409]
    assert answers[2].json()["code"] == "too_many_versions"


# What follows from writing


async def test_writing_is_told_and_kept_every_ten_minutes(statement: Statement) -> None:
    clock = statement.lab.clock
    for minute in range(25):
        await statement.wrote(f"Text of minute {minute}. And more.", statement.pat)
        clock.advance(60)
    found = await statement.versions()
    assert [(one["kind"], one["at"][14:16]) for one in found] == [
        ("auto", "24"),
        ("auto", "19"),
        ("auto", "09"),
    ]
    newest = (await statement.fay.get(f"{statement.path}/versions/{found[0]['id']}")).json()
    assert newest["markdown"] == "Text of minute 24. And more.\n"
    shown = (await statement.fay.get(f"/api/challenges/{statement.id}")).json()
    assert (shown["summary"], shown["counts"]["words"]) == ("Text of minute 24.", 6)
    assert shown["updated_at"] == "2026-01-05T09:24:00Z"
    edits = [
        one for one in (await statement.fay.get("/api/lab")).json()["changes"] if one["verb"] == "edited"
    ]
    assert [(one["at"], one["person"]["name"]) for one in edits] == [("2026-01-05T09:24:00Z", "Pat")]


async def test_the_same_content_is_not_kept_twice(statement: Statement) -> None:
    for _ in range(3):
        await statement.wrote("Same.", statement.pat)
        statement.lab.clock.advance(3600)
    await statement.wrote("Same.")
    assert len(await statement.versions()) == 1
    shown = (await statement.fay.get(f"/api/challenges/{statement.id}")).json()
    assert shown["updated_at"] == "2026-01-05T11:00:00Z"


async def test_what_several_wrote_is_nobodys_alone(statement: Statement) -> None:
    await statement.wrote("One.", statement.pat)
    await statement.wrote("Two.", statement.fay)
    (version,) = await statement.versions()
    assert version["by"] is None
    await statement.wrote("Three.", statement.fay, statement.pat)
    statement.lab.clock.advance(3600)
    await statement.wrote("Four.", statement.fay, statement.pat)
    assert [one["by"] for one in await statement.versions()] == [None, None]


async def test_a_document_that_was_replaced_has_no_say_any_more(statement: Statement) -> None:
    room = RoomName(f"statement/{statement.id}")
    old: Doc[Any] = Doc()
    old.apply_update(await statement.lab.app.state.rooms.read(room))
    old.get(ROOT, type=XmlFragment).children.append(XmlElement("paragraph")).children.append(XmlText("Late."))
    await statement.put("New text.")
    before = await statement.versions()
    await statement.rooms.saved(statement.id, old, frozenset({statement.pat.id}))
    assert await statement.versions() == before
    shown = (await statement.fay.get(f"/api/challenges/{statement.id}")).json()
    assert shown["summary"] == "New text."
    changes = (await statement.fay.get("/api/lab")).json()["changes"]
    assert "edited" in {one["verb"] for one in changes}


async def test_old_automatic_versions_go_and_named_ones_stay(
    statement: Statement, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lab.challenges.keeping.KEPT_AUTOMATIC", 3)
    await statement.pat.post(f"{statement.path}/versions", {"name": "Kept"})
    for n in range(6):
        statement.lab.clock.advance(3600)
        await statement.wrote(f"Hour {n}.", statement.pat)
    assert [one["kind"] for one in await statement.versions()] == ["auto", "auto", "auto", "named"]


async def test_strangers_to_the_database_and_lost_challenges_are_passed_over(statement: Statement) -> None:
    doc: Doc[Any] = Doc()
    await statement.rooms.saved(statement.id, doc, frozenset({"nobody-we-know"}))
    await statement.rooms.saved("no-such-challenge", doc, frozenset({statement.pat.id}))
    (version,) = await statement.versions()
    assert version["by"] is None
