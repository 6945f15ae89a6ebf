"""Writes tests/golden/boards/: one board in every format. Run after a format was meant to change:

.venv/bin/python -m tests.support.golden_boards
"""

from __future__ import annotations

from pathlib import Path

from lab.boards.drawing import Card, ImageFile
from lab.boards.formats import FORMATS, export
from lab.boards.formats.writing import Surroundings
from tests.support.boards import PEOPLE, medicines

GOLDEN = Path(__file__).parents[1] / "golden" / "boards"
AROUND = Surroundings(
    names=PEOPLE,
    images={"01PICTURE": ImageFile(b"\x89PNG\r\n\x1a\n(a picture)", "image/png")},
    cards={"01CARD": Card("E12", "I waited four hours with my coat on.", "Interview, May 2026", True)},
)


def files() -> dict[str, bytes]:
    """Zips are left out: how well they are packed differs from machine to machine."""
    return {
        f"medicines.{format}": export(medicines(), format, AROUND).content
        for format in FORMATS
        if not format.endswith("zip")
    }


if __name__ == "__main__":
    GOLDEN.mkdir(parents=True, exist_ok=True)
    for name, data in files().items():
        (GOLDEN / name).write_bytes(data)
