"""What Alembic runs: every feature's tables, on the connection it was handed."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel import SQLModel

import lab
import lab.realtime.stores.tables
from lab.core.db import UtcDateTime


def every_table() -> None:
    """A feature's tables are in its `models.py`; whoever adds a feature need not come here."""
    for feature in pkgutil.iter_modules(lab.__path__, "lab."):
        if feature.ispkg and any(
            module.name == "models" for module in pkgutil.iter_modules(import_module(feature.name).__path__)
        ):
            import_module(f"{feature.name}.models")


def render(kind: str, thing: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Revisions outlive our classes, so they name only SQLAlchemy's."""
    if kind == "type" and isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


every_table()
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=render,
)
with context.begin_transaction():
    context.run_migrations()
