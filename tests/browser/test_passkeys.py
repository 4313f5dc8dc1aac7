"""Passkeys in a real browser, under the strict policy: added, used to sign in alone, and said in words when none is there."""

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import expect, sync_playwright

from tests.conftest import chromium
from tests.factories import UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def visit(live_server, settings, monkeypatch):
    """A page of a fresh browser, and the errors its console shows."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs a loop in this thread
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium())
        page = browser.new_page(base_url=live_server.url)
        page.faults = []
        page.on("console", lambda message: page.faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        yield page
        browser.close()


def sign_in(page, user):
    page.goto("/en/accounts/login/")
    page.get_by_label("E-mail address").last.fill(user.email)
    page.get_by_label("Password").fill("a long sentence for tests")
    page.get_by_role("button", name="Sign in with a password").click()
    page.wait_for_url("**/en/my/")


def give_device(page):
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    return device, device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]


def test_passkey_is_added_and_signs_in_alone(visit):
    user = UserFactory()
    give_device(visit)
    sign_in(visit, user)
    visit.goto("/en/accounts/2fa/")
    visit.get_by_role("link", name="Add a passkey").click()
    visit.get_by_label("Password").fill("a long sentence for tests")
    visit.get_by_role("button", name="Continue").click()
    visit.get_by_label("Name of the passkey").fill("Laptop")
    visit.get_by_role("button", name="Add a passkey").click()
    expect(visit.get_by_role("heading", name="Recovery codes")).to_be_visible()
    key = Authenticator.objects.get(type="webauthn")
    assert (key.user, key.wrap().name, key.wrap().is_passwordless) == (user, "Laptop", True)
    visit.get_by_role("banner").get_by_role("button", name="Sign out").click()
    visit.goto("/en/accounts/login/")
    visit.get_by_role("button", name="Use a passkey").click()
    visit.wait_for_url("**/en/my/")
    expect(visit.get_by_text(user.display_name).first).to_be_visible()
    assert visit.faults == []


def test_passkey_that_is_not_there_is_said_in_words(visit):
    device, authenticator = give_device(visit)
    device.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False})
    visit.goto("/en/accounts/login/")
    expect(visit.get_by_text("The passkey could not be read.")).to_be_hidden()
    visit.get_by_role("button", name="Use a passkey").click()
    expect(visit.get_by_text("The passkey could not be read.")).to_be_visible()
    assert visit.faults == []
    visit.goto("/en/my/")
    expect(visit.get_by_role("heading", name="Sign in")).to_be_visible()


def test_sign_in_page_without_script_offers_no_passkey(live_server, visit):
    context = visit.context.browser.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    page.goto("/en/accounts/login/")
    expect(page.get_by_role("button", name="Use a passkey")).to_be_hidden()
    sign_in(page, UserFactory())
    page.goto("/en/accounts/2fa/webauthn/add/")
    page.get_by_label("Password").fill("a long sentence for tests")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Passkeys need JavaScript")).to_be_visible()
    context.close()
