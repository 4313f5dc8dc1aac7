"""Messages to many: whom they reach, in which words, and once however often one presses."""

import threading

import pytest
from django.db import IntegrityError, connections, transaction
from django.urls import reverse
from django.utils import timezone

from conference.lib.viewer import SYSTEM
from delegates.actions.circulars import (
    ReadersChanged,
    drop_circular,
    keep_circular,
    mails_of,
    readers_of,
    recall_circular,
    seal_of,
    send_circular,
    unreached_by,
)
from delegates.models import Circular
from events import outbox
from events.actions import stop_mail
from events.choices import MailState, Urgency
from events.models import AuditEntry, OutboxMail
from events.rules import NotAllowed
from tests.factories import DelegationFactory, EventFactory, FocalPointFactory, RegistrationFactory, StaffRoleFactory, hours_from_now

WORDS = {"en": {"subject": "News of {event}", "body": "{greeting}\n\n**Bring** a pass, {name}.\n\n{url}"}}


def draft(event, words=None, **fields):
    return keep_circular(Circular(event=event, words=words or WORDS, **fields), by=SYSTEM)


def send(circular):
    return send_circular(circular, seal=seal_of(circular, readers_of(circular, timezone.now())), by=SYSTEM)


def person(delegation, **fields):
    return RegistrationFactory(delegation=delegation, **{"invited_at": hours_from_now(-5)} | fields)


@pytest.fixture
def event():
    return EventFactory(title_en="Spring", title_fr="Printemps")


@pytest.mark.django_db
def test_focal_points_are_chosen_by_answer_standing_and_delegation(event):
    chosen = [DelegationFactory(event=event, answer="coming", standing=standing) for standing in ("member", "guest")]
    coming = [FocalPointFactory(delegation=delegation, invited_at=hours_from_now(-1)) for delegation in chosen]
    silent = FocalPointFactory(delegation=DelegationFactory(event=event), invited_at=hours_from_now(-1))
    FocalPointFactory(event=event, invited_at=None)
    FocalPointFactory(event=event, invited_at=hours_from_now(-1), until_at=hours_from_now(-1))
    FocalPointFactory(invited_at=hours_from_now(-1))
    for asked, wanted in (
        ({}, [*coming, silent]),
        ({"answer": ["coming"]}, coming),
        ({"answer": ["coming", "invited"]}, [*coming, silent]),
        ({"standing": ["guest"]}, coming[1:]),
        ({"delegation": [silent.delegation.public_id]}, [silent]),
        ({"delegation": [silent.delegation.public_id], "answer": ["coming"]}, []),
    ):
        assert readers_of(draft(event, to="focal", asked=asked), timezone.now()) == wanted


@pytest.mark.django_db
def test_persons_are_chosen_by_what_is_asked_of_them_and_a_draft_list_by_nobody(event):
    delegation = DelegationFactory(event=event, seats=20)
    expert = person(delegation, state="approved", category="expert", consent="participants")
    asked = person(delegation, state="nominated", mode="remote")
    head = person(delegation, state="approved", category="head", consent="not_given")
    ended = person(delegation, state="withdrawn")
    for fields in ({"invited_at": None, "state": "nominated"}, {"delegate__email": ""}):
        person(delegation, **fields)
    RegistrationFactory(delegation=delegation, delegate=None, state="placeholder")
    for fields, wanted in (
        ({}, [expert, asked, head]),
        ({"state": ["withdrawn"]}, [ended]),
        ({"state": ["withdrawn", "nominated"]}, [asked, ended]),
        ({"category": ["expert", "head"]}, [expert, head]),
        ({"category": ["expert", "head"], "state": ["nominated"]}, []),
        ({"mode": ["remote"]}, [asked]),
        ({"missing": ["confirmation", "consent"]}, [asked, head]),
        ({"missing": ["consent"]}, [head]),
    ):
        assert readers_of(draft(event, to="persons", asked=fields), timezone.now()) == wanted


@pytest.mark.django_db
def test_who_fits_and_gets_nothing_is_told_with_the_reason(event):
    told, silent = (DelegationFactory(event=event, answer="coming", seats=9) for _ in range(2))
    DelegationFactory(event=event, answer="declined")
    FocalPointFactory(delegation=told, invited_at=hours_from_now(-1))
    FocalPointFactory(delegation=silent, invited_at=None)
    driver = person(told, delegate__email="", state="approved")
    unknowing = person(told, invited_at=None, state="nominated")
    person(told, state="approved")
    focal, persons = (draft(event, to=to, asked={"answer": ["coming"]}) for to in ("focal", "persons"))
    assert unreached_by(focal, timezone.now()) == {"no_focal_point": [silent]}
    assert unreached_by(persons, timezone.now()) == {"no_address": [driver], "not_told": [unknowing]}


@pytest.mark.django_db
def test_what_has_not_left_is_taken_back_and_what_a_worker_holds_is_not(event):
    for _ in range(3):
        FocalPointFactory(event=event, invited_at=hours_from_now(-1))
    circular, other = draft(event, to="focal"), draft(event, to="focal")
    send(circular)
    send(other)
    sent, held, waiting = mails_of(circular).order_by("pk")
    OutboxMail.objects.filter(pk=sent.pk).update(state=MailState.SENT)
    OutboxMail.objects.filter(pk=held.pk).update(leased_until_at=hours_from_now(1))
    assert [recall_circular(circular, by=SYSTEM) for _ in range(2)] == [1, 0]
    assert list(mails_of(circular).order_by("pk").values_list("state", flat=True)) == ["sent", "queued", "dropped"]
    assert OutboxMail.objects.get(pk=waiting.pk).sealed_text == ""
    assert mails_of(other).in_state("queued").count() == 3
    assert AuditEntry.objects.filter(event=event, verb="circular.recall").get().details == {"messages": 1}


@pytest.mark.django_db
def test_one_person_of_two_delegations_is_written_to_once_and_a_shared_mailbox_for_each(event):
    same = {"name": "Ann", "email": "ann@example.org", "invited_at": hours_from_now(-1)}
    first, _second = (FocalPointFactory(delegation=DelegationFactory(event=event), **same) for _ in range(2))
    other = FocalPointFactory(event=event, **same | {"name": "Bob", "email": "ANN@example.org"})
    assert readers_of(draft(event, to="focal"), timezone.now()) == [first, other]


@pytest.mark.django_db
def test_message_leaves_in_the_readers_language_or_says_in_which_it_is(event):
    delegation = DelegationFactory(event=event, seats=20)
    names = {"delegate__given_name": "<b>", "delegate__family_name": "{url}"}
    readers = {code: person(delegation, delegate__language=code, **names) for code in ("en", "fr", "de")}
    words = WORDS | {"fr": {"subject": "Des nouvelles : {event}", "body": "{greeting}\n\nMerci."}}
    assert send(draft(event, words, to="persons")) == 3
    letters = {mail.language: outbox.letter(mail) for mail in OutboxMail.objects.all()}
    assert letters["en"].text.startswith("Dear <b> {url},\n\n**Bring** a pass, <b> {url}.\n\nhttp")
    assert "<p><strong>Bring</strong> a pass, &lt;b&gt; {url}.</p>" in letters["en"].html
    assert letters["fr"].subject == "Des nouvelles : Printemps"
    assert letters["de"].subject == "News of Spring"
    assert letters["de"].text.startswith("Diese Nachricht gibt es nur auf Englisch.\n\nDear")
    assert '<html lang="de">' in letters["de"].html
    assert '<div lang="en">' in letters["de"].html
    mail = OutboxMail.objects.get(about=str(readers["de"]))
    assert (mail.kind, mail.urgency, mail.is_secret, mail.reply_to) == ("circular", Urgency.BULK, False, event.mailbox)


@pytest.mark.django_db
def test_sent_once_recorded_and_closed(event):
    FocalPointFactory(event=event, invited_at=hours_from_now(-1))
    circular = draft(event, to="focal")
    assert [send(circular), send(circular)] == [1, 1]
    circular.refresh_from_db()
    assert (OutboxMail.objects.count(), circular.count, circular.sent_at is not None) == (1, 1, True)
    assert AuditEntry.objects.filter(event=event, verb="circular.send").get().details == {"readers": 1, "to": "focal"}
    for act in (keep_circular, drop_circular):
        with pytest.raises(NotAllowed, match="has been sent"):
            act(circular, by=SYSTEM)


@pytest.mark.django_db
def test_words_or_readers_that_changed_since_they_were_shown_are_shown_again(event):
    FocalPointFactory(event=event, invited_at=hours_from_now(-1))
    circular = draft(event, to="focal")
    seal = seal_of(circular, readers_of(circular, timezone.now()))
    FocalPointFactory(event=event, invited_at=hours_from_now(-1))
    with pytest.raises(ReadersChanged):
        send_circular(circular, seal=seal, by=SYSTEM)
    seal = seal_of(circular, readers_of(circular, timezone.now()))
    Circular.objects.filter(pk=circular.pk).update(words={"en": {"subject": "Other", "body": "words"}})
    with pytest.raises(ReadersChanged):
        send_circular(circular, seal=seal, by=SYSTEM)
    assert OutboxMail.objects.count() == 0


@pytest.mark.django_db
def test_nobody_and_nothing_are_not_sent(event):
    with pytest.raises(NotAllowed, match="nobody to write to"):
        send(draft(event, to="focal"))
    FocalPointFactory(event=event, invited_at=hours_from_now(-1))
    with pytest.raises(NotAllowed, match="nothing written"):
        send(draft(event, {"fr": WORDS["en"]}, to="focal"))


@pytest.mark.django_db
@pytest.mark.parametrize("row", [{"to": "everybody"}, {"count": 1}])
def test_table_refuses_what_makes_no_sense(event, row):
    with pytest.raises(IntegrityError), transaction.atomic():
        Circular.objects.create(**{"event": event, "changed_at": timezone.now()} | row)


@pytest.mark.django_db(transaction=True)
def test_eight_presses_at_once_send_once():
    event = EventFactory()
    for _ in range(3):
        FocalPointFactory(event=event, invited_at=hours_from_now(-1))
    circular, start, counts = draft(event, to="focal"), threading.Barrier(8), []

    def press():
        try:
            start.wait()
            counts.append(send(Circular.objects.get(pk=circular.pk)))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [3] * 8
    assert OutboxMail.objects.count() == 3
    assert AuditEntry.objects.filter(verb="circular.send").count() == 1


# The pages


@pytest.fixture
def organiser(client, event):
    client.force_login(StaffRoleFactory(event=event).user)
    return client


def page(event, name, *args):
    return reverse(f"organise:{name}", args=[event.slug, *args])


def typed(**given):
    return {"to": "focal", "en-subject": "Hello {name}", "en-body": "To {organisation}"} | given


@pytest.mark.django_db
def test_draft_is_kept_shown_with_a_real_reader_counted_sent_and_its_fate_told(organiser, event):
    FocalPointFactory(event=event, invited_at=hours_from_now(-1))
    bob = FocalPointFactory(event=event, name="Bob", invited_at=hours_from_now(-1))
    review = organiser.post(page(event, "circular_add"), typed(look="")).headers["Location"]
    address = page(event, "circular", Circular.objects.get().public_id)
    assert (review, OutboxMail.objects.count()) == (address + "review/", 0)
    shown = organiser.get(review, {"reader": bob.public_id})
    assert shown.context["shown"]["subject"] == "Hello Bob"
    assert "Send 2 messages" in shown.content.decode()
    assert "Hello {name}" in organiser.get(page(event, "circulars")).content.decode()
    organiser.post(address + "send/", {"seal": shown.context["seal"]})
    organiser.post(address + "send/", {"seal": shown.context["seal"]})
    assert [mail.subject for mail in OutboxMail.objects.filter(to=bob.email)] == ["Hello Bob"]
    OutboxMail.objects.filter(to=bob.email).update(state=MailState.BOUNCED)
    assert organiser.get(address).context["states"] == [("queued", "Queued", 1), ("bounced", "Came back", 1)]
    assert organiser.get(review).headers["Location"] == address
    organiser.post(address + "recall/")
    assert organiser.get(address).context["states"] == [("dropped", "Dropped", 1), ("bounced", "Came back", 1)]
    assert "has been sent" in organiser.post(address, typed()).content.decode()
    assert Circular.objects.get().words["en"]["subject"] == "Hello {name}"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "language", "fields"),
    [
        ({"en-subject": ""}, "en", ["subject"]),
        ({"en-body": ""}, "en", ["body"]),
        ({"fr-subject": "Bonjour"}, "fr", ["body"]),
        ({"en-body": "{reason}"}, "en", ["body"]),
        ({"en-subject": "a\r\nBcc: b@example.org"}, "en", ["subject"]),
    ],
)
def test_words_that_cannot_leave_are_refused_and_stay_typed(organiser, event, given, language, fields):
    response = organiser.post(page(event, "circular_add"), typed(**given, **{"de-subject": "Kept", "de-body": "Kept too"}))
    form = response.context["form"]
    assert list(form.texts[language].errors) == fields
    assert form.texts["de"]["body"].value() == "Kept too"
    assert not Circular.objects.exists()


@pytest.mark.django_db
def test_draft_is_thrown_away_and_another_events_is_not_there(organiser, event):
    mine, other = draft(event), draft(EventFactory())
    assert organiser.get(page(event, "circular", other.public_id)).status_code == 404
    assert "News of {event}" in organiser.get(page(event, "circular_drop", mine.public_id)).content.decode()
    assert Circular.objects.count() == 2
    organiser.post(page(event, "circular_drop", mine.public_id))
    assert list(Circular.objects.all()) == [other]


@pytest.mark.django_db
def test_draft_a_colleague_changed_is_not_written_over_unseen(organiser, event):
    mine = draft(event)
    seen = organiser.get(page(event, "circular", mine.public_id)).context["form"]["seen"].value()
    keep_circular(Circular.objects.get(pk=mine.pk), by=SYSTEM)
    late = organiser.post(page(event, "circular", mine.public_id), typed(seen=seen))
    assert "changed this draft meanwhile" in late.content.decode()
    assert late.context["form"].texts["en"]["subject"].value() == "Hello {name}"
    assert Circular.objects.get().words == WORDS
    organiser.post(page(event, "circular", mine.public_id), typed(seen=late.context["form"]["seen"].value()))
    assert Circular.objects.get().words["en"]["subject"] == "Hello {name}"


@pytest.mark.django_db
def test_message_begins_from_a_list_or_from_an_earlier_one(organiser, event):
    earlier = draft(event, to="persons", asked={"state": ["approved"]})
    form = organiser.get(page(event, "circular_add"), {"like": earlier.public_id}).context["form"]
    assert (form["to"].value(), form["state"].value(), form.texts["en"]["subject"].value()) == ("persons", ["approved"], "News of {event}")
    form = organiser.get(page(event, "circular_add") + "?to=persons&category=head&category=deputy&state=").context["form"]
    assert (form["to"].value(), form["category"].value(), form["state"].value()) == ("persons", ["head", "deputy"], None)
    assert Circular.objects.count() == 1


@pytest.mark.django_db
def test_what_is_sent_while_the_mail_is_stopped_is_said_to_wait(organiser, event):
    FocalPointFactory(event=event, invited_at=hours_from_now(-1))
    stop_mail(event, by=SYSTEM)
    circular = draft(event, to="focal")
    shown = organiser.get(page(event, "circular_review", circular.public_id))
    assert "The mail is stopped" in shown.content.decode()
    sent = organiser.post(page(event, "circular_send", circular.public_id), {"seal": shown.context["seal"]}, follow=True)
    assert "1 message is queued; the mail is stopped." in sent.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_for_any_number(organiser, event, count, django_assert_num_queries):
    for _ in range(count):
        FocalPointFactory(event=event, invited_at=hours_from_now(-1))
        circular = draft(event, to="focal")
    with django_assert_num_queries(6):
        organiser.get(page(event, "circulars"))
    with django_assert_num_queries(7):
        organiser.get(page(event, "circular", circular.public_id))
    with django_assert_num_queries(10):
        organiser.get(page(event, "circular_review", circular.public_id))
    send(circular)
    with django_assert_num_queries(11):
        organiser.get(page(event, "circular", circular.public_id))


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["circular_add", "mail_text"])
def test_what_was_typed_after_the_sign_in_ended_can_be_sent_again(client, event, page):
    role = StaffRoleFactory(event=event)
    address = reverse(f"organise:{page}", args=[event.slug, *(["approved", "en"] if page == "mail_text" else [])])
    client.post(address, {"to": "focal", "subject": "ZqTyped", "body": "ZqBody {name}", "subject_en": "ZqTyped"})
    client.force_login(role.user)
    shown = client.get(address).context["pairs"]
    assert {("subject", "ZqTyped"), ("body", "ZqBody {name}"), ("to", "focal")} <= set(shown)
    client.post(address, {"drop_typed": ""})
    assert client.get(address).context.get("pairs") is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("", "to=persons"),
        ("state=approved&category=head", "to=persons&state=approved&category=head"),
        ("missing=consent", "to=persons&missing=consent"),
        ("q=zq", ""),
        ("changed=on", ""),
        ("state=any", ""),
        ("missing=list", ""),
    ],
)
def test_list_of_people_leads_to_a_message_that_asks_the_same_or_to_none(organiser, event, asked, written):
    assert organiser.get(page(event, "people") + "?" + asked).context["write_to"] == written


@pytest.mark.django_db
def test_list_of_delegations_leads_to_a_message_to_the_focal_points_of_those_shown(organiser, event):
    shown, _other = DelegationFactory(event=event, answer="coming"), DelegationFactory(event=event)
    name = shown.organisation.name
    assert organiser.get(page(event, "delegations"), {"answer": "coming"}).context["write_to"] == "to=focal&answer=coming"
    named = organiser.get(page(event, "delegations"), {"q": name}).context
    assert named["write_to"] == "to=focal&" + "&".join(f"delegation={row.public_id}" for row in named["rows"])
    assert shown in named["rows"]


@pytest.mark.django_db
def test_message_leads_to_whom_it_concerns_and_is_found_by_its_kind(organiser, event):
    focal_point = FocalPointFactory(event=event, invited_at=hours_from_now(-1))
    send(draft(event, to="focal"))
    outbox.queue(kind="approved", to="a@example.org", language="en", subject="S", text="T", dedup_key="zq", event=event)
    (mail,) = organiser.get(page(event, "mails"), {"kind": "circular"}).context["mails"]
    assert mail.concerns == page(event, "focal_point", focal_point.public_id)
    delegation = page(event, "delegation", focal_point.delegation.public_id)
    assert organiser.get(mail.concerns).headers["Location"] == delegation + "#focal-points"


@pytest.mark.django_db
def test_what_a_stop_holds_back_is_taken_out_by_kind_after_a_question(organiser, event):
    for number, kind in enumerate(["approved", "approved", "refused"]):
        outbox.queue(kind=kind, to="a@example.org", language="en", subject="S", text="T", dedup_key=f"zq{number}", event=event)
    outbox.queue(kind="approved", to="a@example.org", language="en", subject="S", text="T", dedup_key="zq-other", event=EventFactory())
    assert organiser.get(page(event, "mails")).context["waiting"] == []
    stop_mail(event, by=SYSTEM)
    rows = organiser.get(page(event, "mails")).context["waiting"]
    assert sorted((row["kind"], row["count"]) for row in rows) == [("approved", 2), ("refused", 1)]
    assert "Take out 2 messages" in organiser.get(page(event, "mail_drop", "approved")).content.decode()
    assert OutboxMail.objects.in_state("dropped").count() == 0
    organiser.post(page(event, "mail_drop", "approved"))
    organiser.post(page(event, "mail_drop", "approved"))
    assert list(OutboxMail.objects.in_state("queued").order_by("pk").values_list("dedup_key", flat=True)) == ["zq2", "zq-other"]
    assert AuditEntry.objects.filter(event=event, verb="mail.drop").get().details == {"kind": "approved", "messages": 2}
