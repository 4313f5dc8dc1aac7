"""The focal point's pages of spreadsheets: send a list of people, read what each row would do, choose, and see what was done."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from delegates import importers
from delegates.choices import ImportChoice, ImportKind, ImportState, Outcome
from delegates.exports import MEDIA_TYPES
from delegates.forms import HatForm, OwnChoiceForm, OwnSheetChoiceForm, OwnSheetForm
from delegates.models import Delegation, Import
from delegates.viewers import actor_for
from delegates.views.pages import METHODS, attempt, back_to, focal_page, show

_PER_PAGE, _SHOWN = 50, 5


@focal_page
@require_http_methods(METHODS)
def sheets(request: HttpRequest, delegation: Delegation) -> HttpResponse:
    """Take a list of people: it is checked, and nobody is named yet."""
    form = OwnSheetForm(request.POST or None, request.FILES or None, viewer=request.viewer)
    if request.method == "POST" and form.is_valid():
        file, by = form.cleaned_data["file"], actor_for(request, request.viewer)
        kept = attempt(request, form, lambda: importers.nominations(delegation, file, by=by))
        if kept:
            return _to(delegation, kept)
    earlier = delegation.imports.exclude(state=ImportState.REMOVED).order_by("-uploaded_at", "-pk")[:_SHOWN]
    quotas = list(delegation.quotas.order_by("category", "mode"))
    columns = importers.own_columns()
    return show(request, "sheets", delegation, form=form, earlier=earlier, quotas=quotas, columns=columns)


@focal_page
@require_safe
def example(request: HttpRequest, delegation: Delegation, ending: str) -> HttpResponse:
    """Give a spreadsheet with the headings a list may have, in the reader's language, and one invented row."""
    if ending not in MEDIA_TYPES:
        raise Http404
    response = HttpResponse(importers.example(ImportKind.NOMINATIONS, ending, is_own=True), content_type=MEDIA_TYPES[ending])
    response.headers["Content-Disposition"] = f'attachment; filename="{delegation.public_id}.{ending}"'
    return response


@focal_page
@require_http_methods(METHODS)
def sheet(request: HttpRequest, delegation: Delegation, import_id: str) -> HttpResponse:
    """Show what became (or would become) of each row, and do what is chosen: all rows, the good ones, another sheet, or none."""
    kept = _load(delegation, import_id)
    form = OwnChoiceForm(viewer=request.viewer, initial={"choice": ImportChoice.GOOD if kept.bad else ImportChoice.ALL})
    if request.method == "POST":
        form, done = _chosen(request, kept)
        if done and kept.state == ImportState.REMOVED:
            messages.success(request, _("The file is removed. Nothing was changed."))
            return back_to(delegation)
        if done:
            if kept.state == ImportState.CHECKED and "choice" in request.POST:
                messages.warning(
                    request,
                    _("Nothing was done: a row has a problem, or something has changed meanwhile. Read what each row would do now."),
                )
            return _to(delegation, kept)
    return show(request, "sheet", delegation, **_shown(request, kept), form=form)


def _chosen(request: HttpRequest, kept: Import):
    """Do what the pressed button says; give the form and whether it was done."""
    by = actor_for(request, request.viewer)
    if "remove" in request.POST:
        form = HatForm(request.POST, viewer=request.viewer)
        return form, form.is_valid() and attempt(request, form, lambda: importers.give_up(kept, by=by))
    if "sheet" in request.POST:
        form = OwnSheetChoiceForm(request.POST, viewer=request.viewer, sheets=kept.sheets)
        return form, form.is_valid() and attempt(request, form, lambda: importers.read_sheet(kept, form.cleaned_data["sheet"]))
    form = OwnChoiceForm(request.POST, viewer=request.viewer)
    return form, form.is_valid() and attempt(request, form, lambda: importers.choose(kept, form.cleaned_data["choice"], by=by))


def _shown(request: HttpRequest, kept: Import) -> dict:
    chosen = request.GET.get("rows", "")
    chosen = chosen if chosen in kept.counts else ""
    rows = kept.rows.filter(outcome=chosen) if chosen else kept.rows.all()
    page = Paginator(rows.order_by("number"), _PER_PAGE).get_page(request.GET.get("page"))
    several = len(kept.sheets) > 1 and kept.state in (ImportState.CHECKED, ImportState.FAILED)
    return {
        "kept": kept,
        "page": page,
        "rows": [{"row": row, "words": row.words} for row in page],
        "outcomes": [(outcome.value, outcome.label, kept.counts[outcome]) for outcome in Outcome if kept.counts.get(outcome)],
        "chosen": chosen,
        "sheet": _sheet_form(request, kept) if several else None,
        "may_choose": kept.state == ImportState.CHECKED and kept.good,
        "may_remove": kept.state in (ImportState.CHECKED, ImportState.FAILED),
    }


def _sheet_form(request: HttpRequest, kept: Import) -> OwnSheetChoiceForm:
    initial = {"sheet": kept.sheet}
    return OwnSheetChoiceForm(viewer=request.viewer, sheets=kept.sheets, initial=initial, auto_id="sheet_%s")


@focal_page
@require_safe
def progress(request: HttpRequest, delegation: Delegation, import_id: str) -> HttpResponse:
    """Say how far an import is, for the bar of its page."""
    return JsonResponse(importers.progress(_load(delegation, import_id)))


def _load(delegation: Delegation, import_id: str) -> Import:
    return get_object_or_404(delegation.imports.select_related("event", "delegation", "uploaded_by"), public_id=import_id)


def _to(delegation: Delegation, kept: Import) -> HttpResponse:
    return redirect("delegates:sheet", delegation.event.slug, delegation.public_id, kept.public_id)
