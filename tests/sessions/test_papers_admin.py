"""Papers in the organisers' site: what is kept of a file, its marking, its readers, and its removal."""

import io
import pathlib
import struct
import zlib

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from conference.lib import media
from conference.lib.viewer import Actor
from conference.models import User
from events.choices import Audience, StaffRoleName
from events.models import AuditEntry, ReadRecord
from events.rules import NotAllowed
from sessions import actions
from sessions.choices import Label
from sessions.models import Paper
from tests.claims import say_who_acts
from tests.factories import DelegationFactory, EventFactory, PaperFactory, SessionFactory, StaffRoleFactory

pytestmark = pytest.mark.django_db


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(b"\0\0"))
    + chunk(b"IEND", b"")
)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"\x00" * 9 + b"\xff\xd9"


@pytest.fixture
def event():
    return EventFactory(slug="conference")


@pytest.fixture
def desk(client, event):
    """The client of a programme editor."""
    client.force_login(StaffRoleFactory(event=event, role=StaffRoleName.PROGRAMME).user)
    return client


def at(name, event, *args):
    return reverse(f"organise:{name}", args=[event.slug, *args])


def stored():
    """The names of the files kept, on the disk."""
    return {path.name for path in (pathlib.Path(settings.MEDIA_ROOT) / "papers").glob("*")}


def upload(desk, event, content=PDF, name="paper.pdf", **typed):
    data = {"title_en": "A paper", "audience": "organisers", "label": "TLP:GREEN", "position": 0, "seen": "{}"}
    return desk.post(at("papers", event), data | typed | {"file": SimpleUploadedFile(name, content)})


@pytest.mark.parametrize(("content", "kind"), [(PDF, media.PDF), (PNG, media.PNG), (JPEG, media.JPEG)])
def test_paper_is_kept_under_a_random_name_by_what_it_is(desk, event, content, kind):
    before = stored()
    assert upload(desk, event, content, name="Ministers’ speech.exe").status_code == 302
    paper = Paper.objects.get()
    (name,) = stored() - before
    assert (paper.media_type, paper.file_name, paper.size) == (kind, "Ministers’ speech.exe", len(content))
    assert paper.file.name == f"papers/{name}"
    assert "speech" not in name
    assert "." not in name


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a/*" + b"\0" * 20 + b"*/=1;",
        b"MZ" + b"\0" * 100,
        b"PK\x03\x04" + b"\0" * 100,
        b"%PDF-1.7 cut off",
        b" " + PDF,
        PNG[:-12],
        PNG + b"<script>alert(1)</script>",
        b"\x89PNG\r\n\x1a\n<script>alert(1)</script>" + PNG[-12:],
        JPEG[:-2],
        JPEG + b"<script>alert(1)</script>",
    ],
)
def test_file_of_another_kind_is_refused_whatever_its_name(desk, event, content):
    before = stored()
    response = upload(desk, event, content, title_fr="Un document")
    assert response.context["form"].errors == {"file": ["This is not a whole PDF, PNG or JPEG file. Save the document as PDF."]}
    assert b'value="Un document"' in response.content
    assert (Paper.objects.count(), stored()) == (0, before)


def test_file_that_is_too_large_is_refused(desk, event, settings):
    settings.MAX_UPLOAD_BYTES = len(PDF) - 1
    assert list(upload(desk, event).context["form"].errors) == ["file"]
    assert Paper.objects.count() == 0


@pytest.mark.parametrize("name", ["../../etc/passwd", "..\\..\\boot.ini", "a\x00b.pdf", "x" * 300 + ".pdf", "Ωμέγα.pdf"])
def test_name_of_the_sender_never_becomes_a_path(event, name):
    before = stored()
    file = SimpleUploadedFile("plain.pdf", PDF)
    file._name = name
    paper = actions.add_paper(event, file=file, by=Actor(), title_en="A paper")
    assert len(stored() - before) == 1
    assert paper.file.name.startswith("papers/")
    assert len(paper.file_name) <= 200


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"title_en": ""}, "title_en"),
        ({"audience": "public", "label": "TLP:GREEN"}, "label"),
        ({"audience": "selected"}, "delegations"),
        ({"session": "nonsense"}, "session"),
    ],
)
def test_paper_with_a_mistake_is_not_kept(desk, event, typed, field):
    before = stored()
    assert list(upload(desk, event, **typed).context["form"].errors) == [field]
    assert (Paper.objects.count(), stored()) == (0, before)


def test_paper_that_cannot_be_saved_leaves_no_file(event):
    before = stored()
    with pytest.raises(NotAllowed):
        actions.add_paper(event, file=SimpleUploadedFile("a.pdf", PDF), by=Actor(), session=SessionFactory())
    assert (Paper.objects.count(), stored()) == (0, before)


def test_paper_of_a_session_for_selected_delegations(desk, event):
    session, delegation = SessionFactory(event=event), DelegationFactory(event=event)
    upload(desk, event, session=session.public_id, audience="selected", delegations=[delegation.public_id], chatham_house="on")
    paper = Paper.objects.get()
    assert (paper.session, list(paper.delegations.all()), paper.chatham_house) == (session, [delegation], True)
    assert AuditEntry.objects.get().details["after"]["delegations"] == [delegation.public_id]


def shown(form):
    """What a browser would send of a form as the page shows it."""
    values = {field.html_name: field.value() for field in form}
    return {name: "on" if value is True else value for name, value in values.items() if value not in (None, "") and value is not False}


def test_paper_is_marked_and_the_change_recorded(desk, event):
    paper = PaperFactory(event=event, audience=Audience.PARTICIPANTS)
    address = at("paper", event, paper.public_id)
    form = desk.get(address).context["form"]
    assert desk.post(address, shown(form) | {"audience": "public", "label": "TLP:CLEAR"}).status_code == 302
    paper.refresh_from_db()
    details = AuditEntry.objects.get(verb="paper.change").details
    assert (paper.audience, paper.label) == ("public", "TLP:CLEAR")
    assert (details["before"]["audience"], details["after"]["audience"]) == ("participants", "public")


def test_second_editor_of_a_paper_is_told(desk, event):
    paper = PaperFactory(event=event, title_en="Old")
    address = at("paper", event, paper.public_id)
    mine = shown(desk.get(address).context["form"]) | {"title_en": "Mine"}
    actions.change_paper(paper, by=Actor(), title_en="Theirs", label=Label.AMBER)
    form = desk.post(address, mine).context["form"]
    assert [(told.label, told.now, told.kept_mine) for told in form.told] == [
        ("Title (English)", "Theirs", True),
        ("TLP label", "TLP:AMBER", False),
    ]
    assert desk.post(address, shown(form)).status_code == 302
    paper.refresh_from_db()
    assert (paper.title_en, paper.label) == ("Mine", "TLP:AMBER")


def test_paper_is_removed_after_asking_and_its_file_with_it(desk, event, django_capture_on_commit_callbacks):
    upload(desk, event)
    paper = Paper.objects.get()
    name = pathlib.Path(paper.file.name).name
    address = at("paper_remove", event, paper.public_id)
    assert b"Remove this paper?" in desk.get(address).content
    assert Paper.objects.count() == 1
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(address)
    assert (Paper.objects.count(), name in stored()) == (0, False)


@pytest.mark.parametrize("label", list(Label))
def test_organiser_downloads_a_paper_safely_and_above_clear_it_is_recorded(desk, event, label):
    paper = PaperFactory(event=event, label=label, file_name="Speech <b>.pdf")
    response = desk.get(at("paper_file", event, paper.public_id))
    assert b"".join(response.streaming_content).startswith(b"%PDF-")
    assert response["Content-Disposition"].startswith("attachment;")
    assert (response["Content-Type"], response["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in response["Cache-Control"]
    assert ReadRecord.objects.count() == (label != Label.CLEAR)
    assert ("User" in desk.get(at("paper", event, paper.public_id)).content.decode().partition('id="reads"')[2]) == (label != Label.CLEAR)


def test_paper_above_green_is_not_given_to_a_shared_account(desk, event):
    User.objects.update(is_shared=True)
    say_who_acts(desk)
    answers = {}
    for label in Label:
        response = desk.get(at("paper_file", event, PaperFactory(event=event, label=label).public_id))
        list(response)  # read to its end, so that the file is closed
        answers[label] = response.status_code
    assert answers == {Label.CLEAR: 200, Label.GREEN: 200, Label.AMBER: 403, Label.AMBER_STRICT: 403, Label.RED: 403}


def test_paper_of_another_event_does_not_exist(desk, event):
    other = PaperFactory()
    for name in ("paper", "paper_remove", "paper_file"):
        assert desk.get(at(name, event, other.public_id)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_papers_list_costs_the_same_for_any_number(desk, event, count, django_assert_num_queries):
    for _number in range(count):
        PaperFactory(session=SessionFactory(event=event))
    with django_assert_num_queries(8):
        response = desk.get(at("papers", event))
    assert len(response.context["rows"]) == count


def test_type_of_leaves_the_file_at_its_start():
    file = io.BytesIO(PDF)
    assert (media.type_of(file), file.tell()) == (media.PDF, 0)
