"""Going back to an earlier version: the draft becomes what that version was, and is released as the next one when its editors wish."""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from conference.lib.viewer import Actor
from delegates.rules import check_editing
from events.actions import lock_event, record
from events.models import Event
from events.rules import NotAllowed
from sessions import rules
from sessions.choices import ChangeKind
from sessions.models import Release, copy_release, load_places


def draft_values(event: Event) -> dict[str, list]:
    """What a page shows of the draft, as plain values that can be compared: a fingerprint of them says whether it is still the same."""
    return _values(load_places(event, Release.objects.filter(event=event, number=None)).get(None, []))


def _values(places: list[rules.Place]) -> dict[str, list]:
    rows = ([place.session_id, place.room_id, place.start_at, place.end_at, place.parts, place.turns] for place in places)
    return {"draft": sorted(rows, key=lambda row: row[0])}


def changes_of_return(event: Event, release: Release) -> tuple[list[rules.Change], list[rules.Change]]:
    """List what going back to a release would change in the draft, and what the draft holds that was never released.

    Titles act at once and belong to no version: going back leaves them as they are. Five queries.
    """
    current = Release.objects.filter(event=event).current().first()
    releases = {one.pk: one for one in (current, release) if one}
    draft = Release.objects.filter(event=event, number=None).first()
    places = load_places(event, [*releases.values(), *([draft] if draft else [])])
    newest = places[current.number] if current else []
    mine = places.get(None, newest)
    return _placing(rules.changes_between(mine, places[release.number])), _placing(rules.changes_between(newest, mine))


def _placing(changes: list[rules.Change]) -> list[rules.Change]:
    return [change for change in changes if change.kind != ChangeKind.TITLE]


def return_to_release(event: Event, release: Release, *, by: Actor, seen: Mapping[str, str] | None = None) -> int:
    """Make the draft what a release was: times, rooms, people and turns; say in how many places it changed.

    Texts, markings, sign-ups and what is released stay as they are; the next release gets the next number, so that calendars follow
    (UIDs stay, SEQUENCE rises). Going to a later version again undoes it. Raise `Stale` when the draft is no longer what `seen`
    (fingerprints of `draft_values`) says, `NotAllowed` when nothing would change.
    """
    with transaction.atomic():
        locked = lock_event(event.pk)
        check_editing(locked)
        if release.event_id != locked.pk or release.number is None:
            raise NotAllowed(_("This is no version of this event."))
        rules.check_fresh(seen, draft_values(locked))
        changes, _unreleased = changes_of_return(locked, release)
        if not changes:
            raise NotAllowed(_("The draft is the same as version %(number)s already.") % {"number": release.number})
        draft, _made = Release.objects.get_or_create(event=locked, number=None)
        draft.slots.all().delete()
        copy_release(release, draft)
        record(by, "agenda.revert", release, event=locked, number=release.number, changes=len(changes))
    return len(changes)
