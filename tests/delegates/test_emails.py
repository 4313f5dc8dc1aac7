"""Messages to focal points and delegates: who is told what, in which language, once."""

import pathlib

import pytest
from django.conf import settings

from conference.lib.sealing import Sealer
from conference.lib.viewer import SYSTEM, Actor
from delegates import emails
from delegates.actions import invite_focal_points, move_registration, send_list
from delegates.rules import FOCAL, OFFICER, PERSON
from events.choices import Urgency
from events.models import OutboxMail
from tests.factories import DelegationFactory, EventFactory, FocalPointFactory, RegistrationFactory

pytestmark = pytest.mark.django_db

TEMPLATES = pathlib.Path(settings.BASE_DIR) / "templates" / "delegates" / "emails"
LANGUAGES = ["en", "fr", "nl", "de"]


def opened(mail):
    sealer = Sealer(settings.DATA_KEYS)
    return sealer.open(mail.sealed_text), sealer.open(mail.sealed_html)


def test_table_has_one_row_for_each_template_and_each_function():
    names = {path.name.split(".")[0] for path in TEMPLATES.iterdir()}
    assert names == set(emails.MESSAGES)
    assert {path.name for path in TEMPLATES.iterdir()} == {f"{name}.{part}" for name in names for part in ("subject.txt", "txt", "html")}
    assert all(callable(getattr(emails, name)) for name in emails.MESSAGES)


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
    move = registration.moves.order_by("pk").filter(to_state=to).last()
    for mail in mails:
        reader = f":{focal.public_id}" if mail.to == focal.email else ""
        assert mail.dedup_key == f"{mail.kind}:{registration.public_id}:{move.pk}{reader}"
        assert (mail.event, mail.about, mail.urgency, mail.is_secret) == (event, str(registration), Urgency.PERSONAL, False)
        if to in ("returned", "refused", "revoked"):
            assert all("The reason why." in body for body in opened(mail))


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
    walk(("offered", "program"), state="waitlisted")
    RegistrationFactory(delegation=delegation, invited_at=None, delegate__language=language)
    send_list(delegation, by=by)
    mails = list(OutboxMail.objects.all())
    assert {mail.kind for mail in mails} == set(emails.MESSAGES)
    for mail in mails:
        text, html = opened(mail)
        assert mail.language == language
        assert f"Titre-{language}" in mail.subject
        assert f"Titre-{language}" in text
        assert f'lang="{language}"' in html
        if mail.kind not in ("refused", "revoked", "withdrawn", "replaced"):
            assert f"{settings.SITE_URL}/{language}/" in text
            assert f"{settings.SITE_URL}/{language}/" in html


def test_names_are_never_read_as_markup():
    registration = RegistrationFactory(state="submitted", delegate__given_name="<b>A</b>", delegate__family_name="{{ url }} & Co")
    move_registration(registration, to="approved", by=SYSTEM, made_by=OFFICER)
    text, html = opened(OutboxMail.objects.get())
    assert "<b>A</b> {{ url }} & Co" in text
    assert "&lt;b&gt;A&lt;/b&gt; {{ url }} &amp; Co" in html
