"""The organisers' own words of messages: checked, shown with a real person, used, and taken back."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from conference.lib.viewer import SYSTEM
from delegates.actions import invite_focal_points, move_registration
from delegates.rules import OFFICER
from events import outbox
from events.actions import keep_text
from events.emails import original
from events.emails.table import MESSAGES
from events.models import AuditEntry, MessageText, OutboxMail
from tests.factories import EventFactory, FocalPointFactory, RegistrationFactory, StaffRoleFactory

pytestmark = pytest.mark.django_db
BODY = "{greeting}\n\nYou are **in**, {name}.\n\nReason: {reason}\n\n{url}"


@pytest.fixture
def event():
    return EventFactory(title_en="Spring meeting", title_fr="Réunion de printemps")


@pytest.fixture
def organiser(client, event):
    client.force_login(StaffRoleFactory(event=event).user)
    return client


def url(event, kind="approved", language="en"):
    return reverse("organise:mail_text", args=[event.slug, kind, language])


def errors(response):
    return response.context["form"].errors


@pytest.mark.parametrize("language", ["en", "fr", "nl", "de"])
@pytest.mark.parametrize("kind", [kind for kind, row in MESSAGES.items() if row.template])
def test_original_words_of_every_message_pass_their_own_check(organiser, event, kind, language):
    subject, body = original(kind, language)
    assert organiser.get(url(event, kind, language)).context["form"].initial == {"subject": subject, "body": body}
    response = organiser.post(url(event, kind, language), {"subject": subject, "body": body, "preview": "yes"})
    assert errors(response) == {}
    assert "{" not in response.context["shown"]["text"] + response.context["shown"]["subject"]


def test_own_words_are_used_for_their_event_and_language_alone(organiser, event):
    organiser.post(url(event), {"subject": "You are in: {event}", "body": BODY})
    here = RegistrationFactory(event=event, state="submitted", delegate__given_name="<b>*A*</b>", delegate__family_name="{url}")
    elsewhere = RegistrationFactory(state="submitted")
    french = RegistrationFactory(event=event, state="submitted", delegate__language="fr")
    for registration in (here, elsewhere, french):
        move_registration(registration, to="approved", by=SYSTEM, made_by=OFFICER)
    mails = {mail.about: mail for mail in OutboxMail.objects.all()}
    letter = outbox.letter(mails[str(here)])
    assert letter.subject == "You are in: Spring meeting"
    assert letter.text.startswith("Dear <b>*A*</b> {url},\n\nYou are **in**, <b>*A*</b> {url}.\n\nhttp://testserver/en/")
    assert "<p>You are <strong>in</strong>, &lt;b&gt;*A*&lt;/b&gt; {url}.</p>" in letter.html
    assert '<html lang="en">' in letter.html
    assert "Reason" not in letter.text + letter.html
    assert mails[str(elsewhere)].subject == f"Your registration is approved: {elsewhere.event.title_en}"
    assert "Réunion" in mails[str(french)].subject
    assert AuditEntry.objects.filter(event=event, verb="mail.text").get().details == {"kind": "approved", "language": "en"}


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("subject", "Hello {nmae}", "Not known here: {nmae}. This message may name {greeting}, {name},"),
        ("body", BODY + "{answer_by}", "Not known here: {answer_by}."),
        ("body", "{greeting}", "This message is of no use without {url}."),
        ("body", "[here]({url})", "Write {url} in the text itself"),
        ("subject", "Hello\r\nBcc: all@example.org", "The subject is one line."),
        ("subject", "", "required"),
        ("subject", "x" * 201, "at most 200"),
    ],
)
def test_words_that_cannot_leave_are_refused_beside_the_field(organiser, event, field, value, said):
    response = organiser.post(url(event), {"subject": "Hello", "body": BODY} | {field: value})
    assert list(errors(response)) == [field]
    assert said in str(errors(response)[field])
    assert not MessageText.objects.exists()


def test_preview_with_a_real_person_keeps_nothing_and_shows_no_secret_link(organiser, event):
    RegistrationFactory(event=event)
    chosen = RegistrationFactory(event=event, delegate__family_name="Zorro")
    typed = {"subject": "For {name}", "body": "{address} {organisation} {url}", "preview": "yes", "reader": chosen.public_id}
    response = organiser.post(url(event, "person_invited"), typed)
    assert response.context["shown"]["subject"] == f"For {chosen.delegate.full_name}"
    assert response.context["shown"]["text"].startswith(f"{chosen.delegate.email} {chosen.delegation.organisation.name}")
    assert response.context["shown"]["text"].endswith("https://conference.example.org/…")
    assert not MessageText.objects.exists()
    focal = FocalPointFactory(event=event)
    shown = organiser.get(url(event, "focal_point_invited", "fr"), {"reader": focal.public_id}).context["shown"]
    assert focal.delegation.organisation.name in shown["text"]
    assert "Réunion de printemps" in shown["subject"]


def test_back_to_the_original(organiser, event):
    organiser.post(url(event), {"subject": "Own", "body": BODY})
    assert "(your own)" in organiser.get(reverse("organise:mail_texts", args=[event.slug])).content.decode()
    assert organiser.get(url(event)).context["form"].initial["subject"] == "Own"
    organiser.post(url(event), {"original": "yes"})
    assert not MessageText.objects.exists()
    assert organiser.get(url(event)).context["form"].initial["subject"] == "Your registration is approved: {event}"


def test_own_words_of_a_secret_message_hold_its_link(organiser, event):
    keep_text(event, kind="focal_point_invited", language="en", subject="Come", body="{address}\n\n{url}", by=SYSTEM)
    focal = FocalPointFactory(event=event)
    invite_focal_points(event, [focal], by=SYSTEM)
    mail = OutboxMail.objects.get()
    assert mail.is_secret
    assert "http://testserver/en/invitation" in outbox.letter(mail).text.replace("/invitations/", "/invitation")


@pytest.mark.parametrize(("kind", "language"), [("login_code", "en"), ("nothing", "en"), ("approved", "es")])
def test_there_is_no_page_for_what_cannot_be_rewritten(organiser, event, kind, language):
    assert organiser.get(url(event, kind, language)).status_code == 404


@pytest.mark.parametrize("words", [{"subject": ""}, {"body": ""}, {"subject": "a\nb"}])
def test_table_takes_no_empty_words_and_no_second_line(event, words):
    row = {"event": event, "kind": "approved", "language": "en", "subject": "S", "body": "B", "changed_at": timezone.now()}
    with pytest.raises(IntegrityError), transaction.atomic():
        MessageText.objects.create(**row | words)
    MessageText.objects.create(**row)
    with pytest.raises(IntegrityError), transaction.atomic():
        MessageText.objects.create(**row)
