"""Settings: one frozen object, read from `LAB_*` once at the start and passed down as an argument.

Every field has a default that works on a laptop and a sentence; docs/operations.md holds the same list.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]")
SECRETS_TOO_WELL_KNOWN = frozenset({"change-me", "changeme", "secret", "password", "default", "development"})

Names = Annotated[tuple[str, ...], NoDecode]
"""Several values in one variable, separated by commas."""


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="LAB_", env_ignore_empty=True, frozen=True, extra="ignore", populate_by_name=True
    )

    env: Literal["local", "production"] = Field(
        "local",
        description="`local` for a laptop; `production` refuses default secrets and plain http.",
    )
    host: str = Field("127.0.0.1", description="Address `lab serve` listens on.")
    port: int = Field(
        8000,
        ge=0,
        le=65535,
        validation_alias=AliasChoices("LAB_PORT", "PORT", "port"),
        description="Port `lab serve` listens on (`PORT` is read as well); 0 picks a free one.",
    )
    base_url: str = Field(
        "",
        description="Where people reach the lab, for example https://lab.example.org; links are made from "
        "it. Empty on a laptop: http and whatever local address was used.",
    )
    allowed_hosts: Names = Field(
        (),
        description="Further host names the lab answers to, separated by commas.",
    )
    trusted_proxies: str = Field(
        "",
        description="Addresses or networks of proxies whose X-Forwarded-* headers are believed, separated "
        "by commas; empty: none.",
    )
    data_dir: Path = Field(
        Path("data"), description="Directory for the SQLite database and, on a laptop, the secret."
    )
    database_url: str = Field(
        "",
        description="SQLAlchemy address of the database; empty: SQLite in the data directory. PostgreSQL: "
        "postgresql+asyncpg://user:password@host/name.",
    )
    redis_url: str = Field(
        "", description="Redis that carries messages between nodes; empty: this process is the only one."
    )
    secret: SecretStr = Field(
        SecretStr(""),
        description="At least 32 characters from which request tokens are derived; on a laptop made once "
        "and kept in the data directory.",
    )
    smtp_host: str = Field("", description="Mail server for sign-in links; empty: staff copy links.")
    smtp_port: int = Field(587, ge=1, le=65535, description="Port of the mail server.")
    smtp_user: str = Field("", description="Name to sign in to the mail server with; empty: no sign-in.")
    smtp_password: SecretStr = Field(SecretStr(""), description="Password for the mail server.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How the connection to the mail server is protected."
    )
    smtp_from: str = Field("", description="Sender of the lab's mail; empty: lab@ the lab's host name.")
    smtp_timeout_seconds: float = Field(15.0, gt=0, description="How long one mail may take to hand over.")
    scratch: bool = Field(
        False, description="Whether /ws/scratch/… rooms without a schema exist, for benches and tests."
    )
    demo: bool = Field(
        True, description="Whether an empty lab on a laptop opens with the example; `lab demo` adds it."
    )
    limit_factor: float = Field(
        1.0, gt=0, le=1000, description="Multiplies every rate limit; above 1 for benches only."
    )
    session_idle_hours: float = Field(
        12.0, gt=0, le=24 * 7, description="A sign-in ends after this long without use."
    )
    session_max_days: float = Field(
        7.0, gt=0, le=90, description="A sign-in ends after this long however much it is used."
    )
    shared_device_minutes: float = Field(
        60.0, gt=0, le=24 * 60, description="The same idle limit for a sign-in on a shared device."
    )
    max_body_bytes: int = Field(
        1024 * 1024, ge=1024, description="Largest body of one HTTP request, in bytes."
    )
    image_quota_mb: int = Field(
        200, ge=1, description="How much room the pictures on one challenge's boards may take, in megabytes."
    )
    room_idle_seconds: float = Field(60.0, ge=0, description="How long an empty room stays in memory.")
    shutdown_seconds: int = Field(
        10, ge=1, description="How long a stopping server waits for requests and sockets to finish."
    )
    access_poll_seconds: float = Field(
        0.3, gt=0, le=0.8, description="How often a node looks for changes of access made elsewhere."
    )
    metrics_token: SecretStr = Field(
        SecretStr(""),
        description="Bearer token for /metrics; empty: anyone on a laptop, only loopback in production.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="What is logged.")
    log_format: Literal["auto", "json", "text"] = Field(
        "auto", description="How it is logged; auto: text on a laptop, JSON in production."
    )

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(part.strip().lower() for part in value.split(",") if part.strip())
        return value

    @field_validator("base_url")
    @classmethod
    def _origin_only(cls, value: str) -> str:
        if not value:
            return value
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/"):
            raise ValueError("must be an origin such as https://lab.example.org, without a path")
        return f"{parts.scheme}://{parts.netloc.lower()}"

    @model_validator(mode="after")
    def _safe_outside_local(self) -> Self:
        if self.env == "local":
            return self
        secret = self.secret.get_secret_value()
        if len(secret) < 32 or secret.lower() in SECRETS_TOO_WELL_KNOWN or len(set(secret)) < 8:
            raise ValueError(
                "LAB_SECRET must be at least 32 random characters outside LAB_ENV=local; "
                'make one with: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
            )
        if not self.base_url.startswith("https://"):
            raise ValueError("LAB_BASE_URL must be set to an https:// origin outside LAB_ENV=local")
        return self

    @property
    def https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def scheme(self) -> str:
        return "https" if self.https else "http"

    @property
    def hosts(self) -> frozenset[str]:
        """Host names this lab answers to, without ports."""
        named = {urlsplit(self.base_url).hostname} if self.base_url else set()
        local = LOCAL_HOSTS if self.env == "local" else ()
        return frozenset({name for name in named if name} | set(self.allowed_hosts) | set(local))

    @property
    def database(self) -> str:
        """The database's address, defaults filled in."""
        return self.database_url or f"sqlite+aiosqlite:///{(self.data_dir / 'lab.db').absolute()}"

    @property
    def mails(self) -> bool:
        return bool(self.smtp_host)

    def secret_bytes(self) -> bytes:
        """The secret; on a laptop made on first use and kept, readable by its owner only."""
        given = self.secret.get_secret_value()
        return given.encode() if given else _kept_secret(self.data_dir / "secret")


def _kept_secret(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    made = secrets.token_urlsafe(48)
    try:
        # Two processes may start at once: one creates the file, both read it.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        kept = path.read_text("ascii").strip()
        if len(kept) < 32:
            raise ValueError(f"{path} does not hold a secret; delete it and start again") from None
        return kept.encode()
    with os.fdopen(handle, "w") as file:
        file.write(made)
    return made.encode()
