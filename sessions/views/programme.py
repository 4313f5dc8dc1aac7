"""The agenda on paper: a sheet a day and a booklet, as each reader may see it; a TLP:RED session stands on neither."""

import hashlib

from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from conference.lib.kept import kept_for_strangers
from conference.lib.viewer import Viewer
from events.actions import note_read
from events.models import Event
from sessions import exports
from sessions.choices import Label
from sessions.exports.lines import lines_of
from sessions.models import Release, agenda_for
from sessions.rules import Sight, in_feeds
from sessions.views.agenda import shared_viewer

NAMES = {"days": "programme", "booklet": "booklet", "sheets": "booklet-sheets"}
PAPER_SECONDS = 3600  # under the event's stamp and the day of issue, so that it can never be older than either


@login_not_required
@kept_for_strangers
@require_safe
def programme(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """The programme as PDF, in the language of the address. Before the first release there is none."""
    event = request.event
    release = Release.objects.filter(event=event).current().first()
    if release is None:
        raise Http404
    body, above_clear = _paper(event, shared_viewer(event, request.viewer), release, form)
    if above_clear:
        note_read(request.viewer, event=event, verb="export", target=release)
    name = f"{event.slug}-{NAMES[form]}-{release.number}-{get_language()}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(body, content_type="application/pdf", headers=headers)


def _paper(event: Event, viewer: Viewer, release: Release, form: str) -> tuple[bytes, bool]:
    """The document, and whether something above CLEAR stands on it; set once for all who see the same."""
    today = event.local(timezone.now()).date()
    facts = (event.pk, event.stamp, viewer.cache_key, get_language(), form, today)
    key = "programme:" + hashlib.sha256(repr(facts).encode()).hexdigest()
    kept = caches["pages"].get(key)
    if kept is None:
        slots = agenda_for(event, viewer)
        # The line of a closed session says nothing of its label.
        on_paper = [slot for slot in slots if slot.sight != Sight.FULL or in_feeds(slot.session.label)]
        lines = lines_of(on_paper)
        body = exports.programme(event, lines, release, form=form, on=today, leaves_out_red=len(on_paper) < len(slots))
        kept = body, any(line.session and line.session.label != Label.CLEAR for line in lines)
        caches["pages"].set(key, kept, PAPER_SECONDS)
    return kept
