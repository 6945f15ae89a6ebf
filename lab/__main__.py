"""The command line: `lab serve`, and what is done to a lab from outside."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from pydantic import SecretStr, TypeAdapter, ValidationError

import lab
from lab.archive import ArchiveError
from lab.core import logging as lab_logging
from lab.core.clock import now
from lab.core.db import Database, DatabaseUnavailable, migrate
from lab.core.errors import LabError
from lab.core.identity import ROLES
from lab.core.settings import Settings
from lab.realtime.errors import RealtimeError

TYPES = Path(lab.__file__).parents[1] / "frontend" / "src" / "api" / "types.ts"
Command = Callable[[argparse.Namespace, Settings], Coroutine[Any, Any, int]]


def main(arguments: list[str] | None = None) -> int:
    given = parser().parse_args(arguments)
    try:
        settings = _settings(given)
        lab_logging.configure(settings)
        if given.command == "serve":
            from lab.server import serve  # uvicorn is not needed for anything else

            return serve(settings)
        command: Command = given.run
        return asyncio.run(command(given, settings))
    except ValidationError as error:
        for problem in error.errors(include_url=False, include_input=False):
            name = "_".join(str(part) for part in problem["loc"])
            shown = f"LAB_{name.upper().removeprefix('LAB_')}: " if name else ""
            _say(f"lab: {shown}{problem['msg'].removeprefix('Value error, ')}")
        return 2
    except (LabError, DatabaseUnavailable, RealtimeError, ArchiveError, OSError) as error:
        _say(f"lab: {error}")
        return 1
    except KeyboardInterrupt:
        return 130


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="lab", description="A live workspace for a lab. Settings: LAB_* variables."
    )
    top.add_argument("--version", action="version", version=lab.__version__)
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, run: Command | None, help: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=help, description=help)
        made.add_argument(
            "--data", type=Path, metavar="DIR", help="directory of the lab's data (LAB_DATA_DIR)"
        )
        made.set_defaults(run=run)
        return made

    serving = add("serve", None, "Bring the database up to date and serve the lab.")
    serving.add_argument("--host", help="address to listen on (LAB_HOST)")
    serving.add_argument("--port", type=int, help="port to listen on (PORT, LAB_PORT); 0 picks a free one")
    add("migrate", run_migrate, "Only bring the database up to date.")
    token = add("token", run_token, "Print a bearer token, alone, on standard output.")
    token.add_argument("email", help="whose; the person is made if there is none")
    token.add_argument("--name", help="of a new person; otherwise the first part of the address")
    token.add_argument("--role", choices=ROLES, help="in the lab at large; a new person is a participant")
    token.add_argument("--days", type=int, default=365, help="how long it is good for (365)")
    add("demo", run_demo, "Add the example challenges, unless they are there.")
    exporting = add("export", run_export, "Write what people made to a zip of open formats.")
    exporting.add_argument("file", type=Path, nargs="?", help="lab-export-DATE.zip, if nothing is said")
    saving = add("backup", run_backup, "Write the whole lab to one file, while people work.")
    saving.add_argument("file", type=Path, nargs="?", help="lab-backup-DATE.zip, if nothing is said")
    restoring = add("restore", run_restore, "Read a backup into an empty lab.")
    restoring.add_argument("file", type=Path)
    add("check", run_check, "Read everything that is stored and say what is not as it was written.")
    add("openapi", run_openapi, "Print the description of the HTTP API.")
    add("types", run_types, "Write the browser's types from the server's models (for developers).")
    return top


def _settings(given: argparse.Namespace) -> Settings:
    chosen = {
        "data_dir": given.data,
        "host": getattr(given, "host", None),
        "port": getattr(given, "port", None),
    }
    return Settings(**{name: value for name, value in chosen.items() if value is not None})


async def run_migrate(given: argparse.Namespace, settings: Settings) -> int:
    await migrate(settings.database)
    return 0


async def run_token(given: argparse.Namespace, settings: Settings) -> int:
    from lab.people import People
    from lab.people.shapes import Email, Name

    email = TypeAdapter(Email).validate_python(given.email)
    name = TypeAdapter(Name).validate_python(given.name or email.partition("@")[0])
    async with _database(settings) as database:
        secret = await People(database, settings).token_for(email, name, given.role, days=given.days)
    print(secret)
    return 0


async def run_demo(given: argparse.Namespace, settings: Settings) -> int:
    from lab.core.clock import SystemClock
    from lab.demo import load_demo
    from lab.realtime.stores import open_store

    async with _database(settings) as database, open_store(database) as store:
        loaded = await load_demo(database, store, SystemClock(), beside=True)
    _say(
        "The example challenges are in this lab now."
        if loaded
        else "The example challenges are here already."
    )
    return 0


async def run_export(given: argparse.Namespace, settings: Settings) -> int:
    from lab.export import export

    path = given.file or Path(f"lab-export-{_day()}.zip")
    async with _database(settings) as database:
        count = await export(database, path, _day())
    _say(f"{path}: {count} challenges")
    return 0


async def run_backup(given: argparse.Namespace, settings: Settings) -> int:
    from lab.archive import backup

    path = given.file or Path(f"lab-backup-{_day()}.zip")
    async with _database(settings) as database:
        manifest = await backup(database, path)
    _say(f"{path}: {sum(table.rows for table in manifest.tables.values())} rows")
    return 0


async def run_restore(given: argparse.Namespace, settings: Settings) -> int:
    from lab.archive import restore

    async with _database(settings) as database:
        manifest = await restore(database, given.file)
    _say(f"restored what was there on {manifest.made_at:%d %B %Y at %H:%M} UTC; everybody signs in anew")
    return 0


async def run_check(given: argparse.Namespace, settings: Settings) -> int:
    from lab.checkup import checkup, documents

    wrong = 0
    async with _database(settings) as database:
        async for sentence in checkup(database):
            wrong += 1
            print(sentence)
        count = await documents(database)
    _say(
        f"{count} documents and the audit log read: {f'{wrong} things are wrong' if wrong else 'all is well'}"
    )
    return 1 if wrong else 0


async def run_types(given: argparse.Namespace, settings: Settings) -> int:
    from lab.main import create_app
    from lab.typescript import browser_types

    (TYPES.parent).mkdir(parents=True, exist_ok=True)
    TYPES.write_text(browser_types(create_app(_undisturbed(settings)).routes))
    return 0


@asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[Database]:
    """Brought up to date, and let go of afterwards."""
    await migrate(settings.database)
    database = Database(settings.database)
    try:
        yield database
    finally:
        await database.dispose()


def _undisturbed(settings: Settings) -> Settings:
    """For looking at the application without leaving a secret behind."""
    return settings.model_copy(update={"secret": SecretStr("nobody signs in with this one")})


def _day() -> str:
    return now().date().isoformat()


def _say(message: str) -> None:
    """Standard output is for what programs read."""
    print(message, file=sys.stderr)


async def run_openapi(given: argparse.Namespace, settings: Settings) -> int:
    from lab.main import create_app, describe

    print(json.dumps(describe(create_app(_undisturbed(settings))), indent=2))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
