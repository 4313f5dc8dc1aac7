"""The organisers' pages of messages to many: the list, a draft, how it looks before it leaves, and what became of it."""

from collections import Counter

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from delegates.actions.circulars import (
    DraftChanged,
    drop_circular,
    keep_circular,
    mails_of,
    readers_of,
    recall_circular,
    seal_of,
    send_circular,
    unreached_by,
)
from delegates.admin.circular_forms import CircularForm
from delegates.admin.lists import in_protocol_order
from delegates.emails import show_circular
from delegates.models import Circular, Delegation
from delegates.models.circulars import FILTERS
from events.admin.lists import page_of, with_fates
from events.admin.pages import organisers_page, render_page
from events.choices import MailState
from events.models import MailStop
from events.rules import NotAllowed

SECTION = "mails"


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
    """Begin a message to many, from nothing, from a list of people (`?to=persons&state=…`) or from an earlier message (`?like=…`)."""
    return _edit(request, _begun(request))


def _begun(request) -> Circular:
    if earlier := request.event.circulars.filter(public_id=request.GET.get("like", "")).first():
        return Circular(event=request.event, to=earlier.to, asked=earlier.asked, words=earlier.words)
    asked = {name: request.GET.getlist(name) for name in FILTERS if any(request.GET.getlist(name))}
    return Circular(event=request.event, asked=asked, **({"to": request.GET["to"]} if "to" in request.GET else {}))


@organisers_page("mail")
@require_http_methods(["GET", "HEAD", "POST"])
def circular(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show a draft to be changed, or what became of one that was sent; POST keeps a draft."""
    found = _load(request, public_id)
    return _show_sent(request, found) if found.sent_at and request.method != "POST" else _edit(request, found)


def _load(request, public_id) -> Circular:
    found = get_object_or_404(request.event.circulars, public_id=public_id)
    found.event = request.event
    return found


def _form(request, found: Circular, data=None) -> CircularForm:
    delegations = in_protocol_order(request.event, request.event.delegations.select_related("organisation"))
    return CircularForm(data, circular=found, event=request.event, delegations=delegations)


def _edit(request, found: Circular) -> HttpResponse:
    form = _form(request, found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            kept = keep_circular(form.filled(), seen=form.cleaned_data["seen"], by=request.actor)
        except DraftChanged as error:
            form.add_error(None, str(error))
            form.data = form.data.copy()
            form.data["seen"] = request.event.circulars.get(pk=found.pk).mark
        except NotAllowed as error:
            form.add_error(None, str(error))
        else:
            if "look" in request.POST:
                return redirect("organise:circular_review", request.event.slug, kept.public_id)
            messages.success(request, _("The draft is kept. Nothing leaves before you send it."))
            return redirect("organise:circular", request.event.slug, kept.public_id)
    return render_page(request, "admin/delegates/circular.html", {"form": form, "circular": found}, section=SECTION)


@organisers_page("mail")
@require_safe
def circular_review(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show a draft before it leaves: whom it reaches, whom it does not and why, and how a reader gets it."""
    found = _load(request, public_id)
    if found.sent_at:
        return redirect("organise:circular", request.event.slug, found.public_id)
    at = timezone.now()
    readers = readers_of(found, at)
    by_id = {thing.public_id: thing for thing in readers}
    reader = by_id.get(request.GET.get("reader", ""), readers[0] if readers else None)
    context = {
        "circular": found,
        "asked": _form(request, found).in_words(),
        "count": len(readers),
        "readers": [(thing.public_id, _name(thing), thing.delegation.organisation.name) for thing in readers],
        "reader": reader.public_id if reader else "",
        "shown": show_circular(found, reader) if reader and found.words else None,
        "languages": _languages(found, readers),
        "left_out": _left_out(found, at),
        "is_stopped": MailStop.objects.of(request.event).exists(),
        "seal": seal_of(found, readers),
    }
    return render_page(request, "admin/delegates/circular_review.html", context, section=SECTION)


def _languages(found: Circular, readers) -> list[tuple[str, int, str]]:
    """How many readers each language has, with the language of the words they get."""
    counts = Counter(thing.delegate.language if hasattr(thing, "delegate") else thing.language for thing in readers)
    return [(code, number, found.words_for(code, found.event.working_language)[0]) for code, number in counts.most_common()]


def _left_out(found: Circular, at) -> list[tuple[str, list[str]]]:
    reasons = {
        "no_address": _("No address: nothing can be sent to them."),
        "not_told": _("Their list has not been sent: they do not know yet that they are named."),
        "no_focal_point": _("No focal point who has been invited."),
    }
    return [(reasons[why], [_name(thing) for thing in things]) for why, things in unreached_by(found, at).items() if things]


def _name(thing) -> str:
    if isinstance(thing, Delegation):
        return thing.organisation.name
    return thing.delegate.listed_name if hasattr(thing, "delegate") else thing.name or thing.email


def _show_sent(request, found) -> HttpResponse:
    mails = mails_of(found)
    counts = Counter(mails.order_by().values_list("state", flat=True))
    page = page_of(request, mails.order_by("pk"))
    context = {
        "circular": found,
        "asked": _form(request, found).in_words(),
        "states": [(state.value, state.label, counts[state.value]) for state in MailState if state.value in counts],
        "waiting": counts[MailState.QUEUED],
        "is_stopped": MailStop.objects.of(request.event).exists(),
        "page": page,
        "mails": with_fates(page, request.event, request.acts),
        "texts": found.words.items(),
    }
    return render_page(request, "admin/delegates/circular_sent.html", context, section=SECTION)


@organisers_page("mail")
@require_POST
def circular_send(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send a message as it was shown to those who were counted; pressing twice sends once."""
    found = _load(request, public_id)
    try:
        count = send_circular(found, seal=request.POST.get("seal", ""), by=request.actor)
    except NotAllowed as error:
        messages.error(request, str(error))
        return redirect("organise:circular_review", request.event.slug, public_id)
    if MailStop.objects.of(request.event).exists():
        words = ngettext("%(count)d message is queued; the mail is stopped.", "%(count)d messages are queued; the mail is stopped.", count)
    else:
        words = ngettext("%(count)d message is on its way.", "%(count)d messages are on their way.", count)
    messages.success(request, words % {"count": count})
    return redirect("organise:circular", request.event.slug, public_id)


@organisers_page("mail")
@require_POST
def circular_recall(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take back those messages that have not left."""
    count = recall_circular(_load(request, public_id), by=request.actor)
    words = ngettext("%(count)d message is taken back; it does not leave.", "%(count)d messages are taken back; they do not leave.", count)
    messages.success(request, words % {"count": count})
    return redirect("organise:circular", request.event.slug, public_id)


@organisers_page("mail")
@require_http_methods(["GET", "HEAD", "POST"])
def circular_drop(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask first, then throw a draft away."""
    found = _load(request, public_id)
    if request.method != "POST":
        if found.sent_at:
            return redirect("organise:circular", request.event.slug, public_id)
        words = found.words_for(request.event.working_language, request.event.working_language)[1]
        return render_page(request, "admin/delegates/circular_drop.html", {"circular": found, "words": words}, section=SECTION)
    try:
        drop_circular(found, by=request.actor)
    except NotAllowed as error:
        messages.error(request, str(error))
        return redirect("organise:circular", request.event.slug, public_id)
    messages.success(request, _("The draft is gone."))
    return redirect(reverse("organise:circulars", args=[request.event.slug]))
