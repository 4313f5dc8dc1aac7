"""The access matrix: for every address of the site who may open it, who may send to it, and which words of the world it shows to whom.

It is written by hand, apart from the rules it checks. `tests/project/test_access.py` fails for an address without a row here.
"""

import dataclasses
from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import translation

from tests.personas import ANONYMOUS, ORGANISERS, PAPERS, PERSONAS, SIGNED_IN, WORDS, World

# Who is admitted to what, by hand (domain: audiences). Organisers read the public pages like anyone.
EVERYONE = frozenset(PERSONAS)
PEOPLE = frozenset(SIGNED_IN)
NOBODY: frozenset[str] = frozenset()
PARTICIPANTS = frozenset({"EU", "non-EU", "narrowed"})
MEMBERS = frozenset({"EU", "narrowed"})
EU = frozenset({"EU"})
APPROVED = frozenset({"press", "protection", "narrowed", "non-EU", "EU"})
STAFF = frozenset(ORGANISERS)
OTHER_MANAGER = "other manager"
LOGIN = "login"  # sent to the sign-in page

PUBLIC_WORDS = {"ZqPublicSession": EVERYONE, "ZqSpeakerFull": EVERYONE}
AGENDA_WORDS = PUBLIC_WORDS | {
    "ZqParticipantsSession": PARTICIPANTS,
    "ZqMembersSession": MEMBERS,
    "ZqEuSession": EU,
    "ZqSelectedSession": MEMBERS,
    "ZqClosedSession": EU,
    "ZqRedSession": EU,
}
# What can be read in a PDF without a reader of PDF is its table of contents: the titles of the sessions that may stand on paper.
OUTLINE_WORDS = {word: who for word, who in AGENDA_WORDS.items() if word.endswith("Session") and word != "ZqRedSession"}
OWN_NAME = {"ZqPersonEu": EU}
API_WORDS = {word: who for word, who in AGENDA_WORDS.items() if word != "ZqRedSession"}
# Words of the event an organiser's page may show or not; the other event's, and what is for few, must not stand there unless named.
FEW = {"ZqNeedsOfPerson", "ZqBodyOfMail", "ZqHiddenEvent", "ZqPersonOfOtherEvent"}
ORGANISERS_WORDS = frozenset(WORDS) - FEW


@dataclasses.dataclass(frozen=True)
class Row:
    """What an address answers. `opens` get 200 (or `redirects`: their own 302), the rest are refused as `refused` says."""

    opens: frozenset[str]
    args: Callable[[World], list[Any]] = lambda world: []
    path: str = ""  # of an address without a name
    query: str = ""
    data: dict[str, str] = dataclasses.field(default_factory=dict)  # what a POST needs to reach its thing
    posts: frozenset[str] | None = NOBODY  # whose POST is let through to the page; None where it says nothing
    anonymous_posts: int = 0  # the answer to a stranger's empty POST, where the page takes one
    refused: int | str = 404
    refused_staff: int | str | None = None  # organisers of the event without the act
    refused_other: int | str | None = None  # the manager of another event
    only_post: bool = False
    redirects: frozenset[str] = NOBODY
    shows: dict[str, frozenset[str]] = dataclasses.field(default_factory=dict)
    may_show: frozenset[str] = frozenset()
    status: int = 200
    in_browser: bool = True  # a page for eyes

    def url(self, name: str, world: World, language: str = "en") -> str:
        """The address in the world, in a language."""
        with translation.override(language):
            return (self.path or reverse(name, args=self.args(world))) + self.query

    def expected(self, persona: str) -> set[int | str]:
        """What a persona's GET may be answered."""
        if self.only_post:
            return {LOGIN, 403, 404, 405}
        if persona in self.redirects:
            return {302}
        return {self.status if persona in self.opens else self.refusal(persona)}

    def refusal(self, persona: str) -> int | str:
        """How a persona who may not is turned away."""
        if persona == ANONYMOUS:
            return LOGIN
        if self.refused_staff is not None and persona in STAFF:
            return self.refused_staff
        if self.refused_other is not None and persona == OTHER_MANAGER:
            return self.refused_other
        return self.refused

    def expected_words(self, persona: str) -> set[str]:
        """The words a persona must find."""
        return {word for word, personas in self.shows.items() if persona in personas}


def body(response: HttpResponse) -> bytes:
    """The whole body of a response; reading a stream to its end closes its file."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def public(shows=None, args=lambda world: [], **options) -> Row:
    """A page for everyone."""
    return Row(opens=EVERYONE, args=args, shows=shows or {}, **options)


def mine(opens: Iterable[str], shows=None, args=lambda world: [], **options) -> Row:
    """A page of some; for the rest it does not exist."""
    return Row(opens=frozenset(opens), args=args, shows=shows or {}, **options)


def organise(opens: Iterable[str] = ORGANISERS, *rest, posts: Iterable[str] = (), shows=None, few: Iterable[str] = (), **options) -> Row:
    """A page of the organisers' site: 403 for a role without the act, 404 for another event's, the sign-in page for all others."""
    return Row(
        opens=frozenset(opens),
        args=lambda world: [world.event.slug, *(part(world) for part in rest)],
        posts=frozenset(posts),
        shows={word: frozenset(opens) for word in shows or ()},
        may_show=ORGANISERS_WORDS | frozenset(few),
        refused=LOGIN,
        refused_staff=403,
        refused_other=404,
        **options,
    )


@dataclasses.dataclass(frozen=True)
class Address:
    """One pattern: its full name (or its route, when it has none) and the whole route."""

    name: str
    route: str
    pattern: URLPattern


def addresses(patterns=None, namespace: str = "", prefix: str = "") -> list[Address]:
    """List every pattern of the site (or of `patterns`), with namespaces and prefixes."""
    found = []
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            found += addresses(pattern.url_patterns, inner, route)
        else:
            found.append(Address(namespace + pattern.name if pattern.name else route, route, pattern))
    return found


def _event(world: World) -> list:
    return [world.event.slug]


def _of(collection: str, key: str):
    """The event and a thing of it."""
    return lambda world: [world.event.slug, getattr(world, collection)[key].public_id]


PEOPLE_PAGES = {
    # Accounts: what a signed-in person sees of their own sign-in, and what a stranger may ask for.
    "account_login": Row(opens=frozenset({ANONYMOUS}), redirects=PEOPLE, posts=PEOPLE, anonymous_posts=200),
    "account_request_login_code": Row(opens=frozenset({ANONYMOUS}), redirects=PEOPLE, posts=PEOPLE, anonymous_posts=200),
    "account_reset_password": public(posts=PEOPLE, anonymous_posts=200),
    "account_logout": Row(opens=PEOPLE, redirects=frozenset({ANONYMOUS}), posts=PEOPLE, anonymous_posts=302),
    "account_inactive": public(posts=NOBODY, anonymous_posts=405),
    "account_signup": Row(opens=frozenset({ANONYMOUS}), redirects=PEOPLE, posts=None, anonymous_posts=200),
    "account_email_verification_sent": Row(opens=NOBODY, redirects=EVERYONE, posts=PEOPLE, anonymous_posts=302),
    "another_code": Row(opens=NOBODY, only_post=True, posts=PEOPLE, anonymous_posts=302),
    "account_confirm_login_code": Row(opens=NOBODY, redirects=EVERYONE, posts=PEOPLE, anonymous_posts=302),
    "account_confirm_password_reset_code": Row(opens=NOBODY, redirects=EVERYONE, posts=PEOPLE, anonymous_posts=302),
    "account_complete_password_reset": Row(opens=NOBODY, redirects=EVERYONE, posts=PEOPLE, anonymous_posts=302),
    "account_password_reset_completed": public(),
    "account_reauthenticate": mine(PEOPLE, posts=PEOPLE),
    "account_email": mine(PEOPLE, posts=PEOPLE),
    "account_change_password": mine(PEOPLE, posts=PEOPLE),
    "account_set_password": Row(opens=NOBODY, redirects=PEOPLE, posts=PEOPLE),
    "mfa_index": mine(PEOPLE),
    "mfa_authenticate": Row(opens=NOBODY, redirects=EVERYONE, posts=PEOPLE, anonymous_posts=302),
    "mfa_reauthenticate": Row(opens=NOBODY, redirects=PEOPLE, posts=None),
    "mfa_activate_totp": Row(opens=NOBODY, redirects=PEOPLE, posts=PEOPLE),
    "mfa_deactivate_totp": Row(opens=NOBODY),
    "mfa_view_recovery_codes": Row(opens=NOBODY),
    "mfa_generate_recovery_codes": Row(opens=NOBODY, redirects=PEOPLE, posts=None),
    "mfa_download_recovery_codes": Row(opens=NOBODY),
    "mfa_list_webauthn": mine(PEOPLE),
    "mfa_add_webauthn": Row(opens=NOBODY, redirects=PEOPLE, posts=PEOPLE),
    "mfa_reauthenticate_webauthn": Row(opens=NOBODY, redirects=PEOPLE, posts=PEOPLE),
    "mfa_remove_webauthn": Row(opens=NOBODY, redirects=PEOPLE, args=lambda world: [1], posts=None),
    "mfa_edit_webauthn": Row(opens=NOBODY, redirects=PEOPLE, args=lambda world: [1], posts=None),
    "mfa_login_webauthn": Row(opens=NOBODY, redirects=EVERYONE, posts=None, anonymous_posts=302, in_browser=False),
    "usersessions_list": mine(PEOPLE, posts=PEOPLE),
}
PUBLIC_PAGES = {
    "healthz": public(in_browser=False),
    "readyz": public(in_browser=False),
    "choose_language": Row(opens=NOBODY, only_post=True, posts=PEOPLE, anonymous_posts=302),
    "home": public(),
    "accessibility": public(),
    "privacy": public(),
    "legal": public(),
    "contact": public(),
    "my": mine(PEOPLE, {"ZqHiddenEvent": frozenset({OTHER_MANAGER})}),
    "my_settings": mine(PEOPLE, posts=PEOPLE),
    "my_data": mine(PEOPLE, {"ZqHiddenEvent": NOBODY}, posts=None),
    "my_data_download": Row(opens=NOBODY, only_post=True, posts=PEOPLE),
    "who_acts": Row(opens=NOBODY, redirects=PEOPLE, posts=None),
    "shared_mailbox": mine(PEOPLE, posts=None),
    "choose_hat": Row(opens=NOBODY, redirects=PEOPLE, posts=None),
    "events:event": public({"ZqAddress": PARTICIPANTS, "ZqPressPublic": EVERYONE}, args=_event),
    "events:press": public({"ZqPressPublic": EVERYONE}, args=_event),
    "events:press_release": public({"ZqPressPublic": EVERYONE}, args=_of("press", "ZqPressPublic")),
    "sessions:agenda": public(AGENDA_WORDS, args=_event),
    "sessions:session": public(PUBLIC_WORDS | {"ZqPublicPaper": EVERYONE}, args=_of("sessions", "ZqPublicSession")),
    "sessions:speakers": public({"ZqSpeakerFull": EVERYONE}, args=_event),
    "sessions:speaker": public(PUBLIC_WORDS, args=_of("speakers", "ZqSpeakerFull")),
    # For whoever chairs the session, and in the world nobody does.
    "sessions:chair": mine(NOBODY, args=_of("sessions", "ZqEuSession")),
    "sessions:turn_screen": mine(NOBODY, args=_of("sessions", "ZqEuSession")),
    "sessions:turn_state": mine(NOBODY, args=_of("sessions", "ZqEuSession"), in_browser=False),
    "sessions:door": public(PUBLIC_WORDS, args=lambda world: [world.event.slug, world.things["room"].public_id]),
    "sessions:programme": public(args=_event, in_browser=False),
    "sessions:booklet": public(OUTLINE_WORDS, args=_event, in_browser=False),
    "sessions:booklet_sheets": public(args=_event, in_browser=False),
    "sessions:calendar": public({"ZqPublicSession": EVERYONE}, args=_event, in_browser=False),
    "api_description": public(),
    "api:api-root": Row(opens=NOBODY, posts=None, in_browser=False),
    "api:openapi": public(in_browser=False),
    "api:events": public(in_browser=False),
    "api:event": public({"ZqAddress": PARTICIPANTS}, args=_event, in_browser=False),
    "api:sessions": public(API_WORDS, args=_event, in_browser=False),
    "api:session": public(PUBLIC_WORDS, args=_of("sessions", "ZqPublicSession"), in_browser=False),
    "api:speakers": public({"ZqSpeakerFull": EVERYONE}, args=_event, in_browser=False),
    "api:versions": public(args=_event, in_browser=False),
    "sessions:schedule_xml": public(PUBLIC_WORDS, args=_event, in_browser=False),
    "sessions:schedule_json": public(PUBLIC_WORDS, args=_event, in_browser=False),
    "sessions:structured": public(PUBLIC_WORDS, args=_event, in_browser=False),
    "sessions:versions": public(args=_event),
    "sessions:version_feed": public(args=_event, in_browser=False),
    "sessions:track_calendar": public(
        {"ZqPublicSession": EVERYONE}, args=lambda world: [world.event.slug, world.things["track"].public_id], in_browser=False
    ),
    "sessions:session_calendar": public({"ZqPublicSession": EVERYONE}, args=_of("sessions", "ZqPublicSession"), in_browser=False),
    "sessions:paper": public({"ZqPublicPaper": EVERYONE}, args=_of("papers", "ZqPublicPaper"), in_browser=False),
    "sessions:star": Row(opens=NOBODY, args=_of("sessions", "ZqPublicSession"), only_post=True, posts=APPROVED | {"nominated"}),
    "sessions:sign_up": Row(opens=NOBODY, args=_of("sessions", "ZqPublicSession"), only_post=True, posts=APPROVED | {"nominated"}),
    "sessions:my_calendar": mine(APPROVED, args=_event, posts=APPROVED),
    # The bearer's own calendar, whoever asks; nothing above GREEN has its title there.
    **{
        f"private_schedule_{form}": public(
            PUBLIC_WORDS | {"ZqParticipantsSession": EVERYONE}, args=lambda world: [world.secrets["calendar"]], in_browser=False
        )
        for form in ("xml", "json")
    },
    "private_calendar": public(
        {"ZqPublicSession": EVERYONE, "ZqParticipantsSession": EVERYONE}, args=lambda world: [world.secrets["calendar"]], in_browser=False
    ),
}
FOCAL = frozenset({"focal"})
NOMINATED = frozenset({"nominated"})
_seat = lambda world: [world.event.slug, world.delegations["EU"].public_id, world.registrations["seat"].public_id]  # noqa: E731 -- one of many


def _file(collection: str, name: str):
    """The event, a person or a delegation of it, and a file of theirs."""
    return lambda world: [world.event.slug, getattr(world, collection)["EU"].public_id, world.things[name].public_id]


_own_role = lambda world: [world.event.slug, world.delegations["EU"].public_id, world.things["focal"].public_id]  # noqa: E731 -- one of many
_own_import = lambda world: [world.event.slug, world.delegations["EU"].public_id, world.things["own import"].public_id]  # noqa: E731 -- one of many
_late = lambda world: [world.event.slug, world.delegations["EU"].public_id, world.things["late"].public_id]  # noqa: E731 -- one of many
DELEGATES_PAGES = {
    "delegates:invitation": public(args=lambda world: [world.secrets["focal point"]], posts=NOBODY, anonymous_posts=302),
    "delegates:delegation": mine(FOCAL, {"ZqPersonEu": FOCAL, "ZqPersonNominated": FOCAL}, args=_of("delegations", "EU")),
    "delegates:answer": mine(FOCAL, args=_of("delegations", "EU"), posts=FOCAL),
    "delegates:nominate": mine(FOCAL, args=_of("delegations", "EU"), posts=FOCAL),
    "delegates:keep_seat": mine(FOCAL, args=_of("delegations", "EU"), posts=FOCAL),
    "delegates:send": mine(FOCAL, args=_of("delegations", "EU"), posts=FOCAL),
    "delegates:name_seat": mine(FOCAL, args=_seat, posts=FOCAL),
    "delegates:replace_person": mine(FOCAL, args=_seat, posts=FOCAL),
    "delegates:take_back_late": mine(FOCAL, {"ZqPersonNominated": FOCAL}, args=_late, posts=FOCAL),
    "delegates:several": mine(FOCAL, args=_of("delegations", "EU"), posts=FOCAL),
    "delegates:sheets": mine(FOCAL, args=_of("delegations", "EU"), posts=FOCAL),
    "delegates:sheet": mine(FOCAL, args=_own_import, posts=FOCAL),
    "delegates:sheet_progress": mine(FOCAL, args=_own_import, in_browser=False),
    "delegates:sheet_example": mine(FOCAL, args=lambda world: [*_of("delegations", "EU")(world), "xlsx"], in_browser=False),
    "delegates:former": mine(FOCAL, args=_of("delegations", "EU"), posts=FOCAL),
    "delegates:decline": mine(FOCAL, {"ZqPersonEu": FOCAL, "ZqPersonNominated": FOCAL}, args=_of("delegations", "EU"), posts=FOCAL),
    "delegates:credential": mine(FOCAL, args=_of("delegations", "EU"), posts=FOCAL),
    "sessions:delegation_sign_ups": mine(FOCAL, {"ZqPublicSession": FOCAL, "ZqPersonEu": FOCAL}, args=_of("delegations", "EU")),
    "delegates:share": mine(FOCAL, {"ZqFocalName": FOCAL}, args=_of("delegations", "EU"), posts=FOCAL),
    "delegates:leave": mine(FOCAL, args=_own_role, posts=FOCAL),
    "delegates:undo_withdrawal": mine(FOCAL, args=_seat, posts=FOCAL),
    "delegates:name_head": mine(FOCAL, args=_seat, posts=FOCAL),
    "delegates:remind_person": mine(FOCAL, args=_seat, posts=FOCAL),
    "delegates:order": mine((), args=_seat, posts=FOCAL, only_post=True),
    "delegates:accept": mine(FOCAL, args=_seat, posts=FOCAL),
    "delegates:refuse_person": mine(FOCAL, args=_seat, posts=FOCAL),
    "delegates:place_request": mine({"outsider"}, args=lambda world: [world.things["request"].public_id], posts=frozenset({"outsider"})),
    "delegates:request_place": public(args=_event, posts=PEOPLE, anonymous_posts=200),
    "delegates:letter_code": public(posts=PEOPLE, anonymous_posts=200),
    "delegates:letter_code_sent": public(),
    "delegates:request_sent": public(args=_event),
    "delegates:withdraw_person": mine(FOCAL, args=_seat, posts=FOCAL),
    "delegates:registration": mine({"EU"}, {"ZqPersonEu": EU, "ZqNeedsOfPerson": EU}, args=_of("registrations", "EU")),
    "delegates:photo": mine({"EU"}, args=_of("registrations", "EU"), posts=EU),
    "delegates:photo_cut": Row(opens=NOBODY, only_post=True, args=_of("registrations", "EU"), posts=EU, data={"nudge": "left"}),
    "delegates:photo_preview": mine({"EU"}, args=_of("registrations", "EU"), in_browser=False),
    "delegates:file": mine({"EU"}, args=_file("registrations", "photo"), in_browser=False),
    "delegates:delegation_file": mine(FOCAL, args=_file("delegations", "credential"), in_browser=False),
    "delegates:register": Row(opens=NOBODY, redirects=NOMINATED, args=_of("registrations", "nominated"), posts=NOBODY),
    "delegates:register_step": mine(
        NOMINATED,
        {"ZqPersonNominated": NOMINATED},
        args=lambda world: [*_of("registrations", "nominated")(world), "identity"],
        posts=NOMINATED,
    ),
    "delegates:register_review": mine(NOMINATED, {"ZqPersonNominated": NOMINATED}, args=_of("registrations", "nominated"), posts=NOMINATED),
    "delegates:details": Row(opens=NOBODY, redirects=EU, args=_of("registrations", "EU"), posts=NOBODY),
    "delegates:details_step": mine({"EU"}, OWN_NAME, args=lambda world: [*_of("registrations", "EU")(world), "questions"], posts=EU),
    "delegates:details_review": mine({"EU"}, OWN_NAME, args=_of("registrations", "EU"), posts=EU),
    "delegates:category": mine({"EU"}, args=_of("registrations", "EU"), posts=EU),
    "delegates:withdraw": mine({"EU"}, args=_of("registrations", "EU"), posts=EU),
}
# The acts of each role, by hand (domain: each sees only what their role at that event needs).
MANAGER = ("manager",)
DELEGATIONS = ("manager", "accreditation officer")
SEES_PEOPLE = ("manager", "accreditation officer", "security officer", "reception", "observer")
SEES_PHOTOS = ("manager", "accreditation officer", "security officer", "reception")
PROGRAMME = ("manager", "programme editor")
SECURITY = ("security officer",)
DECIDES = ("manager", "accreditation officer", "security officer")
PRESS = ("manager", "press officer")
SESSION_WORDS = ("ZqPublicSession", "ZqEuSession", "ZqRedSession", "ZqOrganisersSession", "ZqDraftSession")


def _id(collection: str, key: str):
    """The public id of a thing of the world."""
    return lambda world: getattr(world, collection)[key].public_id


_seat_kept = _id("registrations", "seat")
_delegation, _person, _session = _id("delegations", "EU"), _id("registrations", "EU"), _id("sessions", "ZqEuSession")
_question = _id("things", "question")
_venue, _room, _track, _role, _focal = (_id("things", key) for key in ("venue", "room", "track", "observer", "focal"))


_import = _id("things", "import")
_agenda_import = _id("things", "agenda import")


def _delegate_of(persona: str):
    """The public id of the person behind a persona's registration."""
    return lambda world: world.registrations[persona].delegate.public_id


def _just(text: str):
    return lambda world: text


ORGANISERS_PAGES = {
    "organise:dashboard": organise(),
    "organise:event": organise(posts=MANAGER),
    "organise:event_act": organise(MANAGER, lambda world: "postpone", posts=MANAGER),
    "organise:event_state": organise((), posts=MANAGER, only_post=True),
    "organise:sight": organise(MANAGER),
    "organise:places": organise(shows=["ZqAddress"]),
    "organise:venue_add": organise(MANAGER, posts=MANAGER),
    "organise:venue": organise(MANAGER, _venue, posts=MANAGER, shows=["ZqAddress"]),
    "organise:room_add": organise(MANAGER, _venue, posts=MANAGER),
    "organise:room": organise(MANAGER, _room, posts=MANAGER),
    "organise:place_move": organise((), _just("room"), _room, posts=MANAGER, only_post=True),
    "organise:place_delete": organise((), _just("room"), _room, posts=MANAGER, only_post=True),
    "organise:staff": organise(MANAGER, posts=MANAGER),
    "organise:staff_end": organise(MANAGER, _role, posts=MANAGER),
    "organise:staff_duty": organise((), _role, posts=MANAGER, only_post=True),
    "organise:mails": organise(DELEGATIONS),
    "organise:mail_stop": organise((), posts=DELEGATIONS, only_post=True),
    "organise:mail_release": organise((), posts=DELEGATIONS, only_post=True),
    "organise:mail_returned": organise((), _id("things", "mail"), posts=DELEGATIONS, only_post=True),
    "organise:mail_settle": organise((), _id("things", "mail"), posts=DELEGATIONS, only_post=True),
    "organise:mail_drop": organise(DELEGATIONS, _just("approved"), posts=DELEGATIONS),
    "organise:mail_text": organise(DELEGATIONS, lambda world: "approved", lambda world: "en", posts=DELEGATIONS),
    "organise:reminders": organise(DELEGATIONS, posts=DELEGATIONS),
    "organise:delegation_remind": organise((), _id("delegations", "EU"), posts=DELEGATIONS, only_post=True),
    "organise:person_remind": organise((), _id("registrations", "nominated"), posts=DELEGATIONS, only_post=True),
    "organise:circulars": organise(DELEGATIONS),
    "organise:circular_add": organise(DELEGATIONS, posts=DELEGATIONS),
    "organise:circular": organise(DELEGATIONS, _id("things", "circular"), posts=DELEGATIONS),
    "organise:circular_send": organise((), _id("things", "circular"), posts=DELEGATIONS, only_post=True),
    "organise:circular_review": organise(DELEGATIONS, _id("things", "circular")),
    "organise:circular_recall": organise((), _id("things", "circular"), posts=DELEGATIONS, only_post=True),
    "organise:circular_drop": organise(DELEGATIONS, _id("things", "circular"), posts=DELEGATIONS),
    "organise:mail_texts": organise(DELEGATIONS),
    "organise:mail_retry": organise((), _id("things", "mail"), posts=DELEGATIONS, only_post=True),
    "organise:press": organise(shows=["ZqPressPublic", "ZqPressEmbargoed", "ZqPressOrganisers"]),
    "organise:press_add": organise(PRESS, posts=PRESS),
    "organise:press_release": organise(ORGANISERS, _id("press", "ZqPressEmbargoed"), posts=PRESS, shows=["ZqPressEmbargoed"]),
    "organise:press_publish": organise((), _id("press", "ZqPressEmbargoed"), posts=PRESS, only_post=True),
    "organise:press_correct": organise((), _id("press", "ZqPressPublic"), posts=PRESS, only_post=True),
    "organise:audit": organise(MANAGER),
    "organise:privacy": organise(MANAGER, shows=["ZqPersonNominated"]),
    "organise:processing_record": organise(MANAGER, in_browser=False),
    "organise:erasure_decide": organise((), _id("things", "erasure"), posts=MANAGER, only_post=True),
    "organise:delegations": organise(SEES_PEOPLE),
    "organise:delegation_add": organise(DELEGATIONS, posts=DELEGATIONS),
    "organise:imports": organise(DELEGATIONS, posts=DELEGATIONS),
    "organise:import": organise(DELEGATIONS, _import),
    "organise:import_progress": organise(DELEGATIONS, _import, in_browser=False),
    "organise:import_report": organise(DELEGATIONS, _import, in_browser=False),
    "organise:import_sheet": organise((), _import, posts=DELEGATIONS, only_post=True),
    "organise:import_choose": organise((), _import, posts=DELEGATIONS, only_post=True),
    "organise:import_remove": organise((), _import, posts=DELEGATIONS, only_post=True),
    "organise:import_help": organise(DELEGATIONS),
    "organise:import_example": organise(DELEGATIONS, _just("nominations"), _just("xlsx"), in_browser=False),
    "organise:invite": organise(DELEGATIONS, posts=DELEGATIONS),
    "organise:delegation": organise(SEES_PEOPLE, _delegation, posts=DELEGATIONS, shows=["ZqPersonEu", "ZqFocalName"]),
    "organise:delegation_quotas": organise(SEES_PEOPLE, _delegation, posts=DELEGATIONS),
    "organise:delegation_quota_remove": organise((), _delegation, posts=DELEGATIONS, only_post=True),
    "organise:queue": organise(DECIDES),
    "organise:queue_one": organise(DECIDES, _person, shows=["ZqPersonEu"], few=["ZqNeedsOfPerson"]),
    "organise:queue_decide": organise((), _person, posts=DELEGATIONS, only_post=True),
    "organise:queue_reveal": organise(
        (), _person, posts=(*DELEGATIONS, *SECURITY), only_post=True, data={"group": "identity_document"}, few=["ZqNeedsOfPerson"]
    ),
    "organise:queue_security": organise((), _person, posts=SECURITY, only_post=True),
    "organise:changes": organise(DELEGATIONS, shows=["ZqPersonEu"]),
    "organise:doubles": organise(DELEGATIONS),
    "organise:double_settle": organise((), _person, posts=DELEGATIONS, only_post=True),
    "organise:duplicates": organise(DELEGATIONS),
    "organise:duplicate": organise(DELEGATIONS, _delegate_of("EU"), _delegate_of("nominated"), posts=DELEGATIONS),
    "organise:late": organise(DELEGATIONS),
    "organise:late_decide": organise((), _id("things", "late"), posts=DELEGATIONS, only_post=True),
    "organise:queue_keys": organise((), _person, posts=DECIDES, only_post=True),
    "organise:clear": organise((), posts=SECURITY, only_post=True),
    "organise:reasons": organise(DELEGATIONS, posts=DELEGATIONS),
    "organise:reason": organise(DELEGATIONS, _id("things", "reason"), posts=DELEGATIONS),
    "organise:reason_remove": organise((), _id("things", "reason"), posts=DELEGATIONS, only_post=True),
    "organise:quotas": organise(SEES_PEOPLE, posts=DELEGATIONS),
    "organise:quota_remove": organise((), posts=DELEGATIONS, only_post=True),
    "organise:delegation_answer": organise(DELEGATIONS, _delegation, posts=DELEGATIONS),
    "organise:delegation_nominate": organise(DELEGATIONS, _delegation, posts=DELEGATIONS),
    "organise:delegation_send": organise(DELEGATIONS, _delegation, posts=DELEGATIONS),
    "organise:delegation_desk": organise((), _delegation, posts=DELEGATIONS, only_post=True),
    "organise:note_add": organise((), _delegation, posts=DELEGATIONS, only_post=True),
    "organise:note_remove": organise(DELEGATIONS, _id("things", "note"), posts=DELEGATIONS, shows=["ZqNotesOfDelegation"]),
    "organise:letter": organise(DELEGATIONS, _delegation, posts=DELEGATIONS),
    "organise:letter_revoke": organise(DELEGATIONS, _id("things", "letter"), posts=DELEGATIONS),
    "organise:letter_decide": organise(DELEGATIONS, _id("things", "used letter"), posts=DELEGATIONS),
    "organise:focal_point_add": organise((), _delegation, posts=DELEGATIONS, only_post=True),
    "organise:focal_point": organise((), _focal, redirects=SEES_PEOPLE),
    "organise:focal_point_end": organise(DELEGATIONS, _focal, posts=DELEGATIONS, shows=["ZqFocalName"]),
    "organise:focal_point_resend": organise((), _focal, posts=DELEGATIONS, only_post=True),
    "organise:personal_file": organise(SEES_PHOTOS, _id("things", "photo"), in_browser=False),
    "organise:asking": organise(SEES_PEOPLE, posts=MANAGER),
    "organise:asking_preview": organise(SEES_PEOPLE),
    "organise:question_add": organise(MANAGER, posts=MANAGER),
    "organise:question": organise(MANAGER, _question, posts=MANAGER),
    "organise:question_move": organise((), _question, posts=MANAGER, only_post=True),
    "organise:question_remove": organise(MANAGER, _question, posts=MANAGER),
    "organise:waiting": organise(SEES_PEOPLE),
    "organise:requests": organise(DELEGATIONS),
    "organise:request_decide": organise(DELEGATIONS, _id("things", "request"), posts=DELEGATIONS),
    "organise:people": organise(SEES_PEOPLE, shows=["ZqPersonEu", "ZqPersonNonEu", "ZqPersonNominated"]),
    "organise:agenda_export": organise(PROGRAMME, _just("sessions"), posts=PROGRAMME, shows=["ZqPublicSession"]),
    "organise:export": organise(DELEGATIONS, _just("people"), posts=DELEGATIONS, shows=["ZqPersonEu"], few=["ZqNeedsOfPerson"]),
    "organise:decide": organise((), posts=DELEGATIONS, only_post=True),
    "organise:person": organise(SEES_PEOPLE, _person, shows=["ZqPersonEu"], few=["ZqNeedsOfPerson"]),
    "organise:person_decide": organise((), _person, posts=DELEGATIONS, only_post=True),
    "organise:person_name": organise(DELEGATIONS, _seat_kept, posts=DELEGATIONS),
    "organise:person_enter": organise(DELEGATIONS, _person, posts=DELEGATIONS, shows=["ZqPersonEu"], few=["ZqNeedsOfPerson"]),
    "organise:person_consent": organise(DELEGATIONS, _person, posts=DELEGATIONS, shows=["ZqPersonEu"]),
    "organise:person_withdraw": organise(DELEGATIONS, _person, posts=DELEGATIONS, shows=["ZqPersonEu"]),
    "organise:person_replace": organise(DELEGATIONS, _person, posts=DELEGATIONS, shows=["ZqPersonEu"]),
    "organise:person_mailbox": organise((), _person, posts=DELEGATIONS, only_post=True),
    "organise:person_narrow": organise((), _person, posts=DELEGATIONS, only_post=True),
    "organise:person_place": organise((), _person, posts=DELEGATIONS, only_post=True),
    "organise:person_security": organise((), _person, posts=SECURITY, only_post=True),
    "organise:person_weapon": organise((), _person, posts=SECURITY, only_post=True, data={"seen": "2026-01-01T00:00:00+00:00"}),
    "organise:person_change": organise((), _person, posts=DELEGATIONS, only_post=True, data={"field": "family_name"}),
    "organise:person_late": organise(
        (), _person, posts=DELEGATIONS, only_post=True, data={"phase": "first", "seen": "2026-01-01T00:00:00+00:00"}
    ),
    "organise:person_reveal": organise(
        (), _person, posts=(*DELEGATIONS, *SECURITY), only_post=True, data={"group": "identity_document"}, few=["ZqNeedsOfPerson"]
    ),
    "organise:person_resend": organise((), _id("registrations", "nominated"), posts=DELEGATIONS, only_post=True),
    "organise:sessions": organise(shows=SESSION_WORDS),
    "organise:session_add": organise(PROGRAMME, posts=PROGRAMME),
    "organise:session": organise(ORGANISERS, _session, posts=PROGRAMME, shows=["ZqEuSession"]),
    "organise:joining": organise(PROGRAMME, _session, posts=PROGRAMME, shows=()),
    "organise:session_people": organise((), _session, posts=PROGRAMME, only_post=True),
    "organise:chair": organise(ORGANISERS, _session, posts=PROGRAMME, shows=["ZqEuSession"]),
    "organise:turn_screen": organise(ORGANISERS, _session, shows=["ZqEuSession"]),
    "organise:turn_state": organise(ORGANISERS, _session, in_browser=False),
    "organise:tour": organise(ORGANISERS, _session, posts=PROGRAMME, shows=["ZqEuSession"]),
    "organise:tour_build": organise((), _session, posts=PROGRAMME, only_post=True),
    "organise:tour_add": organise((), _session, posts=PROGRAMME, only_post=True),
    "organise:speakers": organise(shows=["ZqSpeakerFull", "ZqSpeakerFunctionOnly", "ZqSpeakerHidden"]),
    "organise:speaker_add": organise(PROGRAMME, posts=PROGRAMME),
    "organise:speaker": organise(ORGANISERS, _id("speakers", "ZqSpeakerHidden"), posts=PROGRAMME, shows=["ZqSpeakerHidden"]),
    "organise:sign_ups": organise(),
    "organise:screens": organise(),
    "organise:session_sign_ups": organise(ORGANISERS, _session, posts=PROGRAMME, shows=["ZqEuSession"]),
    "organise:sign_up_person": organise((), _session, posts=PROGRAMME, only_post=True),
    "organise:tracks": organise(posts=PROGRAMME),
    "organise:track": organise(PROGRAMME, _track, posts=PROGRAMME),
    "organise:track_remove": organise((), _track, posts=PROGRAMME, only_post=True),
    "organise:agenda_imports": organise(PROGRAMME, posts=PROGRAMME),
    "organise:agenda_imports_example": organise(PROGRAMME, _just("xlsx"), in_browser=False),
    "organise:agenda_import": organise(PROGRAMME, _agenda_import, posts=PROGRAMME),
    "organise:agenda_import_progress": organise(PROGRAMME, _agenda_import, in_browser=False),
    "organise:agenda_import_report": organise(PROGRAMME, _agenda_import, in_browser=False),
    "organise:agenda_import_take": organise((), _agenda_import, posts=PROGRAMME, only_post=True),
    "organise:agenda_import_remove": organise((), _agenda_import, posts=PROGRAMME, only_post=True),
    "organise:board": organise(shows=SESSION_WORDS),
    "organise:board_act": organise((), posts=PROGRAMME, only_post=True, data={"act": "undo"}),
    "organise:board_session": organise(PROGRAMME, _session, posts=PROGRAMME, shows=["ZqEuSession"]),
    "organise:placing": organise(shows=SESSION_WORDS),
    "organise:place": organise((), _session, posts=PROGRAMME, only_post=True),
    "organise:unplace": organise((), _session, posts=PROGRAMME, only_post=True),
    "organise:agenda_return": organise(ORGANISERS, lambda world: 1, posts=PROGRAMME),
    "organise:agenda_preview": organise(shows=[]),
    "organise:agenda_changes": organise(),
    "organise:release": organise(posts=PROGRAMME, shows=["ZqDraftSession"]),
    "organise:papers": organise(posts=PROGRAMME, shows=PAPERS),
    "organise:paper": organise(ORGANISERS, _id("papers", "ZqEuPaper"), posts=PROGRAMME, shows=["ZqEuPaper"]),
    "organise:paper_remove": organise(PROGRAMME, _id("papers", "ZqEuPaper"), posts=PROGRAMME, shows=["ZqEuPaper"]),
    "organise:paper_file": organise(ORGANISERS, _id("papers", "ZqEuPaper"), shows=["ZqEuPaper"], in_browser=False),
}


def site(opens: frozenset[str], refused_staff: int | str | None = None, **options) -> Row:
    """A page of the organisers' site itself: anyone else is sent to the sign-in page."""
    return Row(opens=opens, refused=LOGIN, refused_staff=refused_staff, refused_other=refused_staff, **options)


ORGANISES = STAFF | {OTHER_MANAGER}
MANAGERS = frozenset({"manager", OTHER_MANAGER})
SITE_PAGES = {
    "admin:index": site(ORGANISES, may_show=frozenset({"ZqHiddenEvent"}), posts=None),
    "admin:login": Row(opens=NOBODY, redirects=ORGANISES, refused=403, posts=None),
    "admin:logout": Row(
        opens=NOBODY, redirects=PEOPLE - ORGANISES, refused=LOGIN, refused_staff=405, refused_other=405, posts=None, anonymous_posts=302
    ),
    "admin:password_change": Row(opens=NOBODY, redirects=ORGANISES, refused=LOGIN, posts=None),
    "admin:password_change_done": site(ORGANISES, posts=None),
    "admin:autocomplete": site(NOBODY, refused_staff=403),
    "admin:jsi18n": site(ORGANISES, in_browser=False, posts=None),
    "admin:view_on_site": site(NOBODY, refused_staff=404, path="/admin/r/1/1/"),
    "admin:app_list": site(MANAGERS, refused_staff=404, path="/admin/events/", posts=None),
    "admin:new_event": site(NOBODY, refused_staff=403),
    "admin:site_mail": site(NOBODY, refused_staff=403),
    "admin/(?P<url>.*)$": site(NOBODY, refused_staff=404, path="/admin/nowhere/"),
}
# What managers may keep in plain lists, because it belongs to no event; all other lists are the superusers', and so is beginning a series.
KEPT_BY_MANAGERS = {
    "events/series": ({"changelist", "change", "history"}, lambda world: [world.event.series_id]),
    "events/organisation": ({"changelist", "add", "change", "history"}, lambda world: [world.delegations["EU"].organisation_id]),
}


def _lists() -> dict[str, Row]:
    """The plain lists of models. Nobody of the personas is a superuser, so organisers are refused."""
    rows = {}
    for model in admin.site._registry:
        part = f"{model._meta.app_label}/{model._meta.model_name}"
        name = "admin:" + part.replace("/", "_")
        views, thing = KEPT_BY_MANAGERS.get(part, (set(), lambda world: [0]))
        for view in ("changelist", "add", "history", "delete", "change"):
            opens = MANAGERS if view in views else NOBODY
            refused = 302 if view == "history" and part not in KEPT_BY_MANAGERS else 403  # a thing that is not there has no history
            args = (lambda world: []) if view in ("changelist", "add") else thing
            rows[f"{name}_{view}"] = site(opens, refused_staff=refused, args=args, posts=None)
        rows[f"admin/{part}/<path:object_id>/"] = site(NOBODY, refused_staff=302, path=f"/admin/{part}/0/", posts=None)
    return rows


ROWS = PUBLIC_PAGES | PEOPLE_PAGES | DELEGATES_PAGES | ORGANISERS_PAGES | SITE_PAGES | _lists()
# Addresses answered by the row of another (the same view under a second name), and why.
SAME_AS: dict[str, str] = {}
