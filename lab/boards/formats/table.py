"""Tables: CSV and TSV of any tool, read by what their columns are called.

Nothing is hard-coded: delimiter, encoding and header row are found out, and a mapping from the columns to
text, area, tags, colour, place, author and link is proposed; whoever brings the table in may change it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from lab.boards.formats import placing
from lab.boards.formats.colours import colour
from lab.boards.formats.errors import BadMapping, FileDamaged, FileNotKnown, FileTooMuch
from lab.boards.formats.found import Heap, Imported, web
from lab.boards.formats.strict import refuse_big
from lab.boards.objects import KINDS, LONGEST, MOST_OBJECTS, REACH, RELATIONS, Relation

DELIMITERS: Final = (",", ";", "\t", "|")
MOST_COLUMNS: Final = 200
MOST_CELL: Final = 100_000
PREVIEWED: Final = 20
SYNONYMS: Final[dict[str, tuple[str, ...]]] = {
    "text": (
        "text", "note", "notes", "idea", "ideas", "content", "contents", "sticky", "sticky note", "card",
        "title", "name", "description", "body", "comment", "message", "label", "value", "item", "summary",
        "reflection",
    ),
    "area": (
        "area", "frame", "section", "group", "column", "list", "category", "zone", "theme", "topic", "prompt",
        "parent", "board column", "bucket", "where", "lane", "stage",
    ),
    "tags": ("tags", "tag", "labels", "keywords", "keyword"),
    "colour": (
        "colour", "color", "colour name", "background", "background color", "background colour", "bg color",
        "fill", "fill color", "sticky color", "note color",
    ),
    "x": ("x", "pos x", "position x", "x position", "left", "x coordinate", "coord x"),
    "y": ("y", "pos y", "position y", "y position", "top", "y coordinate", "coord y"),
    "w": ("width", "w"),
    "h": ("height", "h"),
    "author": ("author", "created by", "creator", "by", "owner", "user", "participant", "written by"),
    "link": ("link", "url", "links", "hyperlink", "address", "web address", "href"),
}  # fmt: skip
OURS: Final = ("id", "kind", "text", "area", "cluster", "colour_name")
"""Columns that only a table of this lab has all of."""
LINKS: Final[tuple[Relation, ...]] = ("supports", "challenges", "leads_to")
"""Columns that hold the ids of what an object is connected to in this way."""
_GUARDED: Final = re.compile(r"'*\s*[=+\-@＝＋－＠\t\r\n]")
Mapping_ = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Table:
    columns: tuple[str, ...]
    """No two the same."""
    rows: tuple[tuple[str, ...], ...]
    """As long as `columns` each."""
    delimiter: str
    encoding: str
    headed: bool

    @property
    def fingerprint(self) -> str:
        """The same for tables with the same header, so that a mapping can be remembered for it."""
        return sha256("\x1f".join(map(_folded, self.columns)).encode("utf-8", "replace")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Preview:
    columns: tuple[str, ...]
    mapping: dict[str, str | None]
    rows: tuple[tuple[str, ...], ...]
    """The first twenty."""
    total: int
    delimiter: str
    encoding: str
    fingerprint: str


def opened(data: bytes) -> Table:
    refuse_big(data)
    encoding, text = decoded(data)
    head = text[:4_000]
    if sum(char < " " and char not in "\t\n\r\x1f" for char in head) > len(head) // 50:
        raise FileNotKnown(
            "This is neither a table nor text. Choose a file in one of the formats named here."
        )
    delimiter = _delimiter(text)
    rows = _rows(text, delimiter)
    if not rows:
        raise FileDamaged("There are no rows in this table. Export it again, or choose another.")
    if len(rows) > MOST_OBJECTS + 1:
        raise FileTooMuch(
            f"This table has {len(rows):,} rows; a board holds at most {MOST_OBJECTS:,} objects. "
            "Bring it in as several files.",
            limit=MOST_OBJECTS,
        )
    wide = max(map(len, rows))
    if wide > MOST_COLUMNS:
        raise FileDamaged(
            f"This table has {wide} columns; at most {MOST_COLUMNS} are read. Leave out what you do not need."
        )
    headed = _is_header(rows)
    names = rows[0] if headed else []
    columns = _distinct([*names, *[""] * (wide - len(names))])
    body = rows[1:] if headed else rows
    filled = tuple((*row, *[""] * (wide - len(row))) for row in body)
    return Table(tuple(columns), filled, delimiter, encoding, headed)


def preview(data: bytes, mapping: Mapping_ | None = None) -> Preview:
    table = opened(data)
    return Preview(
        table.columns,
        _checked(table, mapping) if mapping else proposed(table),
        tuple(tuple(cell[:2_000] for cell in row) for row in table.rows[:PREVIEWED]),
        len(table.rows),
        table.delimiter,
        table.encoding,
        table.fingerprint,
    )


def decoded(data: bytes) -> tuple[str, str]:
    """Encoding and text. UTF-16 by its mark or its zeros, UTF-8 where it is valid, else Windows-1252, in
    which every file is text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16", data.decode("utf-16", "replace")
    head = data[:4_000]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if even + odd > len(head) // 4:
        name = "utf-16-le" if odd >= even else "utf-16-be"
        return name, data.decode(name, "replace")
    try:
        marked = data.startswith(b"\xef\xbb\xbf")
        return ("utf-8-sig" if marked else "utf-8"), data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "windows-1252", data.decode("windows-1252", "replace")


def proposed(table: Table) -> dict[str, str | None]:
    """The nearest column for each meaning; where none is called anything known, the one with most words
    is the text."""
    folded = {column: _folded(column) for column in table.columns}
    mapping: dict[str, str | None] = {}
    taken: set[str] = set()
    for field, words in SYNONYMS.items():
        ranked = [(words.index(name), column) for column, name in folded.items() if name in words]
        free = [column for _, column in sorted(ranked) if column not in taken]
        mapping[field] = free[0] if free else None
        taken |= set(free[:1])
    if mapping["text"] is None:
        lengths = {
            column: sum(len(row[at]) for row in table.rows[:200])
            for at, column in enumerate(table.columns)
            if column not in taken
        }
        mapping["text"] = max(lengths, key=lambda column: lengths[column], default=None)
    return mapping


def read(data: bytes, title: str, mapping: Mapping_ | None = None) -> Imported:
    table = opened(data)
    known = _checked(table, mapping) if mapping is not None else proposed(table)
    if known.get("text") is None and not _is_ours(table):
        raise BadMapping("Say which column holds the text of the notes.", where="mapping.text")
    return _Reading(table, known, title).read()


def _checked(table: Table, mapping: Mapping_) -> dict[str, str | None]:
    for field, column in mapping.items():
        if field not in SYNONYMS or (column is not None and column not in table.columns):
            raise BadMapping(f"There is no column “{column}” for {field}.", where=f"mapping.{field}")
    # Sizes go with places, and are not asked for.
    sizes = {
        name: found for name, found in proposed(table).items() if name in ("w", "h") and mapping.get("x")
    }
    return dict.fromkeys(SYNONYMS) | sizes | dict(mapping)


class _Reading:
    def __init__(self, table: Table, mapping: Mapping_, title: str) -> None:
        self.table = table
        self.at = {column: number for number, column in enumerate(table.columns)}
        self.mapping = mapping
        self.ours = _is_ours(table)
        self.heap = Heap(title)

    def read(self) -> Imported:
        things = [
            made for at, row in enumerate(self.table.rows, 1) if (made := self._thing(row, f"row {at}"))
        ]
        skipped = len(self.table.rows) - len(things)
        if skipped:
            self.heap.tally.add("rows", "They say nothing in the columns that were chosen.", skipped)
        areas = [one for one in things if one["kind"] == "area"]
        named = _by_name(areas)
        for one in things:
            name = one.pop("in_area", "")
            if one["kind"] in ("area", "connector"):
                continue
            area = _around(named.get(name, ()), one, name)
            if area is None and name:
                area = {"kind": "area", "foreign": f"area {name}", "name": name, "text": name}
                named[name] = [area]
                areas.append(area)
            if area is not None:
                area.setdefault("members", []).append(one)
                one["parent"] = area["foreign"]
        self._place(things, areas)
        sheets = [one for one in things if one["kind"] not in ("area", "connector")]
        clusters = _by_name([one for one in sheets if one["kind"] == "cluster"])
        for one in sheets:
            name = one.get("in_cluster", "")
            cluster = _around(clusters.get(name, ()), one, name) if one["kind"] != "cluster" else None
            if cluster is not None:
                one["parent"] = cluster["foreign"]
        for one in (*areas, *sheets):
            self._add(one)
        self._connect(things)
        return self.heap.imported()

    def _place(self, things: list[dict[str, Any]], areas: list[dict[str, Any]]) -> None:
        for area in areas:
            members = area.get("members", [])
            if area.get("x") is None and members and all(one.get("x") is not None for one in members):
                area |= placing.around(members)
        loose = [one for one in things if "parent" not in one and one["kind"] not in ("area", "connector")]
        placing.place(loose, [(area, area.get("members", [])) for area in areas])

    def _thing(self, row: Sequence[str], foreign: str) -> dict[str, Any] | None:
        kind = self._own(row, "kind") if self.ours else ""
        text = self._cell(row, "text")
        link = self._cell(row, "link")
        if not (text.strip() or link.strip() or kind):
            return None
        author = self._cell(row, "author").strip()
        tags = [tag.strip().lstrip("#") for tag in re.split(r"[,;|\n]", self._cell(row, "tags"))]
        one: dict[str, Any] = {
            "kind": kind if kind in KINDS else "note",
            "foreign": (self._own(row, "id") if self.ours else "") or foreign,
            "name": _named(text),
            "text": text,
            "in_area": _named(self._cell(row, "area")),
            "tags": tags,
            "colour": colour(self._cell(row, "colour"), "butter"),
            "x": _number(self._cell(row, "x"), REACH),
            "y": _number(self._cell(row, "y"), REACH),
            "w": _number(self._cell(row, "w"), LONGEST),
            "h": _number(self._cell(row, "h"), LONGEST),
        }
        if one["x"] is None or one["y"] is None:
            one["x"] = one["y"] = None
        if self.ours:
            return self._ours(one, row, link)
        if author:
            one["tags"] = [*tags, author]
        if link and link not in text:
            one["text"] = f"{text}\n{link}" if text else link
        return one

    def _ours(self, one: dict[str, Any], row: Sequence[str], link: str) -> dict[str, Any]:
        one["in_cluster"] = _named(self._own(row, "cluster"))
        one["alt"] = self._own(row, "alt")
        one["prompt"] = self._own(row, "prompt")
        evidence = self._own(row, "evidence_ids")
        one["evidence"] = evidence if re.fullmatch(r"[0-9A-Za-z]{1,26}", evidence) else None
        if one["kind"] == "source":
            one["source"] = web(link, self._own(row, "title"))
        one["links"] = {name: self._own(row, name).split() for name in LINKS}
        relation = self._own(row, "relation")
        one |= {"from": self._own(row, "from"), "to": self._own(row, "to")}
        one["relation"] = relation if relation in RELATIONS else "plain"
        return one

    def _add(self, one: dict[str, Any]) -> None:
        fields = {
            name: one.get(name)
            for name in (
                "x",
                "y",
                "w",
                "h",
                "tags",
                "colour",
                "parent",
                "alt",
                "prompt",
                "evidence",
                "source",
            )
        }
        self.heap.add(one["foreign"], one["kind"], text=one["text"], **fields)

    def _connect(self, things: Sequence[dict[str, Any]]) -> None:
        """Our own table has a row for each connector, and names what an object leads to beside it as well."""
        known = set()
        for one in things:
            if one["kind"] == "connector":
                start, end, relation = one["from"], one["to"], one["relation"]
                known.add((start, end, relation))
                self.heap.add(
                    one["foreign"] or f"{start} {end}", "connector", text=one["text"], relation=relation,
                    start=(start or None, one["x"], one["y"]), end=(end or None, one["x"], one["y"]),
                )  # fmt: skip
        for one in things:
            for relation, targets in one.get("links", {}).items():
                for to in targets:
                    ends = (one["foreign"], to, relation)
                    if ends not in known and one["foreign"] in self.heap and to in self.heap:
                        known.add(ends)
                        self.heap.add(
                            " ".join(ends), "connector", relation=relation,
                            start=(one["foreign"], 0, 0), end=(to, 0, 0),
                        )  # fmt: skip

    def _cell(self, row: Sequence[str], field: str) -> str:
        column = self.mapping.get(field)
        return unguarded(row[self.at[column]]) if column is not None else ""

    def _own(self, row: Sequence[str], column: str) -> str:
        return unguarded(row[self.at[column]]).strip() if column in self.at else ""


def _named(text: str) -> str:
    return " ".join(text.split())[:200]


def _by_name(grounds: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for one in grounds:
        found.setdefault(one["name"], []).append(one)
    return found


def _around(grounds: Sequence[dict[str, Any]], one: dict[str, Any], name: str) -> dict[str, Any] | None:
    """Of several with the same name the one that `one` lies in; a ground without a name is told by that only.
    Of many, the first hundred are asked."""
    for ground in grounds[:100] if len(grounds) > 1 or not name else ():
        box = [ground.get(side) for side in ("x", "y", "w", "h")]
        if one["x"] is None or None in box:
            continue
        x, y, w, h = (side or 0.0 for side in box)
        if x <= one["x"] <= x + w and y <= one["y"] <= y + h:
            return ground
    return grounds[0] if grounds and name else None


def guarded(cell: str) -> str:
    """Spreadsheets run what begins like a formula; an apostrophe makes it text. One that stands there already
    gets another, so that reading it back is exact."""
    return f"'{cell}" if _GUARDED.match(cell) and not _is_number(cell) else cell


def unguarded(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and _GUARDED.match(cell[1:]) else cell


def _is_number(cell: str) -> bool:
    return bool(re.fullmatch(r"-?\d+(\.\d+)?", cell))


def _is_ours(table: Table) -> bool:
    return table.headed and set(OURS) <= set(table.columns)


def _folded(name: str) -> str:
    spaced = re.sub(r"([a-z])([A-Z])", r"\1 \2", name)
    return " ".join(re.sub(r"[^a-z0-9]+", " ", spaced.lower()).split())


def _distinct(names: Sequence[str]) -> list[str]:
    columns: list[str] = []
    for at, name in enumerate(names, 1):
        wanted = " ".join(name.split())[:200] or f"Column {at}"
        known, count = wanted, 1
        while known in columns:
            count += 1
            known = f"{wanted} ({count})"
        columns.append(known)
    return columns


def _delimiter(text: str) -> str:
    """The one that cuts the first lines into the most columns of equal number."""
    lines = [line for line in text[:20_000].splitlines()[:30] if line.strip()]

    def score(delimiter: str) -> tuple[int, int]:
        counts = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        common = max(set(counts), key=counts.count) if counts else 1
        return (counts.count(common) * (common > 1), common)

    csv.field_size_limit(MOST_CELL)
    try:
        return max(DELIMITERS, key=score)
    except csv.Error:
        return ","


def _rows(text: str, delimiter: str) -> list[list[str]]:
    csv.field_size_limit(MOST_CELL)
    text = text.replace("\x00", "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows = []
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append([cell.strip("\ufeff") for cell in row])
            if len(rows) > 10 * MOST_OBJECTS:
                break
    except csv.Error as error:
        where = f"line {reader.line_num}"
        raise FileDamaged(f"The table cannot be read at {where}: {error}.", where=where) from None
    return rows


def _is_header(rows: Sequence[Sequence[str]]) -> bool:
    """Names that are known decide; else short words, all different, with something below them."""
    first = [cell.strip() for cell in rows[0]]
    known = {word for words in SYNONYMS.values() for word in words} | set(map(_folded, OURS))
    if any(_folded(cell) in known for cell in first):
        return True
    filled = [cell for cell in first if cell]
    return (
        len(rows) > 1
        and len(first) > 1
        and len(filled) == len(first) == len(set(filled))
        and all(len(cell) <= 40 and not _is_number(cell) for cell in filled)
    )


def _number(cell: str, most: float) -> float | None:
    """Also with a decimal comma."""
    found = re.fullmatch(r"\s*(-?\d{1,12})(?:[.,](\d{1,12}))?(?:\s*px)?\s*", cell)
    if found is None:
        return None
    return min(max(float(f"{found.group(1)}.{found.group(2) or 0}"), -most), most)
