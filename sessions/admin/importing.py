"""The organisers' pages of agendas sent as files: send one, read what it would change line by line, take it or leave it."""

import io

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.lib.spreadsheets import to_csv, write_xlsx
from delegates.choices import ImportState
from delegates.exports import MEDIA_TYPES
from events.actions import note_read
from events.admin.lists import page_of
from events.admin.pages import organisers_page, render_page
from events.rules import NotAllowed
from sessions.exports.columns import SESSIONS
from sessions.forms import AgendaChoicesForm, AgendaFileForm
from sessions.importers import runs
from sessions.importers.examples import example_rows
from sessions.importers.reports import CHANGED, NEW, UNCHANGED
from sessions.models import AgendaImport

SECTION = "sessions"
CONFLICTS = "conflicts"


def _load(request: HttpRequest, public_id: str) -> AgendaImport:
    return get_object_or_404(request.event.agenda_imports.select_related("event", "uploaded_by"), public_id=public_id)


def _to(kept: AgendaImport) -> HttpResponse:
    return redirect("organise:agenda_import", kept.event.slug, kept.public_id)


@organisers_page("programme")
@require_http_methods(["GET", "HEAD", "POST"])
def agenda_imports(request: HttpRequest) -> HttpResponse:
    """List what was sent, and take a file: it is tried, and nothing is changed yet."""
    sent = request.method == "POST"
    form = AgendaFileForm(request.POST, request.FILES, event=request.event) if sent else AgendaFileForm(event=request.event)
    if sent and form.is_valid():
        try:
            kept = runs.keep_upload(request.event, form.cleaned_data["file"], **form.choices, by=request.actor)
        except NotAllowed as refusal:
            form.add_error("file", str(refusal))
        else:
            return _to(kept)
    page = page_of(request, request.event.agenda_imports.select_related("uploaded_by").order_by("-uploaded_at", "-pk"))
    columns = [column.label for column in SESSIONS.values()]
    return render_page(request, "admin/sessions/agenda_imports.html", {"form": form, "page": page, "columns": columns}, section=SECTION)


@organisers_page("programme")
@require_http_methods(["GET", "HEAD", "POST"])
def agenda_import(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show how far an import is, or what became (or would become) of each session; a POST tries the same file with other choices."""
    kept = _load(request, public_id)
    sent = request.method == "POST"
    initial = {name: getattr(kept, name) for name in ("audience", "label", "texts_in")}
    form = AgendaChoicesForm(request.POST if sent else None, event=request.event, initial=initial)
    if sent and form.is_valid():
        _tried(request, lambda: runs.choose(kept, **form.choices))
        return _to(kept)
    report = kept.report
    lines = report.get("lines", [])
    kinds = [(value, label, [line for line in lines if _is_of(line, value)]) for value, label in _kinds()]
    chosen = request.GET.get("lines", "")
    shown = next((found for value, _label, found in kinds if value == chosen), lines)
    words = dict(_kinds())
    page = page_of(request, shown)
    context = {
        "kept": kept,
        "report": report,
        "fatal": [problem for problem in report.get("problems", []) if problem["is_fatal"]],
        "remarks": [problem for problem in report.get("problems", []) if not problem["is_fatal"]],
        "kinds": [(value, label, len(found)) for value, label, found in kinds if found],
        "count": len(lines),
        "chosen": chosen,
        "page": page,
        "rows": [line | {"became": words[line["outcome"]]} for line in page],
        "form": form if kept.state in (ImportState.CHECKED, ImportState.FAILED) else None,
        "may_take": kept.state == ImportState.CHECKED and any(kept.counts.get(name) for name in ("created", "changed")),
    }
    return render_page(request, "admin/sessions/agenda_import.html", context, section=SECTION)


def _kinds() -> list[tuple[str, str]]:
    """What may become of a session, in words, and one more that picks those with conflicts."""
    return [
        (NEW, pgettext("session in a file", "New")),
        (CHANGED, pgettext("session in a file", "Changed")),
        (UNCHANGED, pgettext("session in a file", "Unchanged")),
        (CONFLICTS, pgettext("session in a file", "With conflicts")),
    ]


def _is_of(line: dict, kind: str) -> bool:
    return bool(line["conflicts"]) if kind == CONFLICTS else line["outcome"] == kind


@organisers_page("programme")
@require_safe
def agenda_import_progress(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say how far an import is, for the bar of its page."""
    kept = _load(request, public_id)
    said = ngettext("%(count)d session", "%(count)d sessions", kept.total) % {"count": kept.total} if kept.total else ""
    return JsonResponse({"ended": not kept.is_waiting, "state": kept.state, "done": kept.done, "total": kept.total, "said": said})


@organisers_page("programme")
@require_POST
def agenda_import_take(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take what was shown."""
    kept = _load(request, public_id)
    _tried(request, lambda: runs.take(kept, by=request.actor))
    if kept.state == ImportState.DONE:
        messages.success(request, _("The agenda is in the draft. Nothing is released."))
    return _to(kept)


@organisers_page("programme")
@require_POST
def agenda_import_remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """Remove a file that is not imported after all."""
    kept = _load(request, public_id)
    _tried(request, lambda: runs.give_up(kept, by=request.actor))
    return redirect("organise:agenda_imports", request.event.slug)


def _tried(request: HttpRequest, act) -> None:
    try:
        act()
    except NotAllowed as refusal:
        messages.error(request, str(refusal))


@organisers_page("programme")
@require_safe
def agenda_import_report(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give what is said of each line as CSV."""
    kept = _load(request, public_id)
    note_read(request.viewer, event=request.event, verb="download", target=kept)
    report, words = kept.report, dict(_kinds())
    rows: list[list[str]] = [[_("Place in the file"), _("Session"), _("What happens"), _("In words"), _("Conflicts")]]
    rows += [[problem["place"], "", _("Problem"), problem["words"], ""] for problem in report.get("problems", [])]
    rows += [
        [line["place"], line["title"], words[line["outcome"]], " ".join(line["said"]), " ".join(line["conflicts"])]
        for line in report.get("lines", [])
    ]
    response = HttpResponse(to_csv(rows), content_type=MEDIA_TYPES["csv"])
    response.headers["Content-Disposition"] = f'attachment; filename="agenda-import-{kept.public_id}.csv"'
    return response


@organisers_page("programme")
@require_safe
def agenda_imports_example(request: HttpRequest, ending: str) -> HttpResponse:
    """Give a spreadsheet with the headings an import reads, in the reader's language, and two invented sessions."""
    if ending not in MEDIA_TYPES:
        raise Http404
    rows, file = example_rows(request.event), io.BytesIO()
    if ending == "csv":
        file.write(to_csv(rows))
    else:
        write_xlsx(rows, file, title=_("Agenda"))
    response = HttpResponse(file.getvalue(), content_type=MEDIA_TYPES[ending])
    response.headers["Content-Disposition"] = f'attachment; filename="agenda.{ending}"'
    return response
