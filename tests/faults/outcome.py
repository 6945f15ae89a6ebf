"""What came out of a scenario: counted, added up over its parts, and shown as a row of a table."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from bench.ledger import Ledger, check

HEAD = (
    "| scenario | runs | acknowledged | lost | doubled | out of order | "
    "to equal after the end of the trouble, median / worst | also seen |\n"
    "|---|---|---|---|---|---|---|---|"
)


@dataclass
class Outcome:
    runs: int = 0
    written: int = 0
    acknowledged: int = 0
    lost: int = 0
    doubled: int = 0
    disorder: int = 0
    equal: list[float] = field(default_factory=list)
    """Seconds, one of each run in which it was measured."""
    seen: dict[str, list[float]] = field(default_factory=dict)
    """Other figures, by name: the worst is shown."""
    counted: dict[str, int] = field(default_factory=dict)
    """Other counts, by name."""
    wrong: list[str] = field(default_factory=list)
    """What must not happen and did."""

    def judged(self, text: str, ledger: Ledger, written: int) -> None:
        """Another run has ended with this text."""
        missing, doubled, disorder = check(text, ledger)
        self.runs += 1
        self.written += written
        self.acknowledged += len(ledger.acknowledged)
        self.lost += missing
        self.doubled += doubled
        self.disorder += disorder

    def note(self, name: str, figure: float) -> None:
        self.seen.setdefault(name, []).append(figure)

    def add(self, name: str, count: int) -> None:
        """Counted over all runs and parts."""
        self.counted[name] = self.counted.get(name, 0) + count

    def must(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self.wrong.append(otherwise)

    @property
    def good(self) -> bool:
        return not (self.lost or self.doubled or self.disorder or self.wrong)

    def row(self, title: str) -> str:
        equal = (
            f"{statistics.median(self.equal):.2f} / {max(self.equal):.2f} s" if self.equal else "not measured"
        )
        seen = "; ".join(
            [f"{name} {count}" for name, count in self.counted.items()]
            + [worst(name, figures) for name, figures in self.seen.items()]
        )
        wrong = "; ".join(f"**{each}**" for each in dict.fromkeys(self.wrong))
        return (
            f"| {title} | {self.runs} | {self.acknowledged} of {self.written} written | {self.lost} "
            f"| {self.doubled} | {self.disorder} | {equal} | {'; '.join(filter(None, (seen, wrong)))} |"
        )

    def as_json(self) -> str:
        return json.dumps(asdict(self))


def worst(name: str, figures: Sequence[float]) -> str:
    """The name and its worst figure; a unit at the end of the name is shown after the figure."""
    words, _, unit = name.rpartition(", ")
    top = max(figures)
    shown = f"{top:.0f}" if top >= 100 or top == int(top) else f"{top:.2f}"
    return f"{words} {shown} {unit}" if words else f"{name} {shown}"


def total(parts: Sequence[Outcome]) -> Outcome:
    whole = Outcome()
    for part in parts:
        for name in ("runs", "written", "acknowledged", "lost", "doubled", "disorder"):
            setattr(whole, name, getattr(whole, name) + getattr(part, name))
        whole.equal += part.equal
        whole.wrong += part.wrong
        for name, count in part.counted.items():
            whole.add(name, count)
        for name, figures in part.seen.items():
            whole.seen.setdefault(name, []).extend(figures)
    return whole


def from_json(text: str) -> Outcome:
    return Outcome(**json.loads(text))
