"""Palette: the colours of a drawing, by what they mean.

The values are those of `frontend/src/styles/tokens.css`; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Theme = Literal["light", "dark"]
Ink = Literal["note", "ink", "ink-2", "ink-3", "act"]


@dataclass(frozen=True, slots=True)
class Colour:
    """`value` as #rrggbb; `alpha` is how much of what lies below it covers."""

    value: str
    alpha: float = 1.0


@dataclass(frozen=True, slots=True)
class Palette:
    ground: Colour
    dot: Colour
    surface: Colour
    veil: Colour
    """Of an area, over the ground."""
    line: Colour
    edge: Colour
    """Of a note."""
    shade: Colour
    chip: Colour
    inks: Mapping[Ink, Colour]
    papers: Mapping[str, Colour]


def _palette(tokens: Mapping[str, str], veil: float, edge: Colour, shade: Colour) -> Palette:
    inks: dict[Ink, Colour] = {
        "note": Colour(tokens["n-ink"]),
        "ink": Colour(tokens["ink"]),
        "ink-2": Colour(tokens["ink-2"]),
        "ink-3": Colour(tokens["ink-3"]),
        "act": Colour(tokens["act"]),
    }
    papers = {name: Colour(tokens[f"n-{name}"]) for name in PAPERS}
    return Palette(
        ground=Colour(tokens["board"]),
        dot=Colour(tokens["board-dot"]),
        surface=Colour(tokens["surface"]),
        veil=Colour(tokens["surface"], veil),
        line=Colour(tokens["line-ctl"]),
        edge=edge,
        shade=shade,
        chip=Colour(tokens["act-soft"]),
        inks=inks,
        papers=papers,
    )


PAPERS: Final = ("butter", "apricot", "rose", "lilac", "sky", "mint", "chalk")
TOKENS: Final[dict[Theme, dict[str, str]]] = {
    "light": {
        "board": "#ECEFEA", "board-dot": "#D0D7CF", "surface": "#FFFFFF", "line-ctl": "#7A867F",
        "ink": "#14211D", "ink-2": "#3F4D47", "ink-3": "#56645E", "act": "#0F5257", "act-soft": "#DCEBE9",
        "n-ink": "#1B2320", "n-butter": "#FBE59A", "n-apricot": "#FBCFAD", "n-rose": "#F6CBD3",
        "n-lilac": "#DCD1F0", "n-sky": "#C6E0F2", "n-mint": "#C7E6CC", "n-chalk": "#FFFFFF",
    },
    "dark": {
        "board": "#131B18", "board-dot": "#27332E", "surface": "#18211E", "line-ctl": "#73827B",
        "ink": "#E9EFEA", "ink-2": "#BECAC3", "ink-3": "#9DABA3", "act": "#7CCBC4", "act-soft": "#173936",
        "n-ink": "#F7F5EC", "n-butter": "#5E4C15", "n-apricot": "#6E4326", "n-rose": "#6B3443",
        "n-lilac": "#4C4070", "n-sky": "#264C66", "n-mint": "#2A5637", "n-chalk": "#37423D",
    },
}  # fmt: skip
PALETTES: Final[dict[Theme, Palette]] = {
    "light": _palette(TOKENS["light"], 0.62, Colour("#14211D", 0.16), Colour("#14211D", 0.08)),
    "dark": _palette(TOKENS["dark"], 0.62, Colour("#FFFFFF", 0.14), Colour("#000000", 0.35)),
}
