"""How everybody attends when the whole event goes on-line, and when it comes back to a place."""

from django.utils.translation import ngettext

from delegates.actions.moves import offer_free_seats
from delegates.actions.places import give_place, quotas_of, take_places
from delegates.choices import Mode
from delegates.models import Registration
from delegates.rules import HOLDING
from events.models import Event
from events.rules import NotAllowed


def attend_online(event: Event) -> int:
    """Let everybody who was to come in person attend remotely, with the places they take; say how many. Call with the event locked.

    Raise `NotAllowed` when there are fewer places to attend remotely than people.
    """
    rows = Registration.objects.active().filter(event=event, mode=Mode.IN_PERSON)
    return _switch(event, list(rows.order_by("delegation", "pk")), to=Mode.REMOTE)


def attend_on_site(event: Event) -> int:
    """Let those attend in person again whom `attend_online` had changed; say how many. Call with the event locked.

    Raise `NotAllowed` when there are fewer places in person than people.
    """
    rows = Registration.objects.active().filter(event=event, moved_online=True)
    return _switch(event, list(rows.order_by("delegation", "pk")), to=Mode.IN_PERSON)


def _switch(event: Event, rows: list[Registration], *, to: Mode) -> int:
    quotas = quotas_of(event)
    holding = [row for row in rows if row.state in HOLDING] if any(quota.mode for quota in quotas) else []
    for row in holding:
        give_place(row, quotas)
    for row in rows:
        row.mode, row.moved_online = to, to == Mode.REMOTE
    missing = take_places(holding, quotas).count(False)
    if missing:
        words = ngettext(
            "A place is missing for %(count)d person who would attend “%(mode)s”. Raise that quota first.",
            "Places are missing for %(count)d people who would attend “%(mode)s”. Raise that quota first.",
            missing,
        )
        raise NotAllowed(words % {"count": missing, "mode": to.label})
    Registration.objects.bulk_update(rows, ["mode", "moved_online"], batch_size=500)
    offer_free_seats(event)
    return len(rows)
