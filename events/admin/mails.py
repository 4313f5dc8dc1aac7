"""The organisers' pages of messages: what became of each, sending again, what came back, and the stop. Bodies are shown to nobody."""

from django.contrib import messages
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events import actions
from events.admin.lists import page_of, with_fates
from events.admin.pages import organisers_page, render_page
from events.choices import MailState
from events.emails.table import label_of
from events.forms import MailFilter
from events.models import MailStop
from events.rules import NotAllowed

SECTION = "mails"


@organisers_page("mail")
@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    """List the event's messages, the newest first."""
    form = MailFilter(request.GET)
    page = page_of(request, form.narrow(request.event.mails.order_by("-queued_at", "-pk")))
    stops = list(MailStop.objects.of(request.event).order_by("pk"))
    context = {
        "form": form,
        "page": page,
        "mails": with_fates(page, request.event, request.acts),
        "needing": request.event.mails.needing_somebody().count(),
        "stops": stops,
        "is_stopped_here": any(stop.event_id for stop in stops),
        "waiting": _waiting(request) if stops else [],
        "is_filtered": any(request.GET.get(name) for name in form.fields),
    }
    return render_page(request, "admin/events/mails.html", context, section=SECTION)


def _waiting(request) -> list[dict]:
    """What a stop holds back, by kind: label, count and since when, the oldest first."""
    rows = request.event.mails.in_state(MailState.QUEUED).order_by().values("kind").annotate(count=Count("pk"), since=Min("queued_at"))
    return [row | {"label": label_of(row["kind"])} for row in sorted(rows, key=lambda row: row["since"])]


@organisers_page("mail")
@require_http_methods(["GET", "HEAD", "POST"])
def mail_drop(request: HttpRequest, kind: str) -> HttpResponse:
    """Ask, then take out what waits of one kind: after a restore people may have had it already."""
    count = request.event.mails.in_state(MailState.QUEUED).filter(kind=kind).count()
    if request.method != "POST":
        context = {"kind": kind, "label": label_of(kind), "count": count}
        return render_page(request, "admin/events/mail_drop.html", context, section=SECTION)
    dropped = actions.drop_waiting_mail(request.event, kind=kind, by=request.actor)
    words = ngettext("%(count)d message is taken out; it does not leave.", "%(count)d messages are taken out; they do not leave.", dropped)
    messages.success(request, words % {"count": dropped})
    return redirect("organise:mails", request.event.slug)


@organisers_page("mail")
@require_POST
def mail_retry(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send a message that failed or came back again."""
    return _act(request, public_id, actions.retry_mail, _("The message is queued again."))


@organisers_page("mail")
@require_POST
def mail_returned(request: HttpRequest, public_id: str) -> HttpResponse:
    """Mark a sent message as returned: its report came to somebody's own mailbox."""
    return _act(request, public_id, actions.return_mail, _("Marked: the message came back."))


@organisers_page("mail")
@require_POST
def mail_settle(request: HttpRequest, public_id: str) -> HttpResponse:
    """Note that a message that failed or came back was dealt with."""
    return _act(request, public_id, actions.settle_mail, _("Noted as dealt with."))


def _act(request, public_id, action, done) -> HttpResponse:
    mail = get_object_or_404(request.event.mails, public_id=public_id)
    try:
        action(mail, by=request.actor)
    except NotAllowed as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    back = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("organise:mails", args=[request.event.slug])
    return redirect(back)


@organisers_page("mail")
@require_POST
def mail_stop(request: HttpRequest) -> HttpResponse:
    """Hold back all mail of the event but codes to sign in."""
    actions.stop_mail(request.event, by=request.actor)
    messages.success(request, _("Stopped. Messages of this event wait until you release them; codes to sign in leave all the same."))
    return redirect("organise:mails", request.event.slug)


@organisers_page("mail")
@require_POST
def mail_release(request: HttpRequest) -> HttpResponse:
    """Let the mail of the event leave again."""
    try:
        actions.release_mail(request.event, by=request.actor)
    except NotAllowed as error:
        messages.error(request, str(error))
    else:
        waiting = request.event.mails.in_state("queued").count()
        words = ngettext("Released. %(count)d message may leave.", "Released. %(count)d messages may leave.", waiting)
        messages.success(request, words % {"count": waiting})
    return redirect("organise:mails", request.event.slug)
