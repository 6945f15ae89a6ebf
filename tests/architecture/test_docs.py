"""Docs are tested: every setting, route, close code, guard rule and extension point is found in them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from lab.core.settings import Settings
from lab.realtime import guard
from lab.realtime.errors import CloseCode

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = [
    *sorted(DOCS.rglob("*.md")),
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "bench/README.md")),
]


def page(name: str) -> str:
    return (DOCS / name).read_text()


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_in_the_operations_page_and_says_what_it_is_for(name: str) -> None:
    assert f"`LAB_{name.upper()}`" in page("operations.md")
    assert Settings.model_fields[name].description


def test_every_close_code_is_in_the_protocol_page() -> None:
    missing = [code for code in CloseCode if f"| {int(code)} |" not in page("protocol.md")]
    assert not missing


def test_every_guard_rule_is_in_the_protocol_page() -> None:
    rules = re.findall(r"^- (G\d+) ", guard.__doc__ or "", flags=re.MULTILINE)
    assert len(rules) >= 10, "the guard's docstring lists its rules"
    missing = [rule for rule in rules if f"| {rule} |" not in page("protocol.md")]
    assert not missing


def test_the_pages_written_by_code_are_up_to_date() -> None:
    made = subprocess.run(
        [sys.executable, "scripts/pages.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, f"stale: {made.stdout}{made.stderr}; run .venv/bin/python scripts/pages.py"


def test_every_port_is_named_as_an_extension_point() -> None:
    for seam in ("ports.Store", "ports.Broker", "ports.RoomKind"):
        assert f"`{seam}`" in page("architecture.md")


def test_links_between_pages_lead_somewhere() -> None:
    broken = []
    for source in PAGES:
        for target in re.findall(r"\]\(([^)#\s]+)", source.read_text()):
            elsewhere = "://" in target or target.startswith("mailto:")
            if not elsewhere and not (source.parent / target).exists():
                broken.append(f"{source.relative_to(ROOT)} → {target}")
    assert not broken


def test_files_named_in_the_docs_exist() -> None:
    roots = (
        "lab/",
        "bench/",
        "scripts/",
        "tests/",
        "docs/",
        "frontend/",
        "requirements/",
        "realtime/",
        "challenges/",
    )
    missing = []
    for source in PAGES:
        for name in re.findall(r"`([a-z_]+/[\w./-]+\.(?:py|ts|tsx|md|mjs|txt|toml))`", source.read_text()):
            places = (ROOT / name, ROOT / "lab" / name, ROOT / "frontend" / "src" / name)
            if name.startswith(roots) and not any(place.exists() for place in places):
                missing.append(f"{source.relative_to(ROOT)}: {name}")
    assert not missing
