"""Logging: one event a line, readable on a laptop and JSON in production, and never a secret in it."""

from __future__ import annotations

import logging
import re
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

from lab.core.settings import Settings

_SECRET_NAMES = re.compile(r"token|secret|password|cookie|authori[sz]ation|csrf", re.IGNORECASE)
_SECRET_VALUES = re.compile(r"(lab_|#|[Bb]earer )[A-Za-z0-9_-]{20,}")
_LINE_BREAKS = re.compile(r"[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029]")


def configure(settings: Settings) -> None:
    """Everything that is logged by us, uvicorn and the libraries comes out in one form, on standard error."""
    as_json = settings.log_format == "json" or (settings.log_format == "auto" and settings.env != "local")
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        without_secrets,
    ]
    last: Processor = (
        structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *before,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level.upper())
    for chatty in ("aiosqlite", "asyncio", "httpx2", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        named = logging.getLogger(name)
        named.handlers, named.propagate = [], True
    if settings.log_level != "debug":
        # A line for each request and socket would hold who looked at what, when. Troubles still show.
        for name in ("uvicorn.access", "uvicorn.error"):
            logging.getLogger(name).setLevel(logging.WARNING)


def without_secrets(logger: Any, method: str, event: EventDict) -> EventDict:
    """Struck out: what has a secret's name, and what looks like one of our tokens. A line stays one line."""
    return {
        name: "…" if _SECRET_NAMES.search(name) else _clean(value, keep_lines=name == "exception")
        for name, value in event.items()
    }


def _clean(value: Any, *, keep_lines: bool) -> Any:
    if not isinstance(value, str):
        return value
    struck = _SECRET_VALUES.sub(r"\1…", value)
    return struck if keep_lines else _LINE_BREAKS.sub(" ", struck)
