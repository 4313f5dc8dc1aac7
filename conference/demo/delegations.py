"""The delegations of the coming edition: every answer, every standing, and people in every state of registration."""

import dataclasses
import itertools

from conference.demo import form, texts
from conference.demo.people import accept, make_account, people_of
from conference.demo.photos import give_photo
from conference.lib import countries, words
from conference.lib.viewer import SYSTEM
from delegates.actions import (
    accept_request,
    add_delegation,
    add_focal_point,
    answer_invitation,
    change_mode,
    decide_security,
    give_details,
    invite_focal_points,
    keep_seat,
    move_registration,
    narrow_registration,
    nominate,
    request_place,
    send_list,
    submit_registration,
)
from delegates.choices import Answer, Category, Consent, Mode, Narrowing, SecurityDecision, Standing
from delegates.choices import RegistrationState as State
from delegates.models import Delegation, FocalPoint, Invitation, Registration
from delegates.rules import FOCAL, OFFICER
from events.actions import keep_organisation
from events.choices import OrganisationKind
from events.models import Event, Organisation

MEMBER_STATES = [
    "BE",
    "CZ",
    "DK",
    "DE",
    "EE",
    "IE",
    "GR",
    "ES",
    "FR",
    "IT",
    "LV",
    "LT",
    "LU",
    "HU",
    "NL",
    "AT",
    "PL",
    "PT",
    "RO",
    "SI",
    "FI",
    "SE",
]
BEYOND = {
    "US": Standing.GUEST,
    "CA": Standing.GUEST,
    "AU": Standing.GUEST,
    "JP": Standing.GUEST,
    "GB": Standing.MEMBER,
    "NO": Standing.MEMBER,
}
BEYOND |= {"CH": Standing.OBSERVER}
HOST_FOCAL_POINT = 8
SILENT, UNDECIDED, DECLINED = ("CZ", "RO", "PT", "AU"), ("LU", "SI", "CA"), ("EE", "NO")
TEXT = {
    "en": "Partner service, {state}",
    "fr": "Service partenaire, {state}",
    "nl": "Partnerdienst, {state}",
    "de": "Partnerdienst, {state}",
}

# What becomes of each person a delegation names: category and the steps after the nomination.
HEAD, DEPUTY, DELEGATE, EXPERT = Category.HEAD, Category.DEPUTY, Category.DELEGATE, Category.EXPERT
APPROVED = (State.SUBMITTED, State.APPROVED)
USUAL = [
    [(HEAD, APPROVED), (DEPUTY, APPROVED), (DELEGATE, (State.SUBMITTED,)), (EXPERT, ())],
    [(HEAD, APPROVED), (DELEGATE, APPROVED), (EXPERT, (State.SUBMITTED, State.RETURNED))],
    [(HEAD, (State.SUBMITTED,)), (DELEGATE, ()), (DELEGATE, APPROVED)],
    [(HEAD, APPROVED), (DELEGATE, (State.WITHDRAWN,)), (DELEGATE, ())],
]
HOST = [
    (HEAD, APPROVED),
    (DELEGATE, APPROVED),
    (Category.PRESS, APPROVED),
    (Category.SPEAKER, APPROVED),
    (Category.ORGANISER, APPROVED),
    (Category.GUEST, ()),
    (Category.ACCOMPANYING, ()),
]
SPECIAL = {
    "HU": [
        (HEAD, APPROVED),
        (EXPERT, APPROVED),
        (DELEGATE, (State.SUBMITTED,)),
        (Category.INTERPRETER, APPROVED),
        (Category.DRIVER, APPROVED),
    ],
    "US": [(HEAD, APPROVED), (DELEGATE, APPROVED), (Category.PROTECTION, APPROVED), (Category.LIAISON, ())],
    "FR": [
        (HEAD, APPROVED),
        (DEPUTY, (*APPROVED, State.REVOKED)),
        (DELEGATE, (State.SUBMITTED, State.REFUSED)),
        (EXPERT, (State.REPLACED,)),
    ],
    "JP": [(HEAD, APPROVED), (DELEGATE, ()), (DELEGATE, ()), (EXPERT, ())],
}
SEATS = {"JP": 2, "US": 4, "EU": 3}


@dataclasses.dataclass
class Nominated:
    """The people the agenda and the printed sign-ins need."""

    host_head: Registration
    host_delegate: Registration
    approved_eu: Registration
    approved_third: Registration
    interpreter: Registration


def make_partners() -> dict[str, Organisation]:
    """Make an invented partner service for each state of the demonstration, but the real Belgian host, and the EU bodies."""
    partners = {}
    for country in [*(code for code in MEMBER_STATES if code != "BE"), *BEYOND]:
        names = {language: TEXT[language].format(state=countries.name(country, language)) for language in words.languages()}
        partners[country] = Organisation.objects.create(
            kind=OrganisationKind.STATE,
            country=country,
            invented=True,
            email=f"focal@{country.lower()}.example.org",
            **texts.columns("name", names),
        )
    for body in texts.load("coming")["eu_bodies"]:
        partners[body["abbreviation"]] = Organisation.objects.create(
            kind=OrganisationKind.EU, treaty_rank=body["rank"], abbreviation=body["abbreviation"], **texts.columns("name", body["name"])
        )
    for organisation in partners.values():
        keep_organisation(organisation)
    return partners


def load_delegations(event: Event, host: str, partners: dict[str, Organisation]) -> Nominated:
    """Add, invite and fill the delegations; give the people other parts of the demonstration need."""
    delegations = {key: _add(event, key, organisation, host) for key, organisation in partners.items()}
    invite_focal_points(event, list(FocalPoint.objects.filter(event=event).order_by("pk")), by=SYSTEM)
    usual = itertools.cycle(USUAL)
    for key, delegation in delegations.items():
        _answer(key, delegation, host)
        if delegation.answer == Answer.COMING:
            _fill(delegation, key, HOST if key == host else SPECIAL.get(key) or next(usual))
    _rest(event, delegations)
    return _people(event, delegations, host)


def _add(event: Event, key: str, organisation: Organisation, host: str) -> Delegation:
    is_body = organisation.kind == OrganisationKind.EU
    standing = Standing.HOST if key == host else Standing.OBSERVER if is_body else BEYOND.get(key, Standing.MEMBER)
    seats = SEATS.get("EU" if is_body else key, 5)
    delegation = add_delegation(event, organisation=organisation, seats=seats, standing=standing, by=SYSTEM)
    language = {"FR": "fr", "LU": "fr", "NL": "nl", "BE": "nl", "DE": "de", "AT": "de"}.get(key, "en")
    email = organisation.email or f"focal@{key.lower()}.example.org"
    add_focal_point(delegation, name=_focal_point_of(key, organisation, host), email=email, language=language, by=SYSTEM)
    return delegation


def _focal_point_of(key: str, organisation: Organisation, host: str) -> str:
    """The first of a delegation's people, but for the host, whose first is the minister."""
    first = HOST_FOCAL_POINT if key == host else _first_free(key) - 1
    return next(itertools.islice(people_of(organisation.country or "EU", domain=key), first, None)).full_name


def _answer(key: str, delegation: Delegation, host: str) -> None:
    given = Answer.COMING
    if key != host:
        given = next((a for a, keys in ((Answer.UNDECIDED, UNDECIDED), (Answer.DECLINED, DECLINED)) if key in keys), Answer.COMING)
        if key in SILENT:
            return
    answer_invitation(delegation, answer=given, by=SYSTEM)
    delegation.refresh_from_db()


def _fill(delegation: Delegation, key: str, plan: list) -> None:
    people = people_of(delegation.organisation.country or "EU", domain=key)
    for _ in range(_first_free(key)):
        next(people)
    named = [(_name(delegation, next(people), category), steps) for category, steps in plan]
    send_list(delegation, by=SYSTEM)
    for registration, steps in named:
        registration.refresh_from_db()
        if registration.state == State.NOMINATED:
            _walk(registration, steps)


def _first_free(key: str) -> int:
    """The first name of a country is its focal point's or minister's; EU bodies share a list of names."""
    bodies = [body["abbreviation"] for body in texts.load("coming")["eu_bodies"]]
    return 1 + 4 * bodies.index(key) if key in bodies else 1


def _name(delegation: Delegation, person, category: str) -> Registration:
    return nominate(
        delegation,
        given_name=person.given_name,
        family_name=person.family_name,
        email=person.email,
        category=category,
        language="en",
        by=SYSTEM,
        made_by=OFFICER,
    )


WITHOUT_PHOTO, ENTERED_FOR = ("GB", "SE"), ("JP",)
REASONS = {
    State.RETURNED: "The function is missing.",
    State.REFUSED: "The service named another expert for this subject.",
    State.REVOKED: "The assignment to this service has ended.",
}


def _walk(registration: Registration, steps) -> None:
    for step in steps:
        if step == State.SUBMITTED:
            if registration.delegation.organisation.country not in WITHOUT_PHOTO:
                give_photo(registration, registration.delegation.pk + registration.position)
            is_own = registration.delegation.organisation.country not in ENTERED_FOR
            registration = submit_registration(registration, data=_data(registration), by=SYSTEM, is_own=is_own)
        else:
            if step == State.APPROVED:
                registration = decide_security(registration, decision=SecurityDecision.CLEARED, by=SYSTEM)
            made_by = FOCAL if step in (State.WITHDRAWN, State.REPLACED) else OFFICER
            registration = move_registration(registration, to=step, by=SYSTEM, made_by=made_by, reason=REASONS.get(step, ""))
    if registration.state == State.APPROVED and registration.category == HEAD:
        give_details(registration, data=form.details(registration.event), by=SYSTEM)


def _data(registration: Registration) -> dict:
    delegate = registration.delegate
    country = registration.delegation.organisation.country
    functions = {HEAD: "Director", DEPUTY: "Deputy director", DELEGATE: "Head of unit", EXPERT: "Senior analyst"}
    more = form.given(registration, registration.position)
    consents = [Consent.PARTICIPANTS, Consent.HIDDEN, Consent.PUBLIC]
    return {
        "given_name": delegate.given_name,
        "family_name": delegate.family_name,
        "native_name": {"JP": "田中 由紀", "GR": "Ελένη Παπαδοπούλου", "BG": "Елена Петрова"}.get(country, ""),
        "badge_name": "",
        "nationalities": [country] if country else [],
        "function": functions.get(registration.category, "Officer"),
        "languages": ["en"],
        "needs": "",
        "consent": consents[registration.pk % len(consents)],
        "may_be_invited_again": registration.pk % 2 == 0,
        "language": delegate.language,
        **more,
    }


def _rest(event: Event, delegations: dict[str, Delegation]) -> None:
    """The states no usual delegation shows: a kept seat, a waiting list with an offer, a place asked for, a narrowed observer."""
    keep_seat(delegations["DE"], category=DELEGATE, by=SYSTEM, made_by=FOCAL)
    leaving = Registration.objects.filter(delegation=delegations["JP"], state=State.NOMINATED).order_by("pk").first()
    move_registration(leaving, to=State.WITHDRAWN, by=SYSTEM, made_by=FOCAL)
    _, _, _, _, _, drafted, asking = itertools.islice(people_of("SE"), 7)
    _name(delegations["SE"], drafted, Category.EXPERT)  # named after the list was sent: a draft nobody was written to
    _ask_for_a_place(delegations["SE"], asking)
    far_away = Registration.objects.filter(delegation=delegations["JP"], state=State.APPROVED).order_by("pk").first()
    change_mode(far_away, mode=Mode.REMOTE, by=SYSTEM)
    observer = Registration.objects.filter(delegation=delegations["CH"], state=State.APPROVED).order_by("pk").first()
    if observer:
        narrow_registration(observer, narrowing=Narrowing.PARTICIPANT, by=SYSTEM)


def _ask_for_a_place(delegation: Delegation, person) -> None:
    """Two people asked for a place: one names a delegation, whose focal point has yet to endorse it; the other names nobody we know."""
    for organisation in (str(delegation.organisation.name_in("en")), "Institute for Security Studies"):
        asked = request_place(
            delegation.event,
            person={
                "organisation": organisation,
                "given_name": person.given_name,
                "family_name": person.family_name,
                "function": "Analyst",
                "email": person.email,
                "language": "en",
            },
        )
        invitation = Invitation.objects.get(place_request=asked)
        accept_request(invitation, user=make_account(person.email, person.full_name))


def _people(event: Event, delegations: dict[str, Delegation], host: str) -> Nominated:
    def one(key: str, category: str) -> Registration:
        return Registration.objects.get(delegation=delegations[key], category=category, state=State.APPROVED)

    return Nominated(
        host_head=one(host, HEAD),
        host_delegate=one(host, DELEGATE),
        approved_eu=one("HU", EXPERT),
        approved_third=one("US", DELEGATE),
        interpreter=one("HU", Category.INTERPRETER),
    )


def open_accounts(event: Event) -> dict[str, str]:
    """Let a focal point and three people accept their invitations; give the address to sign in with by role."""
    asked = Registration.objects.filter(event=event)
    approved = asked.filter(state=State.APPROVED)
    invited = {
        "focal point": Invitation.objects.filter(event=event, focal_point__delegation__organisation__country="HU"),
        "delegate of an EU delegation": _invitations(approved.filter(delegation__organisation__country="HU", category=EXPERT)),
        "delegate from outside the EU": _invitations(approved.filter(delegation__organisation__country="US", category=DELEGATE)),
        "delegate who has yet to confirm": _invitations(asked.filter(state=State.NOMINATED, invited_at__isnull=False)),
    }
    return {role: accept(invitations.latest("pk")).email for role, invitations in invited.items()}


def _invitations(registrations):
    return Invitation.objects.filter(registration__in=registrations, accepted_at__isnull=True)
