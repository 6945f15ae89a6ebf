"""The bundle of a canvas: `board.canvas`, `lab.json` and `files/` in one zip, unpacked with care."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from typing import Final

from lab.boards.drawing.model import Card, ImageFile
from lab.boards.formats import canvas, own_json
from lab.boards.formats.errors import FileDamaged, FileNotKnown, FileTooBig, FileTooMuch
from lab.boards.formats.found import Exported, Imported
from lab.boards.formats.strict import MOST_BYTES, dumped, parsed, refuse_big
from lab.boards.objects import BoardContent

MEDIA: Final = "application/zip"
BOARD, SIDECAR, FILES = "board.canvas", "lab.json", "files/"
MOST_PACKED: Final = 100 << 20
MOST_UNPACKED: Final = 200 << 20
MOST_PICTURE: Final = 15 << 20
MOST_ENTRIES: Final = 2_000
_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)


def write(
    content: BoardContent,
    images: Mapping[str, ImageFile] | None = None,
    cards: Mapping[str, Card] | None = None,
) -> Exported:
    """The same board gives the same bytes."""
    images = images or {}
    used = {
        canvas.file_name(one, images): images[one.picture.file].content
        for one in content.objects
        if one.picture is not None and one.picture.file in images
    }
    parts = {
        BOARD: canvas.write(content, images, cards).content,
        SIDECAR: dumped(own_json.as_json(content)),
        **dict(sorted(used.items())),
    }
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as bundle:
        for name, data in parts.items():
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.compress_type = zipfile.ZIP_STORED if name.startswith(FILES) else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            bundle.writestr(entry, data)
    return Exported(out.getvalue(), MEDIA, "canvas.zip")


def is_zip(data: bytes) -> bool:
    return data[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def read(data: bytes, title: str) -> Imported:
    refuse_big(data, MOST_PACKED)
    try:
        with zipfile.ZipFile(BytesIO(data)) as bundle:
            return _Unpacking(bundle).read(title)
    except (FileDamaged, FileNotKnown, FileTooBig, FileTooMuch):
        raise
    # What the standard library raises for zips that are damaged, locked or odd.
    except (
        zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError, ValueError,
        KeyError, IndexError, OverflowError, MemoryError,
    ):  # fmt: skip
        raise FileDamaged(
            "This zip file is damaged, locked with a password, or packed in an unusual way. Pack it again."
        ) from None


class _Unpacking:
    """Every byte that comes out is counted: what a zip says about its sizes is only what it says."""

    def __init__(self, bundle: zipfile.ZipFile) -> None:
        self._bundle = bundle
        self._left = MOST_UNPACKED
        names = bundle.namelist()
        if len(names) > MOST_ENTRIES:
            raise FileTooMuch(
                f"There are {len(names):,} files in this zip; at most {MOST_ENTRIES:,} are read."
            )
        self._names = set(names)

    def read(self, title: str) -> Imported:
        # Some tools pack the folder and not what is in it.
        boards = sorted(
            (name for name in self._names if name.lower().endswith(".canvas") and "__MACOSX" not in name),
            key=lambda name: (name.rpartition("/")[2] != BOARD, name.count("/"), name),
        )
        if not boards:
            raise FileNotKnown(
                "There is no .canvas file in this zip. Put one in, or bring the files in one by one."
            )
        folder = boards[0][: boards[0].rfind("/") + 1]
        value = parsed(self._unpacked(boards[0], MOST_BYTES))
        if not canvas.is_canvas(value):
            raise FileDamaged(f"{boards[0]} is not a canvas. Export it again.", where=boards[0])
        beside = None
        if folder + SIDECAR in self._names:
            sidecar = parsed(self._unpacked(folder + SIDECAR, MOST_BYTES))
            if own_json.is_ours(sidecar):
                beside = own_json.read(sidecar).content
        return canvas.read(value, title, beside=beside, files=self._pictures(value, folder))

    def _pictures(self, value: canvas.Json, folder: str) -> dict[str, bytes]:
        nodes = value.get("nodes")
        wanted = {
            node["file"]
            for node in (nodes if isinstance(nodes, list) else ())
            if isinstance(node, dict) and node.get("type") == "file" and isinstance(node.get("file"), str)
        }
        found = {}
        for name in sorted(wanted):
            inside = folder + name.removeprefix("/")
            if inside in self._names and name.lower().rpartition(".")[2] in canvas.PICTURES:
                found[name] = self._unpacked(inside, MOST_PICTURE)
        return found

    def _unpacked(self, name: str, most: int) -> bytes:
        with self._bundle.open(name) as file:
            data = file.read(min(most, self._left) + 1)
        if len(data) > most:
            raise FileTooBig(f"{name} has more than {most / 1e6:.0f} MB when unpacked.", where=name)
        self._left -= len(data)
        if self._left < 0:
            raise FileTooBig(f"Unpacked, this zip has more than {MOST_UNPACKED / 1e6:.0f} MB.")
        return data
