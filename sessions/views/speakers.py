"""The list of the people of an agenda, page by page, with a search."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from conference.lib import limits
from conference.lib.answers import public_page
from conference.lib.kept import kept_for_strangers
from events.actions import note_read
from sessions.choices import Label
from sessions.exports.people import speakers_of
from sessions.models import Release, agenda_for
from sessions.views.agenda import LONGEST_SEARCH, MOST_SEARCHES, too_often

PER_PAGE = 50


@login_not_required
@require_safe
def speakers(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is named on the agenda for this reader. Every state of the page has one plain address."""
    given = {name: request.GET.get(name, "").strip()[:LONGEST_SEARCH] for name in ("page", "q")}
    chosen = {name: value for name, value in given.items() if value}
    if request.META.get("QUERY_STRING", "") != urlencode(chosen):
        return redirect(f"{request.path}?{urlencode(chosen)}" if chosen else request.path)
    if "q" in chosen and not limits.allows(request, "search", most=MOST_SEARCHES):
        return too_often(request)
    return (_told if "q" in chosen else _kept)(request, chosen)


def _answer(request: HttpRequest, chosen: dict[str, str]) -> HttpResponse:
    slots = agenda_for(request.event, request.viewer)
    people = speakers_of(slots, chosen.get("q", ""))
    pages = Paginator(people, PER_PAGE)
    number = chosen.get("page", "1")
    if not number.isdecimal() or len(number) > 4 or not 1 <= int(number) <= pages.num_pages or chosen.get("page") == "1":
        raise Http404
    if not request.viewer.is_public and any(slot.session.label != Label.CLEAR for slot in slots if slot.people):
        release = Release.objects.filter(event=request.event).current().get()
        note_read(request.viewer, event=request.event, verb="read", target=release)
    context = {"event": request.event, "page": pages.page(int(number)), "q": chosen.get("q", ""), "count": len(people)}
    return render(request, "sessions/speakers.html", context)


_kept, _told = kept_for_strangers(_answer), public_page(_answer)
