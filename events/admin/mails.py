"""The organisers' page of messages: what became of each, and sending failed ones again. Bodies are shown to nobody."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from events import actions
from events.admin.lists import page_of
from events.admin.pages import organisers_page, render_page
from events.choices import MailState
from events.forms import MailFilter
from events.rules import NotAllowed

KINDS = {
    "focal_point_invited": pgettext_lazy("kind of message", "Invitation of a focal point"),
    "person_invited": pgettext_lazy("kind of message", "Invitation of a person"),
    "staff.role": pgettext_lazy("kind of message", "Role at the event"),
}


@organisers_page("mail")
@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    """List the event's messages, the newest first."""
    form = MailFilter(request.GET)
    page = page_of(request, form.narrow(request.event.mails.order_by("-queued_at", "-pk")))
    for mail in page:
        mail.kind_in_words = KINDS.get(mail.kind, mail.kind)
    context = {
        "form": form,
        "page": page,
        "failed": request.event.mails.in_state(MailState.FAILED).count(),
        "is_filtered": "state" in request.GET,
    }
    return render_page(request, "admin/events/mails.html", context, section="mails")


@organisers_page("mail")
@require_POST
def mail_retry(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send a failed message again."""
    mail = get_object_or_404(request.event.mails, public_id=public_id)
    try:
        actions.retry_mail(mail, by=request.actor)
    except NotAllowed as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The message is queued again."))
    return redirect("organise:mails", request.event.slug)
