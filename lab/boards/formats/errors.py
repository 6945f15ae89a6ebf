"""Why a file cannot be brought in. `where`, where it is known, says at which place of the file.

BodyTooBig  └── FileTooBig   more bytes than are looked at, packed or unpacked
Invalid     ├── FileNotKnown  nothing that this lab reads
            ├── FileDamaged   of a known kind, but it cannot be read
            ├── FileTooNew    written by a later version of this lab
            ├── BadMapping    a table has no such column, or none was chosen for the text
            └── FileTooMuch   more on it than fits on a board
"""

from __future__ import annotations

from lab.core.errors import BodyTooBig, Invalid


class FileTooBig(BodyTooBig):
    code, title = "board_file_too_big", "This file is too large"


class FileNotKnown(Invalid):
    code, title = "board_file_not_known", "This is not a file that can be brought in"


class FileDamaged(Invalid):
    code, title = "board_file_unreadable", "This file cannot be read"


class FileTooNew(Invalid):
    code, title = "board_file_too_new", "This file was written by a later version"


class BadMapping(Invalid):
    code, title = "board_file_columns", "These columns do not fit the table"


class FileTooMuch(Invalid):
    code, title = "board_file_too_many", "There is more in this file than fits on a board"


BadFile = FileTooBig | FileNotKnown | FileDamaged | FileTooNew | BadMapping | FileTooMuch
