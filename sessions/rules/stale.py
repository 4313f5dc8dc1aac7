"""Two editors, one thing: a form says what it showed, so that nobody overwrites what they have not seen."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from conference.lib.fingerprints import differing
from events.rules import NotAllowed


class Stale(NotAllowed):
    """Somebody else changed the same thing since the page was opened; `fields` names what they changed."""

    def __init__(self, fields: list[str]):
        super().__init__(_("Somebody else has changed this since you opened the page."))
        self.fields = fields


def check_fresh(seen: Mapping[str, str] | None, values: Mapping[str, object]) -> None:
    """Refuse a change made on a page that showed other values than the present ones; raise `Stale`. None asks nothing."""
    if seen is None:
        return
    if fields := differing(seen, values):
        raise Stale(fields)
