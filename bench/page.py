"""docs/benchmarks.md: sections by title, each written by the command that measured it. Others stay."""

from __future__ import annotations

import datetime as dt
import os
import platform
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"


def where() -> str:
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    return f"{dt.datetime.now(dt.UTC):%Y-%m-%d}, {machine}"


def sections() -> dict[str, str]:
    """Title -> text, in the order of the page."""
    if not PAGE.exists():
        return {}
    parts = PAGE.read_text().split("\n## ")[1:]
    return {title: text.strip("\n") + "\n" for title, _, text in (part.partition("\n") for part in parts)}


def write(head: str, parts: dict[str, str]) -> None:
    PAGE.write_text(head + "".join(f"\n## {title}\n\n{text}" for title, text in parts.items()))


def put(title: str, *, lead: str, head: str, row: str, notes: str = "") -> None:
    """One row of a section's table, in place of the one that begins with the same cell; `notes` go with it,
    as its last cell."""
    parts = sections()
    rows = [line for line in parts.get(title, "").splitlines() if line.startswith("| ")][1:]
    if notes:
        first, rule = head.split("\n")
        head, row = f"{first} command |\n{rule}---|", f"{row} {notes} |"
    key = row.split(" | ")[0]
    rows = [row if line.split(" | ")[0] == key else line for line in rows]
    if row not in rows:
        rows.append(row)
    parts[title] = "\n".join([lead, "", head, *rows]) + "\n"
    before = PAGE.read_text().split("\n## ")[0].rstrip("\n") + "\n"
    write(before, parts)
