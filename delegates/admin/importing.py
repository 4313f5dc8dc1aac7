"""The organisers' pages of imports: send a spreadsheet, read what it would change, choose which rows are kept, and see what was done."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.lib.spreadsheets import csv_lines
from delegates import importers
from delegates.admin.import_forms import ImportForm
from delegates.choices import ImportChoice, ImportKind, ImportState, Outcome
from delegates.exports import MEDIA_TYPES, import_report_rows
from delegates.forms import ChoiceForm, SheetForm
from delegates.models import Import
from events.actions import note_read
from events.admin.lists import page_of
from events.admin.pages import organisers_page, render_page
from events.rules import NotAllowed

SECTION = "delegations"


def _load(request: HttpRequest, public_id: str) -> Import:
    found = request.event.imports.of_event().select_related("event", "uploaded_by")
    return get_object_or_404(found, public_id=public_id)


def _to(kept: Import) -> HttpResponse:
    return redirect("organise:import", kept.event.slug, kept.public_id)


@organisers_page("delegations")
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """List the imports of the event, and take a file: it is checked, and nothing is changed yet."""
    sent = request.method == "POST"
    form = ImportForm(request.POST, request.FILES) if sent else ImportForm(initial={"kind": request.GET.get("kind", "")})
    if sent and form.is_valid():
        try:
            kept = importers.keep_upload(request.event, form.cleaned_data["kind"], form.cleaned_data["file"], by=request.actor)
        except NotAllowed as refusal:
            form.add_error("file", str(refusal))
        else:
            return _to(kept)
    page = page_of(request, request.event.imports.of_event().select_related("uploaded_by").order_by("-uploaded_at", "-pk"))
    return render_page(request, "admin/delegates/imports.html", {"form": form, "page": page}, section=SECTION)


@organisers_page("delegations")
@require_safe
def one_import(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show how far an import is, or what became (or would become) of each row, problems first."""
    return _show(request, _load(request, public_id))


def _show(request: HttpRequest, kept: Import, form: ChoiceForm | None = None) -> HttpResponse:
    chosen = request.GET.get("rows", "")
    chosen = chosen if chosen in kept.counts else ""
    rows = kept.rows.filter(outcome=chosen) if chosen else kept.rows.all()
    page = page_of(request, rows.order_by("number"))
    outcomes = [(outcome.value, outcome.label, kept.counts[outcome]) for outcome in Outcome if kept.counts.get(outcome)]
    initial = {"choice": ImportChoice.GOOD if kept.bad else ImportChoice.ALL}
    context = {
        "kept": kept,
        "page": page,
        "rows": [{"row": row, "words": row.words} for row in page],
        "outcomes": outcomes,
        "chosen": chosen,
        "form": form or ChoiceForm(initial=initial),
        "sheet": SheetForm(sheets=kept.sheets, initial={"sheet": kept.sheet}) if len(kept.sheets) > 1 else None,
        "may_choose": kept.state == ImportState.CHECKED and kept.good,
    }
    return render_page(request, "admin/delegates/import.html", context, section=SECTION)


@organisers_page("delegations")
@require_safe
def import_progress(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say how far an import is, for the bar of its page."""
    return JsonResponse(importers.progress(_load(request, public_id)))


@organisers_page("delegations")
@require_POST
def import_sheet(request: HttpRequest, public_id: str) -> HttpResponse:
    """Read another sheet of the same file."""
    kept = _load(request, public_id)
    form = SheetForm(request.POST, sheets=kept.sheets)
    if form.is_valid():
        _tried(request, lambda: importers.read_sheet(kept, form.cleaned_data["sheet"]))
    return _to(kept)


@organisers_page("delegations")
@require_POST
def import_choose(request: HttpRequest, public_id: str) -> HttpResponse:
    """Import what was checked: all rows or none, or the good ones."""
    kept = _load(request, public_id)
    form = ChoiceForm(request.POST)
    if not form.is_valid():
        return _show(request, kept, form)
    _tried(request, lambda: importers.choose(kept, form.cleaned_data["choice"], by=request.actor))
    return _to(kept)


@organisers_page("delegations")
@require_POST
def import_remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """Remove a file that is not imported after all."""
    kept = _load(request, public_id)
    _tried(request, lambda: importers.give_up(kept, by=request.actor))
    return redirect("organise:imports", request.event.slug)


def _tried(request: HttpRequest, act) -> None:
    try:
        act()
    except NotAllowed as refusal:
        messages.error(request, str(refusal))


@organisers_page("delegations")
@require_safe
def import_report(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give what is said of each row as CSV."""
    kept = _load(request, public_id)
    note_read(request.viewer, event=request.event, verb="download", target=kept)
    response = StreamingHttpResponse(csv_lines(import_report_rows(kept, language=get_language())), content_type=MEDIA_TYPES["csv"])
    response.headers["Content-Disposition"] = f'attachment; filename="import-{kept.public_id}.csv"'
    return response


@organisers_page("delegations")
@require_safe
def import_help(request: HttpRequest) -> HttpResponse:
    """Say which columns are read, how people write what stands in them, and what happens with a row."""
    kinds = [
        {"kind": ImportKind(kind), "columns": [column.label for column in found.columns.values()], "most": found.most}
        for kind, found in importers.KINDS.items()
    ]
    return render_page(request, "admin/delegates/import_help.html", {"kinds": kinds}, section=SECTION)


@organisers_page("delegations")
@require_safe
def import_example(request: HttpRequest, kind: str, ending: str) -> HttpResponse:
    """Give a spreadsheet with the headings an import reads, in the reader's language, and one invented row."""
    if kind not in ImportKind.values or ending not in MEDIA_TYPES:
        raise Http404
    response = HttpResponse(importers.example(kind, ending), content_type=MEDIA_TYPES[ending])
    response.headers["Content-Disposition"] = f'attachment; filename="{kind}.{ending}"'
    return response
