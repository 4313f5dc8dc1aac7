"""The record of processing activities (GDPR, article 30): every group of personal data, its purpose, its readers and its term.

Made from the inventory, so that a group which is held is also told of: here, on the privacy page, and as a spreadsheet.
"""

import dataclasses
from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.utils.translation import gettext, gettext_lazy, ngettext, override

from conference.privacy.inventory import (
    ACCOUNT,
    ACT_DAYS,
    ACTS,
    CONTACTS,
    FILE_GROUPS,
    IMPORTS,
    OTHER_DAYS,
    PERSONAL,
    PROGRAMME,
    TEAM,
    days_of,
    removed_on,
)
from delegates.importers.runs import KEPT_FOR
from delegates.privacy import FIELD_GROUPS, asked_groups
from events.models import Event

_AFTER = gettext_lazy("after the last day of the event")


@dataclasses.dataclass(frozen=True)
class Processing:
    """One group of personal data, in words. `days` counts from `counted_from`; None is a term that no number of days says."""

    name: str
    title: object  # words of it are lazy translations
    whose: object
    purpose: object
    readers: object
    days: int | None
    counted_from: object = _AFTER
    is_sealed: bool = False

    @property
    def term(self) -> str:
        """How long it is kept, in words."""
        if self.days is None:
            return str(self.counted_from)
        return f"{ngettext('%(count)d day', '%(count)d days', self.days) % {'count': self.days}} {self.counted_from}"


_PERSONS = gettext_lazy("Persons named for an event")
OTHERS = (
    Processing(
        CONTACTS,
        gettext_lazy("Contacts of delegations"),
        gettext_lazy("Focal points, and whoever answers for a delegation"),
        gettext_lazy("To invite delegations, to receive their lists, and to reach them about the event and its next edition."),
        gettext_lazy("The manager and the accreditation officers of the event."),
        days=OTHER_DAYS[CONTACTS],
    ),
    Processing(
        IMPORTS,
        gettext_lazy("Spreadsheets sent in"),
        _PERSONS,
        gettext_lazy("To import the people on a list, once its errors have been shown to the sender. The lists are encrypted until then."),
        gettext_lazy("Whoever sent them, and the accreditation officers."),
        days=KEPT_FOR.days,
        counted_from=gettext_lazy("after they were sent"),
        is_sealed=True,
    ),
    Processing(
        PROGRAMME,
        gettext_lazy("People of the programme"),
        gettext_lazy("Speakers, chairs and panellists from outside the delegations, and contacts of press releases"),
        gettext_lazy("To say who speaks, as each of them chose to be named."),
        gettext_lazy("The organisers; readers of the agenda, as far as the person chose and the session allows."),
        days=None,
        counted_from=gettext_lazy("with the archive of the event"),
    ),
    Processing(
        TEAM,
        gettext_lazy("Team of the event"),
        gettext_lazy("Organisers"),
        gettext_lazy("To give each organiser the role they have, and to know later who had it."),
        gettext_lazy("The manager of the event."),
        days=None,
        counted_from=gettext_lazy("with the archive of the event"),
    ),
    Processing(
        ACCOUNT,
        gettext_lazy("Accounts"),
        gettext_lazy("Whoever signs in"),
        gettext_lazy("To know who signs in, and to protect the account. Second factors are encrypted."),
        gettext_lazy("The person; the administrators of the site."),
        days=None,
        counted_from=gettext_lazy("until a day after nothing belongs to the account any more"),
    ),
    Processing(
        ACTS,
        gettext_lazy("Names behind recorded acts"),
        gettext_lazy("Whoever acted on the site"),
        gettext_lazy(
            "To find out who decided what, should it be contested. The record holds references; the names stand apart, encrypted."
        ),
        gettext_lazy("The manager and the administrators, at the page of the record."),
        days=ACT_DAYS,
        counted_from=gettext_lazy("after the last act of the person"),
        is_sealed=True,
    ),
)


def processings(event: Event | None = None) -> list[Processing]:
    """Give every group as an event keeps it, without one as it is kept unless an event says otherwise."""
    days = days_of(event) if event else {}
    of_forms = [
        Processing(
            str(group.name),
            group.title,
            _PERSONS,
            group.purpose,
            group.readers,
            days=days.get(str(group.name), group.days),
            is_sealed=group.is_sealed,
        )
        for group in FIELD_GROUPS
    ]
    return [*of_forms, *OTHERS]


def held_in(name: str) -> list[str]:
    """List what the program calls the rows that hold a group."""
    labels = {label for label, columns in PERSONAL.items() if name in columns.values()}
    labels |= {"delegates.GivenGroup"} if any(group.name == name for group in FIELD_GROUPS) else set()
    labels |= {"delegates.PersonalFile"} if name in FILE_GROUPS.values() else set()
    return sorted(str(apps.get_model(label)._meta.verbose_name) for label in labels)


def record_rows(event: Event, *, language: str) -> Iterator[list[object]]:
    """Give the record of an event line by line, in a language: who answers for it, then a heading and a line for each group."""
    with override(language):
        asked = asked_groups(event)
        yes, no, always = gettext("Yes"), gettext("No"), gettext("always")
        yield [gettext("Record of processing activities"), str(event.title)]
        yield [gettext("Controller"), settings.OPERATOR or gettext("The organiser of the conference"), settings.CONTACT_EMAIL]
        yield [gettext("Recipients outside the site"), gettext("As “Who reads it” says; no transfer for any other purpose.")]
        yield [
            gettext("Protection"),
            gettext("Roles per event, recorded reading, a second factor where asked, transport and storage encrypted, removal by itself."),
        ]
        yield [
            gettext("What"),
            gettext("Whose"),
            gettext("What for"),
            gettext("Who reads it"),
            gettext("Kept"),
            gettext("Removed on"),
            gettext("Asked at this event"),
            gettext("Encrypted apart"),
            gettext("Where it stands"),
        ]
        days = days_of(event)
        for one in processings(event):
            group = asked.get(one.name)
            on = removed_on(event, one.name, days).isoformat() if one.name in days else ""
            is_asked = (always if group.group.is_always else yes if group.is_on else no) if group else ""
            words = [str(word) for word in (one.title, one.whose, one.purpose, one.readers)]
            yield [*words, one.term, on, is_asked, yes if one.is_sealed else no, "; ".join(held_in(one.name))]
