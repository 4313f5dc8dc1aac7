"""Printed invitation letters: the code is told once, typed as people type, spent once; and it alone opens nothing."""

import html
import re

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from conference.actions import tidy
from conference.lib import tokens
from conference.lib.sealing import Sealer, new_key
from conference.lib.viewer import SYSTEM
from delegates import actions
from delegates.models import FocalPoint, Invitation, InvitationLetter
from events.models import AuditEntry, Event, OutboxMail
from events.rules import NotAllowed
from tests.factories import (
    DelegationFactory,
    EventFactory,
    LetterFactory,
    OrganisationFactory,
    StaffRoleFactory,
    VenueFactory,
    days_from_now,
    hours_from_now,
)

pytestmark = pytest.mark.django_db
HOLDER = {"name": "Ada Byron", "email": "ada@example.org", "language": "fr"}
SAID = {"language": "en", "call_name": "Protocol desk", "call_phone": "+32 2 123 45 67"}
SENT = "/en/code/sent/"


@pytest.fixture(autouse=True)
def _no_limits_left_over():
    cache.clear()


@pytest.fixture
def delegation():
    event = EventFactory(title_en="Autumn meeting", title_fr="Réunion d’automne", mailbox="desk@example.org")
    return DelegationFactory(event=event, organisation=OrganisationFactory(name_en="Border Service", name_fr="Service des frontières"))


@pytest.fixture
def organiser(delegation, client):
    client.force_login(StaffRoleFactory(event=delegation.event, is_duty_organiser=True).user)
    return client


def made(delegation, key="k"):
    return actions.make_letter(delegation, key=key, by=SYSTEM)


def use(code, **typed):
    return Client().post(reverse("delegates:letter_code"), {"code": code} | HOLDER | typed)


def page_of(delegation):
    return reverse("organise:letter", args=[delegation.event.slug, delegation.public_id])


def shown(response) -> bytes:
    """A page without its token and without the code that was typed."""
    return re.sub(rb'name="(csrfmiddlewaretoken|code)" value="[^"]*"', b"", response.content)


def code_in(response) -> str:
    return re.search(r"\b[A-Z]{4}-[A-Z]{4}-[A-Z]{4}\b", response.content.decode())[0]


def test_code_has_twelve_letters_of_an_alphabet_in_which_nothing_is_read_for_something_else():
    codes = [tokens.typed_code() for _ in range(200)]
    assert (len(set(codes)), {len(code) for code in codes}, len(tokens.TYPED_ALPHABET)) == (200, {14}, 21)
    assert set("".join(codes)) == set(tokens.TYPED_ALPHABET) | {"-"}
    assert set("ILOQU0125") & set("".join(codes)) == set()


@pytest.mark.parametrize("typed", ["ABCD-EFGH-JKMN", "abcdefghjkmn", " ABCD EFGH  JKMN ", "Abcd–Efgh—Jkmn.", "ＡＢＣＤefghｊｋｍｎ"])
def test_code_is_read_as_people_type_it(typed):
    assert tokens.code_digests(typed, ["k"]) == tokens.code_digests("ABCD-EFGH-JKMN", ["k"])


def test_only_a_keyed_digest_is_kept_and_a_new_key_still_reads_the_old_letters(delegation, settings):
    letter, code = made(delegation)
    assert code not in str(InvitationLetter.objects.values().get(pk=letter.pk))
    assert letter.code_digest == tokens.code_digests(code, settings.DATA_KEYS)[0] != tokens.digest(tokens.typed_letters(code))
    settings.DATA_KEYS = [new_key(), *settings.DATA_KEYS]
    assert use(code).headers["Location"] == SENT


def test_opening_the_page_changes_nothing_and_the_right_code_tells_the_organisers_at_once(delegation, organiser):
    letter, code = made(delegation)
    assert [Client().get(reverse("delegates:letter_code")).status_code for _ in range(3)] == [200] * 3
    letter.refresh_from_db()
    assert letter.used_at is None
    assert use(code.lower().replace("-", " ")).headers["Location"] == SENT
    letter.refresh_from_db()
    duty = Event.objects.get().staff_roles.get().user
    assert (letter.name, letter.email, letter.language) == ("Ada Byron", "ada@example.org", "fr")
    assert [mail.to for mail in OutboxMail.objects.filter(kind="letter_used")] == [duty.email]
    assert (FocalPoint.objects.count(), Invitation.objects.count()) == (0, 0)
    assert [entry.verb for entry in AuditEntry.objects.order_by("number")] == ["letter.make", "letter.use"]
    text = Sealer(settings.DATA_KEYS).open(OutboxMail.objects.get(kind="letter_used").sealed_text)
    assert ("Ada" in text, "ada@example.org" in text, "Border Service" in text) == (False, False, True)


def test_without_a_duty_organiser_the_mailbox_of_the_event_is_told(delegation):
    use(made(delegation)[1])
    assert [mail.to for mail in OutboxMail.objects.filter(kind="letter_used")] == ["desk@example.org"]


def test_every_code_that_cannot_be_used_gets_the_same_bytes_and_the_same_work(delegation):
    other = DelegationFactory(event=delegation.event)
    use("warm")  # what is read once is read
    codes = {"wrong": "ABCD-EFGH-JKMN", "nonsense": "0"}
    codes["used"] = made(delegation, "a")[1]
    use(codes["used"])
    codes["expired"] = made(delegation, "b")[1]
    InvitationLetter.objects.unspent().update(expires_at=hours_from_now(-1), made_at=hours_from_now(-2))
    codes["revoked"] = made(other, "c")[1]
    actions.revoke_letter(InvitationLetter.objects.get(delegation=other), by=SYSTEM)
    closed = EventFactory()
    codes["closed event"] = made(DelegationFactory(event=closed), "d")[1]
    Event.objects.filter(pk=closed.pk).update(state="closed")
    answers = {}
    for kind, code in codes.items():
        with CaptureQueriesContext(connection) as queries:
            answer = use(code)
        answers[kind] = (
            answer.status_code,
            shown(answer),
            [query["sql"].split()[::2][:2] for query in queries if "SAVEPOINT" not in query["sql"]],
        )
    assert [kind for kind in answers if answers[kind] != answers["wrong"]] == []
    assert InvitationLetter.objects.filter(used_at__isnull=False).count() == 1


def test_organiser_confirms_and_the_ordinary_invitation_proves_the_address(delegation, organiser):
    letter, code = made(delegation)
    use(code)
    decide = reverse("organise:letter_decide", args=[delegation.event.slug, letter.public_id])
    page = organiser.get(decide).content.decode()
    assert ("Ada Byron" in page, "ada@example.org" in page) == (True, True)
    organiser.post(decide, {"confirm": "yes"})
    letter.refresh_from_db()
    focal = FocalPoint.objects.get()
    assert (focal.name, focal.email, focal.language, focal.user, focal.delegation) == (
        "Ada Byron",
        "ada@example.org",
        "fr",
        None,
        delegation,
    )
    assert (letter.focal_point, letter.name, letter.email) == (focal, "", "")
    assert [mail.to for mail in OutboxMail.objects.filter(kind="focal_point_invited")] == ["ada@example.org"]
    assert organiser.post(decide, {"confirm": "yes"}).status_code == 404


def test_refusing_forgets_what_the_holder_wrote_and_writes_to_nobody(delegation, organiser):
    letter, code = made(delegation)
    use(code)
    before = OutboxMail.objects.count()
    organiser.post(reverse("organise:letter_decide", args=[delegation.event.slug, letter.public_id]), {"refuse": "yes"})
    letter.refresh_from_db()
    assert (letter.name, letter.email, letter.focal_point, FocalPoint.objects.count()) == ("", "", None, 0)
    assert OutboxMail.objects.count() == before


def test_holder_who_is_a_focal_point_already_stays_undecided_with_the_reason(delegation, organiser):
    letter, code = made(delegation)
    actions.add_focal_point(delegation, name="Ada", email="ADA@example.org", language="en", by=SYSTEM)
    use(code)
    address = reverse("organise:letter_decide", args=[delegation.event.slug, letter.public_id])
    page = organiser.post(address, {"confirm": "yes"}, follow=True).content.decode()
    letter.refresh_from_db()
    assert ("is a focal point of this delegation already" in page, letter.decided_at) == (True, None)


def test_nobody_decided_in_time_and_the_holder_is_forgotten(delegation):
    letter, code = made(delegation)
    use(code)
    InvitationLetter.objects.update(used_at=hours_from_now(-29 * 24), made_at=hours_from_now(-40 * 24))
    tidy(timezone.now())
    letter.refresh_from_db()
    assert letter.name == "Ada Byron"
    InvitationLetter.objects.update(used_at=hours_from_now(-31 * 24))
    tidy(timezone.now())
    letter.refresh_from_db()
    assert (letter.name, letter.email, letter.decided_at is not None) == ("", "", True)


def test_letter_is_shown_once_and_a_new_one_ends_the_earlier_code(delegation, organiser):
    assert (
        organiser.get(page_of(delegation)).context["form"]["key"].value()
        != organiser.get(page_of(delegation)).context["form"]["key"].value()
    )
    first = organiser.post(page_of(delegation), SAID | {"key": "first"})
    again = organiser.post(page_of(delegation), SAID | {"key": "first"}, follow=True)
    assert (first.status_code, "no-store" in first.headers["Cache-Control"]) == (200, True)
    assert ("its code is shown once" in again.content.decode(), code_in(first) in again.content.decode()) == (True, False)
    second = organiser.post(page_of(delegation), SAID | {"key": "second"})
    assert code_in(first) != code_in(second)
    assert use(code_in(first)).status_code == 200
    assert use(code_in(second)).status_code == 302
    rows = organiser.get(reverse("organise:delegation", args=[delegation.event.slug, delegation.public_id])).context["letters"]
    assert [row["stage"].name for row in rows] == ["WAITING", "REVOKED"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Border Service", "Autumn meeting", "Madam, Sir,", "/en/code/", "Protocol desk, +32 2 123 45 67", "Times are those of"]),
        ("fr", ["Service des frontières", "Réunion d’automne", "Madame, Monsieur,", "/fr/code/"]),
        ("nl", ["Geachte mevrouw, geachte heer,", "/nl/code/"]),
        ("de", ["Sehr geehrte Damen und Herren,", "/de/code/"]),
    ],
)
def test_letter_speaks_the_language_of_the_delegation_inside_the_organisers_own(delegation, organiser, language, words):
    event = delegation.event
    VenueFactory(event=event, city_en="Ghent", city_audience="public", name_en="Hidden Hall", address_audience="participants")
    page = organiser.post(page_of(delegation), SAID | {"language": language, "place": "Brugge", "key": "k"}).content.decode()
    assert [word for word in [*words, "Ghent", "Brugge"] if word not in html.unescape(page)] == []
    assert (f'<article class="letter" lang="{language}">' in page, "Hidden Hall" in page) == (True, False)
    assert "Print this page now" in page
    with translation.override(language):
        assert Client().get(reverse("delegates:letter_code")).status_code == 200


def test_history_of_the_delegation_tells_of_its_letters(delegation, organiser):
    organiser.post(page_of(delegation), SAID | {"key": "k"})
    history = organiser.get(reverse("organise:delegation", args=[delegation.event.slug, delegation.public_id])).context["history"]
    assert [act.verb for act in history] == ["letter.make"]


def test_letter_without_a_number_to_call_is_not_made(delegation, organiser):
    answer = organiser.post(page_of(delegation), SAID | {"call_phone": "call us", "key": "k"})
    assert (list(answer.context["form"].errors), InvitationLetter.objects.count()) == (["call_phone"], 0)


def test_letter_expires_after_sixty_days_or_with_the_event_and_none_is_made_after_it(delegation):
    Event.objects.update(first_date=days_from_now(5), last_date=days_from_now(6))
    delegation.event.refresh_from_db()
    letter, _code = made(delegation)
    assert (letter.expires_at - timezone.now()).days in (6, 7)
    Event.objects.update(first_date=days_from_now(-5), last_date=days_from_now(-3))
    with pytest.raises(NotAllowed, match="This event is over"):
        made(delegation, "other")


def test_letter_is_revoked_after_being_asked(delegation, organiser):
    letter, code = made(delegation)
    address = reverse("organise:letter_revoke", args=[delegation.event.slug, letter.public_id])
    assert organiser.get(address).status_code == 200
    organiser.post(address)
    assert (use(code).status_code, organiser.get(address).status_code) == (200, 404)
    assert AuditEntry.objects.filter(verb="letter.revoke").count() == 1


def test_tries_are_limited_for_one_network_address_and_for_all_together(delegation, settings):
    code = made(delegation)[1]
    statuses = [use("ABCD-EFGH-JKMN").status_code for _ in range(21)]
    assert statuses == [200] * 20 + [429]
    assert use(code).status_code == 429
    cache.clear()
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"letter_code": "20/10m/ip,3/h/key"}
    tried = [
        Client(REMOTE_ADDR=f"192.0.2.{number}").post(reverse("delegates:letter_code"), {"code": "A"} | HOLDER).status_code
        for number in range(4)
    ]
    assert tried == [200, 200, 200, 429]


def test_constraints_of_letters(delegation):
    LetterFactory(delegation=delegation)
    for name, wrong in {
        "letter_one_unspent": {},
        "letter_expires_after_made": {"made_at": hours_from_now(1), "expires_at": timezone.now(), "revoked_at": timezone.now()},
        "letter_keeps_its_holder_until_decided": {"used_at": timezone.now()},
        "letter_decided_by_somebody": {"revoked_at": timezone.now(), "focal_point": FocalPoint(pk=1)},
    }.items():
        words = name if name != "letter_one_unspent" else "delegation_id|letter_one_unspent"
        with pytest.raises(IntegrityError, match=words), transaction.atomic():
            LetterFactory(delegation=delegation, **wrong)


@pytest.mark.parametrize("count", [1, 3])
def test_page_of_a_delegation_costs_the_same_for_any_number_of_letters(delegation, organiser, count, django_assert_num_queries):
    for _ in range(count):
        LetterFactory(delegation=delegation, revoked_at=timezone.now(), made_by=StaffRoleFactory(event=delegation.event).user)
    address = reverse("organise:delegation", args=[delegation.event.slug, delegation.public_id])
    organiser.get(address)
    with django_assert_num_queries(14):
        organiser.get(address)
