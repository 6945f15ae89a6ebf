"""What can go wrong around a board, each with the code the browser and scripts may rely on.

NotFound    ├── BoardNotFound          none, or none this person may know of
            ├── ObjectNotFound, VersionNotFound, TemplateNotFound, ImageNotFound
NotAllowed  ├── CannotEdit             an observer tries to write
            ├── CannotLead             for staff, facilitators and, in part, whoever made it
            ├── CannotLock             not theirs to lock or to unlock
Conflict    ├── BoardArchived, ChallengeArchived
            ├── TooManyBoards, TooManyLocks, TooManyVersions, TooManyTemplates
            └── QuotaFull              the pictures of a challenge take all the room they have
Invalid     ├── BoardTooBig            more than one board can begin with
            └── BadImage               not a picture, damaged, or too large
Unavailable └── BoardNotDrawn          there is too much on it for one picture
"""

from __future__ import annotations

from lab.core.errors import Conflict, Invalid, NotAllowed, NotFound, Unavailable
from lab.core.refusals import CannotEdit, ChallengeArchived, TooManyVersions, VersionNotFound

__all__ = [
    "BadImage", "BoardArchived", "BoardNotDrawn", "BoardNotFound", "BoardTooBig", "CannotEdit", "CannotLead",
    "CannotLock", "ChallengeArchived", "ImageNotFound", "ObjectNotFound", "QuotaFull",
    "TemplateNotFound", "TooManyBoards", "TooManyLocks", "TooManyTemplates", "TooManyVersions",
    "VersionNotFound",
]  # fmt: skip


class BoardNotFound(NotFound):
    code, title = "board_not_found", "There is no such board"


class ObjectNotFound(NotFound):
    code, title = "object_not_found", "There is no such object on this board"


class TemplateNotFound(NotFound):
    code, title = "template_not_found", "There is no such template"


class CannotLead(NotAllowed):
    code, title = "cannot_lead", "This is for facilitators and staff"


class CannotLock(NotAllowed):
    code, title = "cannot_lock", "This lock is not yours to set or to lift"


class BoardArchived(Conflict):
    code, title = "board_archived", "This board is in the archive"


class TooManyBoards(Conflict):
    code, title = "too_many_boards", "No more boards fit here"


class TooManyLocks(Conflict):
    code, title = "too_many_locks", "No more locks fit here"


class TooManyTemplates(Conflict):
    code, title = "too_many_templates", "No more templates fit here"


class BoardTooBig(Invalid):
    code, title = "board_too_big", "This is too much for one board"


class ImageNotFound(NotFound):
    code, title = "image_not_found", "There is no such picture"


class QuotaFull(Conflict):
    code, title = "quota_full", "The pictures of this challenge take all the room they have"


class BadImage(Invalid):
    code, title = "bad_image", "This picture cannot be taken in"


class BoardNotDrawn(Unavailable):
    code, title = "board_not_drawn", "This board could not be drawn"
