"""The organisers' page that imports delegations from a spreadsheet: first what would happen, row by row, then the same file for good."""

import base64

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from delegates import importers
from delegates.admin.delegations import SECTION
from delegates.admin.forms import ImportForm
from events.admin.pages import organisers_page, render_page


@organisers_page("delegations")
@require_http_methods(["GET", "HEAD", "POST"])
def delegations_import(request: HttpRequest) -> HttpResponse:
    """Take a file and show what it would change; the page then carries the file itself, and its button makes the changes."""
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    context = {"form": form, "report": None, "kept": "", "columns": importers.COLUMNS.values()}
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data["data"]
        report = importers.import_delegations(request.event, data, by=request.actor, apply="apply" in request.POST)
        if report.is_applied:
            messages.success(request, _imported(len(report.rows)))
            return redirect("organise:delegations", request.event.slug)
        context |= {"report": report, "kept": base64.b64encode(data).decode() if report.is_clean else ""}
    return render_page(request, "admin/delegates/delegations_import.html", context, section=SECTION)


def _imported(count: int) -> str:
    said = ngettext(
        "%(count)d row was imported. Nobody has been written to.", "%(count)d rows were imported. Nobody has been written to.", count
    )
    return said % {"count": count}


@organisers_page("delegations")
@require_safe
def delegations_import_example(request: HttpRequest) -> HttpResponse:
    """Give an empty spreadsheet with the headings the import reads, in the reader's language."""
    response = HttpResponse(importers.example(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="delegations.csv"'
    return response
