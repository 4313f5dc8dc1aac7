"""The organisers' pages of papers: their list, a new one, one with its marking and its readers, its file, and its removal."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from events.actions import note_read
from events.admin.pages import organisers_page, render_page
from events.rules import NotAllowed
from sessions import actions, rules
from sessions.admin.loading import delegations_of, may_edit, reads_of
from sessions.choices import Label
from sessions.forms import NewPaperForm, PaperForm
from sessions.models import Paper

SECTION = "papers"


@organisers_page("read", write_act="programme")
@require_http_methods(["GET", "HEAD", "POST"])
def papers(request: HttpRequest) -> HttpResponse:
    """List the papers, and keep a new one."""
    form = NewPaperForm(request.POST or None, request.FILES or None, event=request.event, delegations=delegations_of(request.event))
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_paper(request.event, file=form.cleaned_data["file"], by=request.actor, **form.typed)
        except NotAllowed as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, _("The paper is added."))
            return redirect("organise:papers", request.event.slug)
    rows = list(request.event.papers.select_related("session").in_order())
    for row in rows:
        if row.session:
            row.session.event = request.event
    context = {"form": form, "rows": rows, "can_edit": may_edit(request)}
    return render_page(request, "admin/sessions/papers.html", context, section=SECTION)


@organisers_page("read", write_act="programme")
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show a paper with who read it, and change its title, place and marking."""
    one = _load(request, public_id)
    form = _form(request, one, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_paper(one, by=request.actor, seen=form.marks, **form.typed)
        except rules.Stale as refusal:
            one = _load(request, public_id)
            form.after_others(refusal.fields, actions.paper_values(one))
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("organise:papers", request.event.slug)
    context = {"form": form, "paper": one, "reads": reads_of(one), "can_edit": may_edit(request)}
    return render_page(request, "admin/sessions/paper.html", context, section=SECTION)


def _load(request: HttpRequest, public_id: str) -> Paper:
    return get_object_or_404(request.event.papers.select_related("session"), public_id=public_id)


def _form(request: HttpRequest, one: Paper, data) -> PaperForm:
    return PaperForm(
        data,
        event=request.event,
        delegations=delegations_of(request.event),
        shown=actions.paper_values(one),
        can_edit=may_edit(request),
    )


@organisers_page("programme")
@require_http_methods(["GET", "HEAD", "POST"])
def paper_remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask whether a paper shall be removed, and remove it with its file."""
    one = _load(request, public_id)
    if request.method == "POST":
        actions.remove_paper(one, by=request.actor)
        messages.success(request, _("The paper and its file are removed."))
        return redirect("organise:papers", request.event.slug)
    return render_page(request, "admin/sessions/paper_remove.html", {"paper": one}, section=SECTION)


@organisers_page("read")
@require_safe
def paper_file(request: HttpRequest, public_id: str) -> FileResponse:
    """Give the file of a paper to an organiser, as a download; above CLEAR it is recorded."""
    one = _load(request, public_id)
    if request.user.is_shared and rules.above_green(one.label):
        raise PermissionDenied
    if one.label != Label.CLEAR and request.method == "GET":
        note_read(request.viewer, event=request.event, verb="download", target=one)
    response = FileResponse(one.file.open("rb"), as_attachment=True, filename=one.file_name, content_type=one.media_type)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
