"""Acts on press releases: write, publish now or at a moment, withhold again before that moment, correct afterwards."""

import datetime as dt

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.lib.viewer import Actor
from conference.lib.words import filled
from events.actions.records import lock_event, record
from events.actions.spans import keep_audiences
from events.models import Event, PressCorrection, PressRelease
from events.rules import NotAllowed, is_out


def save_press_release(event: Event, release: PressRelease, *, by: Actor) -> PressRelease:
    """Keep a new or changed press release, as a form cleaned it; a new one gets the next number of its event.

    Raise `NotAllowed` once it is out: then it is corrected, not rewritten.
    """
    with transaction.atomic():
        lock_event(event.pk)
        if release.pk:
            _check_not_out(PressRelease.objects.get(pk=release.pk))
            verb = "press.edit"
        else:
            verb, release.event = "press.create", event
            release.number = (PressRelease.objects.filter(event=event).aggregate(last=Max("number"))["last"] or 0) + 1
        release.save()
        keep_audiences(release, event=event, by=by)
        record(by, verb, release, event=event, number=release.number)
    return release


def publish_press_release(release: PressRelease, *, published_at: dt.datetime, by: Actor) -> PressRelease:
    """Publish a press release at a moment: past or present makes it out, a future one is its embargo. Raise `NotAllowed`."""
    with transaction.atomic():
        event = lock_event(release.event_id)
        locked = PressRelease.objects.get(pk=release.pk)
        _check_not_out(locked)
        if event.working_language not in filled(locked, "title"):
            raise NotAllowed(_("Write the title in the working language first."))
        locked.published_at = published_at
        locked.save(update_fields=["published_at"])
        keep_audiences(locked, event=event, by=by)
        record(by, "press.publish", locked, event=event, at=published_at.isoformat())
    return locked


def withhold_press_release(release: PressRelease, *, by: Actor) -> PressRelease:
    """Take back the moment of publication while it is still ahead; raise `NotAllowed` once the release is out."""
    with transaction.atomic():
        event = lock_event(release.event_id)
        locked = PressRelease.objects.get(pk=release.pk)
        _check_not_out(locked)
        locked.published_at = None
        locked.save(update_fields=["published_at"])
        keep_audiences(locked, event=event, by=by)
        record(by, "press.withhold", locked, event=event)
    return locked


def correct_press_release(release: PressRelease, *, texts: dict, by: Actor) -> PressCorrection:
    """Add a dated, visible correction to a press release that is out; raise `NotAllowed` before that."""
    now = timezone.now()
    with transaction.atomic():
        event = lock_event(release.event_id)
        if not is_out(PressRelease.objects.get(pk=release.pk), now):
            raise NotAllowed(_("This press release is not out yet: change its text instead."))
        correction = PressCorrection.objects.create(event=event, press_release=release, at=now, **texts)
        record(by, "press.correct", release, event=event)
    return correction


def _check_not_out(release: PressRelease) -> None:
    if is_out(release, timezone.now()):
        raise NotAllowed(_("This press release has been published. Add a correction instead; readers see it with its date."))
