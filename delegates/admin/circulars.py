"""The organisers' pages of messages to many: the list, a draft with whom it reaches and how it looks, sending, throwing away."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from delegates.actions.circulars import drop_circular, keep_circular, readers_of, seal_of, send_circular
from delegates.admin.circular_forms import CircularForm
from delegates.admin.lists import in_protocol_order
from delegates.emails import show_circular
from delegates.models import Circular
from events.admin.pages import organisers_page, render_page
from events.choices import MailState
from events.rules import NotAllowed

SECTION = "mails"
SHOWN = 100  # readers listed by name, and offered for the preview


@organisers_page("mail")
@require_safe
def circulars(request: HttpRequest) -> HttpResponse:
    """List the drafts and what was sent, the newest first."""
    rows = list(request.event.circulars.select_related("made_by").order_by("-changed_at", "-pk"))
    for row in rows:
        row.title = row.words_for(request.event.working_language, request.event.working_language)[1]["subject"]
    return render_page(request, "admin/delegates/circulars.html", {"rows": rows}, section=SECTION)


@organisers_page("mail")
@require_http_methods(["GET", "HEAD", "POST"])
def circular_add(request: HttpRequest) -> HttpResponse:
    """Begin a message to many; nothing leaves before it is sent from its own page."""
    return _edit(request, Circular(event=request.event))


@organisers_page("mail")
@require_http_methods(["GET", "HEAD", "POST"])
def circular(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show a draft with its readers, or what became of one that was sent; POST keeps a draft."""
    found = _load(request, public_id)
    return _show_sent(request, found) if found.sent_at and request.method != "POST" else _edit(request, found)


def _load(request, public_id) -> Circular:
    return get_object_or_404(request.event.circulars.select_related("delegation", "event"), public_id=public_id)


def _edit(request, found: Circular) -> HttpResponse:
    delegations = in_protocol_order(request.event, request.event.delegations.select_related("organisation"))
    form = CircularForm(request.POST or None, circular=found, event=request.event, delegations=delegations)
    if request.method == "POST" and form.is_valid():
        try:
            kept = keep_circular(form.filled(), by=request.actor)
        except NotAllowed as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The draft is kept. Look below at whom it reaches before you send it."))
            return redirect("organise:circular", request.event.slug, kept.public_id)
    readers = readers_of(found, timezone.now()) if found.pk else []
    context = {
        "form": form,
        "circular": found,
        "languages": [(code, text) for code, text in form.texts.items()],
        "count": len(readers),
        "seal": seal_of(readers),
        **_preview(request, found, readers),
    }
    return render_page(request, "admin/delegates/circular.html", context, section=SECTION)


def _preview(request, found, readers) -> dict:
    shown = readers[:SHOWN]
    reader = next((thing for thing in shown if thing.public_id == request.GET.get("reader")), shown[0] if shown else None)
    options = [
        (thing.public_id, thing.delegate.listed_name if hasattr(thing, "delegate") else thing.name or thing.email) for thing in shown
    ]
    preview = show_circular(found, reader) if reader and found.words else None
    return {"readers": options, "reader": reader.public_id if reader else "", "shown": preview, "more": len(readers) - len(shown)}


def _name(thing) -> str:
    return thing.delegate.listed_name if hasattr(thing, "delegate") else thing.name or thing.email


def _show_sent(request, found) -> HttpResponse:
    mails = request.event.mails.filter(dedup_key__startswith=f"circular:{found.public_id}:")
    counts = dict(mails.order_by().values_list("state").annotate(number=Count("pk")))
    context = {
        "circular": found,
        "states": [(state.value, state.label, counts[state.value]) for state in MailState if state.value in counts],
        "texts": found.words.items(),
    }
    return render_page(request, "admin/delegates/circular_sent.html", context, section=SECTION)


@organisers_page("mail")
@require_POST
def circular_send(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send a message to those who were counted; pressing twice sends once."""
    found = _load(request, public_id)
    try:
        count = send_circular(found, seal=request.POST.get("seal", ""), by=request.actor)
    except NotAllowed as error:
        messages.error(request, str(error))
    else:
        words = ngettext("%(count)d message is on its way.", "%(count)d messages are on their way.", count)
        messages.success(request, words % {"count": count})
    return redirect("organise:circular", request.event.slug, public_id)


@organisers_page("mail")
@require_POST
def circular_drop(request: HttpRequest, public_id: str) -> HttpResponse:
    """Throw a draft away."""
    try:
        drop_circular(_load(request, public_id), by=request.actor)
    except NotAllowed as error:
        messages.error(request, str(error))
        return redirect("organise:circular", request.event.slug, public_id)
    messages.success(request, _("The draft is gone."))
    return redirect("organise:circulars", request.event.slug)
