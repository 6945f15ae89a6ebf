"""Makes the fonts that pictures of boards are set in, and the table of their widths.

    .venv/bin/python scripts/drawing_fonts.py

Reads the variable fonts of the screens (frontend/node_modules), writes one still font per weight that a
drawing uses, and `metrics.json`, so that the server breaks lines as a browser does without reading fonts.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "frontend" / "node_modules" / "@fontsource-variable"
OUT = ROOT / "lab" / "boards" / "drawing" / "fonts"
ATKINSON, NEWSREADER = "atkinson-hyperlegible-next", "newsreader"
FACES = (
    # name, package, slant, weight, family, style
    ("AtkinsonHyperlegibleNext-Regular", ATKINSON, "normal", 400, "Atkinson Hyperlegible Next", "Regular"),
    ("AtkinsonHyperlegibleNext-SemiBold", ATKINSON, "normal", 600, "Atkinson Hyperlegible Next", "SemiBold"),
    ("AtkinsonHyperlegibleNext-Bold", ATKINSON, "normal", 700, "Atkinson Hyperlegible Next", "Bold"),
    ("AtkinsonHyperlegibleNext-Italic", ATKINSON, "italic", 400, "Atkinson Hyperlegible Next", "Italic"),
    ("Newsreader-Regular", NEWSREADER, "normal", 400, "Newsreader", "Regular"),
    ("Newsreader-Italic", NEWSREADER, "italic", 400, "Newsreader", "Italic"),
)
# Kerning is kept for the characters of running text; elsewhere it moves nothing one would notice.
KERNED = "".join(map(chr, range(0x21, 0x7F))) + "àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿÀÁÂÄÅÇÈÉÊÖØÜ’‘“”–—…"


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    metrics: dict[str, Any] = {}
    for name, package, slant, weight, family, style in FACES:
        font = whole(package, slant, weight)
        rename(font, family, style, name, weight)
        font.save(OUT / f"{name}.ttf")
        metrics[name] = measured(font)
        print(f"{name}: {len(font.getBestCmap())} characters, {(OUT / f'{name}.ttf').stat().st_size:,} bytes")
    lines = ",\n".join(
        f"{json.dumps(name)}: {json.dumps(table, ensure_ascii=False, sort_keys=True, separators=(',', ':'))}"
        for name, table in metrics.items()
    )
    (OUT / "metrics.json").write_text("{\n" + lines + "\n}\n", "utf-8")
    for package, licence in (
        (ATKINSON, "OFL-AtkinsonHyperlegibleNext.txt"),
        (NEWSREADER, "OFL-Newsreader.txt"),
    ):
        (OUT / licence).write_text((SOURCE / package / "LICENSE").read_text("utf-8"), "utf-8")


def whole(package: str, slant: str, weight: int) -> TTFont:
    """One still font from the two subsets that are served to browsers."""
    with tempfile.TemporaryDirectory() as folder:
        parts = []
        for subset in ("latin", "latin-ext"):
            font = TTFont(SOURCE / package / "files" / f"{package}-{subset}-wght-{slant}.woff2")
            font.flavor = None
            instancer.instantiateVariableFont(font, {"wght": weight}, inplace=True)
            for table in ("STAT", "GlyphOrder", "MVAR", "HVAR", "avar", "prep", "gasp"):
                if table in font:
                    del font[table]
            path = Path(folder) / f"{subset}.ttf"
            font.save(path)
            parts.append(str(path))
        return Merger().merge(parts)


def rename(font: TTFont, family: str, style: str, name: str, weight: int) -> None:
    names = font["name"]
    for record in list(names.names):
        if record.nameID in (1, 2, 3, 4, 6, 16, 17, 21, 22, 25):
            names.removeNames(nameID=record.nameID)
    plain = style in ("Regular", "Bold", "Italic")
    values = {1: family if plain else f"{family} {style}", 2: style if plain else "Regular", 3: name,
              4: f"{family} {style}", 6: name, 16: family, 17: style}  # fmt: skip
    for number, value in values.items():
        names.setName(value, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    italic, bold = style == "Italic", style == "Bold"
    regular = not italic and not bold
    font["OS/2"].fsSelection = int(italic) | int(bold) << 5 | int(regular) << 6 | 1 << 7
    font["head"].macStyle = (1 if bold else 0) | (2 if italic else 0)
    # A date of its own would make every run another file.
    font.recalcTimestamp = False
    font["head"].created = font["head"].modified = 3_786_912_000


def measured(font: TTFont) -> dict[str, Any]:
    cmap, widths = font.getBestCmap(), font["hmtx"].metrics
    return {
        "em": font["head"].unitsPerEm,
        "up": font["hhea"].ascent,
        "down": -font["hhea"].descent,
        "widths": {chr(code): widths[glyph][0] for code, glyph in sorted(cmap.items()) if code >= 32},
        "kerns": kerns(font, cmap),
    }


def kerns(font: TTFont, cmap: dict[int, str]) -> dict[str, dict[int, str]]:
    """Pairs that stand closer, or farther, than their widths say: first, by how much, all the seconds."""
    table = font["GPOS"].table
    features = [each.Feature for each in table.FeatureList.FeatureRecord if each.FeatureTag == "kern"]
    wanted = sorted({at for feature in features for at in feature.LookupListIndex})
    found: dict[str, int] = {}
    glyphs = {cmap[ord(letter)]: letter for letter in KERNED if ord(letter) in cmap}
    for index in wanted:
        pairs: dict[str, int] = {}
        for subtable in table.LookupList.Lookup[index].SubTable:
            part = getattr(subtable, "ExtSubTable", subtable)
            if part.LookupType != 2:
                continue
            covered = {glyph: at for at, glyph in enumerate(part.Coverage.glyphs)}
            for first, letter in glyphs.items():
                if first not in covered:
                    continue
                if part.Format == 1:
                    records = part.PairSet[covered[first]].PairValueRecord
                    for record in records:
                        if record.SecondGlyph in glyphs:
                            pairs.setdefault(letter + glyphs[record.SecondGlyph], advance(record.Value1))
                    continue
                row = part.Class1Record[part.ClassDef1.classDefs.get(first, 0)]
                for second, other in glyphs.items():
                    record = row.Class2Record[part.ClassDef2.classDefs.get(second, 0)]
                    # The first subtable that covers a pair decides, also when it says zero.
                    pairs.setdefault(letter + other, advance(record.Value1))
        for pair, by in pairs.items():
            found[pair] = found.get(pair, 0) + by
    table_of: dict[str, dict[int, str]] = {}
    for pair, by in sorted(found.items()):
        if by:
            row = table_of.setdefault(pair[0], {})
            row[by] = row.get(by, "") + pair[1]
    return table_of


def advance(value: Any) -> int:
    return int(getattr(value, "XAdvance", 0) or 0) if value is not None else 0


if __name__ == "__main__":
    main()
