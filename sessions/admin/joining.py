"""The organisers' page of how a session is joined from a distance."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from events.admin.pages import organisers_page, render_page
from events.rules import NotAllowed
from sessions import actions, rules
from sessions.admin.loading import load_session
from sessions.forms import JoiningForm


@organisers_page("programme")
@require_http_methods(["GET", "HEAD", "POST"])
def joining(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show and save the link and the words of a session, who is shown them, and from when."""
    session = load_session(request, public_id)
    form = JoiningForm(request.POST or None, shown=actions.joining_values(session))
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_joining(session, by=request.actor, seen=form.marks, **form.typed)
        except rules.Stale as refusal:
            form.after_others(refusal.fields, actions.joining_values(session))
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("organise:session", request.event.slug, public_id)
    return render_page(request, "admin/sessions/joining.html", {"session": session, "form": form}, section="sessions")
