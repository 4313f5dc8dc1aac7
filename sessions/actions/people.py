"""People of the agenda: who they are to readers, and who does what in which session of the draft."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from conference.lib.viewer import Actor
from conference.lib.words import languages
from delegates.models import Registration
from delegates.rules import check_editing
from events.actions import lock_event, record
from events.models import Event
from events.rules import NotAllowed
from sessions import rules
from sessions.models import Contribution, Session, Slot, Speaker

SPEAKER_FIELDS = [
    "name",
    "organisation",
    *(f"{name}_{code}" for name in ("function", "biography") for code in languages()),
    "public_identity",
]


def speaker_values(speaker: Speaker) -> dict[str, Any]:
    """What a form shows of a person of the agenda."""
    return {name: getattr(speaker, name) for name in SPEAKER_FIELDS}


def people_values(slot: Slot | None) -> dict[str, Any]:
    """What a form shows of the people in a session."""
    rows = slot.contributions.order_by("position", "pk").values_list("speaker__public_id", "role") if slot else []
    return {"people": [list(row) for row in rows]}


def make_speaker(event: Event, *, by: Actor, registration: Registration | None = None, name: str = "", **fields: Any) -> Speaker:
    """Make a person of the agenda: a registration of the event, or an outside person with a `name`, never both.

    A registration that is in the agenda already gives the person it is there.
    """
    with transaction.atomic():
        locked = lock_event(event.pk)
        check_editing(locked)
        _check_origin(locked, registration, name)
        if registration and (known := Speaker.objects.filter(event=locked, registration=registration).first()):
            return known
        speaker = Speaker.objects.create(event=locked, registration=registration, name=name, **fields)
        record(by, "speaker.create", speaker, event=locked, public_identity=str(speaker.public_identity))
    return speaker


def _check_origin(event: Event, registration: Registration | None, name: str) -> None:
    if (registration is None) == (name == ""):
        raise NotAllowed(_("Choose a registered person or give the name of an outside person, not both."))
    if registration and (registration.event_id != event.pk or registration.delegate_id is None):
        raise NotAllowed(_("This is not a registered person of this event."))


def change_speaker(speaker: Speaker, *, by: Actor, seen: Mapping[str, str] | None = None, **fields: Any) -> Speaker:
    """Change how a person of the agenda is shown, at once; `fields` are those of `SPEAKER_FIELDS`; may raise `Stale`."""
    with transaction.atomic():
        event = lock_event(speaker.event_id)
        check_editing(event)
        locked = Speaker.objects.select_related("registration__delegate").get(pk=speaker.pk)
        before = speaker_values(locked)
        rules.check_fresh(seen, before)
        if unknown := fields.keys() - set(SPEAKER_FIELDS):
            raise TypeError(f"a speaker has no fields {sorted(unknown)}")
        _check_origin(event, locked.registration, fields.get("name", locked.name))
        for name, value in fields.items():
            setattr(locked, name, value)
        changed = [name for name, value in speaker_values(locked).items() if value != before[name]]
        if changed:
            locked.save(update_fields=changed)
            shown = {"before": before["public_identity"], "after": str(locked.public_identity)}
            record(by, "speaker.change", locked, event=event, fields=changed, public_identity=shown)
    return locked


def set_contributions(
    session: Session, people: Iterable[tuple[Speaker, str]], *, by: Actor, seen: Mapping[str, str] | None = None
) -> list[Contribution]:
    """Set who does what in a session of the draft, in this order; the session must be placed. May raise `Stale`."""
    people = list(people)
    with transaction.atomic():
        event = lock_event(session.event_id)
        check_editing(event)
        slot = Slot.objects.draft().filter(session=session).first()
        if slot is None:
            raise NotAllowed(_("Place this session first: who speaks belongs to its place in the draft."))
        rules.check_fresh(seen, people_values(slot))
        _check_people(event, people)
        slot.contributions.all().delete()
        rows = [
            Contribution(event=event, slot=slot, speaker=speaker, role=role, position=position)
            for position, (speaker, role) in enumerate(people, start=1)
        ]
        Contribution.objects.bulk_create(rows)
        record(by, "session.people", session, event=event, people=[[str(speaker), str(role)] for speaker, role in people])
    return rows


def edit_people(
    session: Session,
    people: Iterable[tuple[Speaker, str]],
    *,
    by: Actor,
    newcomer: Mapping[str, Any] | None = None,
    role: str = "",
    seen: Mapping[str, str] | None = None,
) -> list[Contribution]:
    """As `set_contributions`, with one more person at the end who is not in the agenda yet: `newcomer` is what `make_speaker` takes."""
    with transaction.atomic():
        rows = list(people)
        if newcomer:
            rows.append((make_speaker(session.event, by=by, **newcomer), role))
        return set_contributions(session, rows, by=by, seen=seen)


def _check_people(event: Event, people: list[tuple[Speaker, str]]) -> None:
    if any(speaker.event_id != event.pk for speaker, _role in people):
        raise NotAllowed(_("This person is not one of this event."))
    if len({(speaker.pk, role) for speaker, role in people}) < len(people):
        raise NotAllowed(_("The same person has the same role twice."))
