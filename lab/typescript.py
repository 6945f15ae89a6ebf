"""The browser's types, written from the models that cross HTTP, so that the two cannot disagree."""

from __future__ import annotations

import types
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from starlette.routing import BaseRoute

from lab.core.identity import Role
from lab.core.web import ApiRoute, Listing
from lab.realtime.errors import CloseCode

HEAD = """/** The shapes of the HTTP API. Written by `lab types` from the server's models: do not edit. */

/** ISO 8601, UTC. */
export type Time = string;

export interface Page<T> {
  items: T[];
  /** Cursor of the following page; null at the end. */
  next: string | null;
}
"""
NAMES = {
    "AreaShown": "AreaRules",
    "BoardObject": "BoardObjectKept",
    "BoardShown": "Board",
    "BoardThreadShown": "BoardThread",
    "BoardVersionShown": "BoardVersion",
    "BoardVersionWhole": "BoardVersionDetail",
    "ChallengeShown": "Challenge",
    "Changed": "Change",
    "ComparisonBlock": "CompareBlock",
    "ComparisonPart": "ComparePart",
    "ComparisonShown": "Comparison",
    "InvitationMade": "NewInvitation",
    "InvitationOffer": "InvitationLook",
    "InvitationShown": "Invitation",
    "LabHome": "Lab",
    "LinkMade": "SignInLink",
    "LockShown": "Lock",
    "LoginShown": "LoginSession",
    "MentionShown": "Mention",
    "NewInvitation": "InvitationForm",
    "NewToken": "TokenForm",
    "PersonBrief": "PersonRef",
    "PersonListed": "PersonRow",
    "PostShown": "Post",
    "TemplateShown": "BoardTemplate",
    "ThreadShown": "Thread",
    "TokenMade": "NewToken",
    "TokenShown": "Token",
    "VersionShown": "Version",
    "VersionWhole": "VersionDetail",
}
"""Where the screens have a shorter word for what they only ever see."""
PLAIN: dict[Any, str] = {
    str: "string", int: "number", float: "number", bool: "boolean", datetime: "Time", type(None): "null",
    Any: "unknown", Role: "Role",
}  # fmt: skip


def browser_types(routes: Iterable[BaseRoute]) -> str:
    """The whole of frontend/src/api/types.ts."""
    specs = [route.spec for route in routes if isinstance(route, ApiRoute)]
    said = _reachable([spec.returns for spec in specs])
    heard = _reachable([spec.body for spec in specs])
    parts = [HEAD, f"export type Role = {_literal(get_args(Role))};\n"]
    for model in sorted({*said, *heard}, key=_name):
        parts.append(_interface(model, complete=model in said))
    codes = "\n".join(f"  {code.name}: {int(code)}," for code in CloseCode)
    parts.append(
        "/** Why the server closed a socket; 44xx stop and explain, 1xxx are tried again. */\n"
        f"export const CloseCode = {{\n{codes}\n}} as const;\n"
    )
    return "\n".join(parts)


def _interface(model: type[BaseModel], *, complete: bool) -> str:
    """`complete`: the server says it, so all fields are there; else what has a default may be left out."""
    lines = []
    for name, field in model.model_fields.items():
        shown = field.serialization_alias or field.alias or name
        optional = not field.is_required() and (not complete or field.default is None)
        lines.append(f"  {shown}{'?' if optional else ''}: {_type(field.annotation)};")
    said = f"/** {' '.join((model.__doc__ or '').split())} */\n" if _has_words(model) else ""
    return f"{said}export interface {_name(model)} {{\n" + "\n".join(lines) + "\n}\n"


def _has_words(model: type[BaseModel]) -> bool:
    return "__doc__" in vars(model) and bool(model.__doc__)


def _type(kind: Any) -> str:
    if kind in PLAIN:
        return PLAIN[kind]
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _type(inner[0])
    if origin is Literal:
        return _literal(inner)
    if origin in (Union, types.UnionType):
        return " | ".join(_type(one) for one in inner)
    if origin is list or (origin is tuple and inner[1:] == (Ellipsis,)):
        shown = _type(inner[0])
        return f"({shown})[]" if " " in shown else f"{shown}[]"
    if origin is dict:
        record = f"Record<{_type(inner[0])}, {_type(inner[1])}>"
        # Of known keys not all need be there.
        return f"Partial<{record}>" if get_origin(inner[0]) is Literal else record
    if isinstance(kind, type) and issubclass(kind, Listing):
        return f"Page<{_type(_item(kind))}>"
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return _name(kind)
    raise TypeError(f"{kind!r} has no TypeScript type here yet")


def _literal(values: Sequence[Any]) -> str:
    return " | ".join(f"'{value}'" if isinstance(value, str) else str(value).lower() for value in values)


def _name(model: type[BaseModel]) -> str:
    return NAMES.get(model.__name__, model.__name__)


def _item(listing: type[BaseModel]) -> Any:
    return get_args(listing.model_fields["items"].annotation)[0]


def _reachable(kinds: Iterable[Any]) -> set[type[BaseModel]]:
    """Every model in these types, lists themselves left out: they are all `Page`."""
    found: set[type[BaseModel]] = set()
    waiting = [kind for kind in kinds if kind is not None]
    while waiting:
        kind = waiting.pop()
        if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
            waiting.extend(get_args(kind))
        elif issubclass(kind, Listing):
            waiting.append(_item(kind))
        elif kind not in found:
            kind.model_rebuild()  # a field may name a model that stands further down
            found.add(kind)
            waiting.extend(field.annotation for field in kind.model_fields.values())
    return found
