"""The organisers' list of people: filters as an address, search, order, pages, and the same list as a spreadsheet."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from delegates.admin.deciding import bulk_moves
from delegates.admin.forms import PeopleFilter
from delegates.admin.lists import SORTS, doubled, in_order, in_protocol_order, matching
from delegates.exports import people_csv
from delegates.rules import lacking
from events.actions import note_read
from events.admin.lists import page_of
from events.admin.pages import organisers_page, render_page

SECTION = "people"


def _asked(request: HttpRequest) -> tuple[PeopleFilter, list, str]:
    """The filter of the address, the people it keeps in the order it asks for, and the name of that order."""
    event = request.event
    delegations = in_protocol_order(event, event.delegations.select_related("organisation"))
    form = PeopleFilter(request.GET, event=event, delegations=delegations)
    found = matching(form.narrow(event.registrations.for_list()), form.asked.get("q", ""))
    sort = request.GET.get("sort", "")
    name = sort.removeprefix("-")
    if name not in SORTS:
        sort = name = "delegation"
    return form, in_order(event, found, name, sort.startswith("-")), sort


@organisers_page("people")
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """List people with their state and what is missing; filters, order and page stand in the address."""
    form, rows, sort = _asked(request)
    page = page_of(request, rows)
    for row in page:
        row.missing = lacking(row, security_decides=request.event.security_decides)
    can_decide = "registrations" in request.acts
    context = {
        "form": form,
        "page": page,
        "sort": sort,
        "columns": SORTS,
        "doubled": doubled(request.event.registrations.active().for_list()) if can_decide else set(),
        "back": request.GET.urlencode(),
        "is_filtered": any(value for name, value in request.GET.items() if name not in ("page", "sort")),
        "moves": bulk_moves() if can_decide else [],
        "can_decide": can_decide,
    }
    return render_page(request, "admin/delegates/people.html", context, section=SECTION)


@organisers_page("registrations")
@require_safe
def people_export(request: HttpRequest) -> HttpResponse:
    """Give the list the address asks for as CSV; that it was taken is kept."""
    _form, rows, _sort = _asked(request)
    note_read(request.viewer, event=request.event, verb="export", target=request.event)
    name = f"{request.event.slug}-people-{timezone.now():%Y-%m-%d}.csv"
    response = HttpResponse(people_csv(rows, request.event), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
