"""The main job through the real pages, with JavaScript off and on: a focal point invited, a list sent, a person registered and approved."""

import email
import email.policy
import pathlib
import re

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from delegates.models import Registration
from events.choices import Audience
from tests.browser.conftest import axe_findings
from tests.factories import (
    DelegationFactory,
    EventFactory,
    FocalPointFactory,
    OrganisationFactory,
    SessionFactory,
    StaffRoleFactory,
    UserFactory,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Post:
    """The mail that left: the worker writes it into a folder, and readers take theirs."""

    def __init__(self, folder: pathlib.Path):
        self.folder = folder

    def latest(self, address: str) -> str:
        """Let the worker send, and give the text of the last message to an address."""
        call_command("worker", once=True)
        found = []
        for path in sorted(path for path in self.folder.rglob("*") if path.is_file()):
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            if address in message["To"]:
                found.append((path.stat().st_mtime_ns, message.get_body(("plain",)).get_content()))
        return max(found)[1]

    def link(self, address: str) -> str:
        """The link in the last message to an address."""
        return re.search(r"https?://\S+/invitation/\S+", self.latest(address))[0]

    def code(self, address: str) -> str:
        """The code in the last message to an address: a line of its own."""
        return re.search(r"^\s*([A-Z0-9]{3,}(?:-?[A-Z0-9]{3,})?)\s*$", self.latest(address), re.MULTILINE)[1]


@pytest.fixture
def post(settings, tmp_path):
    """A folder in place of the mail server."""
    folder = tmp_path / "mail"
    settings.MAIL_SERVER = {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend", "EMAIL_FILE_PATH": str(folder)}
    return Post(folder)


@pytest.fixture
def organiser():
    """The manager of an event with one session for participants, released, and one delegation whose focal point is not invited yet."""
    event = EventFactory(slug="spring", title_en="Spring conference")
    SessionFactory(event=event, title_en="Shared findings", audience=Audience.PARTICIPANTS, released=True)
    SessionFactory(event=event, title_en="Opening words", audience=Audience.PUBLIC, released=True)
    delegation = DelegationFactory(event=event, organisation=OrganisationFactory(name_en="Service of Hungary", country="HU"))
    FocalPointFactory(delegation=delegation, name="Focal Point", email="focal@example.org", invited_at=None)
    return StaffRoleFactory(event=event, user=UserFactory(email="manager@example.org")).user


def enter(page: Page, post: Post, address: str) -> None:
    """Open the link of a mailed invitation, press its button, and type the code that comes."""
    page.goto(post.link(address))
    page.get_by_role("button", name=re.compile("Send a code")).click()
    page.get_by_label("Code").fill(post.code(address))
    page.get_by_role("button", name="Continue").click()


@pytest.mark.parametrize("script", [False, True], ids=["without-javascript", "with-javascript"])
def test_whole_journey(visitor, post, organiser, client, script):
    client.force_login(organiser)
    office = visitor.page(script=script, cookies=client.cookies)

    def sound(page: Page) -> None:
        """What a page says after an act passes the accessibility rules too; they need JavaScript."""
        assert visitor.taken_faults() == []
        if script:
            assert axe_findings(page) == []
            visitor.taken_faults()

    # The organiser invites the focal point.
    office.goto("/admin/at/spring/delegations/invite/")
    office.get_by_role("button", name="Send 1 invitation").click()
    expect(office.get_by_text("1 invitation is on its way.")).to_be_visible()
    sound(office)

    # The focal point: link, button, code, answer, a person, the list.
    focal = visitor.page(script=script)
    enter(focal, post, "focal@example.org")
    expect(focal.get_by_role("heading", name="Service of Hungary")).to_be_visible()
    focal.get_by_label("Coming").check()
    focal.get_by_role("button", name="Send the answer").click()
    focal.get_by_role("link", name="Nominate a person").click()
    focal.get_by_label("Category").select_option(label="Expert")
    focal.get_by_label("Given name").fill("Anna")
    focal.get_by_label("Family name").fill("Kovács")
    focal.get_by_label("E-mail address").fill("anna at example.org")  # wrong, and nothing typed is lost
    focal.get_by_role("button", name="Put on the list").click()
    expect(focal.get_by_label("Family name")).to_have_value("Kovács")
    expect(focal.get_by_label("E-mail address")).to_have_value("anna at example.org")
    sound(focal)
    focal.get_by_label("E-mail address").fill("anna@example.org")
    focal.get_by_role("button", name="Put on the list").click()
    focal.get_by_role("link", name="Send 1 invitation").click()
    focal.get_by_role("button", name="Send 1 invitation").click()
    expect(focal.get_by_text("Anna Kovács").first).to_be_visible()
    sound(focal)

    # The person: link, button, code, a form that keeps what was typed, and what is missing.
    person = visitor.page(script=script)
    enter(person, post, "anna@example.org")
    expect(person.get_by_label("Family name")).to_have_value("Kovács")
    person.get_by_role("textbox", name="Function").fill("Analyst")
    person.get_by_label("Nationality", exact=True).fill("Nowhereland")
    person.get_by_role("button", name="Save and continue").click()
    expect(person.get_by_label("Nationality", exact=True)).to_have_value("Nowhereland")
    expect(person.get_by_role("textbox", name="Function")).to_have_value("Analyst")
    sound(person)
    person.get_by_label("Nationality", exact=True).fill("Hungary")
    person.get_by_role("button", name="Save and continue").click()
    person.get_by_role("button", name="Save and continue").click()
    person.get_by_label("Dietary and accessibility needs").fill("No nuts")
    person.get_by_role("button", name="Save and continue").click()
    expect(person.get_by_text("No nuts")).to_be_visible()
    sound(person)
    person.get_by_label("My name is in no list").check()
    person.get_by_role("button", name="Send my registration").click()
    expect(person.get_by_text("In review").first).to_be_visible()
    sound(person)
    person.goto("/en/events/spring/agenda/")
    expect(person.get_by_text("Opening words")).to_be_visible()
    expect(person.get_by_text("Shared findings")).to_have_count(0)

    # The organiser approves; the person is told, and now sees the participants' agenda.
    office.goto("/admin/at/spring/people/")
    office.get_by_role("link", name=re.compile("Kovács")).first.click()
    office.get_by_role("button", name="Approve").click()
    expect(office.get_by_text("Approved").first).to_be_visible()
    sound(office)
    assert "Spring conference" in post.latest("anna@example.org")
    person.goto("/en/events/spring/agenda/")
    expect(person.get_by_text("Shared findings").first).to_be_visible()

    # The focal point sees the state, and nothing of the form.
    focal.reload()
    expect(focal.get_by_text("Approved").first).to_be_visible()
    assert "No nuts" not in focal.content()
    registration = Registration.objects.get()
    assert (registration.state, registration.needs, registration.delegate.user.email) == ("approved", "No nuts", "anna@example.org")
    assert visitor.taken_faults() == []
