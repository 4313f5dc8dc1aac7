"""The organisers' page that says who could see a session at a moment."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from delegates.models import Registration
from events.admin.pages import organisers_page, render_page
from events.models import StaffRole
from sessions.forms import SightForm
from sessions.history import who_could_see
from sessions.rules import Sight


@organisers_page("audit")
@require_safe
def sight(request: HttpRequest) -> HttpResponse:
    """Answer the question of the address; without one, ask it."""
    sessions = list(request.event.sessions.order_by("pk"))
    for session in sessions:
        session.event = request.event
    asked = "session" in request.GET
    form = SightForm(request.GET if asked else None, event=request.event, sessions=sessions, at=timezone.now())
    context = {"form": form, "rows": None, "moment_asked": None, "session": None}
    if asked and form.is_valid():
        session = next(row for row in sessions if row.public_id == form.cleaned_data["session"])
        context |= {"session": session, "moment_asked": form.moment, "rows": _named(who_could_see(session, form.moment))}
    return render_page(request, "admin/sessions/sight.html", context, section="audit")


def _named(seen) -> list[dict]:
    """What the page shows of each who could see: a name, a delegation, how much and why. Two queries for all."""
    people = Registration.objects.for_list().in_bulk([row.registration.pk for row in seen if row.registration])
    roles = StaffRole.objects.select_related("user").in_bulk([row.staff_role.pk for row in seen if row.staff_role])
    return [
        {
            "person": people[row.registration.pk] if row.registration else None,
            "role": roles[row.staff_role.pk] if row.staff_role else None,
            "is_full": row.sight == Sight.FULL,
            "way": row.way.label,
        }
        for row in seen
    ]
