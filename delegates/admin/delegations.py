"""The organisers' list of delegations in protocol order, its shared views as addresses, and a new delegation."""

from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from conference.lib import countries, telephones
from delegates import actions
from delegates.admin.forms import DelegationFilter, NewDelegationForm, NewOrganisationForm
from delegates.admin.lists import in_protocol_order, named
from delegates.choices import CircularTo
from delegates.models import Delegation
from delegates.models.circulars import OF_DELEGATIONS
from events.admin.pages import organisers_page, render_page
from events.rules import NotAllowed

SECTION = "delegations"


def load(request: HttpRequest, public_id: str) -> Delegation:
    """Give a delegation of the event; anything else does not exist."""
    delegations = request.event.delegations.for_list().with_seats().select_related("responsible", "event")
    return get_object_or_404(delegations, public_id=public_id)


def to_delegation(delegation: Delegation, part: str = "") -> HttpResponse:
    """Go back to the page of a delegation, or to a part of it."""
    response = redirect("organise:delegation", delegation.event.slug, delegation.public_id)
    if part:
        response["Location"] += f"#{part}"
    return response


def asked_delegations(request: HttpRequest) -> tuple[DelegationFilter, list[Delegation]]:
    """The filter of the address, and the delegations it keeps, in protocol order."""
    at = timezone.now()
    form = DelegationFilter(request.GET)
    found = request.event.delegations.for_list().with_seats().with_focal_points(at).select_related("responsible", "event")
    found = form.narrow(found, user=request.user, at=at, day=request.event.local(at).date())
    return form, in_protocol_order(request.event, named(found, form.asked.get("q", "")))


@organisers_page("people")
@require_safe
def delegations(request: HttpRequest) -> HttpResponse:
    """List the delegations in protocol order, with what each holds and waits for."""
    at = timezone.now()
    today = request.event.local(at).date()
    sees_contacts = bool(request.acts & {"delegations", "registrations"})
    form, rows = asked_delegations(request)
    for row in rows:
        row.code = countries.shown_code(row.organisation.country, eu_style=request.event.eu_style_codes)
        row.telephone = telephone_of(row, at) if sees_contacts else None
    context = {
        "form": form,
        "views": _views(request, request.event.delegations.tallies(request.user, at=at, day=today)),
        "rows": rows,
        "seats": sum(row.seats or 0 for row in rows),
        "taken": sum(row.seats_taken or 0 for row in rows),
        "is_filtered": any(request.GET.values()),
        "today": today,
        "can_edit": "delegations" in request.acts,
        "sees_contacts": sees_contacts,
        "write_to": _write_to(form, rows) if "mail" in request.acts else "",
    }
    return render_page(request, "admin/delegates/delegations.html", context, section=SECTION)


def _write_to(form: DelegationFilter, rows) -> str:
    """What a message to the focal points of the delegations shown asks: the same as the list, or else these by name."""
    asked = {name: value for name, value in form.asked.items() if value}
    if set(asked) - set(OF_DELEGATIONS):
        asked = {"delegation": [row.public_id for row in rows]}
    return urlencode({"to": CircularTo.FOCAL_POINTS.value} | asked, doseq=True)


def _views(request: HttpRequest, tallies: dict[str, int]) -> list[dict]:
    """The views of the list people share: words, count, address, and whether it is the one shown; empty ones are left out."""
    asked = request.GET.urlencode()
    known = [
        ("all", "", pgettext("delegations", "All")),
        ("mine", "mine=on", pgettext("delegations", "Mine")),
        ("mine_due", "mine=on&due=on", pgettext("delegations", "Mine, due")),
        ("due", "due=on", pgettext("delegations", "Due")),
        ("silent", "answer=invited", pgettext("delegations", "Silent")),
        ("without", "without=on", pgettext("delegations", "Without a focal point")),
        ("waiting", "waiting=on", pgettext("delegations", "With a waiting list")),
    ]
    return [
        {"words": words, "count": tallies[name], "url": f"{request.path}?{query}" if query else request.path, "is_current": asked == query}
        for name, query, words in known
        if tallies[name] or asked == query
    ]


def telephone_of(delegation: Delegation, at) -> dict | None:
    """The number of a delegation as pages show it, with the time where it rings."""
    number = delegation.phone
    if not number:
        return None
    there = telephones.time_there(number, at)
    shown = {"number": number, "shown": telephones.shown(number), "there": there, "zone": telephones.zone_of(number)}
    return shown | {"clock": f"{there:%H:%M}" if there else ""}


@organisers_page("delegations")
@require_http_methods(["GET", "HEAD", "POST"])
def delegation_add(request: HttpRequest) -> HttpResponse:
    """Add a delegation by hand, of a known organisation or of one described here."""
    form = NewDelegationForm(request.POST or None, event=request.event, initial={"focal_language": get_language()})
    described = NewOrganisationForm(request.POST or None)
    if request.method == "POST":
        chosen = form.is_valid() and form.cleaned_data["organisation"]
        if form.is_valid() and (chosen or described.is_valid()):
            try:
                delegation = _add(request, form.cleaned_data, chosen or described.save(commit=False))
            except NotAllowed as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("The delegation is on the list. Nobody has been written to."))
                return to_delegation(delegation)
        if chosen:
            described = NewOrganisationForm(initial=described.data)
    context = {"form": form, "described": described}
    return render_page(request, "admin/delegates/delegation_add.html", context, section=SECTION)


def _add(request, data, organisation) -> Delegation:
    with transaction.atomic():
        delegation = actions.add_delegation(
            request.event, organisation=organisation, seats=data["seats"], standing=data["standing"], by=request.actor
        )
        if data["focal_email"]:
            actions.add_focal_point(
                delegation, name=data["focal_name"], email=data["focal_email"], language=data["focal_language"], by=request.actor
            )
    return delegation
