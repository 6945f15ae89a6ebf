"""Colours of other tools as papers of ours: by name, by hex value, by JSON Canvas's six presets."""

from __future__ import annotations

import re
from colorsys import rgb_to_hls
from typing import Any, Final

from lab.boards.drawing.palette import TOKENS
from lab.boards.objects import COLOURS, Colour

HEX: Final[dict[Colour, str]] = {colour: TOKENS["light"][f"n-{colour}"] for colour in COLOURS}
PRESETS: Final[dict[str, Colour]] = {
    "1": "rose", "2": "apricot", "3": "butter", "4": "mint", "5": "sky", "6": "lilac",
}  # fmt: skip
PRESET_OF: Final = {colour: preset for preset, colour in PRESETS.items()}
_WORDS: Final[tuple[tuple[str, Colour], ...]] = (
    # The first that is found in a name decides: "yellow green" is a green.
    ("green", "mint"), ("mint", "mint"), ("lime", "mint"), ("olive", "mint"), ("teal", "mint"),
    ("pink", "rose"), ("rose", "rose"), ("red", "rose"), ("magenta", "rose"), ("coral", "rose"),
    ("violet", "lilac"), ("purple", "lilac"), ("lilac", "lilac"), ("lavender", "lilac"),
    ("cyan", "sky"), ("blue", "sky"), ("sky", "sky"), ("turquoise", "sky"), ("aqua", "sky"), ("navy", "sky"),
    ("orange", "apricot"), ("apricot", "apricot"), ("peach", "apricot"), ("brown", "apricot"),
    ("yellow", "butter"), ("butter", "butter"), ("gold", "butter"),
    ("white", "chalk"), ("chalk", "chalk"), ("gray", "chalk"), ("grey", "chalk"), ("black", "chalk"),
)  # fmt: skip
_HUES: Final[tuple[tuple[int, Colour], ...]] = (
    (15, "rose"), (40, "apricot"), (68, "butter"), (165, "mint"), (250, "sky"), (300, "lilac"), (360, "rose"),
)  # fmt: skip


def colour(value: Any, default: Colour = "chalk") -> Colour:
    """Never raises; what means nothing is the default."""
    if not isinstance(value, str):
        return default
    value = value.strip().lower()
    return PRESETS.get(value) or from_hex(value) or from_name(value) or default


def from_name(value: str) -> Colour | None:
    return next((found for word, found in _WORDS if word in value[:80]), None)


def from_hex(value: str) -> Colour | None:
    """#rgb, #rrggbb or #rrggbbaa."""
    if not re.fullmatch(r"#?([0-9a-f]{3}|[0-9a-f]{6}|[0-9a-f]{8})", value):
        return None
    digits = value.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    exact = next((paper for paper, known in HEX.items() if known[1:].lower() == digits[:6]), None)
    if exact:
        return exact
    red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    hue, light, _ = rgb_to_hls(red, green, blue)
    if max(red, green, blue) - min(red, green, blue) < 0.06 or not 0.05 < light < 0.985:
        return "chalk"
    return next(found for most, found in _HUES if hue * 360 <= most)
