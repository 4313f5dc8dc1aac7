"""The forms of focal points and delegates, and that nothing typed into one is lost."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from conference.lib import drafts
from conference.lib.sealing import Sealer
from conference.lib.viewer import Actor, Viewer
from delegates import urls
from delegates.actions import set_field_groups
from delegates.choices import Answer, RegistrationState
from delegates.forms import AnswerForm, CountryField, NominateForm, OneLineField
from delegates.models import FocalPoint, PendingChange, Registration, RegistrationDraft
from delegates.rules import NOTICE_VERSION
from events.models import OutboxMail
from tests.factories import DelegationFactory, EventFactory, FocalPointFactory, RegistrationFactory, UserFactory, hours_from_now

pytestmark = pytest.mark.django_db
SECRET = "a long sentence for tests"


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Belgium", "BE"),
        ("belgique", "BE"),
        ("België", "BE"),
        ("el", "GR"),
        ("GR", "GR"),
        ("Österreich", "AT"),
        (" united  kingdom ", "GB"),
        ("", ""),
    ],
)
def test_country_is_found_by_name_or_code(written, code):
    assert CountryField(required=False).clean(written) == code


@pytest.mark.parametrize("written", ["Atlantis", "B" * 100_000])
def test_unknown_country_is_refused_in_words(written):
    form = _named_form(NominateForm)
    form.fields["country"] = CountryField()
    form.data["country"] = written
    assert "We do not know a country" in form.errors["country"][0]
    assert len(form.errors["country"][0]) < 300


def test_one_line_is_composed_and_never_recased():
    assert OneLineField().clean("  de  la\r\nTour e\u0301 McX ") == "de la Tour é McX"


def _named_form(form_class, **changes):
    data = {"hat": "focal:x", "key": "k", "given_name": "A", "email": "a@example.org", "category": "delegate", "language": "en"}
    return form_class(data | changes, viewer=Viewer(hat="focal:x"))


def test_stale_hat_is_refused_and_the_form_carries_the_present_one():
    form = _named_form(NominateForm, hat="registration:y")
    assert "You now act in another capacity" in form.non_field_errors()[0]
    assert form["hat"].value() == "focal:x"
    assert form["given_name"].value() == "A"


def test_missing_hat_is_refused():
    assert AnswerForm({"answer": "coming"}, viewer=Viewer(hat="focal:x")).is_valid() is False


def test_present_hat_is_taken():
    assert _named_form(NominateForm).errors == {}


def test_labels_follow_the_language_of_the_reader():
    with override("fr"):
        assert NominateForm(viewer=Viewer())["language"].value() == "fr"


# Every page with a form: its name, what is typed, a change that makes it invalid, and the moment it is too late.
PERSON = {
    "given_name": "Ana “Quote” <b>",
    "family_name": "d’Été",
    "email": "ana@example.org",
    "function": "Analyst & more",
    "language": "de",
}
STEP = {
    "given_name": "Zoë <i>",
    "family_name": "O’Brien",
    "native_name": "Ζωή",
    "badge_name": "Z. O’B.",
    "nationality_1": "Belgique",
    "nationality_2": "el",
    "nationality_3": "Peru",
    "function": "Head of unit",
}
TRAVEL = {"arrives_at": "2031-05-01T10:30", "arrives_by": "train", "arrives_with": "IC 12 <b>", "arrives_in": "Bruxelles-Midi"}
REVIEW = {"consent": "participants", "may_be_invited_again": "on"}
FORMS = {
    "answer": ({"answer": "undecided"}, {"answer": "never"}),
    "nominate": (PERSON | {"category": "expert"}, {"email": "no address"}),
    "keep_seat": ({"category": "interpreter"}, {"category": "emperor"}),
    "name_seat": (PERSON, {"email": "no address"}),
    "register_step": (STEP, {"nationality_1": "Atlantis"}),
    "register_review": (REVIEW, {"consent": "never"}),
    "replace_person": (PERSON, {"email": "no address"}),
    "refuse_person": ({"reason": "No <b>room</b>.\r\nSorry."}, {"reason": ""}),
    "share": ({"name": "Zoë O’Brien", "email": "zoe@example.org", "language": "nl"}, {"email": "no address"}),
    "category": ({"category": "expert"}, {"category": "emperor"}),
    "details_step": (TRAVEL, {"arrives_at": "soon"}),
}
FORM_NAMES = list(FORMS)
# What is no form one types into: pages only read, buttons, and files, which a browser lets nobody choose for its reader.
UNTYPED = {
    *("delegation", "sheet_progress", "delegation_file", "registration", "register", "details", "photo_preview", "file"),
    *("decline", "send", "leave", "accept", "remind_person", "withdraw_person", "undo_withdrawal", "name_head", "order", "take_back_late"),
    *("details_review", "withdraw", "photo_cut", "sheets", "sheet", "sheet_example", "credential", "photo"),
}
TABLES = {"several", "former"}  # in `test_focal_acts`
OF_PERSONS = ("register_step", "register_review", "category", "details_step")
OF_STATES = {"refuse_person": "requested", "category": "approved", "details_step": "approved"}
KEPT_AS_TYPED = ("register_step", "register_review", "details_step")  # right or wrong
WITH_DEADLINE = ("answer", "nominate", "keep_seat", "name_seat")


class Page:
    """One page with a form, somebody who may send it, and what they type."""

    def __init__(self, name: str):
        self.name, (self.typed, self.wrong) = name, FORMS[name]
        self.event = EventFactory()
        self.delegation = DelegationFactory(event=self.event)
        self.user = UserFactory(password=SECRET)
        self.client = Client(enforce_csrf_checks=True)
        self.client.force_login(self.user)
        if name in OF_PERSONS:
            thing = RegistrationFactory(
                delegation=self.delegation,
                event=self.event,
                user=self.user,
                invited_at=hours_from_now(-1),
                delegate__nationalities=["BE"],
                state=OF_STATES.get(name, "nominated"),
            )
            self.hat, args = f"registration:{thing.public_id}", [thing.public_id]
        else:
            FocalPointFactory(delegation=self.delegation, event=self.event, user=self.user)
            self.hat, args = f"focal:{self.delegation.public_id}", [self.delegation.public_id]
        if name == "register_step":
            args.append("identity")
        if name == "details_step":
            travel = {"is_on": True, "phase": "second", "is_required": False, "days": 9}
            set_field_groups(self.event, {"travel": travel}, by=Actor(hat="organiser:manager"))
            args.append("travel")
        if name in ("replace_person", "refuse_person"):
            args.append(RegistrationFactory(delegation=self.delegation, state=OF_STATES.get(name, "nominated")).public_id)
        if name == "name_seat":
            seat = RegistrationFactory(
                delegation=self.delegation, event=self.event, delegate=None, state=RegistrationState.PLACEHOLDER, invited_at=None
            )
            args.append(seat.public_id)
        self.address = reverse(f"delegates:{name}", args=[self.event.slug, *args])
        self.before = self.state()

    def state(self):
        self.delegation.refresh_from_db()
        drafts = list(RegistrationDraft.objects.values_list("saved_at"))
        people = Registration.objects.order_by("pk").values_list("state", "delegate__family_name", "consent")
        asked = (FocalPoint.objects.count(), PendingChange.objects.count())
        return (self.delegation.answer, drafts, list(people), asked)

    def token(self) -> str:
        return self.client.get(self.address).context["csrf_token"]

    def send(self, token=None, **changes):
        technical = {"hat": self.hat, "key": "a-key", "notice_version": NOTICE_VERSION, "csrfmiddlewaretoken": token or self.token()}
        return self.client.post(self.address, technical | self.typed | changes, headers={"origin": "http://testserver"})

    def shown(self, response) -> dict:
        """What the form of a page shows of what was typed."""
        form = response.context["form"]
        return {name: ("on" if form[name].value() is True else form[name].value()) for name in self.typed}


@pytest.fixture(params=FORM_NAMES)
def page(request):
    return Page(request.param)


def test_every_page_of_focal_points_and_persons_with_a_form_is_among_these():
    pages = {pattern.name for pattern in (*urls.delegation, *urls.registration) if pattern.callback.keeps_typed}
    assert pages == {*FORMS, *TABLES, *UNTYPED}


def test_sent_form_acts(page):
    assert page.send().status_code == 302
    assert page.state() != page.before


def test_invalid_form_comes_back_with_every_value(page):
    response = page.send(**page.wrong)
    assert page.shown(response) == page.typed | page.wrong
    assert response.context["form"].errors.keys() == page.wrong.keys()
    assert 'role="alert"' in response.content.decode()
    if page.name not in KEPT_AS_TYPED:
        assert page.state() == page.before


@pytest.mark.parametrize("page", WITH_DEADLINE, indirect=True)
def test_late_form_comes_back_with_every_value(page):
    page.event.answer_by_at = page.event.nominate_by_at = page.event.confirm_by_at = hours_from_now(-1)
    page.event.save()
    response = page.send()
    assert page.shown(response) == page.typed
    assert "has ended." in response.context["form"].non_field_errors()[0]
    assert page.state() == page.before


def test_form_sent_after_the_event_closed_comes_back_with_every_value(page):
    token = page.token()
    page.event.state = "closed"
    page.event.save()
    response = page.send(token)
    assert page.shown(response) == page.typed
    assert len(response.context["form"].non_field_errors()) == 1
    assert page.state() == page.before


def test_form_under_a_stale_hat_comes_back_with_every_value(page):
    response = page.send(hat="public")
    assert page.shown(response) == page.typed
    assert response.context["form"]["hat"].value() == page.hat
    assert "You now act in another capacity" in response.content.decode()
    assert page.state() == page.before


def _sign_in(page):
    """Sign in through the real page, from where the site sent us."""
    login = reverse("account_login")
    token = page.client.get(login).context["csrf_token"]
    data = {"login": page.user.email, "password": SECRET, "next": page.address, "csrfmiddlewaretoken": token}
    return page.client.post(login, data, headers={"origin": "http://testserver"})


def _sign_in_by_code(page):
    """Sign in with a mailed code, as most people do."""
    token = page.client.get(f"{reverse('account_login')}?next={page.address}").context["csrf_token"]
    asked = {"email": page.user.email, "next": page.address, "csrfmiddlewaretoken": token}
    sent = page.client.post(reverse("account_request_login_code"), asked, headers={"origin": "http://testserver"})
    text = Sealer(settings.DATA_KEYS).open(OutboxMail.objects.latest("pk").sealed_text)
    code = re.search(r"^[A-Z0-9]{3,}(-[A-Z0-9]+)*$", text, re.MULTILINE).group()
    shown = page.client.get(sent.url).context
    typed = {"code": code, "next": shown["redirect_field_value"], "csrfmiddlewaretoken": shown["csrf_token"]}
    return page.client.post(reverse("account_confirm_login_code"), typed, headers={"origin": "http://testserver"})


def test_form_waits_for_a_sign_in_by_mailed_code(page):
    token = page.token()
    page.client.cookies.pop("session")
    page.send(token)
    signed_in = _sign_in_by_code(page)
    assert signed_in.url == page.address
    assert page.shown(page.client.get(signed_in.url)) == page.typed


def test_form_sent_after_the_sign_in_ended_comes_back_with_every_value(page):
    token = page.token()
    del page.client.cookies["session"]  # the sign-in has ended, the form is still open
    response = page.send(token)
    assert response.url == f"{reverse('account_login')}?next={page.address}"
    assert page.state() == page.before
    signed_in = _sign_in(page)
    assert signed_in.url == page.address
    back = page.client.get(signed_in.url)
    assert page.shown(back) == page.typed
    assert "Nothing has been sent yet." in back.content.decode()
    assert page.send(back.context["csrf_token"]).status_code == 302
    assert page.state() != page.before
    assert drafts._KEY in page.client.session
    assert page.client.session[drafts._KEY] == {}


def test_button_pressed_after_the_sign_in_ended_says_that_nothing_was_done():
    page = Page("replace_person")
    page.address, page.typed = page.address.replace("/replace/", "/withdraw/"), {}
    token = page.token()
    del page.client.cookies["session"]
    page.send(token)
    back = page.client.get(_sign_in(page).url)
    assert "Press it again if you still want this." in back.content.decode()
    assert page.state() == page.before
    assert page.send(back.context["csrf_token"]).status_code == 302
    assert page.state() != page.before


def test_form_sent_after_signing_out_and_in_elsewhere_comes_back_with_every_value(page):
    stale = page.token()
    page.client.cookies.clear()  # signed out in another window, and in again: another token
    _sign_in(page)
    response = page.send(stale)
    assert response.url == page.address
    back = page.client.get(response.url)
    assert page.shown(back) == page.typed
    assert page.state() == page.before


def test_form_sent_by_a_stranger_without_a_token_waits_for_the_sign_in(page):
    token = page.token()
    page.client.cookies.clear()
    response = page.send(token)
    assert response.url == page.address
    assert page.client.get(response.url).status_code == 302
    _sign_in(page)
    assert page.shown(page.client.get(page.address)) == page.typed


def test_form_from_another_site_is_not_kept():
    page = Page("nominate")
    page.client.cookies.clear()
    response = page.client.post(page.address, page.typed, headers={"origin": "http://elsewhere.example"})
    assert response.status_code == 403
    assert "session" not in page.client.cookies


def test_what_is_kept_is_sealed_and_shown_to_nobody_else():
    page = Page("register_step")
    page.client.cookies.pop("session")
    token = page.client.get(reverse("account_login")).context["csrf_token"]
    page.send(token)
    assert "Belgique" not in str(dict(page.client.session))
    page.user = UserFactory(password=SECRET)
    _sign_in(page)
    assert page.client.get(page.address).status_code == 404


def test_endless_form_is_not_kept():
    page = Page("nominate")
    token = page.token()
    page.client.cookies.pop("session")
    page.send(token, function="x" * drafts.MAX_CHARACTERS)
    _sign_in(page)
    assert page.client.get(page.address).context["form"].is_draft is False


def test_answers_offered_are_those_a_delegation_gives():
    assert [value for value, _label in AnswerForm(viewer=Viewer()).fields["answer"].choices] == [
        Answer.COMING,
        Answer.UNDECIDED,
        Answer.DECLINED,
    ]
