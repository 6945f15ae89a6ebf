"""What locks and areas mean, as plain tables: written before the code that is tested against them."""

from __future__ import annotations

# Written first, in the words of docs/protocol.md: what a lock of each level stops …
LOCK_STOPS = {
    ("position", "move"), ("position", "remove"),
    ("content", "edit"), ("content", "remove"),
    ("all", "add"), ("all", "edit"), ("all", "move"), ("all", "remove"),
}  # fmt: skip
# … and whom it does not hold for: (who may nevertheless, they set it, they lead).
LOCK_SPARES = {
    ("me", True, False), ("me", True, True), ("me", False, True),
    ("facilitators", False, True), ("facilitators", True, True),
}  # fmt: skip
# What an area allows: (permission, it is their own, they lead).
AREA_ALLOWS = {
    ("everyone", False, False), ("everyone", True, False),
    ("everyone", False, True), ("everyone", True, True),
    ("own", True, False), ("own", True, True), ("own", False, True),
    ("facilitators", False, True), ("facilitators", True, True),
}  # fmt: skip
FACET_IS = {
    "place": "move", "size": "move", "z": "move", "start": "move", "end": "move",
    "style": "edit", "tag/x": "edit", "alt": "edit", "prompt": "edit", "text": "edit",
    "gone": "remove",
}  # fmt: skip
