"""The organisers' pages of imports."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from delegates import importers
from delegates.importers import runs
from delegates.models import Delegation, Import, ImportRow
from events.models import ReadRecord
from tests.factories import DelegationFactory, EventFactory, ImportFactory, StaffRoleFactory

pytestmark = pytest.mark.django_db

GOOD = b"Organisation;Country;Seats;Colour\nPartner <b>service</b>;Hungary;4;blue"
BAD = b"Organisation;Country;Seats\nPartner service;Atlantis;4\nOther service;Spain;2"


@pytest.fixture
def event(client):
    role = StaffRoleFactory(event=EventFactory())
    client.force_login(role.user)
    return role.event


def url(name, event, *rest):
    return reverse(f"organise:{name}", args=[event.slug, *rest])


def send(client, event, data, kind="delegations"):
    return client.post(url("imports", event), {"kind": kind, "file": SimpleUploadedFile("list.csv", data)})


def page(client, event):
    return client.get(url("import", event, Import.objects.get().public_id)).content.decode()


def test_file_is_shown_first_and_imported_by_the_button(client, event):
    sent = send(client, event, GOOD)
    kept = Import.objects.get()
    assert (sent.status_code, sent.url, Delegation.objects.count()) == (302, url("import", event, kept.public_id), 0)
    shown = page(client, event)
    assert "New delegation: seats 4, standing “Member”" in shown
    assert "Partner &lt;b&gt;service&lt;/b&gt;" in shown
    assert "<q>Colour</q>" in shown
    assert "No row has a problem." in shown
    assert "Import 1 row<" in shown
    done = client.post(url("import_choose", event, kept.public_id), {"choice": "all"})
    assert (done.status_code, done.url) == (302, url("import", event, kept.public_id))
    assert Delegation.objects.get().organisation.name_en == "Partner <b>service</b>"
    assert "1 row was imported." in page(client, event)


def test_rows_with_a_problem_can_be_left_out(client, event):
    send(client, event, BAD)
    shown = page(client, event)
    assert "1 row has a problem." in shown
    assert "Country <q>Atlantis</q> –" in shown
    assert "We do not know a country “Atlantis”" in shown
    kept = Import.objects.get()
    client.post(url("import_choose", event, kept.public_id), {"choice": "all"})
    assert (Import.objects.get().state, Delegation.objects.count()) == ("checked", 0)
    client.post(url("import_choose", event, kept.public_id), {"choice": "good"})
    assert (Import.objects.get().state, Delegation.objects.get().organisation.name_en) == ("done", "Other service")


def test_pressing_twice_imports_once_and_says_so(client, event):
    send(client, event, GOOD)
    kept = Import.objects.get()
    for _press in range(2):
        answer = client.post(url("import_choose", event, kept.public_id), {"choice": "all"}, follow=True)
    assert "This import has changed meanwhile." in answer.content.decode()
    assert Delegation.objects.count() == 1


def test_choice_must_be_made(client, event):
    send(client, event, GOOD)
    answer = client.post(url("import_choose", event, Import.objects.get().public_id), {})
    assert (answer.status_code, "Choose which rows are imported." in answer.content.decode()) == (200, True)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"kind": "delegations"}, "Choose a file."),
        ({"kind": "delegations", "file": b""}, "The file is empty."),
        ({"file": GOOD}, "Choose what the spreadsheet lists."),
        ({"kind": "delegations", "file": b"x" * (10 * 1024 * 1024 + 1)}, "The file is too large: at most 10 MB can be read."),
    ],
)
def test_form_says_what_is_missing(client, event, data, said):
    if "file" in data:
        data = data | {"file": SimpleUploadedFile("list.csv", data["file"])}
    answer = client.post(url("imports", event), data)
    assert (answer.status_code, said in answer.content.decode(), Import.objects.count()) == (200, True, 0)


def test_file_that_cannot_be_read_says_why_and_may_be_removed(client, event):
    send(client, event, b"\x00\x01\x02")
    shown = page(client, event)
    assert "The file cannot be read." in shown
    assert "import_choose" not in shown
    assert "choose/" not in shown
    answer = client.post(url("import_remove", event, Import.objects.get().public_id))
    assert (answer.url, Import.objects.get().state) == (url("imports", event), "removed")


def test_large_file_shows_how_far_it_is_with_and_without_script(client, event, monkeypatch):
    monkeypatch.setattr(runs, "SMALL_ROWS", 0)
    send(client, event, GOOD)
    kept = Import.objects.get()
    shown = page(client, event)
    progress = url("import_progress", event, kept.public_id)
    assert f'data-progress="{progress}"' in shown
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in shown
    said = client.get(progress).json()
    assert said == {"ended": False, "state": "waiting", "done": 0, "total": 0, "said": "0 rows read"}
    importers.work(timezone.now())
    assert client.get(progress).json()["ended"] is True
    assert "progress.js" not in page(client, event)


def test_report_can_be_taken_away_and_that_is_kept(client, event):
    send(client, event, BAD.replace(b"Atlantis", b"=1+1"))
    answer = client.get(url("import_report", event, Import.objects.get().public_id))
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert rows[0] == ["Row", "What happens", "Name", "Column", "Value", "In words"]
    assert rows[1][:5] == ["2", "Problem", "Partner service", "Country", "'=1+1"]
    assert rows[2][:3] == ["3", "New", "Other service"]
    assert ReadRecord.objects.get().verb == "download"


def test_rows_of_one_kind_are_shown_alone(client, event):
    send(client, event, BAD)
    kept = Import.objects.get()
    shown = client.get(url("import", event, kept.public_id), {"rows": "problem"}).content.decode()
    assert ("Atlantis" in shown, "Other service" in shown) == (True, False)
    assert "Other service" in client.get(url("import", event, kept.public_id), {"rows": "nonsense"}).content.decode()


@pytest.mark.parametrize("kind", ["organisations", "delegations", "nominations"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_examples_are_read_by_the_import_itself(client, event, kind, ending):
    DelegationFactory(event=event, organisation__name_en="Coordination Unit", organisation__country="BE")
    answer = client.get(url("import_example", event, kind, ending))
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{kind}.{ending}"'
    send(client, event, answer.content, kind=kind)
    kept = Import.objects.get()
    assert (kept.state, kept.bad, kept.unread, kept.total) == ("checked", 0, [], 1)


def test_example_of_nothing_does_not_exist(client, event):
    for kind, ending in (("people", "csv"), ("delegations", "exe")):
        assert client.get(url("import_example", event, kind, ending)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_imports_costs_the_same_for_any_number(client, event, count, django_assert_num_queries):
    ImportFactory.create_batch(count, event=event)
    client.get(url("imports", event))
    with django_assert_num_queries(7):
        answer = client.get(url("imports", event))
    assert len(answer.context["page"]) == count


def test_page_of_an_import_costs_the_same_for_any_number_of_rows(client, event):
    from django.db import connection

    def cost(data):
        send(client, event, data)
        address = url("import", event, Import.objects.latest("pk").public_id)
        with CaptureQueriesContext(connection) as found:
            client.get(address)
        return len(found)

    assert cost(GOOD) == cost(BAD)


def test_import_of_one_delegation_is_not_among_those_of_the_event(client, event):
    kept = ImportFactory(event=event, delegation=DelegationFactory(event=event))
    assert client.get(url("import", event, kept.public_id)).status_code == 404
    assert list(client.get(url("imports", event)).context["page"]) == []


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"kind": "people"}, "import_kind_known"),
        ({"state": "lost"}, "import_state_known"),
        ({"sealed_key": ""}, "import_keeps_its_file_while_needed"),
        ({"kind": "delegations", "of_delegation": True}, "import_of_delegation_names_people"),
    ],
)
def test_constraints_of_an_import(event, values, name):
    if values.pop("of_delegation", False):
        values = values | {"delegation": DelegationFactory(event=event)}
    with pytest.raises(IntegrityError, match=name):
        ImportFactory(event=event, **values)


def test_constraints_of_a_row(event):
    kept = ImportFactory(event=event)
    with pytest.raises(IntegrityError, match="import_row_outcome_known"):
        ImportRow.objects.create(of=kept, number=1, outcome="lost", sealed="")


def test_row_stands_once_in_an_import(event):
    kept = ImportFactory(event=event)
    ImportRow.objects.create(of=kept, number=1, outcome="new", sealed="")
    with pytest.raises(IntegrityError):
        ImportRow.objects.create(of=kept, number=1, outcome="new", sealed="")
