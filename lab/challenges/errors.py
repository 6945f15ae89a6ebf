"""What can go wrong around a challenge, each with the code the browser and scripts may rely on.

NotFound    ├── ChallengeNotFound      none, or none this person may know of
            ├── VersionNotFound, MemberNotFound, StageNotFound
NotAllowed  ├── CannotEdit             an observer tries to write
            ├── CannotManage           settings and people are for staff and facilitators
            ├── CannotGrant            a role above one's own
Conflict    ├── ChallengeArchived      read-only until it is taken out of the archive
            ├── LastFacilitator        somebody has to be able to look after a challenge
            ├── TooManyVersions
Invalid     ├── MarkdownTooDeep, BadStages
BodyTooBig  └── MarkdownTooBig
"""

from __future__ import annotations

from lab.core.errors import BodyTooBig, Conflict, Invalid, NotAllowed, NotFound
from lab.core.refusals import CannotEdit, ChallengeArchived, TooManyVersions, VersionNotFound

__all__ = [
    "BadStages", "CannotEdit", "CannotGrant", "CannotManage", "ChallengeArchived", "ChallengeNotFound",
    "LastFacilitator", "MarkdownTooBig", "MarkdownTooDeep", "MemberNotFound", "StageNotFound",
    "TooManyVersions", "VersionNotFound",
]  # fmt: skip


class ChallengeNotFound(NotFound):
    code, title = "challenge_not_found", "There is no such challenge"


class MemberNotFound(NotFound):
    code, title = "member_not_found", "This person is not a member"


class StageNotFound(NotFound):
    code, title = "stage_not_found", "There is no such stage"


class CannotManage(NotAllowed):
    code, title = "cannot_manage", "This is for facilitators and staff"


class CannotGrant(NotAllowed):
    code, title = "cannot_grant", "Nobody can give a role above their own"


class LastFacilitator(Conflict):
    code, title = "last_facilitator", "Somebody has to look after this challenge"


class MarkdownTooBig(BodyTooBig):
    code, title = "markdown_too_big", "This text is too long"


class MarkdownTooDeep(Invalid):
    code, title = "markdown_too_deep", "This text is nested too deep"


class BadStages(Invalid):
    code, title = "bad_stages", "These stages do not work"
