"""The organisers' pages of the people of the agenda: their list, a new one, and one as readers see them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from events.admin.pages import organisers_page, render_page
from events.rules import NotAllowed
from sessions import actions, rules
from sessions.admin.loading import draft_slots, may_edit, people_of, speakers_by_name
from sessions.forms import SpeakerForm
from sessions.models import Speaker

SECTION = "sessions"


@organisers_page("read")
@require_safe
def speakers(request: HttpRequest) -> HttpResponse:
    """List the people of the agenda by name, with what readers see of each."""
    context = {"rows": speakers_by_name(request.event), "can_edit": may_edit(request)}
    return render_page(request, "admin/sessions/speakers.html", context, section=SECTION)


@organisers_page("programme")
@require_http_methods(["GET", "HEAD", "POST"])
def speaker_add(request: HttpRequest) -> HttpResponse:
    """Add a registered person or an outside person to the agenda."""
    form = SpeakerForm(request.POST or None, event=request.event, registrations=people_of(request.event))
    if request.method == "POST" and form.is_valid():
        try:
            actions.make_speaker(request.event, by=request.actor, **form.typed)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The person is added. Give them a role on the page of a session."))
            return redirect("organise:speakers", request.event.slug)
    return render_page(request, "admin/sessions/speaker.html", {"form": form, "speaker": None, "can_edit": True}, section=SECTION)


@organisers_page("read", write_act="programme")
@require_http_methods(["GET", "HEAD", "POST"])
def speaker(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show a person of the agenda, and change what readers see of them."""
    one = _load(request, public_id)
    form = _form(request, one, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_speaker(one, by=request.actor, seen=form.marks, **form.typed)
        except rules.Stale as refusal:
            one = _load(request, public_id)
            form.after_others(refusal.fields, actions.speaker_values(one))
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("organise:speakers", request.event.slug)
    slots = [slot for slot in draft_slots(request.event) if any(part.speaker_id == one.pk for part in slot.contributions.all())]
    context = {"form": form, "speaker": one, "slots": slots, "can_edit": may_edit(request)}
    return render_page(request, "admin/sessions/speaker.html", context, section=SECTION)


def _load(request: HttpRequest, public_id: str) -> Speaker:
    return get_object_or_404(request.event.speakers.for_list(), public_id=public_id)


def _form(request: HttpRequest, one: Speaker, data) -> SpeakerForm:
    return SpeakerForm(data, event=request.event, speaker=one, shown=actions.speaker_values(one), can_edit=may_edit(request))
