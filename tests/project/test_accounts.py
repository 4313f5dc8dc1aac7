"""Accounts: by invitation only, entered by mailed code, password or passkey, and telling strangers nothing."""

import datetime as dt
import pathlib
import re

import allauth
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from django.utils import timezone, translation

from conference.adapter import words
from conference.lib.sealing import Sealer
from conference.models import User
from events.choices import StaffRoleName, Urgency
from events.models import OutboxMail, StaffRole
from tests.factories import EventFactory, StaffRoleFactory, UserFactory, hours_from_now

pytestmark = pytest.mark.django_db

PASSWORD = "a long sentence for tests"
SEED = "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def in_english():
    """Addresses are asked for in English, whatever the language of the test before."""
    with translation.override("en"):
        yield


@pytest.fixture
def user():
    return UserFactory(language="fr")


def last_mail():
    mail = OutboxMail.objects.latest("pk")
    return mail, Sealer(settings.DATA_KEYS).open(mail.sealed_text)


def last_code():
    return re.search(r"^[A-Z0-9]{3,}(-[A-Z0-9]+)*$", last_mail()[1], re.MULTILINE).group()


def ask_code(client, user, **extra):
    return client.post(reverse("account_request_login_code"), {"email": user.email, **extra})


def type_code(client, code, **extra):
    return client.post(reverse("account_confirm_login_code"), {"code": code, **extra})


def is_signed_in(client):
    return "_auth_user_id" in client.session


def totp_now():
    return format_hotp_value(hotp_value(SEED, next(iter(yield_hotp_counters_from_time()))))


def another_code(client):
    page = client.get(f"{reverse('account_confirm_login_code')}?next=/en/contact/").content.decode()
    form = r'action="([^"]+another/)">\s*<input[^>]+>\s*<input type="hidden" name="next" value="([^"]+)"'
    action, following = re.search(form, page).groups()
    return client.post(action, {"next": following}, follow=True)


def test_another_code_is_sent_and_ends_the_first(client, user):
    ask_code(client, user)
    first = last_code()
    assert "Another code is on its way" in another_code(client).content.decode()
    assert last_code() != first
    type_code(client, first)
    assert not is_signed_in(client)
    assert type_code(client, last_code(), next="/en/contact/").url == "/en/contact/"
    assert is_signed_in(client)


def test_another_code_takes_the_same_work_for_an_unknown_address(client, user):
    kinds, pages = [], []
    for email in (user.email, "nobody@example.org"):
        client.cookies.clear()
        client.post(reverse("account_request_login_code"), {"email": email})
        with CaptureQueriesContext(connection) as queries:
            page = another_code(client).content.decode()
        # What is written; the library reads the owner of a known address once more, as it does when the first code is asked for.
        kinds.append([query["sql"].split()[:3] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))])
        pages.append(re.sub(r'value="\w{64}"', "", page).replace(email, ""))
    sealed = [kind for kind in kinds[0] if "OutboxMail" in kind[2] or "outboxmail" in kind[2]]
    assert (pages[0] == pages[1], sealed != [], [kind for kind in kinds[0] if kind not in kinds[1]]) == (True, True, [])


def test_another_code_counts_against_the_limit_of_asking(client, user, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"request_login_code": "2/m/key"}
    ask_code(client, user)
    another_code(client)
    sent = OutboxMail.objects.count()
    assert "Too many attempts were made" in another_code(client).content.decode()
    assert OutboxMail.objects.count() == sent == 2


def test_nobody_who_waits_for_no_code_is_sent_another(client):
    assert client.post(reverse("another_code")).url == reverse("account_request_login_code")
    assert OutboxMail.objects.count() == 0


# The library's words and pages are ours


def library_templates(app, folder):
    root = pathlib.Path(allauth.__file__).parent / "templates" / app / folder
    return {path.name for path in root.iterdir()}


# Messages that cannot arise here: nobody signs up, resets go by code, strangers are never written to.
NEVER_SENT = {"account_already_exists", "unknown_account", "password_reset_key", "password_reset_code_signup"}


def test_every_message_of_the_library_has_words_of_ours():
    names = library_templates("account", "email") | library_templates("mfa", "email")
    kinds = {name.removesuffix("_subject.txt") for name in names if name.endswith("_subject.txt")}
    assert kinds - NEVER_SENT == set(words.CODES) | set(words.NOTICES)


# What the next page shows anyway, and telephones, which we do not ask for.
NOT_SAID = {
    "account/messages/email_confirmed.txt",
    "account/messages/logged_in.txt",
    "account/messages/logged_out.txt",
    "account/messages/login_code_sent.txt",
    "account/messages/phone_verification_sent.txt",
    "account/messages/phone_verified.txt",
}


def test_every_sentence_of_the_library_has_words_of_ours():
    apps = ("account", "mfa", "usersessions")
    names = {f"{app}/messages/{name}" for app in apps for name in library_templates(app, "messages")}
    assert names - NOT_SAID == set(words.SAID)


def account_pages():
    """Every address of the accounts library that takes no argument."""
    for pattern in get_resolver().url_patterns:
        for inner in getattr(pattern, "url_patterns", []):
            if str(inner.pattern) == "accounts/":
                yield from names_below(inner)


def names_below(resolver):
    for pattern in resolver.url_patterns:
        if pattern.pattern.converters:
            continue
        if hasattr(pattern, "url_patterns"):
            yield from names_below(pattern)
        else:
            yield pattern.name


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_account_page_wears_our_layout(user, language):
    signed_in = Client()
    signed_in.force_login(user)
    signed_in.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    seen = set()
    for client in (Client(), signed_in):
        for name in account_pages():
            with translation.override(language):
                address = reverse(name)
            response = client.get(address)
            if response.status_code == 302:
                continue
            body = response.content.decode()
            assert response.status_code in (200, 403, 404), name
            assert 'class="masthead"' in body, name
            assert f'<html lang="{language}"' in body, name
            assert not re.search(r"<script(?![^>]* src=)(?![^>]*application/json)|<style| style=| on\w+=", body), name
            seen.add(name)
    assert {"account_login", "account_request_login_code", "account_reset_password", "account_signup", "account_inactive"} <= seen
    assert {"account_email", "account_change_password", "mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "usersessions_list"} <= seen


def test_pages_between_the_steps_wear_our_layout(client, user):
    pages = {}
    ask_code(client, user)
    pages["code"] = client.get(reverse("account_confirm_login_code"))
    client.post(reverse("account_logout"))
    client.post(reverse("account_reset_password"), {"email": user.email})
    pages["reset code"] = client.get(reverse("account_confirm_password_reset_code"))
    client.post(reverse("account_confirm_password_reset_code"), {"code": last_code()})
    pages["new password"] = client.get(reverse("account_complete_password_reset"))
    client.post(reverse("account_logout"))
    TOTP.activate(user, SEED)
    RecoveryCodes.activate(user)
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    pages["second factor"] = client.get(reverse("mfa_authenticate"))
    client.post(reverse("mfa_authenticate"), {"code": totp_now()})
    pages["again"] = client.get(reverse("mfa_reauthenticate"))
    pages["again by password"] = client.get(reverse("account_reauthenticate"))
    key = Authenticator.objects.create(user=user, type="webauthn", data={"name": "Zq", "credential": {}})
    pages["passkeys"] = client.get(reverse("mfa_list_webauthn"))
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    pages["recovery codes"] = client.get(reverse("mfa_view_recovery_codes"))
    pages["remove app"] = client.get(reverse("mfa_deactivate_totp"))
    pages["rename"] = client.get(reverse("mfa_edit_webauthn", args=[key.pk]))
    pages["remove"] = client.get(reverse("mfa_remove_webauthn", args=[key.pk]))
    pages["new codes"] = client.get(reverse("mfa_generate_recovery_codes"))
    for name, response in pages.items():
        assert response.status_code == 200, name
        assert 'class="masthead"' in response.content.decode(), name
        assert "allauth" not in response.content.decode().split("<main")[1].split("</main>")[0], name


# Codes


def test_code_is_urgent_secret_and_in_the_readers_language(client, user):
    ask_code(client, user)
    mail, text = last_mail()
    assert (mail.kind, mail.to, mail.user, mail.language) == ("login_code", user.email, user, "fr")
    assert (mail.urgency, mail.is_secret) == (Urgency.CODE, True)
    assert mail.expires_at - mail.queued_at == pytest.approx(dt.timedelta(minutes=30), abs=dt.timedelta(seconds=5))
    assert last_code() not in mail.subject
    assert "30" in text


def test_code_of_one_without_a_language_is_in_the_pages(client):
    user = UserFactory(language="")
    client.post("/nl/accounts/login/code/", {"email": user.email})
    assert last_mail()[0].language == "nl"


def test_code_signs_in_once_and_renews_the_session(client, user):
    ask_code(client, user)
    before, code = client.session.session_key, last_code()
    assert type_code(client, code)["Location"] == "/en/my/"
    assert is_signed_in(client)
    assert client.session.session_key != before
    other = Client()
    ask_code(other, user)
    assert type_code(other, code).status_code == 200
    assert not is_signed_in(other)


@pytest.mark.parametrize(("minutes", "signed_in"), [(29, True), (31, False)])
def test_code_lives_30_minutes(client, user, time_machine, minutes, signed_in):
    time_machine.move_to(timezone.now())
    ask_code(client, user)
    code = last_code()
    time_machine.shift(dt.timedelta(minutes=minutes))
    type_code(client, code)
    assert is_signed_in(client) is signed_in


def test_code_is_tried_three_times(client, user):
    ask_code(client, user)
    code = last_code()
    assert [type_code(client, "WRONGCODE").status_code for _ in range(3)] == [200, 200, 302]
    type_code(client, code)
    assert not is_signed_in(client)


# Strangers learn nothing


def answer(client, address, data):
    response = client.post(address, data, follow=True)
    body = re.sub(rb'value="\w{64}"', b"", response.content).replace(data.get("email", data.get("login")).encode(), b"ADDRESS")
    return response.status_code, response.redirect_chain, body


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("account_request_login_code", {"email": None}),
        ("account_reset_password", {"email": None}),
        ("account_login", {"login": None, "password": "not the password at all"}),
    ],
)
def test_known_and_unknown_addresses_get_the_same_answer(user, name, data):
    unknown = "nobody@example.org"
    answers = [answer(Client(), reverse(name), {key: value or address for key, value in data.items()}) for address in (user.email, unknown)]
    assert answers[0] == answers[1]
    assert not OutboxMail.objects.filter(to=unknown).exists()


@pytest.mark.parametrize("name", ["account_request_login_code", "account_reset_password"])
def test_known_and_unknown_addresses_take_the_same_work(user, name):
    """How long an answer takes tells nothing: a message is composed, sealed and written for both, and taken out again for one."""
    work = []
    for address in (user.email, "nobody@example.org"):
        with CaptureQueriesContext(connection) as queries:
            Client().post(reverse(name), {"email": address})
        work.append(sum('INSERT INTO "events_outboxmail"' in query["sql"] for query in queries))
    assert work == [1, 1]
    assert [mail.to for mail in OutboxMail.objects.all()] == [user.email]


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_signs_up(client, method):
    response = getattr(client, method)(reverse("account_signup"), {"email": "new@example.org", "password1": PASSWORD})
    assert "Accounts are made by invitation" in response.content.decode()
    assert not User.objects.exists()


def test_closed_account_does_not_sign_in(client, user):
    User.objects.update(is_active=False)
    ask_code(client, user)
    if OutboxMail.objects.exists():
        type_code(client, last_code())
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert not is_signed_in(client)


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_sign_in_leads_nowhere_else(client, user, target):
    ask_code(client, user, next=target)
    assert type_code(client, last_code(), next=target)["Location"] == "/en/my/"


def test_sign_in_leads_to_the_page_one_came_for(client, user):
    ask_code(client, user, next="/en/privacy/")
    assert type_code(client, last_code(), next="/en/privacy/")["Location"] == "/en/privacy/"


def test_password_is_tried_five_times(client, user):
    for _ in range(5):
        client.post(reverse("account_login"), {"login": user.email, "password": "not the password at all"})
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("name", "status", "said"),
    [("account_request_login_code", 200, "This was tried too often."), ("account_reset_password", 429, "Too many tries")],
)
def test_codes_are_limited_by_network_address_whatever_a_stranger_writes_into_the_request(name, status, said):
    asked = [
        Client().post(reverse(name), {"email": f"a{number}@example.org"}, HTTP_X_FORWARDED_FOR=f"10.2.3.{number}") for number in range(21)
    ]
    assert [response.status_code for response in asked] == [302] * 20 + [status]
    assert said in asked[-1].content.decode()


@pytest.mark.parametrize(("limit", "signed_in"), [(None, 40), ("10/10m/ip", 10)])
def test_forty_people_of_one_ministry_sign_in_within_ten_minutes(settings, time_machine, limit, signed_in):
    """Behind one address, twenty in the first minute and the others one after another; the control has a limit too low for them."""
    if limit:
        settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"request_login_code": limit}
    time_machine.move_to(timezone.now(), tick=False)
    done = 0
    for number in range(40):
        person, client = UserFactory(), Client(REMOTE_ADDR="192.0.2.10")
        if client.post(reverse("account_request_login_code"), {"email": person.email}).status_code == 302:
            type_code(client, last_code())
            done += is_signed_in(client)
        time_machine.shift(3 if number < 20 else 25)
    assert done == signed_in


def test_password_that_is_short_is_refused(client, user):
    client.force_login(user)
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": "short pass 123", "password2": "short pass 123"})
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_password_set_ends_other_sessions_and_is_told(client, user):
    other = Client()
    for each in (client, other):
        each.force_login(user)
    new = "another long sentence"
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})
    user.refresh_from_db()
    assert user.check_password(new)
    assert other.get("/en/my/").status_code == 302
    mail, _text = last_mail()
    assert (mail.kind, mail.to, mail.is_secret) == ("password_changed", user.email, False)


# Signing out


def test_sign_out_ends_the_session_and_clears_the_browser(client, user):
    client.force_login(user)
    key = client.session.session_key
    response = client.post(reverse("account_logout"))
    assert response["Location"] == "/en/"
    assert response["Clear-Site-Data"] == '"cache", "cookies"'
    again = Client()
    again.cookies[settings.SESSION_COOKIE_NAME] = key
    assert again.get("/en/my/").status_code == 302


def test_sign_out_of_the_organisers_site_is_the_same(client, user):
    client.force_login(user)
    User.objects.update(is_superuser=True)
    assert client.get(reverse("admin:logout")).status_code == 405
    response = client.post(reverse("admin:logout"))
    assert response["Clear-Site-Data"] == '"cache", "cookies"'
    assert not is_signed_in(client)


def test_other_pages_do_not_clear_the_browser(client, user):
    client.force_login(user)
    assert "Clear-Site-Data" not in client.get("/en/my/").headers


def test_sessions_are_listed_and_ended(client, user):
    other = Client(HTTP_USER_AGENT="Zq-Browser")
    for each in (client, other):
        ask_code(each, user)
        type_code(each, last_code())
    page = client.get(reverse("usersessions_list")).content.decode()
    assert "Zq-Browser" in page
    client.post(reverse("usersessions_list"))
    assert other.get("/en/my/").status_code == 302
    assert client.get("/en/my/").status_code == 200


# Second factors


def test_seeds_of_second_factors_are_sealed(user):
    TOTP.activate(user, SEED)
    recovery = RecoveryCodes.activate(user)
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        raw = str(cursor.fetchall())
    assert SEED not in raw
    assert recovery.instance.data["seed"] not in (None, "")
    assert Sealer(settings.DATA_KEYS).open(recovery.instance.data["seed"])
    for code in recovery.get_unused_codes():
        assert code not in raw


def test_second_factor_is_asked_after_the_code(client, user):
    TOTP.activate(user, SEED)
    ask_code(client, user)
    assert type_code(client, last_code())["Location"] == "/en/accounts/2fa/authenticate/"
    assert not is_signed_in(client)
    assert client.get("/en/my/").status_code == 302
    client.post(reverse("mfa_authenticate"), {"code": totp_now()})
    assert is_signed_in(client)


def test_authenticator_app_is_added_by_its_code(client, user):
    client.force_login(user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    assert "<svg" in page
    assert "data:image" not in page
    seed = client.session["mfa.totp.secret"]
    code = format_hotp_value(hotp_value(seed, next(iter(yield_hotp_counters_from_time()))))
    response = client.post(reverse("mfa_activate_totp"), {"code": code})
    assert response["Location"] == reverse("mfa_view_recovery_codes")
    assert Authenticator.objects.filter(user=user, type="totp").count() == 1


# The organisers' site


def test_stranger_at_the_organisers_site_is_asked_to_sign_in(client):
    response = client.get("/admin/")
    assert response["Location"].startswith("/admin/login/")
    response = client.get(response["Location"])
    assert response["Location"] == "/en/accounts/login/?next=/admin/"


def test_person_without_a_role_is_refused(client, user):
    client.force_login(user)
    assert client.get("/admin/", follow=True).status_code == 403


def test_organiser_enters(client, user):
    StaffRoleFactory(user=user)
    client.force_login(user)
    assert client.get("/admin/").status_code == 200


def test_organiser_without_a_second_factor_is_sent_to_add_one(client, user, settings):
    settings.STAFF_MFA_REQUIRED = True
    role = StaffRoleFactory(user=user)
    client.force_login(user)
    for address in ("/admin/", f"/admin/at/{role.event.slug}/"):
        response = client.get(address, follow=True)
        assert response.redirect_chain[-1][0].endswith("/accounts/2fa/?needed=1")
        assert 'role="alert"' in response.content.decode()
    TOTP.activate(user, SEED)
    assert client.get("/admin/").status_code == 200


def test_recovery_codes_alone_are_no_second_factor(client, user, settings):
    settings.STAFF_MFA_REQUIRED = True
    StaffRoleFactory(user=user)
    RecoveryCodes.activate(user)
    client.force_login(user)
    assert client.get("/admin/").status_code == 302


def test_role_given_to_an_address_is_taken_up_at_sign_in(client, user):
    role = StaffRole.objects.create(event=EventFactory(), email=user.email, role=StaffRoleName.PRESS, from_at=hours_from_now(-1))
    ask_code(client, user)
    type_code(client, last_code())
    role.refresh_from_db()
    assert role.user == user


# Addresses


def test_second_address_counts_once_its_code_is_typed(client, user):
    client.force_login(user)
    client.post(reverse("account_email"), {"action_add": "", "email": "Second@example.org"})
    assert list(EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)) == [user.email]
    mail, _text = last_mail()
    assert (mail.kind, mail.to) == ("email_confirmation", "second@example.org")
    client.post(reverse("account_email_verification_sent"), {"code": last_code()})
    assert EmailAddress.objects.filter(user=user, verified=True).count() == 2


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_passkeys_costs_the_same_for_any_number(client, user, count, django_assert_num_queries):
    client.force_login(user)
    for number in range(count):
        Authenticator.objects.create(user=user, type="webauthn", data={"name": f"Key {number}", "credential": {}})
    with django_assert_num_queries(4):
        response = client.get(reverse("mfa_list_webauthn"))
    assert len(response.context["authenticators"]) == count
