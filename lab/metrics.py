"""Metrics: the engine's plain counters, in the words Prometheus expects."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from lab.realtime.engine import Engine


class EngineCollector(Collector):
    """Reads the engine when it is asked, so that nothing is counted twice and nothing on the hot path."""

    def __init__(self, engine: Callable[[], Engine | None]) -> None:
        self._engine = engine

    def collect(self) -> Iterable[Metric]:
        engine = self._engine()
        if engine is None:
            return
        yield GaugeMetricFamily("lab_rooms_open", "Rooms in memory", engine.rooms_open)
        yield GaugeMetricFamily("lab_connections_open", "Sockets open", engine.connections_open)
        yield GaugeMetricFamily("lab_journal_entries", "Edits not yet durable", engine.journal_depth)
        closed = CounterMetricFamily("lab_closed", "Sockets we closed", labels=["code"])
        for code, count in sorted(engine.stats.closed.items()):
            closed.add_metric([str(code)], count)
        yield closed
        for field in fields(engine.stats):
            value = getattr(engine.stats, field.name)
            if isinstance(value, int | float):
                yield CounterMetricFamily(f"lab_{field.name}", field.name.replace("_", " "), value)


def registry_for(engine: Callable[[], Engine | None]) -> CollectorRegistry:
    """One of its own for each application: two in one process do not mix."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    GCCollector(registry=registry)
    registry.register(EngineCollector(engine))
    return registry
