"""Imports go down only: the contracts of pyproject.toml, run as a test."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_floors_and_the_engine_keep_their_import_contracts() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


def test_features_in_the_browser_never_import_each_other() -> None:
    source = ROOT / "frontend" / "src"
    floors = {"lib": 0, "api": 1, "ui": 1, "realtime": 1, "comments": 2, "features": 3, "app": 4}
    offences = []
    for path in sorted([*source.rglob("*.ts"), *source.rglob("*.tsx")]):
        here = path.relative_to(source).parts
        for line in path.read_text().splitlines():
            if not (line.startswith(("import", "export")) or " from " in line) or "'." not in line.replace(
                '"', "'"
            ):
                continue
            target = line.replace('"', "'").rsplit("'", 2)[-2]
            if not target.startswith("."):
                continue
            try:
                there = (path.parent / target).resolve().relative_to(source).parts
            except ValueError:
                continue
            if here[0] not in floors or there[0] not in floors or here[0] == there[0] == "app":
                continue
            other_feature = here[0] == there[0] == "features" and here[1] != there[1]
            if floors[there[0]] > floors[here[0]] or other_feature:
                offences.append(f"{'/'.join(here)} imports {'/'.join(there)}")
    assert not offences, "\n".join(offences)
