"""Our own JSON: everything that is on a board, exactly, with a version.

    {"format": "live-lab/board", "version": 1, "title": …, "legend": {…}, "objects": [{"id": …, …}, …],
     "images": {<file id>: {"media": …, "data": <base64>}, …}}

Objects are lowest first, as in `objects.BoardObject`; fields that have their default are left out, and so are
`images` where there are none. Unknown fields are refused: a file that says more than we keep must be told so,
not cut.
"""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from lab.boards import facets
from lab.boards.drawing.model import ImageFile
from lab.boards.formats.errors import FileDamaged, FileTooNew
from lab.boards.formats.found import Exported, Imported, Tally, refuse_many
from lab.boards.formats.strict import dumped
from lab.boards.objects import MOST_TAGS, BoardContent, BoardObject

FORMAT: Final = "live-lab/board"
VERSION: Final = 1


def _bytes(value: Any) -> bytes:
    if not isinstance(value, str):
        raise ValueError("not base64")
    return base64.b64decode(value, validate=True)


class _Image(BaseModel):
    model_config = ConfigDict(extra="forbid")

    media: str
    data: Annotated[bytes, BeforeValidator(_bytes)]


_IMAGES: Final = TypeAdapter(dict[Annotated[str, Field(pattern=r"^[0-9A-Za-z]{1,26}$")], _Image])


def write(content: BoardContent, images: Mapping[str, ImageFile] | None = None) -> Exported:
    whole = as_json(content)
    used = sorted({one.picture.file for one in content.objects if one.picture is not None})
    kept = {
        file: {"media": images[file].media, "data": base64.b64encode(images[file].content).decode()}
        for file in used
        if images and file in images
    }
    return Exported(dumped(whole | ({"images": kept} if kept else {})), "application/json", "json")


def as_json(content: BoardContent) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "title": content.title,
        "legend": dict(sorted(content.legend.items())),
        "objects": [one.model_dump(mode="json", exclude_defaults=True) for one in content.objects],
    }


def is_ours(value: Any) -> bool:
    return isinstance(value, dict) and value.get("format") == FORMAT


def read(value: dict[str, Any]) -> Imported:
    """`value`: parsed JSON of ours."""
    version = value.get("version")
    if version != VERSION:
        if isinstance(version, int) and version > VERSION:
            raise FileTooNew("This board was saved by a later version of this lab. Bring it in there.")
        raise FileDamaged(
            "The file does not say which version of the format it has. Export the board again.",
            where="version",
        )
    objects = value.get("objects")
    if not isinstance(objects, list):
        raise FileDamaged("The file has no list of objects. Export the board again.", where="objects")
    refuse_many(len(objects))
    given = {key: part for key, part in value.items() if key not in ("format", "version", "images")}
    part: tuple[str, ...] = ()
    try:
        content = BoardContent.model_validate(given)
        part = ("images",)
        images = _IMAGES.validate_python(value.get("images", {}))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = place((*part, *first["loc"]))
        raise FileDamaged(
            f"{where}: {first['msg']}. Mend it there, or export the board again.", where=where
        ) from None
    for at, one in enumerate(content.objects):
        for name, good in _rules(one):
            if not good:
                where = f"objects[{at}].{name}"
                raise FileDamaged(
                    f"{where} is not as a board has it. Mend it there, or export the board again.",
                    where=where,
                )
    ids = Counter(one.id for one in content.objects)
    twice = next((id for id, count in ids.items() if count > 1), None)
    if twice is not None:
        raise FileDamaged(f"Two objects have the id {twice}. Give one of them another.", where=twice)
    wordy = next((colour for colour, said in content.legend.items() if len(said) > facets.MOST_LEGEND), None)
    if wordy is not None:
        raise FileDamaged(
            f"legend.{wordy}: what a colour means has at most {facets.MOST_LEGEND} characters. Shorten it.",
            where=f"legend.{wordy}",
        )
    return _sound(content, {file: image.data for file, image in images.items()})


def place(loc: tuple[int | str, ...]) -> str:
    """objects[3].x"""
    said = ""
    for part in loc:
        said += f"[{part}]" if isinstance(part, int) else f".{part}"
    return said.lstrip(".") or "The file"


def _rules(one: BoardObject) -> list[tuple[str, bool]]:
    """What the document asks for beyond the model."""
    return [
        ("text", "\x00" not in one.text),
        ("by", one.by is None or facets.is_id(one.by)),
        ("at", one.at is None or bool(facets.AT.fullmatch(one.at))),
        ("z", facets.is_order(one.z)),
        (
            "tags",
            list(one.tags) == sorted(set(one.tags))
            and all(map(facets.is_tag, one.tags))
            and len(one.tags) <= MOST_TAGS,
        ),
        ("merged", len(one.merged) <= facets.MOST_MERGED),
        ("source", one.source is None or facets.is_web_address(one.source.url)),
        ("evidence", one.evidence is None or facets.is_id(one.evidence)),
        (
            "reactions",
            all(
                facets.is_emoji(emoji) and all(map(facets.is_id, who)) for emoji, who in one.reactions.items()
            ),
        ),
        ("origin", one.origin is None or facets.is_id(one.origin.board)),
    ]


def _sound(content: BoardContent, images: Mapping[str, bytes]) -> Imported:
    """Parents and ends that are not there, or may not be one, are let go, and told."""
    tally = Tally()
    kinds = {one.id: one.kind for one in content.objects}
    objects = []
    for one in content.objects:
        change: dict[str, Any] = {}
        allowed = () if one.kind == "area" else ("area",) if one.kind == "cluster" else ("area", "cluster")
        if one.parent is not None and kinds.get(one.parent) not in allowed:
            change["parent"] = None
            tally.add(
                one.kind, "What it lay in is not there, or cannot hold it; it lies on the board itself."
            )
        for name in ("start", "end"):
            end = getattr(one, name)
            if end and end.object is not None and (end.object not in kinds or end.object == one.id):
                change[name] = end.model_copy(update={"object": None})
                tally.add("connector", "What it was tied to is not there; that end is loose now.")
        objects.append(one.model_copy(update=change) if change else one)
    sound = content.model_copy(update={"objects": tuple(objects)})
    used = {one.picture.file for one in content.objects if one.picture is not None}
    kept = {file: data for file, data in images.items() if file in used}
    return Imported(sound, dict(Counter(kinds.values())), tally.told(), kept)
