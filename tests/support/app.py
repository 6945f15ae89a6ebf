"""The whole lab in this process, and people who use it: `async with running_lab(url) as lab`.

    ana = await lab.person("Ana", role="staff")      # an account with a signed-in browser
    answer = await ana.post("/api/challenges", {"title": "…", "question": "…"})

A browser keeps its cookie, says where it comes from and sends back the token of `/api/me`, as the screens do.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import uvicorn
from argon2 import PasswordHasher
from starlette.applications import Starlette

from lab.core.clock import HandClock
from lab.core.identity import Identity, Role
from lab.core.settings import Settings
from lab.main import create_app, engine_options
from lab.people import People, Person
from lab.people.mail import Mail
from lab.people.passwords import Passwords
from lab.realtime.transport import uvicorn_settings

ORIGIN = "http://127.0.0.1:8000"
SECRET = "a secret that is only good for tests, and long enough"


def cheap_passwords() -> Passwords:
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def settings_for(database_url: str, data_dir: Path, **more: Any) -> Settings:
    given: dict[str, Any] = {"demo": False, "secret": SECRET, **more}
    return Settings(database_url=database_url, data_dir=data_dir, **given)


@dataclass
class Browser:
    """One browser. `person` and `csrf` are what the last `/api/me` said."""

    http: httpx2.AsyncClient
    person: dict[str, Any] = field(default_factory=dict)
    csrf: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return str(self.person["id"])

    async def get(self, path: str, **headers: str) -> httpx2.Response:
        return await self.http.get(path, headers={**self.headers, **headers})

    async def post(self, path: str, body: Any = None) -> httpx2.Response:
        return await self.send("POST", path, body)

    async def put(self, path: str, body: Any = None) -> httpx2.Response:
        return await self.send("PUT", path, body)

    async def patch(self, path: str, body: Any = None) -> httpx2.Response:
        return await self.send("PATCH", path, body)

    async def delete(self, path: str) -> httpx2.Response:
        return await self.send("DELETE", path)

    async def send(self, method: str, path: str, body: Any = None) -> httpx2.Response:
        headers = {"origin": ORIGIN, "x-lab-csrf": self.csrf, **self.headers}
        answer = await self.http.request(method, path, headers=headers, json=body)
        self._remember(answer)
        return answer

    async def upload(self, path: str, content: bytes, name: str = "file", **fields: str) -> httpx2.Response:
        """As a form with one file."""
        headers = {"origin": ORIGIN, "x-lab-csrf": self.csrf, **self.headers}
        return await self.http.post(path, headers=headers, files={"file": (name, content)}, data=fields)

    async def me(self) -> dict[str, Any]:
        answer = await self.get("/api/me")
        self._remember(answer)
        return dict(answer.json())

    def _remember(self, answer: httpx2.Response) -> None:
        if answer.status_code == 200 and answer.headers.get("content-type") == "application/json":
            told = answer.json()
            if isinstance(told, dict) and "csrf" in told:
                self.csrf, self.person = told["csrf"], told["person"] or {}


@dataclass
class Lab:
    app: Starlette
    settings: Settings
    clock: HandClock

    @property
    def people(self) -> People:
        people: People = self.app.state.people
        return people

    def browser(self, address: str = "127.0.0.1", **headers: str) -> Browser:
        """Nobody is signed in yet. `address`: where it connects from."""
        transport = httpx2.ASGITransport(app=self.app, raise_app_exceptions=False, client=(address, 50000))
        return Browser(httpx2.AsyncClient(transport=transport, base_url=ORIGIN), headers=dict(headers))

    async def account(self, name: str, *, role: Role = "participant", email: str = "") -> Person:
        return await self.people.create(email or f"{name.lower()}@example.org", name, role, by="test")

    async def person(self, name: str, *, role: Role = "participant", email: str = "") -> Browser:
        """An account, signed in by a link."""
        account = await self.account(name, role=role, email=email)
        return await self.signed_in(account.id)

    async def signed_in(self, person: str) -> Browser:
        async with self.people.database.transaction() as session:
            secret, _ = await self.people.links.make(session, person, "staff")
        browser = self.browser(f"10.0.{self._next()}.1")
        answer = await browser.post("/api/sign-in/redeem", {"token": secret})
        assert answer.status_code == 200, answer.text
        return browser

    async def bearer(self, person: str) -> Browser:
        """A program of this person's."""
        async with self.people.database.transaction() as session:
            _, secret = await self.people.tokens.make(session, person, "test", None)
        return self.browser(authorization=f"Bearer {secret}")

    async def identity(self, browser: Browser) -> Identity:
        """What the server knows of whoever uses this browser."""
        account = await self.people.get(browser.id)
        return Identity(account.id, account.name, account.email, account.role, account.guest, "test", "")  # type: ignore[arg-type]

    _count: int = 0

    def _next(self) -> int:
        self._count += 1
        return self._count % 250


@asynccontextmanager
async def running_lab(
    database_url: str,
    data_dir: Path,
    *,
    mail: Mail | None = None,
    passwords: Passwords | None = None,
    static: Path | None = None,
    **settings: Any,
) -> AsyncIterator[Lab]:
    """On a migrated database. Its clock stands still until a test advances it."""
    chosen = settings_for(database_url, data_dir, **settings)
    clock = HandClock()
    more: dict[str, Any] = {"static": static} if static is not None else {}
    app = create_app(chosen, clock=clock, mail=mail, passwords=passwords or cheap_passwords(), **more)
    async with app.router.lifespan_context(app):
        yield Lab(app, chosen, clock)


@asynccontextmanager
async def listening(lab: Lab) -> AsyncIterator[str]:
    """The lab's address on a real socket of this computer, served from this event loop."""
    config = uvicorn.Config(
        lab.app, host="127.0.0.1", port=0, lifespan="off", log_config=None, timeout_graceful_shutdown=2,
        **uvicorn_settings(engine_options(lab.settings)),
    )  # fmt: skip
    server = uvicorn.Server(config)
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    await server.startup()
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        await server.shutdown()
