"""What waits on the organisers' tables at the coming edition: security's decisions, changes after approval, people named twice, papers."""

from django.core.files.uploadedfile import SimpleUploadedFile

from conference.demo.pdf import one_page_pdf
from conference.lib.viewer import SYSTEM, Actor
from conference.models import User
from delegates.actions import ask_erasure, correct_registration, decide_security, keep_file, nominate, send_list, share_role
from delegates.choices import Category, FileKind, SecurityDecision
from delegates.choices import RegistrationState as State
from delegates.models import Delegation, FocalPoint, Registration
from delegates.rules import FOCAL
from events.models import Event
from sessions.actions import keep_sheet, sign_up, star_session
from sessions.models import Session

CREDENTIALS = {"HU": "Note verbale 117-2026", "FR": "Lettre de créance", "US": "Letter of accreditation"}
WITH_SEATS, SEATS, TAKERS = "Common databases and first-line care", 6, ("US", "DK", "DE", "IE", "ES", "NL", "IT", "AT")
STARRED = {"HU": ("Opening", "Very young people and violence online"), "US": ("How good are our forecasts?",)}


def load_affairs(event: Event, *, security: User) -> None:
    """Leave something to decide on every page of the organisers."""
    _decide_for_security(event, by=Actor(user=security, hat="organiser:security"))
    _correct_after_approval(event)
    _name_twice(event)
    _give_papers(event)
    _share_a_role(event)
    _star(event)
    _sign_up(event)
    ask_erasure(_approved(event, "FI"), by=_person(_approved(event, "FI")))


def _approved(event: Event, country: str, *, skip: int = 0) -> Registration:
    found = Registration.objects.filter(event=event, state=State.APPROVED, delegation__organisation__country=country)
    return found.select_related("delegate", "delegation").order_by("pk")[skip]


def _person(registration: Registration) -> Actor:
    return Actor(user=registration.delegate.user, hat=f"registration:{registration.public_id}")


def _focal(delegation: Delegation) -> Actor:
    point = FocalPoint.objects.filter(delegation=delegation).order_by("pk").first()
    return Actor(user=point.user if point else None, hat=f"focal:{delegation.public_id}")


def _delegation(event: Event, country: str) -> Delegation:
    return Delegation.objects.get(event=event, organisation__country=country)


def _decide_for_security(event: Event, *, by: Actor) -> None:
    """Of those under review every second is cleared and one refused; the others wait for security."""
    waiting = Registration.objects.filter(event=event, state=State.SUBMITTED).order_by("pk")
    for number, registration in enumerate(waiting):
        if number % 2 == 0:
            decide_security(registration, decision=SecurityDecision.REFUSED if number == 2 else SecurityDecision.CLEARED, by=by)


def _correct_after_approval(event: Event) -> None:
    """Three people corrected what had been approved: a name after a wedding, a nationality, a new passport."""
    wed, naturalised, renewed = (_approved(event, country) for country in ("NL", "IT", "US"))
    _correct(wed, {"family_name": f"{wed.delegate.family_name}-Claes", "badge_name": "Dr. Claes"})
    _correct(naturalised, {"nationalities": ["IT", "CH"]})
    document = {
        "document_type": "passport",
        "document_number": "X900001",
        "document_issuer": "US",
        "document_expires": f"{event.last_date.year + 9}-05-31",
    }
    _correct(renewed, {"groups": {"identity_document": document}})


def _correct(registration: Registration, data: dict) -> None:
    correct_registration(registration, data=data, by=_person(registration))


def _name_twice(event: Event) -> None:
    """One person is named by two delegations; another stands in two records of one organisation, under two spellings."""
    twice = Registration.objects.filter(event=event, delegation__organisation__abbreviation="Europol", state=State.SUBMITTED).first()
    twice = twice or Registration.objects.filter(event=event, delegation__organisation__abbreviation="Europol").order_by("pk").first()
    person = twice.delegate
    _nominate(_delegation(event, "AT"), person.given_name, person.family_name, person.email)
    alike = _approved(event, "IE", skip=0).delegate
    _nominate(_delegation(event, "IE"), alike.given_name.upper(), alike.family_name, f"office.{alike.email}")


def _nominate(delegation: Delegation, given_name: str, family_name: str, email: str) -> None:
    by = _focal(delegation)
    nominate(delegation, given_name=given_name, family_name=family_name, email=email, category=Category.EXPERT, by=by, made_by=FOCAL)
    send_list(delegation, by=by)


def _give_papers(event: Event) -> None:
    """Three delegations sent the paper that accredits their list."""
    for country, title in CREDENTIALS.items():
        delegation = _delegation(event, country)
        file = SimpleUploadedFile(f"{title}.pdf", one_page_pdf(title), "application/pdf")
        keep_file(file, event=event, kind=FileKind.CREDENTIAL, delegation=delegation, by=_focal(delegation))


def _share_a_role(event: Event) -> None:
    """The Hungarian focal point asked a colleague to share the work; the colleague has not accepted yet."""
    delegation = _delegation(event, "HU")
    share_role(delegation, name="Bence Farkas", email="protocol@hu.example.org", language="en", by=_focal(delegation))


def _star(event: Event) -> None:
    for country, titles in STARRED.items():
        reader = Registration.objects.filter(
            event=event, state=State.APPROVED, delegation__organisation__country=country, delegate__user__isnull=False
        ).first()
        for session in Session.objects.filter(event=event, title_en__in=titles).order_by("pk") if reader else []:
            star_session(session, reader)


def _sign_up(event: Event) -> None:
    """One workshop has six seats: they are taken, and two people wait."""
    session = Session.objects.get(event=event, title_en=WITH_SEATS)
    keep_sheet(session, seats=SEATS, opens_at=None, closes_at=event.freeze_at, by=SYSTEM)
    for country in TAKERS:
        person = _approved(event, country, skip=0 if country != "US" else 1)
        sign_up(session, person, by=_person(person))
