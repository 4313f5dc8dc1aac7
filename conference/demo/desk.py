"""What the organisers of the coming edition keep of its delegations: colleagues, notes, days to follow up, letters, numbers for fiction."""

import datetime as dt

from conference.lib.viewer import Actor
from conference.models import User
from delegates.actions import add_note, keep_desk, make_letter, use_letter
from delegates.models import Delegation
from events.models import Event

# Numbers that their countries keep free for drama and examples.
TELEPHONES = {"US": "+12025550143", "CA": "+16135550168", "GB": "+442079460123", "AU": "+61255501234"}
NOTES = {
    "AU": ("Silent. Called the service; the person we know is back next week.", 0),
    "CZ": ("Silent. The embassy forwards the invitation.", 2),
    "RO": ("Silent. Write once more, then call.", -1),
    "CA": ("Undecided: waits for the budget of the trip.", 5),
    "US": ("Asked whether a fifth seat is possible. Answered: only from the waiting list.", None),
    "JP": ("The focal point answers in the morning, before 10:00 here.", None),
}
# Delegations that outside mail does not reach: a letter each; who has typed its code, if anybody.
LETTERS = {"AU": "", "CZ": "Jana Nováková"}


def load_desk(event: Event, *, manager: User, colleague: User, today: dt.date) -> None:
    """Share the delegations between two colleagues, and keep numbers, notes and days to follow up."""
    delegations = Delegation.objects.filter(event=event).select_related("organisation").order_by("pk")
    for number, delegation in enumerate(delegations):
        country = delegation.organisation.country
        responsible = manager if country in NOTES or number % 3 == 0 else colleague
        note, days = NOTES.get(country, ("", None))
        follow_up = today + dt.timedelta(days=days) if days is not None else None
        by = Actor(user=responsible, hat="organiser:manager" if responsible == manager else "organiser:accreditation")
        keep_desk(delegation, responsible=responsible, phone=TELEPHONES.get(country, ""), follow_up_date=follow_up, by=by)
        if note:
            add_note(delegation, text=note, follow_up_date=follow_up, by=by)
        if country in LETTERS:
            _write_letter(delegation, holder=LETTERS[country], by=by)


def _write_letter(delegation: Delegation, *, holder: str, by: Actor) -> None:
    """A letter on paper whose code waits to be typed, or was typed by somebody about whom the organisers have yet to decide."""
    _letter, code = make_letter(delegation, key=f"demo-{delegation.public_id}", by=by)
    if holder:
        use_letter(code, name=holder, email=f"protocol@{delegation.organisation.country.lower()}.example.org", language="en")
