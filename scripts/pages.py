"""Writes the parts of the docs that code already knows, so that they cannot be out of date.

.venv/bin/python scripts/pages.py [--check]

- docs/api.md, from the routes
- the table of settings in docs/operations.md, from `core.settings.Settings`
- the guard's rules in docs/protocol.md, from the docstring of `realtime.guard`

`--check` writes nothing and names the pages that are stale.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from lab.core.settings import Settings
from lab.main import create_app, describe
from lab.realtime import guard

DOCS = Path(__file__).resolve().parents[1] / "docs"

API_HEAD = """# HTTP API

Programs and scripts want what the screens can do. Everything below is JSON; the machine-readable
description is `GET /api/openapi.json` (OpenAPI 3.1). This page is written by `scripts/pages.py`.

- **Who you are**: browsers by cookie, other clients by `Authorization: Bearer <token>` (`lab token EMAIL`).
- **Changes from a browser** carry `X-Lab-CSRF` (`GET /api/me` gives it) and come from the lab's own origin.
- **Lists** are `{"items": […], "next": cursor or null}`; give `cursor` back for the next page.
- **Errors** are problem documents (RFC 9457): `type`, `title`, `status`, a stable `code`, and a `detail`
  in plain words.
- **Times** are ISO 8601 in UTC.

| | path | what it does |
|---|---|---|
"""


def main() -> int:
    pages = {"api.md": api(), "operations.md": operations(), "protocol.md": protocol()}
    stale = [name for name, made in pages.items() if not same(DOCS / name, made)]
    if "--check" in sys.argv[1:]:
        print("\n".join(stale))
        return 1 if stale else 0
    for name in stale:
        (DOCS / name).write_text(pages[name])
    return 0


def same(path: Path, made: str) -> bool:
    return path.exists() and path.read_text() == made


def api() -> str:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(data_dir=Path(folder), demo=False))
        return API_HEAD + "".join(rows(describe(app)))


def rows(description: dict[str, Any]) -> list[str]:
    return [
        f"| {verb.upper()} | `{path}` | {operation.get('summary', '')} |\n"
        for path, verbs in sorted(description["paths"].items())
        for verb, operation in verbs.items()
    ]


def operations() -> str:
    lines = ["| setting | default | what it is for |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        lines.append(f"| `LAB_{name.upper()}` | {default(field)} | {field.description} |")
    return between("operations.md", "settings", lines)


def default(field: FieldInfo) -> str:
    value = field.default
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if value in ("", ()):
        return "empty"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def protocol() -> str:
    text = re.sub(r"\n {2,}", " ", guard.__doc__ or "")
    lines = ["| rule | what must hold |", "|---|---|"]
    lines += [
        f"| {rule} | {said} |" for rule, said in re.findall(r"^- (G\d+) +(.+)$", text, flags=re.MULTILINE)
    ]
    return between("protocol.md", "guard rules", lines)


def between(page: str, name: str, lines: list[str]) -> str:
    """The page with what stands between its two markers replaced."""
    start, end = f"<!-- {name}: written by scripts/pages.py -->", f"<!-- end of {name} -->"
    before, _, rest = (DOCS / page).read_text().partition(start)
    _, _, after = rest.partition(end)
    return "\n".join([before + start, *lines, end]) + after


if __name__ == "__main__":
    raise SystemExit(main())
