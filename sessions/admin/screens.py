"""The organisers' list of the screens for doors: the address of each room, in each language and in turn, to open or to print."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from events.admin.pages import organisers_page, render_page
from sessions.admin.loading import rooms_of
from sessions.exports.door import door_address, door_languages

SECTION = "sessions"


@organisers_page("read")
@require_safe
def screens(request: HttpRequest) -> HttpResponse:
    """List the rooms with the addresses of their screens."""
    event = request.event
    codes = door_languages(event) or [event.working_language]
    rooms = rooms_of(event)
    rows = []
    for room in rooms:
        room.event = event
        own = [(code, settings.SITE_URL + door_address(event, room, code)) for code in codes]
        in_turn = settings.SITE_URL + door_address(event, room, codes[0], in_turn=True) if len(codes) > 1 else ""
        rows.append({"room": room, "addresses": own, "in_turn": in_turn})
    return render_page(request, "admin/sessions/screens.html", {"rows": rows}, section=SECTION)
