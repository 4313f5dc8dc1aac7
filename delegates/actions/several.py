"""Naming several people in one act: all of them or nobody."""

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.lib.viewer import Actor
from delegates.actions.late import ask_late
from delegates.actions.moves import lock_delegation
from delegates.actions.registrations import nominate
from delegates.choices import LateKind
from delegates.models import Delegation, LateRequest, Registration
from delegates.rules import check_nominating
from events.rules import NotAllowed


class RowsRefused(NotAllowed):
    """Some rows cannot be taken, so none was: `problems` gives the words by the number of the row, from 0."""

    def __init__(self, problems: dict[int, str]):
        self.problems = problems
        super().__init__(_("Some rows cannot be taken, so nobody was put on the list."))


def nominate_many(delegation: Delegation, people: dict[int, dict], *, by: Actor, made_by: str) -> list[Registration]:
    """Put people on the draft list in order, those above the seats on the waiting list; all of them, or raise `RowsRefused`.

    `people` gives what `nominate` takes by the number of the row. Raise `rules.TooLate` as `nominate` does.
    """
    with transaction.atomic():
        locked = lock_delegation(delegation)
        check_nominating(locked.event, timezone.now(), made_by=made_by)
        return _all_or_none(people, lambda person: nominate(locked, **person, by=by, made_by=made_by))


def ask_late_many(delegation: Delegation, people: dict[int, dict], *, by: Actor) -> list[LateRequest]:
    """Ask the organisers for several people, each by a request of its own; all of them, or raise `RowsRefused`."""

    def ask(person: dict) -> LateRequest:
        named = {name: value for name, value in person.items() if name != "category"}
        return ask_late(delegation, kind=LateKind.NOMINATE, person=named, category=person["category"], by=by)

    with transaction.atomic():
        lock_delegation(delegation)
        return _all_or_none(people, ask)


def _all_or_none(people: dict[int, dict], act: Callable[[dict], object]) -> list:
    made, problems = [], {}
    for number, person in people.items():
        try:
            with transaction.atomic():
                made.append(act(person))
        except NotAllowed as refusal:
            problems[number] = str(refusal)
    if problems:
        raise RowsRefused(problems)
    return made
