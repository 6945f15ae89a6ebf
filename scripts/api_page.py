"""Writes docs/api.md from the routes themselves, so that the page cannot be out of date.

.venv/bin/python scripts/api_page.py [--print]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from lab.main import create_app, describe

from lab.core.settings import Settings

PAGE = Path(__file__).resolve().parents[1] / "docs" / "api.md"

HEAD = """# HTTP API

Programs and scripts want what the screens can do. Everything below is JSON; the machine-readable
description is `GET /api/openapi.json` (OpenAPI 3.1). This page is written by `scripts/api_page.py`.

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
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(data_dir=Path(folder), demo=False))
        made = HEAD + "".join(rows(describe(app)))
    if "--print" in sys.argv[1:]:
        sys.stdout.write(made)
    else:
        PAGE.write_text(made)
    return 0


def rows(description: dict[str, Any]) -> list[str]:
    found = []
    for path, verbs in sorted(description["paths"].items()):
        for verb, operation in verbs.items():
            found.append(f"| {verb.upper()} | `{path}` | {operation.get('summary', '')} |\n")
    return found


if __name__ == "__main__":
    raise SystemExit(main())
