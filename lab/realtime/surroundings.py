"""Surroundings: what the engine lends its rooms."""

from __future__ import annotations

from asyncio import Task
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from .faults import Faults
from .journal import Journal
from .options import Options, Stats
from .ports import Broker, RoomName, Store
from .workers import Work


@dataclass(frozen=True, slots=True)
class Surroundings:
    store: Store
    broker: Broker
    journal: Journal
    work: Work
    options: Options
    stats: Stats
    clock: Callable[[], float]
    """Unix seconds."""
    spawn: Callable[[Coroutine[Any, Any, None], str], Task[None]]
    """A task of the engine's: its failure is logged, and it ends with the engine."""
    publish: Callable[[RoomName, bytes], None]
    large: Faults
    """Of those whose large updates a child process refused."""
