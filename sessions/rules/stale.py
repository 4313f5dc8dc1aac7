"""Two editors, one thing: a form says what it showed, so that nobody overwrites what they have not seen."""

import hashlib
import json
from collections.abc import Mapping

from django.utils.translation import gettext as _

from events.rules import NotAllowed


class Stale(NotAllowed):
    """Somebody else changed the same thing since the page was opened; `fields` names what they changed."""

    def __init__(self, fields: list[str]):
        super().__init__(_("Somebody else has changed this since you opened the page."))
        self.fields = fields


def fingerprints(values: Mapping[str, object]) -> dict[str, str]:
    """Give a short digest of each value, for a form to carry and bring back; values are texts, numbers, truths, keys or lists of them."""
    return {name: hashlib.sha256(json.dumps(value, default=str).encode()).hexdigest()[:16] for name, value in values.items()}


def check_fresh(seen: Mapping[str, str] | None, values: Mapping[str, object]) -> None:
    """Refuse a change made on a page that showed other values than the present ones; raise `Stale`. None asks nothing."""
    if seen is None:
        return
    fields = [name for name, mark in fingerprints(values).items() if seen.get(name) != mark]
    if fields:
        raise Stale(fields)
