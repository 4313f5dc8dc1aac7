"""The organisers' page that says who could see a session, or another thing with an audience, at a moment."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from delegates.models import FocalPoint, Registration
from events.admin.pages import organisers_page, render_page
from events.choices import DelegationsShown
from events.models import StaffRole
from sessions.choices import Way
from sessions.forms import SightForm
from sessions.history import Thing, things_of, who_could_see, who_could_see_thing
from sessions.rules import Sight


@organisers_page("audit")
@require_safe
def sight(request: HttpRequest) -> HttpResponse:
    """Answer the question of the address; without one, ask it."""
    sessions = list(request.event.sessions.order_by("pk"))
    for session in sessions:
        session.event = request.event
    is_asked = "of" in request.GET
    given = request.GET if is_asked else None
    form = SightForm(given, event=request.event, sessions=sessions, things=things_of(request.event), at=timezone.now())
    context = {"form": form, "rows": None, "moment_asked": None, "asked": ""}
    if is_asked and form.is_valid():
        answer = who_could_see_thing if isinstance(form.asked, Thing) else who_could_see
        context |= {
            "asked": form.named(form.asked),
            "moment_asked": form.moment,
            "rows": _named(answer(form.asked, form.moment)),
        }
    return render_page(request, "admin/sessions/sight.html", context, section="audit")


def _named(seen) -> list[dict]:
    """What the page shows of each who could see: a name, a delegation, how much and why. Three queries for all."""
    people = Registration.objects.for_list().in_bulk([row.registration.pk for row in seen if row.registration])
    roles = StaffRole.objects.select_related("user").in_bulk([row.staff_role.pk for row in seen if row.staff_role])
    focal_points = FocalPoint.objects.select_related("delegation__organisation").in_bulk(
        [row.focal_point.pk for row in seen if row.focal_point]
    )
    return [
        {
            "person": people[row.registration.pk] if row.registration else None,
            "role": roles[row.staff_role.pk] if row.staff_role else None,
            "focal_point": focal_points[row.focal_point.pk] if row.focal_point else None,
            "is_full": row.sight == Sight.FULL,
            "shown": DelegationsShown(row.shown).label if row.shown and row.way != Way.ORGANISER else "",
            "way": row.way.label,
        }
        for row in seen
    ]
