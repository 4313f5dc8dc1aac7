"""Conflicts of paper: a title or a name with letters that the printed programme cannot show."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from conference.lib.letters import missing
from conference.lib.words import languages, said
from sessions.conflicts.found import Conflict, warning
from sessions.conflicts.people import Appearances
from sessions.models import Slot


def unprintable_titles(slot: Slot) -> Iterator[Conflict]:
    """A title that no font of ours can set whole."""
    if letters := missing("".join(said(slot.session, "title", code) for code in languages())):
        sentence = _("“%(first)s” has characters that print as an empty box in the programme: %(letters)s")
        yield warning(sentence, slot, letters=" ".join(letters))


def unprintable_names(appearances: Appearances) -> Iterator[Conflict]:
    """Likewise a person's name or organisation, each person once."""
    for speaker, slots in appearances:
        if letters := missing(f"{speaker.full_name}{speaker.organisation}"):
            sentence = _("The name of %(person)s (“%(first)s”) has characters that print as an empty box in the programme: %(letters)s")
            yield warning(sentence, slots[0], person=speaker.full_name, letters=" ".join(letters))
