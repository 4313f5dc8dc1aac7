"""The organisers' page of the table of messages: what leaves, when, to whom, and what each may name."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from events.admin.pages import organisers_page, render_page
from events.emails.table import MESSAGES, PLACES

SECTION = "mails"


@organisers_page("mail")
@require_safe
def mail_texts(request: HttpRequest) -> HttpResponse:
    """Show every message the program writes, those about events first, and the names their texts use with an example of each."""
    own = set(request.event.message_texts.values_list("kind", "language"))
    of_event = [
        {"kind": kind, "row": row, "texts": [(code, (kind, code) in own) for code, _name in settings.LANGUAGES]}
        for kind, row in MESSAGES.items()
        if row.template or row.is_free
    ]
    of_accounts = [{"kind": kind, "row": row} for kind, row in MESSAGES.items() if not row.template and not row.is_free]
    context = {"of_event": of_event, "of_accounts": of_accounts, "places": PLACES}
    return render_page(request, "admin/events/mail_texts.html", context, section=SECTION)
