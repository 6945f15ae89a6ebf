"""Every detail of a board that docs/boards-details.md promises has a test, under the name given there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BOARDS = ROOT / "frontend" / "src" / "features" / "boards"


def test_every_detail_is_held_by_a_test_that_exists() -> None:
    page = (ROOT / "docs" / "boards-details.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| .+ \| (.+) \|$", page, re.MULTILINE)
    assert [int(number) for number, _ in rows] == list(range(1, 26))
    for number, tests in rows:
        for named in tests.split(" · "):
            path, title = re.fullmatch(r"`([^`]+)` (.+)", named).groups()  # type: ignore[union-attr]
            file = (ROOT if path.startswith("tests/") else BOARDS) / path
            begins = re.compile(r"(?:\b(?:it|test)(?:\.each\(\w+\))?\(['\"`]|def )" + re.escape(title))
            assert begins.search(file.read_text(encoding="utf-8")), f"{number}: {named}"
