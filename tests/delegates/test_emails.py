"""Messages to focal points and delegates: who is told what, in which language, once."""

import pathlib

import pytest
from django.conf import settings

from conference.adapter.words import CODES, NOTICES
from conference.lib.sealing import Sealer
from conference.lib.viewer import SYSTEM, Actor
from delegates.actions import (
    accept_request,
    ask_category,
    ask_late,
    decide_change,
    decide_late,
    invite_focal_points,
    make_letter,
    move_registration,
    name_head,
    request_place,
    send_list,
    use_letter,
)
from delegates.actions.moves import note_move
from delegates.actions.telling import TOLD, tell
from delegates.models import PendingChange, RegistrationMove
from delegates.rules import FOCAL, OFFICER, PERSON, PROGRAM, TRANSITIONS
from events.choices import Urgency
from events.emails.table import MESSAGES, Message, add_messages
from events.models import OutboxMail
from tests.factories import DelegationFactory, EventFactory, FocalPointFactory, RegistrationFactory, UserFactory, hours_from_now

pytestmark = pytest.mark.django_db

TEMPLATES = pathlib.Path(settings.BASE_DIR) / "templates" / "delegates" / "emails"
LANGUAGES = ["en", "fr", "nl", "de"]
REMINDERS = {"remind_answer", "remind_list", "remind_confirm", "remind_travel"}  # tested beside the plan that sends them


def opened(mail):
    sealer = Sealer(settings.DATA_KEYS)
    return sealer.open(mail.sealed_text), sealer.open(mail.sealed_html)


def own_kinds():
    return {kind for kind, row in MESSAGES.items() if row.template.startswith("delegates/")}


def test_table_has_one_row_for_each_template():
    names = {path.name.split(".")[0] for path in TEMPLATES.iterdir()}
    assert names == own_kinds()
    assert {path.name for path in TEMPLATES.iterdir()} == {f"{name}.{part}" for name in names for part in ("subject.txt", "txt", "html")}


def test_table_has_the_messages_of_accounts():
    assert {kind for kind, row in MESSAGES.items() if not row.template and not row.is_free} == {*CODES, *NOTICES}
    assert {kind for kind, row in MESSAGES.items() if row.urgency == Urgency.CODE} == set(CODES)


@pytest.mark.parametrize("row", [{"needs": ("url",)}, {"places": ("nowhere",)}])
def test_table_takes_no_row_with_places_it_does_not_know(row):
    with pytest.raises(ValueError, match="does not fit"):
        add_messages({"new": Message("", "", "", **row)})
    with pytest.raises(ValueError, match="does not fit"):
        add_messages({"approved": Message("", "", "")})


def test_every_move_of_a_registration_tells_somebody_or_says_why_not():
    assert set(TOLD) == set(TRANSITIONS)
    for move, told in TOLD.items():
        assert {told.person, told.focal} <= {"", *own_kinds()}, move
        assert told.silent or (told.person and told.focal), move
    told = {kind for row in TOLD.values() for kind in (row.person, row.focal) if kind}
    late = {"late_request_asked", "late_request_accepted", "late_request_refused", "letter_used"}
    beside = {"change_accepted", "change_refused", "head_accepted", "head_refused", *late}
    assert own_kinds() - told - REMINDERS == {"focal_point_invited", "person_invited", "request_link", "requested", *beside}


@pytest.mark.parametrize(
    ("before", "to", "made_by", "told"),
    [
        ("nominated", "submitted", PERSON, [("received", "person")]),
        ("submitted", "approved", OFFICER, [("approved", "person")]),
        ("submitted", "returned", OFFICER, [("returned", "person")]),
        ("submitted", "refused", OFFICER, [("refused", "person"), ("person_left", "focal")]),
        ("approved", "revoked", OFFICER, [("revoked", "person"), ("person_left", "focal")]),
        ("approved", "withdrawn", FOCAL, [("withdrawn", "person")]),
        ("approved", "withdrawn", PERSON, [("withdrawn", "person"), ("person_left", "focal")]),
        ("nominated", "replaced", FOCAL, [("replaced", "person")]),
        ("nominated", "replaced", OFFICER, [("replaced", "person"), ("person_left", "focal")]),
        ("approved", "nominated", OFFICER, [("reconfirm", "person")]),
        ("refused", "submitted", OFFICER, [("reopened", "person"), ("person_back", "focal")]),
        ("withdrawn", "nominated", OFFICER, [("person_back", "focal")]),
        ("offered", "waitlisted", PROGRAM, [("offer_lapsed", "focal"), ("seat_offered", "focal")]),
        ("waitlisted", "refused", OFFICER, [("person_left", "focal")]),
        ("placeholder", "withdrawn", FOCAL, []),
        ("waitlisted", "withdrawn", FOCAL, []),
    ],
)
def test_who_is_told_of_a_move(before, to, made_by, told):
    event = EventFactory()
    focal = FocalPointFactory(event=event)
    nobody = {"delegate": None} if before == "placeholder" else {}
    registration = RegistrationFactory(delegation=focal.delegation, state=before, **nobody)
    move_registration(registration, to=to, by=SYSTEM, made_by=made_by, reason="The reason why.")
    addresses = {"person": registration.delegate.email if registration.delegate else "", "focal": focal.email}
    mails = OutboxMail.objects.order_by("pk")
    assert [(mail.kind, mail.to) for mail in mails] == [(kind, addresses[who]) for kind, who in told]
    for mail in mails:
        reader = f":{focal.public_id}" if mail.to == focal.email else ""
        move = registration.moves.order_by("pk").filter(to_state="offered" if mail.kind == "seat_offered" else to).last()
        assert mail.dedup_key == f"{mail.kind}:{registration.public_id}:{move.pk}{reader}"
        assert (mail.event, mail.about, mail.urgency, mail.is_secret) == (event, str(registration), Urgency.PERSONAL, False)
        if to in ("returned", "refused", "revoked"):
            assert all("The reason why." in body for body in opened(mail))


@pytest.mark.parametrize(
    ("to", "seats", "kind"),
    [("nominated", 1, "endorsed"), ("nominated", 0, "waitlisted"), ("refused", 1, "request_refused"), ("withdrawn", 1, "withdrawn")],
)
def test_person_who_asked_for_a_place_hears_what_became_of_it(to, seats, kind):
    registration = RegistrationFactory(delegation=DelegationFactory(seats=seats), state="requested", invited_at=None)
    note_move(registration, by=SYSTEM, from_state="")
    move_registration(registration, to=to, by=SYSTEM, made_by=FOCAL, reason="The reason why.")
    assert [mail.kind for mail in OutboxMail.objects.all()] == [kind]


def test_offer_accepted_after_the_list_was_sent_brings_the_invitation_alone():
    delegation = DelegationFactory(list_sent_at=hours_from_now(-1))
    registration = RegistrationFactory(delegation=delegation, state="offered", offer_expires_at=hours_from_now(5))
    move_registration(registration, to="nominated", by=SYSTEM, made_by=FOCAL)
    assert [mail.kind for mail in OutboxMail.objects.all()] == ["person_invited"]


def test_request_for_a_place_tells_the_focal_point_and_the_person_has_heard_it_before():
    focal = FocalPointFactory()
    registration = RegistrationFactory(delegation=focal.delegation, state="requested", invited_at=None)
    tell(registration, note_move(registration, by=SYSTEM, from_state=""), made_by=PERSON, is_invited_now=False)
    told = [(mail.kind, mail.to) for mail in OutboxMail.objects.order_by("pk")]
    assert told == [("request_made", focal.email)]


def test_person_whose_list_was_not_sent_hears_nothing():
    registration = RegistrationFactory(invited_at=None)
    move_registration(registration, to="withdrawn", by=SYSTEM, made_by=FOCAL)
    assert OutboxMail.objects.count() == 0


def test_person_without_an_address_is_written_to_by_nobody():
    registration = RegistrationFactory(state="submitted", delegate__email="")
    move_registration(registration, to="approved", by=SYSTEM, made_by=OFFICER)
    assert OutboxMail.objects.count() == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_in_every_language_with_its_link_and_the_event_in_that_language(language):
    titles = {f"title_{code}": f"Titre-{code}" for code in LANGUAGES}
    event = EventFactory(**titles)
    delegation = DelegationFactory(event=event, seats=30)
    focal = FocalPointFactory(delegation=delegation, language=language)
    by = Actor(hat="organiser:manager")
    invite_focal_points(event, [focal], by=by)

    def walk(*steps, state, **words):
        registration = RegistrationFactory(delegation=delegation, state=state, delegate__language=language, **words)
        for to, made_by in steps:
            move_registration(registration, to=to, by=SYSTEM, made_by=made_by, reason="Why.")

    walk(
        ("submitted", PERSON), ("returned", OFFICER), ("submitted", PERSON), ("approved", OFFICER), ("revoked", OFFICER), state="nominated"
    )
    walk(("refused", OFFICER), state="submitted")
    walk(("withdrawn", PERSON), state="nominated")
    walk(("replaced", FOCAL), state="nominated")
    walk(("offered", "program"), ("waitlisted", "program"), state="waitlisted")
    walk(("nominated", OFFICER), state="approved")
    walk(("submitted", OFFICER), state="refused")
    asking = RegistrationFactory(
        delegation=delegation, state="offered", offer_expires_at=hours_from_now(5), invited_at=None, delegate__language=language
    )
    RegistrationMove.objects.filter(pk=note_move(asking, by=SYSTEM, from_state="").pk).update(to_state="requested")
    move_registration(asking, to="nominated", by=SYSTEM, made_by=FOCAL)
    for to, seats in (("nominated", 1), ("nominated", 0), ("refused", 1)):
        asked_of = delegation if seats else DelegationFactory(event=event, seats=0)
        asking = RegistrationFactory(delegation=asked_of, state="requested", invited_at=None, delegate__language=language)
        tell(asking, note_move(asking, by=SYSTEM, from_state=""), made_by=PERSON, is_invited_now=False)
        move_registration(asking, to=to, by=SYSTEM, made_by=OFFICER, reason="Why.")
    RegistrationFactory(delegation=delegation, invited_at=None, delegate__language=language)
    send_list(delegation, by=by)
    event.takes_requests = True
    event.save()
    person = {
        "given_name": "A",
        "family_name": "B",
        "function": "C",
        "organisation": "D",
        "email": "asking@example.org",
        "language": language,
    }
    asked = request_place(event, person=person)
    accept_request(asked.invitations.get(), user=UserFactory(email="asking@example.org"))
    event.mailbox, event.working_language = "box@example.org", language
    event.answer_by_at, event.nominate_by_at = None, hours_from_now(-1)
    event.save()
    for accept in (True, False):
        person = {"given_name": "A", "family_name": str(accept), "email": "", "function": "", "language": language}
        asked = ask_late(delegation, kind="nominate", person=person, category="delegate", by=SYSTEM)
        decide_late(asked, accept=accept, reason="Why.", by=by)
    changing = RegistrationFactory(delegation=delegation, state="approved", delegate__language=language)
    for accept in (True, False):
        ask_category(changing, category="expert" if accept else "delegate", by=Actor(hat=f"registration:{changing.public_id}"))
        decide_change(PendingChange.objects.open().get(), accept=accept, by=by)
    for accept in (False, True):
        name_head(changing, by=Actor(hat=f"focal:{delegation.public_id}"))
        decide_change(PendingChange.objects.open().get(), accept=accept, by=by)
    use_letter(make_letter(delegation, key="k", by=by)[1], name="A", email="holder@example.org", language=language)
    mails = list(OutboxMail.objects.all())
    assert {mail.kind for mail in mails} == own_kinds() - REMINDERS
    for mail in mails:
        text, html = opened(mail)
        assert mail.language == language
        assert f"Titre-{language}" in mail.subject
        assert f"Titre-{language}" in text
        assert f'lang="{language}"' in html
        if mail.kind not in (
            "refused",
            "revoked",
            "withdrawn",
            "replaced",
            "request_refused",
            "endorsed",
            "promoted",
            "late_request_asked",
            "letter_used",
        ):
            assert f"{settings.SITE_URL}/{language}/" in text
            assert f"{settings.SITE_URL}/{language}/" in html


def test_names_are_never_read_as_markup():
    registration = RegistrationFactory(state="submitted", delegate__given_name="<b>A</b>", delegate__family_name="{{ url }} & Co")
    move_registration(registration, to="approved", by=SYSTEM, made_by=OFFICER)
    text, html = opened(OutboxMail.objects.get())
    assert "<b>A</b> {{ url }} & Co" in text
    assert "&lt;b&gt;A&lt;/b&gt; {{ url }} &amp; Co" in html
