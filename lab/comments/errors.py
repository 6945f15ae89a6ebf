"""What can go wrong around a comment, each with the code the browser and scripts may rely on.

NotFound    ├── CommentNotFound, PostNotFound
NotAllowed  ├── NotYours               somebody else's comment
Conflict    ├── TooManyComments
Invalid     ├── BadAnchor              fixed to nothing that is there
            └── NotAMember
"""

from __future__ import annotations

from lab.core.errors import Conflict, Invalid, NotAllowed, NotFound


class CommentNotFound(NotFound):
    code, title = "comment_not_found", "There is no such comment"


class PostNotFound(NotFound):
    code, title = "post_not_found", "There is no such reply"


class NotYours(NotAllowed):
    code, title = "not_yours", "Only its author can change this"


class TooManyComments(Conflict):
    code, title = "too_many_comments", "No more comments fit here"


class BadAnchor(Invalid):
    code, title = "bad_anchor", "This comment is not fixed to a passage"


class NotAMember(Invalid):
    code, title = "not_a_member", "Only members can be mentioned"
