"""What every room of a challenge refuses alike, so that one code means one thing wherever it is met.

NotFound    ├── VersionNotFound
NotAllowed  ├── CannotEdit             an observer tries to write
Conflict    ├── ChallengeArchived      read-only until it is taken out of the archive
            └── TooManyVersions
"""

from __future__ import annotations

from lab.core.errors import Conflict, NotAllowed, NotFound


class VersionNotFound(NotFound):
    code, title = "version_not_found", "There is no such version"


class CannotEdit(NotAllowed):
    code, title = "cannot_edit", "Observers read along"


class ChallengeArchived(Conflict):
    code, title = "challenge_archived", "This challenge is in the archive"


class TooManyVersions(Conflict):
    code, title = "too_many_versions", "No more named versions fit here"
