"""Searching the agenda: titles and abstracts of what a viewer sees in full, and its people as far as the public knows them."""

from collections.abc import Iterable

from conference.lib.searching import folded
from sessions.choices import PublicIdentity
from sessions.models import Slot
from sessions.models.reading import Appearance
from sessions.rules import Sight, in_feeds


def matching(slots: Iterable[Slot], text: str) -> list[Slot]:
    """Keep the slots, read with `agenda_for`, that hold every word of `text`; a RED session and the line *closed session* are never found.

    People are found by their public identity even where the viewer reads more of them: a search must not tie a name to a function.
    """
    words = folded(text).split()
    return [slot for slot in slots if _is_searched(slot) and _holds(slot, words)]


def _is_searched(slot: Slot) -> bool:
    return slot.sight == Sight.FULL and in_feeds(slot.session.label)


def _holds(slot: Slot, words: list[str]) -> bool:
    missing = [word for word in words if word not in slot.session.search_text]
    if not missing:
        return True
    people = folded(" ".join(_public_words(contribution) for contribution in slot.people))
    return all(word in people for word in missing)


def _public_words(contribution: Appearance) -> str:
    speaker = contribution.speaker
    if speaker.public_identity == PublicIdentity.FULL:
        return f"{speaker.full_name} {speaker.function} {speaker.organisation}"
    return str(speaker.function) if speaker.public_identity == PublicIdentity.FUNCTION else ""
