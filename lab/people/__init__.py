"""People: persons and guests, how they sign in, invitations, roles in the lab, and bearer tokens."""

from lab.core.identity import Identity, Role, colour_of, outranks
from lab.people.invitations import Invitations, Places
from lab.people.models import Person
from lab.people.routes import invitation_routes, people_routes
from lab.people.service import People
from lab.people.shapes import ChallengeBrief, PersonBrief
from lab.people.signing_in import SignIns

__all__ = [
    "ChallengeBrief",
    "Identity",
    "Invitations",
    "People",
    "Person",
    "PersonBrief",
    "Places",
    "Role",
    "SignIns",
    "colour_of",
    "invitation_routes",
    "outranks",
    "people_routes",
]
