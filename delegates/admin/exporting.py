"""The organisers' lists as spreadsheets: columns chosen in the address, the list's own filter, and each export recorded."""

import tempfile
from collections.abc import Iterator, Mapping

from django import forms
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from conference.lib.spreadsheets import csv_lines, write_xlsx
from delegates.admin.delegations import asked_delegations
from delegates.admin.lists import in_protocol_order, in_turn
from delegates.admin.people import asked_people
from delegates.choices import RegistrationState
from delegates.exports import LISTS, MEDIA_TYPES, Cells, written
from delegates.models import FocalPoint
from events.actions import note_read, record
from events.admin.pages import organisers_page, render_page

SHOWN = 5  # rows, to see what the columns hold


class ColumnsForm(forms.Form):
    """Which columns a list is exported with; the address carries them, with all of them until some are chosen."""

    column = forms.MultipleChoiceField(
        label=_("Columns"), widget=forms.CheckboxSelectMultiple, error_messages={"required": _("Choose at least one column.")}
    )

    def __init__(self, data, *, columns):
        super().__init__(data if "column" in data else {"column": list(columns)})
        self.fields["column"].choices = [(name, column.label) for name, column in columns.items()]


class FormatForm(forms.Form):
    """The kind of file."""

    ending = forms.ChoiceField(
        label=_("File"), widget=forms.RadioSelect, initial="xlsx", choices=[("xlsx", _("Excel (XLSX)")), ("csv", _("Text (CSV)"))]
    )


def _people(request: HttpRequest) -> list:
    return asked_people(request)


def _waiting(request: HttpRequest) -> list:
    return in_turn(request.event, request.event.registrations.for_list().in_state(RegistrationState.WAITLISTED))


def _delegations(request: HttpRequest) -> list:
    return asked_delegations(request)[1]


def _focal_points(request: HttpRequest) -> list:
    found = FocalPoint.objects.live(timezone.now()).filter(event=request.event).select_related("delegation__organisation", "event")
    places = {row.pk: place for place, row in enumerate(in_protocol_order(request.event, request.event.delegations.for_page()))}
    return sorted(found, key=lambda row: (places[row.delegation_id], row.pk))


ROWS = {
    "people": _people,
    "waiting-list": _waiting,
    "delegations": _delegations,
    "organisations": _delegations,
    "focal-points": _focal_points,
}


@organisers_page("delegations")
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest, name: str) -> HttpResponse:
    """Show the first rows with the columns of the address; POST gives the file and records who took what."""
    if name not in LISTS:
        raise Http404
    section = "people" if name == "people" else "delegations"
    return export_page(request, name, ROWS[name](request), lists=LISTS, address="organise:export", section=section)


def export_page(
    request: HttpRequest, name: str, rows: list, *, lists: Mapping[str, tuple[object, dict[str, Cells]]], address: str, section: str
) -> HttpResponse:
    """Answer for a list of rows, one of several `lists` below an address: columns to choose and first rows, or with POST the file."""
    title, known = lists[name]
    form = ColumnsForm(request.GET, columns=known)
    chosen = form.cleaned_data["column"] if form.is_valid() else []
    file_form = FormatForm(request.POST or None)
    if request.method == "POST" and chosen and file_form.is_valid():
        return _file(request, name, lists[name], rows, chosen, file_form.cleaned_data["ending"])
    language = get_language()
    shown = list(written(rows[:SHOWN], [known[column] for column in chosen], language=language)) if chosen else []
    context = {
        "title": title,
        "name": name,
        "form": form,
        "file_form": file_form,
        "count": len(rows),
        "heading": shown[0] if shown else [],
        "rows": shown[1:],
        "kept": [(key, value) for key, values in request.GET.lists() if key not in ("column", "page") for value in values],
        "lists": [(reverse(address, args=[request.event.slug, other]), label, other) for other, (label, _columns) in lists.items()],
        "is_agenda": section == "sessions",
    }
    return render_page(request, "admin/delegates/export.html", context, section=section)


def _file(request: HttpRequest, name: str, one, rows: list, chosen: list[str], ending: str) -> HttpResponse:
    title, known = one
    with transaction.atomic():
        record(request.actor, "list.export", request.event, event=request.event, list=name, columns=chosen, rows=len(rows))
        note_read(request.viewer, event=request.event, verb="export", target=request.event)
    cells = written(rows, [known[column] for column in chosen], language=get_language())
    file_name = f"{request.event.slug}-{name}-{timezone.now():%Y-%m-%d}.{ending}"
    pieces = csv_lines(cells) if ending == "csv" else _workbook(cells, str(title))
    response = StreamingHttpResponse(pieces, content_type=MEDIA_TYPES[ending])
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


def _workbook(cells, title: str) -> Iterator[bytes]:
    """Write a workbook into a file without a name, and give it piece by piece."""
    with tempfile.TemporaryFile() as file:
        write_xlsx(cells, file, title=title)
        file.seek(0)
        yield from iter(lambda: file.read(64 * 1024), b"")
