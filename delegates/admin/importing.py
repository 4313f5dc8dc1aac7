"""The organisers' page that imports delegations: a file is tried first, reported row by row, and kept only when confirmed."""

import base64

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from conference.lib import tokens
from conference.lib.sealing import Sealer, Unsealable
from delegates.admin.delegations import SECTION
from delegates.admin.forms import ImportForm
from delegates.importers import example, import_delegations
from events.admin.pages import organisers_page, render_page

_KEY = "import"  # in the sign-in session: the file between its trial and its confirmation, sealed


@organisers_page("delegations")
@require_http_methods(["GET", "HEAD", "POST"])
def delegations_import(request: HttpRequest) -> HttpResponse:
    """Try a file and report what it would do; with `confirm`, do it, if it is still the file that was tried."""
    if "confirm" in request.POST:
        return _apply(request)
    form, report, digest = ImportForm(request.POST or None, request.FILES or None), None, ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data["file"].read()
        report = import_delegations(request.event, data, by=request.actor, apply=False)
        digest = _keep(request, data) if report.is_clean else ""
    return _show(request, form, report, digest)


def _show(request, form, report, digest) -> HttpResponse:
    context = {"form": form, "report": report, "digest": digest}
    return render_page(request, "admin/delegates/delegations_import.html", context, section=SECTION)


def _keep(request, data: bytes) -> str:
    sealed = Sealer(settings.DATA_KEYS).seal(base64.b64encode(data).decode())
    digest = tokens.digest(base64.b64encode(data).decode())
    request.session[_KEY] = {"event": request.event.pk, "digest": digest, "file": sealed}
    return digest


def _kept(request) -> bytes | None:
    """Give the file that was tried for this event; None when there is none, or another was tried since."""
    kept = request.session.get(_KEY, {})
    if (kept.get("event"), kept.get("digest")) != (request.event.pk, request.POST.get("digest")):
        return None
    try:
        return base64.b64decode(Sealer(settings.DATA_KEYS).open(kept["file"]))
    except Unsealable:
        return None


def _apply(request) -> HttpResponse:
    data = _kept(request)
    if data is None:
        messages.error(request, _("This file is no longer at hand, or another one was tried since. Choose it again; nothing was imported."))
        return redirect("organise:delegations_import", request.event.slug)
    report = import_delegations(request.event, data, by=request.actor, apply=True)
    if not report.is_applied:  # something changed since the trial
        return _show(request, ImportForm(), report, "")
    del request.session[_KEY]
    messages.success(request, _("The spreadsheet is imported. Nobody has been written to."))
    return redirect("organise:delegations", request.event.slug)


@organisers_page("delegations")
@require_safe
def delegations_example(request: HttpRequest) -> HttpResponse:
    """Give a spreadsheet with the headings and nothing below them."""
    response = HttpResponse(example(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="delegations.csv"'
    return response
