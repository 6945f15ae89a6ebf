"""Signs spelled out: emoji and the like as their names, for where no font has them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from lab.boards.drawing.sheets import SUPPORT
from lab.boards.drawing.typeset import faces
from lab.boards.objects import MOST_PROMPT, MOST_TEXT, BoardContent, BoardObject

MOST_ASKED: Final = 200
_JOINERS: Final = ("\u200d", "\ufe0e", "\ufe0f")


def spelled_out(content: BoardContent, is_shown: Callable[[str], bool]) -> BoardContent:
    """`is_shown`: whether some font has this sign; asked for so many. Support is drawn, not written, so its
    sign stays."""
    asked: dict[str, bool] = {}

    def is_known(sign: str) -> bool:
        if sign not in asked and len(asked) < MOST_ASKED:
            asked[sign] = is_shown(sign)
        return asked.get(sign, False)

    def spelled(text: str) -> str:
        return "".join(_sign(character, is_known) for character in text) if signs(text) else text

    def changed(one: BoardObject) -> BoardObject:
        said = {
            "text": spelled(one.text)[:MOST_TEXT],
            "prompt": spelled(one.prompt)[:MOST_PROMPT],
            "alt": spelled(one.alt),
            "tags": tuple(map(spelled, one.tags)),
            "reactions": {
                emoji if emoji == SUPPORT else spelled(emoji): persons
                for emoji, persons in one.reactions.items()
            },
        }
        return one.model_copy(update=said)

    return content.model_copy(
        update={
            "title": spelled(content.title),
            "legend": {colour: spelled(meaning) for colour, meaning in content.legend.items()},
            "objects": tuple(map(changed, content.objects)),
        }
    )


def signs(text: str) -> bool:
    return any(character > "\u203b" and _is_sign(character) for character in text)


@lru_cache(maxsize=4096)
def _is_sign(character: str) -> bool:
    known = faces()["AtkinsonHyperlegibleNext-Regular"].widths
    return character in _JOINERS or (
        unicodedata.category(character) in ("So", "Sk", "Co", "Cn") and character not in known
    )


def _sign(character: str, is_shown: Callable[[str], bool]) -> str:
    if not _is_sign(character):
        return character
    if character in _JOINERS:
        return ""
    if is_shown(character):
        return character
    name = unicodedata.name(character, "")
    # Skin tones change the sign before them, and are heard without being asked for.
    return f"[{name.lower()}]" if name and "MODIFIER FITZPATRICK" not in name else ""
