"""The organisers' page of one message in one language: their own words, checked, shown with a real person, or the original again."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from delegates.emails import sample_places, sample_readers
from events.actions import drop_text, keep_text
from events.admin.pages import organisers_page, render_page
from events.emails import LINKS, original, show_own
from events.emails.table import MESSAGES
from events.forms import TextForm
from events.models import MessageText
from events.rules import NotAllowed

SECTION = "mails"


@organisers_page("mail")
@require_http_methods(["GET", "HEAD", "POST"])
def mail_text(request: HttpRequest, kind: str, language: str) -> HttpResponse:
    """Show a message's words; POST keeps them, shows them without keeping (`preview`), or goes back to the original (`original`)."""
    row = MESSAGES.get(kind)
    if row is None or not row.template or language not in dict(settings.LANGUAGES):
        raise Http404
    own = MessageText.objects.filter(event=request.event, kind=kind, language=language).first()
    start = dict(zip(("subject", "body"), (own.subject, own.body) if own else original(kind, language), strict=True))
    form = TextForm(request.POST or None, initial=start, known=row.places, needed=row.needs, language=language)
    if request.method == "POST" and "preview" not in request.POST and _act(request, form, kind, language):
        return redirect("organise:mail_text", request.event.slug, kind, language)
    words = form.cleaned_data if form.is_bound and form.is_valid() else start if not form.is_bound else None
    context = {
        "form": form,
        "kind": kind,
        "row": row,
        "own": own,
        "language": language,
        "languages": settings.LANGUAGES,
        "is_working_language": language == request.event.working_language,
        **_preview(request, kind, language, words),
    }
    return render_page(request, "admin/delegates/mail_text.html", context, section=SECTION)


def _act(request, form, kind, language) -> bool:
    """Keep the words or go back to the original; say whether it was done."""
    try:
        if "original" in request.POST:
            drop_text(request.event, kind=kind, language=language, by=request.actor)
            messages.success(request, _("The original words are back."))
            return True
        if not form.is_valid():
            return False
        keep_text(request.event, kind=kind, language=language, **form.cleaned_data, by=request.actor)
    except NotAllowed as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("Saved. Messages of this kind are sent with this text from now on."))
    return True


def _preview(request, kind, language, words) -> dict:
    """The message as one reader of the event would get it; the reader is chosen by the address or the form."""
    readers = sample_readers(kind, request.event)
    asked = (request.POST if request.method == "POST" else request.GET).get("reader", "")
    reader = next((thing for thing in readers if thing.public_id == asked), readers[0] if readers else None)
    shown = {"readers": [(thing.public_id, str(name)) for thing, name in _named(readers)], "reader": reader.public_id if reader else ""}
    if words:
        subject, text, body = show_own(words["subject"], words["body"], sample_places(kind, request.event, reader, language))
        shown |= {"shown": {"subject": subject, "text": text, "html": body}}
    return {"shown": None} | shown | {"links": LINKS}


def _named(readers):
    return [(thing, thing.delegate.listed_name if hasattr(thing, "delegate") else thing.name or thing.email) for thing in readers]
