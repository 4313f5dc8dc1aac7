"""The organisers' list of people: filters as an address, search, order and pages."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from delegates.admin.deciding import bulk_moves
from delegates.admin.forms import ENDED_TOO, PeopleFilter
from delegates.admin.lists import SORTS, in_protocol_order, keys_in_order, matching
from delegates.choices import CircularTo, Missing
from delegates.models.circulars import FILTERS
from delegates.rules import lacking
from events.admin.lists import page_of
from events.admin.pages import organisers_page, render_page

SECTION = "people"


def _asked(request: HttpRequest) -> tuple[PeopleFilter, list[int], str]:
    """The filter of the address, the keys of the people it keeps in the order it asks for, and the name of that order."""
    event = request.event
    delegations = in_protocol_order(event, event.delegations.select_related("organisation"))
    form = PeopleFilter(request.GET, event=event, delegations=delegations)
    sort = request.GET.get("sort", "")
    name = sort.removeprefix("-")
    if name not in SORTS:
        sort = name = "delegation"
    found = matching(form.narrow(event.registrations), form.asked.get("q", ""))
    return form, keys_in_order(found, delegations, name, sort.startswith("-")), sort


def _write_to(form: PeopleFilter) -> str:
    """What a message to the people shown asks; empty when it cannot ask that."""
    asked = {name: value for name, value in form.asked.items() if value}
    if set(asked) - set(FILTERS) or asked.get("state") == ENDED_TOO[0] or asked.get("missing") in (Missing.NAME, Missing.LIST):
        return ""
    return urlencode({"to": CircularTo.PERSONS.value} | asked)


def asked_people(request: HttpRequest) -> list:
    """The people the address asks for, all of them, in the order it asks for."""
    _form, keys, _sort = _asked(request)
    return request.event.registrations.for_list().in_this_order(keys)


@organisers_page("people")
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """List people with their state and what is missing; filters, order and page stand in the address."""
    event, (form, keys, sort) = request.event, _asked(request)
    page = page_of(request, keys)
    page.object_list = event.registrations.for_list().in_this_order(page.object_list)
    for row in page:
        row.missing = lacking(row, security_decides=event.security_decides)
    can_decide = "registrations" in request.acts
    context = {
        "form": form,
        "page": page,
        "sort": sort,
        "columns": SORTS,
        "doubled": {row.pk for group in event.registrations.doubled() for row in group} if can_decide else set(),
        "back": request.GET.urlencode(),
        "is_filtered": any(value for name, value in request.GET.items() if name not in ("page", "sort")),
        "moves": bulk_moves() if can_decide else [],
        "can_decide": can_decide,
        "write_to": _write_to(form) if "mail" in request.acts else "",
    }
    return render_page(request, "admin/delegates/people.html", context, section=SECTION)
