"""Formats: boards as files of this lab and of other tools, out and in.

`export` writes one of FORMATS; `read` knows by itself what it was given and raises one of `errors.BadFile`,
with what is wrong, where, and what to do. Both are pure, and `read` belongs into a child process: what
strangers send may take much memory and time.
"""

from lab.boards.formats.found import Exported, Imported, LeftOut, with_pictures
from lab.boards.formats.reading import preview, read
from lab.boards.formats.writing import FORMATS, export

__all__ = ["FORMATS", "Exported", "Imported", "LeftOut", "export", "preview", "read", "with_pictures"]
