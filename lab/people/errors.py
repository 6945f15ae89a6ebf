"""What can go wrong with people, in their own words and codes."""

from __future__ import annotations

from lab.core.errors import Conflict, Gone, Invalid, NotAllowed, NotFound, NotSignedIn, Unavailable


class SignInFailed(NotSignedIn):
    code, title = "sign_in_failed", "That did not sign you in"


class LinkUnknown(NotFound):
    code, title = "link_unknown", "This sign-in link is not known"


class LinkUsed(Gone):
    code, title = "link_used", "This sign-in link was used already"


class LinkExpired(Gone):
    code, title = "link_expired", "This sign-in link has expired"


class InvitationUnknown(NotFound):
    code, title = "invitation_unknown", "This invitation is not known"


class InvitationExpired(Gone):
    code, title = "invitation_expired", "This invitation has expired"


class InvitationUsedUp(Gone):
    code, title = "invitation_used_up", "This invitation has been used by as many as it was made for"


class InvitationRevoked(Gone):
    code, title = "invitation_revoked", "This invitation was withdrawn"


class NameNeeded(Invalid):
    code, title = "name_needed", "Tell the others what to call you"


class RoleTooHigh(NotAllowed):
    code, title = "role_too_high", "Nobody can give more than they have"


class PersonNotFound(NotFound):
    code, title = "person_not_found", "There is no such person"


class SessionNotFound(NotFound):
    code, title = "session_not_found", "There is no such sign-in of yours"


class TokenNotFound(NotFound):
    code, title = "token_not_found", "There is no such token of yours"


class EmailTaken(Conflict):
    code, title = "email_taken", "Somebody else here has this address"


class LastStaff(Conflict):
    code, title = "last_staff", "A lab needs at least one member of staff"


class GuestHasNoRole(Conflict):
    code, title = "guest_has_no_role", "Guests belong to challenges only"


class PersonSuspended(Conflict):
    code, title = "person_suspended", "This person is suspended"


class TooManyTokens(Conflict):
    code, title = "too_many_tokens", "That is more tokens than one person may have"


class PasswordRefused(Invalid):
    code, title = "password_refused", "Please choose another password"


class WrongPassword(Invalid):
    code, title = "wrong_password", "The current password is not right"


class Busy(Unavailable):
    code, title = "busy", "Many people are signing in at this moment"
