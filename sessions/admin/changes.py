"""The organisers' page that compares any two versions of the agenda, the draft among them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from events.admin.pages import organisers_page, render_page
from sessions.admin.loading import change_rows
from sessions.models import Release, load_places
from sessions.rules import changes_between

DRAFT = "draft"


@organisers_page("read")
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """Compare the versions the address names; without names, the draft with the current version."""
    event = request.event
    by_name = {release.number or DRAFT: release for release in event.releases.order_by("number")}
    named = {str(name): release for name, release in by_name.items()}
    newer = _found(named, request.GET.get("to") or (DRAFT if DRAFT in named else str(len(named))))
    older = _found(named, request.GET.get("from") or _before(named, newer)) if newer else None
    rows = []
    if newer and older:
        places = load_places(event, {release.pk: release for release in (older, newer)}.values())
        rows = change_rows(event, changes_between(places[older.number], places[newer.number]))
    for release in named.values():
        release.event = event
    context = {"older": older, "newer": newer, "changes": rows, "releases": sorted(named.values(), key=_age, reverse=True)}
    return render_page(request, "admin/sessions/changes.html", context, section="release")


def _found(named: dict[str, Release], name: str) -> Release | None:
    """The release of a name; None where there is nothing to compare yet."""
    if name in named:
        return named[name]
    if name in ("", "0"):
        return None
    raise Http404


def _before(named: dict[str, Release], newer: Release) -> str:
    """The name of the version before another: of the draft, the current one."""
    if newer.number is not None:
        return str(newer.number - 1)
    return str(len(named) - 1)


def _age(release: Release) -> float:
    return release.number if release.number is not None else float("inf")
