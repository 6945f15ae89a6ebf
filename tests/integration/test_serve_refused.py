"""A database that cannot be used ends `lab serve` with one plain sentence, not with a traceback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from tests.support.services import PostgresServer


def serve(data: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LAB_")}
    return subprocess.run(
        [sys.executable, "-m", "lab", "serve", "--port", "0", "--data", str(data)],
        env=environment | settings, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def plain(ended: subprocess.CompletedProcess[str]) -> str:
    said = ended.stderr.strip()
    assert ended.returncode == 1, said
    assert "Traceback" not in ended.stderr + ended.stdout
    assert said.startswith("lab: ")
    assert "start again" in said
    assert len(said.splitlines()) == 1
    return said


@pytest.mark.parametrize("what", ["no database", "a folder"])
def test_a_file_that_is_no_database(tmp_path: Path, what: str) -> None:
    file = tmp_path / "lab.db"
    if what == "a folder":
        file.mkdir()
    else:
        file.write_bytes(b"these are not the bytes of a database" * 100)
    assert "LAB_DATA_DIR" in plain(serve(tmp_path))


def test_a_postgresql_that_is_not_there(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"postgresql://lab@127.0.0.1:{probe.getsockname()[1]}/lab"
        assert "LAB_DATABASE_URL" in plain(serve(tmp_path, LAB_DATABASE_URL=address))


@pytest.mark.services
async def test_a_postgresql_that_would_forget(tmp_path: Path, postgres: PostgresServer) -> None:
    url = await postgres.database(empty=True)
    name = url.rpartition("/")[2].partition("?")[0]
    admin = await asyncpg.connect(postgres.url)
    try:
        await admin.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    finally:
        await admin.close()
    assert "synchronous_commit = off" in plain(serve(tmp_path, LAB_DATABASE_URL=url))
