"""What a participant marked on the agenda, written into a page that is kept for everybody who sees the same sessions."""

import dataclasses
import re

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from conference.lib.viewer import Viewer
from sessions.models import SignUp, Star

_PLACE = re.compile(r"<!--mark ([a-z0-9]{10})-->")


@dataclasses.dataclass(frozen=True)
class Marks:
    """The sessions one starred, by key with their public ids, and those one signed up for: with a seat (True) or waiting."""

    stars: dict[int, str] = dataclasses.field(default_factory=dict)
    sign_ups: dict[str, bool] = dataclasses.field(default_factory=dict)


def marks_of(viewer: Viewer) -> Marks:
    """Read the marks of a participant: two queries; of anybody else, none."""
    if viewer.registration_id is None:
        return Marks()
    stars = dict(Star.objects.of(viewer).values_list("session", "session__public_id"))
    sign_ups = SignUp.objects.live().of(viewer).values_list("session__public_id", "seated_at")
    return Marks(stars, {public_id: seated_at is not None for public_id, seated_at in sign_ups})


def with_marks(html: SafeString, marks: Marks) -> SafeString:
    """Put the marks into the places a page has for them, one beside each title, and leave nothing in all others."""
    starred = set(marks.stars.values())
    written = {
        public_id: render_to_string(
            "sessions/partials/mark.html", {"is_starred": public_id in starred, "has_seat": marks.sign_ups.get(public_id)}
        ).strip()
        for public_id in starred | marks.sign_ups.keys()
    }
    # The parts are what templates wrote: a page as it is kept, and marks without a word of anybody's.
    return mark_safe(_PLACE.sub(lambda place: written.get(place[1], ""), html))  # noqa: S308 -- nothing typed comes in
