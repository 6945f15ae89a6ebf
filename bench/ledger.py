"""The ledger: what a server has acknowledged, on disk before it counts; and the check of a text against it.

Every writer appends unique tokens `w<writer>-<n>;` to one shared text.
"""

from __future__ import annotations

import itertools
import os
import re
from dataclasses import dataclass, field
from pathlib import Path

TOKEN = re.compile(r"w(\d+)-(\d+);")


@dataclass
class Ledger:
    path: Path
    acknowledged: set[str] = field(default_factory=set)

    def note(self, tokens: list[str]) -> None:
        with self.path.open("a") as file:
            file.write("".join(f"{token}\n" for token in tokens))
            file.flush()
            os.fsync(file.fileno())
        self.acknowledged.update(tokens)


def check(text: str, ledger: Ledger) -> tuple[int, int, int]:
    """(acknowledged but missing, doubled, out of order)"""
    found = [(int(writer), int(number)) for writer, number in TOKEN.findall(text)]
    names = [f"w{writer}-{number}" for writer, number in found]
    missing = len(ledger.acknowledged - set(names))
    doubled = len(names) - len(set(names))
    disorder = 0
    for writer in {writer for writer, _ in found}:
        numbers = [number for other, number in found if other == writer]
        disorder += sum(1 for earlier, later in itertools.pairwise(numbers) if later < earlier)
    return missing, doubled, disorder
