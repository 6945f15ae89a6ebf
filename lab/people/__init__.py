"""People: persons and guests, how they sign in, invitations, roles in the lab, and bearer tokens."""

from lab.core.identity import Identity, Role, colour_of, outranks

from .invitations import Invitations, Places
from .models import Person
from .routes import invitation_routes, people_routes
from .service import People
from .shapes import ChallengeBrief, PersonBrief

__all__ = [
    "ChallengeBrief",
    "Identity",
    "Invitations",
    "People",
    "Person",
    "PersonBrief",
    "Places",
    "Role",
    "colour_of",
    "invitation_routes",
    "outranks",
    "people_routes",
]
