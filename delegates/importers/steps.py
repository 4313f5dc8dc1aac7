"""The steps of a sent file as its row says them: who works on it, how far it is, what it comes to."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from delegates.models import SentFile
from events.rules import NotAllowed

LEASE = dt.timedelta(minutes=10)  # after which another worker takes a file over
KEPT_FOR = dt.timedelta(days=7)


class Changed(NotAllowed):
    """The import has moved on since its page was opened."""

    def __init__(self):
        super().__init__(_("This import has changed meanwhile. Read what it says now."))


def move(kept: SentFile, states: tuple[str, ...], to: str, **values: Any) -> None:
    """Move a file on from one of some states, if nobody else has; raise `Changed`."""
    values |= {"state": to}
    if _rows(kept).filter(state__in=states).update(**values) != 1:
        raise Changed
    for name, value in values.items():
        setattr(kept, name, value)


def lease(kept: SentFile, states: tuple[str, ...], to: str) -> None:
    """Take a file for this worker; raise `Changed` if another was first."""
    until = timezone.now() + LEASE
    if _rows(kept).filter(state__in=states, leased_until=kept.leased_until).update(state=to, leased_until=until) != 1:
        raise Changed
    kept.state, kept.leased_until = to, until


def progress(kept: SentFile, done: int, total: int) -> None:
    """Say how far this worker is, and keep the file for it; raise `Changed` if another has taken it over."""
    until = timezone.now() + LEASE
    if _rows(kept).filter(leased_until=kept.leased_until).update(done=done, total=max(done, total), leased_until=until) != 1:
        raise Changed
    kept.leased_until = until


def end(kept: SentFile, state: str, *also: str, **values: Any) -> None:
    """Write the state a file comes to, and whatever else is said of it; `also` names columns that are set already."""
    for name, value in (values | {"state": state, "leased_until": None}).items():
        setattr(kept, name, value)
    kept.save(update_fields=["state", "leased_until", "total", "done", *also, *values])


def _rows(kept: SentFile):
    return type(kept)._default_manager.filter(pk=kept.pk)
