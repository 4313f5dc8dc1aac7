"""The agenda as others would read it, for organisers: the current version or the draft, as the public, a participant or a delegation.

It reads through `visible_to` for a viewer made for the purpose, and neither takes from what is kept for readers nor adds to it.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from conference.lib.viewer import ANYONE, Viewer
from delegates.admin.lists import in_protocol_order
from delegates.choices import Category, Narrowing, RegistrationState, Standing
from delegates.models import Delegation
from delegates.rules import access_of
from delegates.viewers import viewer_from
from events.actions import note_read
from events.admin.pages import organisers_page
from events.models import Event
from sessions.models import Release, Slot, agenda_of
from sessions.views.agenda import make_part

DRAFT = "draft"
PUBLIC, EU, OTHERS = "public", "eu", "others"
_NOBODY = 0  # the key of no delegation: whoever is of "some" delegation is of none that is selected


@organisers_page("read")
@require_safe
def preview(request: HttpRequest) -> HttpResponse:
    """Show the agenda of the version in the address (`of`) as the reader in it (`as`) would read it."""
    event = request.event
    delegations = in_protocol_order(event, event.delegations.select_related("organisation"))
    given = {"as": request.GET.get("as", PUBLIC), "of": request.GET.get("of", DRAFT)}
    readers = [
        (PUBLIC, _("The public")),
        (EU, _("A participant of an EU delegation")),
        (OTHERS, _("A participant of a delegation outside the EU")),
        *((one.public_id, one.organisation.name) for one in delegations),
    ]
    releases = {DRAFT: Release.objects.filter(event=event, number=None), "current": Release.objects.filter(event=event).current()}
    if given["as"] not in dict(readers) or given["of"] not in releases:
        raise Http404
    viewer = _viewer(event, given["as"], {one.public_id: one for one in delegations})
    release = releases[given["of"]].first()
    slots = agenda_of(event, Slot.objects.noticed_by(viewer, among=releases[given["of"]])) if release else []
    part = make_part(event, viewer, {}, None, at=timezone.now(), read=(release, slots))
    if part.restricted:
        note_read(request.viewer, event=event, verb="read", target=release)
    context = {
        "event": event,
        "agenda": part.html,
        "readers": readers,
        "given": given,
        "reader_name": dict(readers)[given["as"]],
        "is_draft": given["of"] == DRAFT,
        "number": release.number if release else None,
    }
    return render(request, "admin/sessions/preview.html", context)


def _viewer(event: Event, name: str, delegations: dict[str, Delegation]) -> Viewer:
    """The viewer of a reader: an approved delegate, without a registration of their own, of a delegation there is or of some other."""
    if name == PUBLIC:
        return ANYONE
    one = delegations.get(name)
    standing, is_eu = (one.standing, one.organisation.is_eu_on(event.first_date)) if one else (Standing.MEMBER, name == EU)
    access = access_of(
        state=RegistrationState.APPROVED, category=Category.DELEGATE, narrowing=Narrowing.NONE, standing=standing, is_eu=is_eu
    )
    return viewer_from(access, delegation_id=one.pk if one else _NOBODY, hat=f"preview:{name}", event_id=event.pk)
