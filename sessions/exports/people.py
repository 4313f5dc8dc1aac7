"""The people of an agenda as one viewer reads them: those named somewhere, once each, in alphabetical order."""

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import get_language

from conference.lib.collation import sort_key
from conference.lib.searching import folded
from sessions.choices import PublicIdentity
from sessions.exports.lines import Person, people_of
from sessions.models import Slot
from sessions.rules import Sight, in_feeds


def speakers_of(slots: Iterable[Slot], text: str = "") -> list[Person]:
    """List who is named in these slots (read for the viewer), with every word of `text` in what the public knows of them.

    Whoever is named in TLP:RED sessions alone stands in no list; whoever is known to the public by a function alone, or not at
    all, is not found by words: a search must not tie a name to a function.
    """
    words, language = folded(text).split(), get_language() or settings.LANGUAGE_CODE
    found: dict[str, Person] = {}
    for slot in slots:
        if slot.sight != Sight.FULL or not in_feeds(slot.session.label):
            continue
        public = {one.speaker.public_id for one in slot.people if one.speaker.public_identity == PublicIdentity.FULL}
        for person in people_of(slot, language):
            if person.name and (not words or (person.public_id in public and _holds(person, words))):
                found.setdefault(person.public_id, person)
    return sorted(found.values(), key=lambda person: (sort_key(person.name), person.public_id))


def _holds(person: Person, words: list[str]) -> bool:
    text = folded(f"{person.name} {person.function} {person.organisation}")
    return all(word in text for word in words)
