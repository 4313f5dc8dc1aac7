"""The stop of the mail: everything but codes waits, for an event or the whole site; after a restore all of it."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from conference.lib.viewer import SYSTEM
from events import outbox
from events.actions import release_mail, retry_mail, return_mail, settle_mail, stop_mail, stop_mail_after_restore
from events.choices import MailState, Urgency
from events.models import AuditEntry, MailStop, OutboxMail
from events.rules import NotAllowed
from tests.factories import EventFactory, UserFactory

pytestmark = pytest.mark.django_db


def queue(key, **options):
    return outbox.queue(
        **{"kind": "approved", "to": "a@example.org", "language": "en", "subject": key, "text": "T", "dedup_key": key} | options
    )


def due():
    return list(OutboxMail.objects.due(timezone.now()).order_by("pk").values_list("subject", flat=True))


def test_stop_of_an_event_holds_its_mail_alone_and_never_codes():
    event = EventFactory()
    queue("here", event=event)
    queue("code", event=event, urgency=Urgency.CODE)
    queue("elsewhere", event=EventFactory())
    queue("account")
    stop_mail(event, by=SYSTEM)
    stop_mail(event, by=SYSTEM)
    assert due() == ["code", "elsewhere", "account"]
    assert release_mail(event, by=SYSTEM) == 4
    assert due() == ["here", "code", "elsewhere", "account"]
    assert [entry.verb for entry in AuditEntry.objects.filter(event=event).order_by("pk")] == ["mail.stop", "mail.release"]


def test_stop_of_the_site_holds_everything_but_codes():
    queue("here", event=EventFactory())
    queue("account")
    queue("code", urgency=Urgency.CODE)
    stop_mail(None, by=SYSTEM)
    assert due() == ["code"]
    assert outbox.lease(timezone.now()).subject == "code"
    assert outbox.lease(timezone.now()) is None
    release_mail(None, by=SYSTEM)
    assert due() == ["here", "account"]


def test_after_a_restore_even_the_codes_of_before_wait_until_the_release():
    queue("old code", urgency=Urgency.CODE)
    queue("old")
    stop_mail_after_restore(timezone.now())
    stop_mail_after_restore(timezone.now())
    queue("new code", urgency=Urgency.CODE)
    queue("new")
    assert due() == ["new code"]
    release_mail(None, by=SYSTEM)
    assert due() == ["old code", "old", "new code", "new"]


def test_mail_that_is_held_is_not_taken_for_stuck(client):
    queue("old")
    OutboxMail.objects.update(queued_at=timezone.now() - dt.timedelta(days=1))
    assert client.get("/readyz").status_code == 503
    stop_mail(None, by=SYSTEM)
    assert client.get("/readyz").status_code == 200


def test_release_of_what_is_not_stopped_is_refused():
    with pytest.raises(NotAllowed):
        release_mail(EventFactory(), by=SYSTEM)


@pytest.mark.parametrize(("first", "second"), [({}, {}), ({"after_restore": True}, {"after_restore": True})])
def test_site_is_stopped_once(first, second):
    MailStop.objects.create(since_at=timezone.now(), **first)
    with pytest.raises(IntegrityError), transaction.atomic():
        MailStop.objects.create(since_at=timezone.now(), **second)


def test_restore_is_of_the_site_never_of_an_event():
    with pytest.raises(IntegrityError), transaction.atomic():
        MailStop.objects.create(event=EventFactory(), after_restore=True, since_at=timezone.now())


def test_command_stops_releases_and_says_how_it_stands(capsys):
    event = EventFactory(slug="brussels-2024")
    queue("here", event=event)
    call_command("mail", "stop", event=event.slug)
    out = capsys.readouterr().out
    assert out.startswith("stopped: brussels-2024, since ")
    assert out.endswith("1 waiting, 1 of them held back, 0 due now\n")
    call_command("mail", "release", event=event.slug)
    assert capsys.readouterr().out == "1 waiting, 0 of them held back, 1 due now\n"
    for arguments in (["release"], ["stop", "--event", "nowhere"]):
        with pytest.raises(CommandError):
            call_command("mail", *arguments)


def test_message_comes_back_by_hand_is_sent_again_or_dealt_with():
    mail = queue("one", event=EventFactory())
    for refused in (return_mail, settle_mail, retry_mail):
        with pytest.raises(NotAllowed):
            refused(mail, by=SYSTEM)
    outbox.mark_sent(mail, timezone.now())
    return_mail(mail, by=SYSTEM)
    assert list(OutboxMail.objects.needing_somebody()) == [mail]
    settle_mail(mail, by=SYSTEM)
    settle_mail(mail, by=SYSTEM)
    assert not OutboxMail.objects.needing_somebody().exists()
    again = retry_mail(mail, by=SYSTEM)
    assert (again.state, again.settled_at, again.message_id) == (MailState.QUEUED, None, mail.message_id)
    verbs = [entry.verb for entry in AuditEntry.objects.filter(event=mail.event).order_by("pk")]
    assert verbs == ["mail.bounce", "mail.settle", "mail.retry"]


def test_secret_message_that_came_back_is_blank_and_cannot_be_sent_again():
    mail = queue("secret", is_secret=True)
    outbox.mark_sent(mail, timezone.now())
    return_mail(mail, by=SYSTEM)
    with pytest.raises(NotAllowed, match="expired"):
        retry_mail(mail, by=SYSTEM)


def test_administrator_stops_and_releases_the_site(client):
    client.force_login(UserFactory(is_superuser=True))
    queue("one")
    page = "/admin/mail/"
    assert "Stop all mail of the site" in client.get(page).content.decode()
    client.post(page)
    assert due() == []
    assert "Release the mail: 1 message is held" in client.get(page).content.decode()
    client.post(page, {"release": "yes"})
    assert due() == ["one"]
    assert "The mail is not stopped." in client.post(page, {"release": "yes"}, follow=True).content.decode()
