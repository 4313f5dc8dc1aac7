"""The photo of a person: a picture given, cut by pointer, keyboard or buttons, and after approval waiting beside the approved one."""

import datetime as dt
import io
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from conference import actions as acts
from conference.lib.pictures import Frame
from conference.lib.viewer import Actor
from delegates.actions import decide_change, set_field_groups
from delegates.choices import FileKind, PhotoKey, RegistrationState
from delegates.models import PersonalFile
from delegates.rules import NOTICE_VERSION
from events.choices import EventState
from tests import factories as f
from tests.project.test_uploads import png_of

pytestmark = pytest.mark.django_db
OFFICER = Actor(hat="organiser:accreditation")


@pytest.fixture
def registration():
    registration = f.RegistrationFactory(user=f.UserFactory())
    set_field_groups(registration.event, {"photo": {"is_on": True, "phase": "first", "is_required": False, "days": 30}}, by=OFFICER)
    return registration


@pytest.fixture
def person(client, registration):
    client.force_login(registration.delegate.user)
    return client


def address(registration, name="photo") -> str:
    return reverse(f"delegates:{name}", args=[registration.event.slug, registration.public_id])


def hat(registration) -> dict:
    return {"hat": f"registration:{registration.public_id}"}


def give(client, registration, content=None, **options):
    sent = hat(registration) | {"picture": f.upload("me.jpg", content or two_colours())}
    return client.post(address(registration), sent, **options)


def use(client, registration, **numbers):
    sent = hat(registration) | {"x": 0.5, "y": 0.45, "zoom": 1, "use": "yes"} | numbers
    return client.post(address(registration, "photo_cut"), sent, follow=True)


def two_colours() -> bytes:
    """A broad picture, red on the left and blue on the right."""
    picture = Image.new("RGB", (1600, 800), "red")
    picture.paste("blue", (800, 0, 1600, 800))
    target = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "ZqWhere"
    picture.save(target, "JPEG", exif=exif)
    return target.getvalue()


def photos(registration) -> dict[str, PersonalFile]:
    return {photo.key: photo for photo in registration.files.filter(kind=FileKind.PHOTO)}


def colour(content: bytes) -> str:
    with Image.open(io.BytesIO(content)) as picture:
        red, _green, blue = picture.getpixel((picture.width // 2, picture.height // 2))
    return "red" if red > blue else "blue"


def test_a_photo_is_cut_out_of_a_picture_that_is_then_forgotten(person, registration):
    assert give(person, registration).status_code == 302
    page = person.get(address(registration))
    assert "Use this photo" in page.text
    response = use(person, registration, x=0.1)
    assert "Your photo is kept." in response.text
    held = photos(registration)
    assert set(held) == {PhotoKey.CURRENT, PhotoKey.SMALL}
    for key, size in ((PhotoKey.CURRENT, (600, 800)), (PhotoKey.SMALL, (150, 200))):
        content = held[key].content()
        with Image.open(io.BytesIO(content)) as picture:
            assert (picture.size, picture.format) == (size, "JPEG")
            assert not picture.getexif()
        assert b"Zq" not in content
        assert colour(content) == "red"


def test_without_script_the_buttons_move_the_cut_and_show_it(person, registration):
    give(person, registration)
    numbers = {"x": 0.5, "y": 0.45, "zoom": 1.0}
    for _step in range(6):
        page = person.post(address(registration, "photo_cut"), hat(registration) | numbers | {"nudge": "right"})
        numbers = {name: float(page.context["frame"].initial[name]) for name in numbers}
    shown = re.search(r'src="([^"]+preview[^"]+)"', page.text)[1].replace("&amp;", "&")
    assert colour(person.get(shown).content) == "blue"
    assert photos(registration).keys() == {PhotoKey.DRAFT}


def test_a_frame_stays_three_to_four_and_inside_the_picture():
    for width, height in ((1600, 800), (300, 400), (700, 1600)):
        for frame in (Frame(), Frame(0, 0, 1), Frame(1, 1, 4), Frame(-9, 9, 99), Frame(0.5, 0.5, 0)):
            left, top, right, bottom = frame.box(width, height)
            assert 0 <= left < right <= width
            assert 0 <= top < bottom <= height
            assert abs((right - left) / (bottom - top) - 0.75) < 0.01


def test_nudges_stay_within_limits_and_another_word_changes_nothing():
    frame = Frame()
    assert frame.nudged("sideways") == frame
    for how, name, limit in (
        ("left", "x", 0),
        ("right", "x", 1),
        ("up", "y", 0),
        ("down", "y", 1),
        ("nearer", "zoom", 4),
        ("wider", "zoom", 1),
    ):
        moved = frame
        for _step in range(40):
            moved = moved.nudged(how)
        assert getattr(moved, name) == limit


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<svg></svg>", "This is not a complete JPEG, PNG or WebP file."),
        (f.pdf(), "This is not a complete JPEG, PNG or WebP file."),
        (f.picture((100, 100)), "This picture has 100 × 100 points; a photo needs at least 240 × 320."),
        (b"", "This file is empty."),
        (b"x" * 30 * 1024**2, "This file is larger than 20 MB."),
        (png_of(30_000, 30_000), "more than 50 megapixels"),
    ],
)
def test_what_is_no_photo_is_refused_in_words(person, registration, content, words):
    page = person.post(address(registration), hat(registration) | {"picture": f.upload("me.jpg", content)})
    assert words in page.text
    assert not photos(registration)


def test_after_approval_a_new_photo_waits_until_an_officer_decides(person, registration):
    give(person, registration)
    use(person, registration, x=0.1)
    registration.state = RegistrationState.APPROVED
    registration.save()
    for accept, holds in ((False, "red"), (True, "blue")):
        give(person, registration)
        assert "waits until an officer has looked at it" in use(person, registration, x=0.9).text
        assert colour(photos(registration)[PhotoKey.CURRENT].content()) == "red"
        assert "Photo" in person.get(address(registration, "registration")).text
        decide_change(registration.pending_changes.get(decided_at=None), accept=accept, by=OFFICER)
        held = photos(registration)
        assert set(held) == {PhotoKey.CURRENT, PhotoKey.SMALL}
        assert {colour(photo.content()) for photo in held.values()} == {holds}


def test_a_second_new_photo_takes_the_place_of_the_one_that_waits(person, registration):
    registration.state = RegistrationState.APPROVED
    registration.save()
    for x in (0.1, 0.9):
        give(person, registration)
        use(person, registration, x=x)
    [change] = registration.pending_changes.open()
    held = photos(registration)
    assert set(held) == {PhotoKey.WAITING, PhotoKey.WAITING_SMALL}
    assert change.value == {"file": held[PhotoKey.WAITING].public_id}
    assert colour(held[PhotoKey.WAITING].content()) == "blue"


def test_pressing_twice_keeps_one_photo_and_says_so(person, registration):
    give(person, registration)
    use(person, registration)
    assert "Choose a picture first." in use(person, registration).text
    assert len(photos(registration)) == 2


def test_a_stale_hat_cuts_nothing(person, registration):
    give(person, registration)
    page = person.post(address(registration, "photo_cut"), {"hat": "focal:x", "x": 0.5, "y": 0.5, "zoom": 1, "use": "yes"})
    assert "another capacity" in page.text
    assert set(photos(registration)) == {PhotoKey.DRAFT}


def test_numbers_that_are_none_change_nothing_and_are_said(person, registration):
    give(person, registration)
    assert "once more" in use(person, registration, zoom="nan").text
    assert person.get(address(registration, "photo_preview"), {"x": "1e400", "zoom": "-3"}).status_code == 200


def test_a_picture_nobody_cut_is_forgotten_by_the_person_or_after_a_day(person, registration):
    give(person, registration)
    person.post(address(registration, "photo_cut"), hat(registration) | {"forget": "yes"})
    assert not photos(registration)
    give(person, registration)
    acts.tidy(timezone.now() + dt.timedelta(hours=25))
    assert not photos(registration)
    assert person.get(address(registration, "photo_preview")).status_code == 404


def test_a_closed_event_takes_no_photo(person, registration):
    registration.event.state = EventState.CLOSED
    registration.event.save()
    assert "takes none now" in person.get(address(registration)).text
    assert "closed" in give(person, registration).text


def test_officers_see_the_photo_and_the_one_that_waits_and_observers_none(client, person, registration):
    give(person, registration)
    use(person, registration)
    registration.state = RegistrationState.APPROVED
    registration.save()
    give(person, registration)
    use(person, registration)
    held = photos(registration)
    url = reverse("organise:person", args=[registration.event.slug, registration.public_id])
    for role, seen in (("accreditation", True), ("security", True), ("reception", True), ("observer", False)):
        user = f.UserFactory()
        f.StaffRoleFactory(event=registration.event, user=user, role=role)
        client.force_login(user)
        page = client.get(url).text
        for key in (PhotoKey.CURRENT, PhotoKey.WAITING_SMALL):
            assert (held[key].public_id in page) == seen


# As a step of the form, where the event asks for it.


@pytest.fixture
def asked(registration):
    """An event whose first form needs a photo, and a person invited to it."""
    terms = {"is_on": True, "phase": "first", "is_required": True, "days": 9}
    set_field_groups(registration.event, {"photo": terms}, by=OFFICER)
    registration.invited_at = timezone.now()
    registration.save(update_fields=["invited_at"])
    return registration


def step(registration) -> str:
    return reverse("delegates:register_step", args=[registration.event.slug, registration.public_id, "photo"])


def sent(client, registration):
    """Fill in what the form asks besides the photo, and send it."""
    steps = {
        "identity": {"given_name": "Ana", "family_name": "Silva", "nationality_1": "PT", "function": "Analyst"},
        "photo": {},
        "languages": {"language": "en"},
        "needs": {},
    }
    for name, typed in steps.items():
        client.post(
            reverse("delegates:register_step", args=[registration.event.slug, registration.public_id, name]), hat(registration) | typed
        )
    last = hat(registration) | {"consent": "hidden", "notice_version": NOTICE_VERSION}
    return client.post(address(registration, "register_review"), last, follow=True).content.decode()


def test_required_photo_holds_the_form_back_with_a_link(person, asked):
    assert "Step 2 of 5: Photo" in person.get(step(asked)).content.decode()
    page = person.post(step(asked), hat(asked)).content.decode()
    assert "Give a photo." in page
    assert f'href="{address(asked)}"' in page
    body = sent(person, asked)
    asked.refresh_from_db()
    assert asked.state == RegistrationState.NOMINATED
    assert f'<a href="{step(asked)}">Photo, Photo: Give a photo.</a>' in body
    missing = person.get(address(asked, "registration")).context["missing"]
    assert ["Photo"] in [step["labels"] for step in missing]


def test_photo_taken_leads_back_to_its_step_and_the_form_is_sent(person, asked):
    give(person, asked)
    response = use(person, asked)
    assert response.redirect_chain == [(step(asked), 302)]
    photo = asked.files.get(key=PhotoKey.CURRENT)
    assert photo.get_absolute_url() in response.content.decode()
    assert ["Photo"] not in [step["labels"] for step in person.get(address(asked, "registration")).context["missing"]]
    assert "Your registration has arrived." in sent(person, asked)
    asked.refresh_from_db()
    assert asked.state == RegistrationState.SUBMITTED


def test_photo_that_is_not_required_may_be_left_out(person, asked):
    set_field_groups(asked.event, {"photo": {"is_on": True, "phase": "first", "is_required": False, "days": 9}}, by=OFFICER)
    assert "Your registration has arrived." in sent(person, asked)


def test_event_that_asks_for_no_photo_has_no_step_for_it(person, asked):
    set_field_groups(asked.event, {"photo": {"is_on": False, "phase": "first", "is_required": True, "days": 9}}, by=OFFICER)
    assert person.get(step(asked)).status_code == 404


def test_step_posted_with_a_value_of_its_own_is_no_photo(person, asked):
    assert "Give a photo." in person.post(step(asked), hat(asked) | {"photo": "Given"}).content.decode()


@pytest.mark.parametrize("phase", ["first", "second"])
def test_photo_stands_in_the_preview_of_the_form(client, phase):
    event = f.EventFactory()
    set_field_groups(event, {"photo": {"is_on": True, "phase": phase, "is_required": True, "days": 9}}, by=OFFICER)
    client.force_login(f.StaffRoleFactory(event=event).user)
    page = client.get(reverse("organise:asking_preview", args=[event.slug])).content.decode()
    assert "The person gives a picture and cuts their photo out of it." in page


def test_no_photo_is_taken_or_offered_where_the_event_asks_for_none(client):
    other = f.RegistrationFactory(user=f.UserFactory())
    client.force_login(other.delegate.user)
    assert address(other) not in client.get(address(other, "registration")).text
    assert (client.get(address(other)).status_code, give(client, other).status_code) == (404, 404)
    assert photos(other) == {}


def test_photo_of_the_second_form_is_asked_for_once_approved(person, registration):
    set_field_groups(registration.event, {"photo": {"is_on": True, "phase": "second", "is_required": True, "days": 30}}, by=OFFICER)
    assert person.get(address(registration)).status_code == 404
    registration.state = RegistrationState.APPROVED
    registration.save(update_fields=["state"])
    assert person.get(address(registration)).status_code == 200
