"""The organisers' page of the waiting lists of an event: who waits in which order, why nobody is offered a seat, and what is offered."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from delegates.admin.delegations import SECTION
from delegates.admin.lists import in_protocol_order
from delegates.choices import RegistrationState as State
from delegates.rules import MAX_LAPSES, full_for, offers_seats
from events.admin.pages import organisers_page, render_page


@organisers_page("people")
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """List who waits, in the order of the event, or by delegation with `by=delegation`; each with both places and the full quotas."""
    event = request.event
    people = event.registrations.for_list()
    line = list(people.in_state(State.WAITLISTED).order_by("queued_at", "pk"))
    rows = _rows(line, list(event.quotas.order_by("pk")))
    by_delegation = request.GET.get("by") == "delegation"
    if by_delegation:
        order = {delegation.pk: number for number, delegation in enumerate(in_protocol_order(event, {row.delegation for row in line}))}
        rows.sort(key=lambda row: (order[row["person"].delegation_id], row["own_place"]))
    context = {
        "rows": rows,
        "by_delegation": by_delegation,
        "offered": people.in_state(State.OFFERED).order_by("offer_expires_at", "pk"),
        "is_offering": offers_seats(event, timezone.now()),
        "max_lapses": MAX_LAPSES,
    }
    return render_page(request, "admin/delegates/waiting.html", context, section=SECTION)


def _rows(line, quotas) -> list[dict]:
    """Each who waits with their place in the line of the event and of their delegation, and the quotas that have no place for them."""
    rows, seen = [], dict[int, int]()
    for number, person in enumerate(line, start=1):
        seen[person.delegation_id] = own = seen.get(person.delegation_id, 0) + 1
        rows.append({"person": person, "place": number, "own_place": own, "full": full_for(person, quotas)})
    return rows
