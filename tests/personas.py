"""The one list of personas every test asks, in order of power, and the small world they live in.

Every word of data in the world starts with `Zq`, so that a test can tell data from text of ours; each thing that must not leak has a
word of its own (`World.words`), so that a test can ask a page for it.
"""

import dataclasses
from http.cookies import SimpleCookie

from django.core.files.base import ContentFile
from django.test import Client

from conference.lib import tokens
from conference.lib.viewer import Actor
from delegates.actions import ask_erasure, keep_file
from delegates.choices import Answer, Category, Consent, FileKind, Narrowing, RegistrationState, Standing
from delegates.models import Circular, DelegationNote, PendingChange, PlaceRequest, ReasonTemplate
from events.choices import Audience, DelegationsShown, EventState, OrganisationKind, StaffRoleName
from events.models import Event
from events.outbox import queue
from sessions.choices import Label, PublicIdentity, ShownAsClosed
from sessions.models import CalendarFeed, SignUp, SignUpSheet
from tests import factories as f

ANONYMOUS = "anonymous"
ROLES = {
    "manager": StaffRoleName.MANAGER,
    "programme editor": StaffRoleName.PROGRAMME,
    "accreditation officer": StaffRoleName.ACCREDITATION,
    "security officer": StaffRoleName.SECURITY,
    "press officer": StaffRoleName.PRESS,
    "reception": StaffRoleName.RECEPTION,
    "observer": StaffRoleName.OBSERVER,
}
OUTSIDE = ("outsider", "nominated", "press", "protection", "focal", "other focal", "narrowed", "non-EU", "EU")
PERSONAS = (ANONYMOUS, *OUTSIDE, "other manager", *reversed(ROLES))
SIGNED_IN = PERSONAS[1:]
ORGANISERS = tuple(ROLES)


@dataclasses.dataclass
class World:
    """Two events, the personas' clients, and the words that tell what a page shows."""

    event: Event
    other_event: Event
    sign_ins: dict[str, SimpleCookie] = dataclasses.field(default_factory=dict)
    users: dict = dataclasses.field(default_factory=dict)
    registrations: dict = dataclasses.field(default_factory=dict)
    delegations: dict = dataclasses.field(default_factory=dict)
    sessions: dict = dataclasses.field(default_factory=dict)
    papers: dict = dataclasses.field(default_factory=dict)
    speakers: dict = dataclasses.field(default_factory=dict)
    press: dict = dataclasses.field(default_factory=dict)
    invitations: dict = dataclasses.field(default_factory=dict)
    things: dict = dataclasses.field(default_factory=dict)
    secrets: dict[str, str] = dataclasses.field(default_factory=dict)

    def client(self, persona: str) -> Client:
        """A browser of a persona, signed in; a new one each time, so that signing out in one test leaves the next alone."""
        client = Client()
        client.cookies.update(self.sign_ins[persona])
        return client

    def seen_in(self, body: str) -> set[str]:
        """Which of the words that may leak stand in a page."""
        return {word for word in WORDS if word in body}


# Every word whose presence on a page is checked. A session's word stands in its title, its paper's in the title of the paper.
SESSIONS = {
    "ZqPublicSession": (Audience.PUBLIC, Label.CLEAR),
    "ZqParticipantsSession": (Audience.PARTICIPANTS, Label.GREEN),
    "ZqMembersSession": (Audience.MEMBERS, Label.AMBER),
    "ZqEuSession": (Audience.EU, Label.AMBER_STRICT),
    "ZqSelectedSession": (Audience.SELECTED, Label.AMBER),
    "ZqRedSession": (Audience.EU, Label.RED),
    "ZqClosedSession": (Audience.EU, Label.AMBER),  # others see the line “Closed session”
    "ZqOrganisersSession": (Audience.ORGANISERS, Label.RED),
    "ZqDraftSession": (Audience.PUBLIC, Label.CLEAR),  # in the draft only
}
PAPERS = {
    "ZqPublicPaper": (Audience.PUBLIC, Label.CLEAR, "ZqPublicSession"),
    "ZqParticipantsPaper": (Audience.PARTICIPANTS, Label.GREEN, "ZqParticipantsSession"),
    "ZqEuPaper": (Audience.EU, Label.AMBER, "ZqEuSession"),
    "ZqSelectedPaper": (Audience.SELECTED, Label.AMBER, "ZqSelectedSession"),
    "ZqOrganisersPaper": (Audience.ORGANISERS, Label.RED, None),
}
WORDS = (
    *SESSIONS,
    *PAPERS,
    "ZqHiddenEvent",
    "ZqAddress",
    "ZqSpeakerFull",
    "ZqSpeakerFunctionOnly",
    "ZqSpeakerHidden",
    "ZqPressPublic",
    "ZqPressEmbargoed",
    "ZqPressOrganisers",
    "ZqNotesOfDelegation",
    "ZqNeedsOfPerson",
    "ZqPersonEu",
    "ZqPersonNonEu",
    "ZqPersonNominated",
    "ZqFocalName",
    "ZqOtherFocalName",
    "ZqReleaseNote",
    "ZqPersonOfOtherEvent",
    "ZqBodyOfMail",
)


def build() -> World:
    """Build the world, everyone signed in."""
    series = f.SeriesFactory(slug="zq-series", name_en="ZqSeries", description_en="ZqDescription", network="ZqNetwork")
    event = f.EventFactory(
        slug="zq-event",
        series=series,
        title_en="ZqEvent",
        summary_en="ZqSummary",
        practical_en="ZqPractical",
        notice_en="ZqNotice",
        host_audience=Audience.PUBLIC,
        delegations_audience=Audience.PARTICIPANTS,
        delegations_shown=DelegationsShown.ORGANISATIONS,
        mailbox="zqmailbox@example.org",
        capacity=100,
        takes_requests=True,
    )
    other = f.EventFactory(
        slug="zq-hidden", series=series, title_en="ZqHiddenEvent", state=EventState.DRAFT, audience=Audience.ORGANISERS, capacity=10
    )
    world = World(event, other)
    _places(world)
    _delegations(world)
    _people(world)
    _form(world)
    _agenda(world)
    _press(world)
    _mail(world)
    _sign_in(world)
    return world


def _places(world: World) -> None:
    event = world.event
    venue = f.VenueFactory(
        event=event,
        name_en="ZqVenue",
        address="ZqAddress",
        city_en="ZqCity",
        country_audience=Audience.PUBLIC,
        city_audience=Audience.PUBLIC,
        address_audience=Audience.PARTICIPANTS,
    )
    world.things |= {"venue": venue, "room": f.RoomFactory(venue=venue, name_en="ZqRoom", capacity=50)}
    world.things["track"] = f.TrackFactory(event=event, name_en="ZqTrack")


def _organisation(name: str, country: str):
    kind = OrganisationKind.STATE if country else OrganisationKind.OTHER
    return f.OrganisationFactory(name_en=name, country=country, kind=kind, email="zqservice@example.org")


def _delegations(world: World) -> None:
    for key, (name, country, standing) in {
        "EU": ("ZqServiceEu", "HU", Standing.MEMBER),
        "non-EU": ("ZqServiceNonEu", "US", Standing.GUEST),
        "host": ("ZqServiceHost", "BE", Standing.HOST),
        "press": ("ZqServicePress", "", Standing.OBSERVER),
    }.items():
        world.delegations[key] = f.DelegationFactory(
            event=world.event,
            organisation=_organisation(name, country),
            standing=standing,
            answer=Answer.COMING,
        )
    world.delegations["elsewhere"] = f.DelegationFactory(event=world.other_event, organisation=_organisation("ZqServiceElsewhere", "FR"))


def _user(world: World, persona: str):
    user = f.UserFactory(email=f"zq-{persona.replace(' ', '-').lower()}@example.org", name="ZqUser" + persona.title().replace(" ", ""))
    world.users[persona] = user
    return user


def _register(world: World, persona: str, delegation: str, family_name: str, **fields) -> None:
    user = _user(world, persona)
    place = world.delegations[delegation]
    delegate = f.DelegateFactory(
        organisation=place.organisation, user=user, given_name="ZqGiven", family_name=family_name, email=user.email, function="ZqFunction"
    )
    given = {"state": RegistrationState.APPROVED, "function": "ZqFunction", "invited_at": f.hours_from_now(-20)} | fields
    world.registrations[persona] = f.RegistrationFactory(delegation=place, delegate=delegate, **given)


def _people(world: World) -> None:
    _user(world, "outsider")
    _register(world, "nominated", "EU", "ZqPersonNominated", state=RegistrationState.NOMINATED)
    _register(world, "EU", "EU", "ZqPersonEu", needs="ZqNeedsOfPerson", consent=Consent.PARTICIPANTS, category=Category.HEAD)
    _register(world, "non-EU", "non-EU", "ZqPersonNonEu", consent=Consent.HIDDEN)
    _register(world, "narrowed", "EU", "ZqPersonNarrowed", narrowing=Narrowing.NOT_EU, category=Category.EXPERT)
    _register(world, "press", "press", "ZqPersonPress", category=Category.PRESS)
    _register(world, "protection", "EU", "ZqPersonProtection", category=Category.PROTECTION)
    world.things["note"] = DelegationNote.objects.create(
        event=world.event, delegation=world.delegations["EU"], at=f.hours_from_now(-1), text="ZqNotesOfDelegation"
    )
    world.things["late"] = f.LateRequestFactory(delegation=world.delegations["EU"], payload={"given_name": "ZqPersonNominated"})
    world.things["request"] = PlaceRequest.objects.create(
        event=world.event,
        organisation="ZqElsewhere",
        family_name="ZqAsking",
        email="zq-outsider@example.org",
        asked_at=f.hours_from_now(-2),
        proved_at=f.hours_from_now(-1),
        user=world.users["outsider"],
    )
    world.things["letter"] = f.LetterFactory(delegation=world.delegations["EU"])
    world.things["used letter"] = f.LetterFactory(
        delegation=world.delegations["EU"], used_at=f.hours_from_now(-1), name="ZqHolder", email="zq-holder@example.org"
    )
    world.registrations["seat"] = f.RegistrationFactory(
        delegation=world.delegations["EU"], delegate=None, state=RegistrationState.PLACEHOLDER, category=Category.EXPERT
    )
    ReasonTemplate.objects.all().delete()  # those every instance begins with are in real languages
    world.things["reason"] = ReasonTemplate.objects.create(event=world.event, kind="returned", text_en="ZqReason")
    PendingChange.objects.create(
        event=world.event, registration=world.registrations["EU"], field="family_name", value="ZqNameToCome", asked_at=f.hours_from_now(-1)
    )
    by = Actor(user=world.users["EU"])
    world.things["photo"] = keep_file(
        f.upload("photo.jpg", f.picture()), event=world.event, kind=FileKind.PHOTO, by=by, registration=world.registrations["EU"]
    )
    keep_file(
        f.upload("x.jpg", f.picture()), event=world.event, kind=FileKind.PHOTO, key="draft", by=by, registration=world.registrations["EU"]
    )
    world.things["credential"] = keep_file(
        f.upload("ZqNote.pdf", f.pdf()), event=world.event, kind=FileKind.CREDENTIAL, by=by, delegation=world.delegations["EU"]
    )
    world.things["erasure"] = ask_erasure(world.registrations["nominated"], by=by)
    for persona, delegation, name in (("focal", "EU", "ZqFocalName"), ("other focal", "non-EU", "ZqOtherFocalName")):
        focal = f.FocalPointFactory(delegation=world.delegations[delegation], user=_user(world, persona), name=name)
        world.things[persona] = focal
    for persona, role in ROLES.items():
        world.things[persona] = f.StaffRoleFactory(event=world.event, user=_user(world, persona), role=role)
    f.StaffRoleFactory(event=world.other_event, user=_user(world, "other manager"))
    elsewhere = world.delegations["elsewhere"]
    person = f.DelegateFactory(organisation=elsewhere.organisation, given_name="ZqGiven", family_name="ZqPersonOfOtherEvent")
    world.registrations["elsewhere"] = f.RegistrationFactory(delegation=elsewhere, delegate=person)
    # Invitations still open: to a focal point to come, and to the nominated person.
    guest = f.FocalPointFactory(delegation=world.delegations["host"], name="ZqInvited", email="zq-invited@example.org")
    for key, fields in {"focal point": {"focal_point": guest}, "person": {"registration": world.registrations["nominated"]}}.items():
        world.secrets[key] = tokens.secret()
        world.invitations[key] = f.InvitationFactory(secret=world.secrets[key], **fields)
    world.secrets["calendar"] = tokens.secret()
    CalendarFeed.objects.create(
        event=world.event,
        registration=world.registrations["EU"],
        secret_digest=tokens.digest(world.secrets["calendar"]),
        language="en",
        created_at=f.hours_from_now(-1),
    )


def _form(world: World) -> None:
    """A question of the organisers' own in each form of a person."""
    for phase in ("second", "first"):
        world.things["question"] = f.QuestionFactory(event=world.event, phase=phase, text_en="ZqQuestion")


def _agenda(world: World) -> None:
    event = world.event
    release = f.ReleaseFactory(event=event, note_en="ZqReleaseNote", note_audience=Audience.ORGANISERS)
    draft = f.ReleaseFactory(event=event, number=None)
    for word, (audience, label) in SESSIONS.items():
        session = f.SessionFactory(
            event=event,
            title_en=word,
            abstract_en="ZqAbstract",
            audience=audience,
            label=label,
            track=world.things["track"],
            languages=["en", "fr"],
            shown_as_closed=ShownAsClosed.TIME if word == "ZqClosedSession" else ShownAsClosed.NOTHING,
            delegations=[world.delegations["EU"]] if audience == Audience.SELECTED else [],
        )
        world.sessions[word] = session
        for place in (draft,) if word == "ZqDraftSession" else (draft, release):
            slot = f.SlotFactory(session=session, release=place, room=world.things["room"])
            world.things[word, place.number] = slot
    _speakers(world)
    for word in ("ZqPublicSession", "ZqEuSession"):
        SignUpSheet.objects.create(event=event, session=world.sessions[word], seats=3, taken=1)
        at = f.hours_from_now(-1)
        SignUp.objects.create(event=event, session=world.sessions[word], registration=world.registrations["EU"], joined_at=at, seated_at=at)
    for word, (audience, label, session) in PAPERS.items():
        world.papers[word] = f.PaperFactory(
            event=event,
            session=world.sessions[session] if session else None,
            title_en=word,
            audience=audience,
            label=label,
            file=ContentFile(f"%PDF-1.4 {word}".encode(), name="zq.pdf"),
            file_name="ZqFile.pdf",
        )
        if audience == Audience.SELECTED:
            world.papers[word].delegations.add(world.delegations["EU"])


def _speakers(world: World) -> None:
    for word, identity in {
        "ZqSpeakerFull": PublicIdentity.FULL,
        "ZqSpeakerFunctionOnly": PublicIdentity.FUNCTION,
        "ZqSpeakerHidden": PublicIdentity.HIDDEN,
    }.items():
        speaker = f.SpeakerFactory(
            event=world.event,
            name=word,
            organisation="ZqOrganisation",
            function_en="ZqFunction",
            biography_en="ZqBiography",
            public_identity=identity,
        )
        world.speakers[word] = speaker
        for number in (None, 1):
            f.ContributionFactory(slot=world.things["ZqPublicSession", number], speaker=speaker)


def _press(world: World) -> None:
    later = f.hours_from_now(24)
    for number, (word, audience, at) in enumerate(
        (
            ("ZqPressPublic", Audience.PUBLIC, f.hours_from_now(-1)),
            ("ZqPressEmbargoed", Audience.PUBLIC, later),
            ("ZqPressOrganisers", Audience.ORGANISERS, f.hours_from_now(-1)),
        ),
        start=1,
    ):
        world.press[word] = f.PressReleaseFactory(
            event=world.event, number=number, title_en=word, text_en="ZqText", contact="ZqContact", audience=audience, published_at=at
        )


def _mail(world: World) -> None:
    world.things["import"] = f.ImportFactory(event=world.event)
    world.things["agenda import"] = f.AgendaImportFactory(event=world.event)
    world.things["own import"] = f.ImportFactory(event=world.event, delegation=world.delegations["EU"])
    words = {"en": {"subject": "ZqSubject", "body": "ZqBody"}}
    world.things["circular"] = Circular.objects.create(event=world.event, to="persons", words=words, changed_at=f.hours_from_now(-1))
    world.things["mail"] = queue(
        kind="person_invited",
        to="zq-person@example.org",
        language="en",
        subject="ZqSubjectOfMail",
        text="ZqBodyOfMail",
        dedup_key="zq",
        event=world.event,
        is_secret=True,
    )


def _sign_in(world: World) -> None:
    world.sign_ins[ANONYMOUS] = SimpleCookie()
    for persona in SIGNED_IN:
        client = Client()
        client.force_login(world.users[persona])
        world.sign_ins[persona] = client.cookies
