"""HTTP to people: signing in, oneself, and the people of the lab."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from lab.core.identity import Identity, Who, person, visitor
from lab.core.security import origin_of
from lab.core.web import ApiRoute, Listing, PageQuery, api
from lab.people import errors, shapes
from lab.people.invitations import Invitations
from lab.people.models import Person
from lab.people.oneself import Oneself
from lab.people.signing_in import SignIns

Pending = Callable[[Identity], Awaitable[int]]
"""How many mentions somebody has not seen: another feature counts them."""


class PeopleRoutes:
    """Translates; the services decide."""

    def __init__(self, sign_ins: SignIns, pending_mentions: Pending) -> None:
        self._people = sign_ins.people
        self._sign_ins = sign_ins
        self._oneself = Oneself(sign_ins.people)
        self._pending = pending_mentions

    async def _me(self, identity: Identity | None) -> shapes.Me:
        people = self._people
        mine = await people.get(identity.id) if identity else None
        return shapes.Me(
            person=person_shown(mine) if mine else None,
            csrf=identity.csrf if identity else "",
            lab=shapes.LabShown(name=await people.lab_name()),
            password_set=bool(mine and mine.password_hash),
            mail=people.mail is not None,
            pending_mentions=await self._pending(identity) if identity else 0,
        )

    async def signed_in(
        self,
        identity: Identity,
        token: str | None,
        *,
        shared_device: bool = False,
        challenge: str | None = None,
    ) -> Response:
        """`me`, and the cookie that makes it so."""
        me = await self._me(identity)
        me.challenge = challenge
        response = JSONResponse(me.model_dump(mode="json"), headers={"cache-control": "no-store"})
        if token is not None:
            self._people.logins.set_cookie(response, token, shared_device=shared_device)
        return response

    async def me(self, request: Request) -> shapes.Me | Response:
        identity = visitor(request)
        if identity is not None and not identity.bearer:
            rotated = await self._people.logins.rotate_if_due(identity.session)
            if rotated is not None:
                return await self.signed_in(identity, rotated[0], shared_device=rotated[1])
        return await self._me(identity)

    async def sign_in(self, request: Request, form: shapes.SignIn) -> Response:
        identity, token = await self._sign_ins.sign_in(
            request, form.email, form.password, shared_device=form.shared_device
        )
        return await self.signed_in(identity, token, shared_device=form.shared_device)

    async def ask_link(self, request: Request, form: shapes.AskLink) -> Response:
        await self._sign_ins.ask_link(request, form.email, origin_of(request))
        return Response(status_code=202)

    async def redeem(self, request: Request, form: shapes.Redeem) -> Response:
        identity, token = await self._sign_ins.redeem(request, form.token, shared_device=form.shared_device)
        return await self.signed_in(identity, token, shared_device=form.shared_device)

    async def sign_out(self, request: Request) -> Response:
        await self._sign_ins.sign_out(request)
        response = Response(status_code=204)
        self._people.logins.clear_cookie(response)
        return response

    async def change_me(self, request: Request, form: shapes.ChangeMe) -> Response:
        token = await self._oneself.change_me(person(request), form)
        return await self._changed(request, token)

    async def change_password(self, request: Request, form: shapes.ChangePassword) -> Response:
        token = await self._oneself.change_password(person(request), form.current, form.new)
        return await self._changed(request, token)

    async def _changed(self, request: Request, token: str | None) -> Response:
        shared = await self._people.logins.on_shared_device(person(request).session)
        return await self.signed_in(person(request), token, shared_device=shared)

    async def sessions(self, request: Request) -> Listing[shapes.LoginShown]:
        me = person(request)
        return Listing(
            items=[
                shapes.LoginShown(
                    id=login.id,
                    device=login.device,
                    created_at=login.created_at,
                    last_seen_at=login.last_used_at,
                    current=login.id == me.session,
                )
                for login in await self._people.logins.of(me.id)
            ]
        )

    async def end_session(self, request: Request) -> None:
        await self._oneself.end_login(person(request), request.path_params["session"])

    async def tokens(self, request: Request) -> Listing[shapes.TokenShown]:
        held = await self._people.tokens.of(person(request).id)
        return Listing(items=[shapes.TokenShown.model_validate(one, from_attributes=True) for one in held])

    async def make_token(self, request: Request, form: shapes.NewToken) -> shapes.TokenMade:
        made, secret = await self._oneself.make_token(person(request), form.name, form.expires_in_days)
        shown = shapes.TokenShown.model_validate(made, from_attributes=True)
        return shapes.TokenMade(**shown.model_dump(), token=secret)

    async def end_token(self, request: Request) -> None:
        await self._oneself.end_token(person(request), request.path_params["token"])

    async def find(self, request: Request, query: shapes.PeopleQuery) -> Listing[shapes.PersonListed]:
        found, following = await self._people.find(query.q, query.cursor, query.limit)
        return Listing(items=[listed(one) for one in found], next=following)

    async def create(self, request: Request, form: shapes.NewPerson) -> shapes.PersonListed:
        return listed(await self._people.create(form.email, form.name, form.role, by=person(request).id))

    async def change(self, request: Request, form: shapes.ChangePerson) -> shapes.PersonListed:
        changed = await self._people.change(request.path_params["person"], form, by=person(request).id)
        return listed(changed)

    async def hand_link(self, request: Request) -> shapes.LinkMade:
        url, expires_at, mailed = await self._sign_ins.hand_link(
            request.path_params["person"], origin_of(request), by=person(request)
        )
        return shapes.LinkMade(url=url, expires_at=expires_at, mailed=mailed)


class InvitationRoutes:
    def __init__(self, invitations: Invitations, people: PeopleRoutes) -> None:
        self._invitations = invitations
        self._people = people

    async def make(self, request: Request, form: shapes.NewInvitation) -> shapes.InvitationMade:
        shown, secret = await self._invitations.make(request.path_params["challenge"], form, person(request))
        return shapes.InvitationMade(**shown.model_dump(), url=f"{origin_of(request)}/join#{secret}")

    async def of(self, request: Request, query: PageQuery) -> Listing[shapes.InvitationShown]:
        return Listing(items=await self._invitations.of(request.path_params["challenge"], person(request)))

    async def revoke(self, request: Request, form: shapes.RevokeInvitation) -> None:
        await self._invitations.revoke(
            request.path_params["challenge"],
            request.path_params["invitation"],
            end_sessions=form.end_sessions,
            by=person(request),
        )

    async def look(self, request: Request, form: shapes.LookAtInvitation) -> shapes.InvitationOffer:
        return await self._invitations.look(request, form.secret)

    async def accept(self, request: Request, form: shapes.AcceptInvitation) -> Response:
        identity, token, challenge = await self._invitations.accept(request, form, visitor(request))
        return await self._people.signed_in(
            identity, token, shared_device=form.shared_device, challenge=challenge
        )


def person_shown(one: Person) -> shapes.PersonShown:
    return shapes.PersonShown.model_validate(one, from_attributes=True)


def listed(one: Person) -> shapes.PersonListed:
    return shapes.PersonListed.model_validate(one, from_attributes=True)


def people_routes(sign_ins: SignIns, pending_mentions: Pending) -> tuple[PeopleRoutes, Sequence[ApiRoute]]:
    r = PeopleRoutes(sign_ins, pending_mentions)
    s, anyone, staff, account = shapes, Who.ANYONE, Who.STAFF, Who.ACCOUNT
    return r, [
        api("GET", "/api/me", r.me, returns=s.Me, who=anyone, summary="Who the page is open for"),
        api(
            "POST", "/api/sign-in", r.sign_in, body=s.SignIn, returns=s.Me, who=anyone,
            summary="Sign in with address and password", problems=[errors.SignInFailed, errors.Busy],
        ),
        api(
            "POST", "/api/sign-in/link", r.ask_link, body=s.AskLink, status=202, who=anyone,
            summary="Ask for a sign-in link by mail; the answer is the same for every address",
        ),
        api(
            "POST", "/api/sign-in/redeem", r.redeem, body=s.Redeem, returns=s.Me, who=anyone,
            summary="Sign in with a link",
            problems=[errors.LinkUnknown, errors.LinkUsed, errors.LinkExpired],
        ),
        api("POST", "/api/sign-out", r.sign_out, who=anyone, summary="End this sign-in"),
        api(
            "PATCH", "/api/me", r.change_me, body=s.ChangeMe, returns=s.Me, problems=[errors.EmailTaken],
            summary="Change one's own name or address",
        ),
        api(
            "PUT", "/api/me/password", r.change_password, body=s.ChangePassword, returns=s.Me, who=account,
            summary="Set or change one's own password; every other sign-in ends",
            problems=[errors.PasswordRefused, errors.WrongPassword],
        ),
        api(
            "GET", "/api/me/sessions", r.sessions, returns=Listing[s.LoginShown],
            summary="One's own sign-ins",
        ),
        api(
            "DELETE", "/api/me/sessions/{session}", r.end_session, problems=[errors.SessionNotFound],
            summary="End one of one's own sign-ins, and its sockets",
        ),
        api(
            "GET", "/api/me/tokens", r.tokens, returns=Listing[s.TokenShown], who=account,
            summary="One's own bearer tokens",
        ),
        api(
            "POST", "/api/me/tokens", r.make_token, body=s.NewToken, returns=s.TokenMade, status=201,
            who=account, summary="Make a bearer token; its secret is shown once",
            problems=[errors.TooManyTokens],
        ),
        api(
            "DELETE", "/api/me/tokens/{token}", r.end_token, who=account, problems=[errors.TokenNotFound],
            summary="Withdraw a bearer token, and close its sockets",
        ),
        api(
            "GET", "/api/people", r.find, query=s.PeopleQuery, returns=Listing[s.PersonListed], who=staff,
            summary="The people of the lab",
        ),
        api(
            "POST", "/api/people", r.create, body=s.NewPerson, returns=s.PersonListed, status=201, who=staff,
            summary="Make an account", problems=[errors.EmailTaken],
        ),
        api(
            "PATCH", "/api/people/{person}", r.change, body=s.ChangePerson, returns=s.PersonListed, who=staff,
            summary="Change somebody's name or role, suspend or readmit them",
            problems=[errors.PersonNotFound, errors.LastStaff, errors.GuestHasNoRole],
        ),
        api(
            "POST", "/api/people/{person}/sign-in-link", r.hand_link, returns=s.LinkMade, status=201,
            who=staff, summary="Make a sign-in link to hand over",
            problems=[errors.PersonNotFound, errors.PersonSuspended],
        ),
    ]  # fmt: skip


def invitation_routes(invitations: Invitations, people: PeopleRoutes) -> Sequence[ApiRoute]:
    r = InvitationRoutes(invitations, people)
    s, anyone = shapes, Who.ANYONE
    unusable = [
        errors.InvitationUnknown, errors.InvitationExpired, errors.InvitationUsedUp, errors.InvitationRevoked,
    ]  # fmt: skip
    base = "/api/challenges/{challenge}/invitations"
    return [
        api(
            "POST", base, r.make, body=s.NewInvitation, returns=s.InvitationMade, status=201,
            summary="Make an invitation link; its secret is shown once", problems=[errors.RoleTooHigh],
        ),
        api(
            "GET", base, r.of, query=PageQuery, returns=Listing[s.InvitationShown],
            summary="The invitations to a challenge",
        ),
        api(
            "POST", base + "/{invitation}/revoke", r.revoke, body=s.RevokeInvitation,
            summary="Withdraw an invitation, and end the sign-ins it made if wanted",
            problems=[errors.InvitationUnknown],
        ),
        api(
            "POST", "/api/invitations/look", r.look, body=s.LookAtInvitation, returns=s.InvitationOffer,
            who=anyone, summary="What an invitation offers", problems=unusable,
        ),
        api(
            "POST", "/api/invitations/accept", r.accept, body=s.AcceptInvitation, returns=s.Me,
            who=anyone, summary="Join a challenge, as oneself or as a guest by name",
            problems=[*unusable, errors.NameNeeded],
        ),
    ]  # fmt: skip
