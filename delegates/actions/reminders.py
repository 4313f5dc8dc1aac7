"""Reminders to focal points and persons who have not acted: by the plan of the event, or by hand, under the same cap."""

import datetime as dt

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from conference.lib.viewer import Actor
from delegates import emails
from delegates.actions.invitations import renew_link
from delegates.choices import Answer, FormPhase, ReminderKind, Standing
from delegates.choices import RegistrationState as State
from delegates.models import (
    DEADLINES,
    DRAFT_LIST,
    USUAL_DAYS,
    Delegation,
    EventFieldGroup,
    FocalPoint,
    Question,
    Registration,
    Reminder,
    ReminderPlan,
)
from delegates.rules import check_editing
from events.actions import lock_event, record
from events.choices import EventState, Urgency
from events.models import Event
from events.rules import NotAllowed

REMINDING_STATES = (EventState.ANNOUNCED, EventState.OPEN)
BETWEEN = dt.timedelta(hours=1)  # two reminders a focal point asks for


def plan_of(event: Event, kind: str) -> ReminderPlan:
    """Give the plan of an event for one deadline: the one kept, else the usual one, switched off."""
    kept = ReminderPlan.objects.filter(event=event, kind=kind).first() or ReminderPlan(event=event, kind=kind, days=list(USUAL_DAYS))
    kept.event = event
    return kept


def keep_plan(event: Event, *, kind: str, is_on: bool, days: list[int], most: int, by: Actor) -> ReminderPlan:
    """Write when an event reminds before one deadline, and how often at most."""
    with transaction.atomic():
        locked = lock_event(event.pk)
        check_editing(locked)
        plan, _made = ReminderPlan.objects.update_or_create(
            event=locked, kind=kind, defaults={"is_on": is_on, "days": sorted(set(days), reverse=True), "most": most}
        )
        record(by, "reminder.plan", event=locked, kind=kind, is_on=is_on, days=plan.days, most=most)
    return plan


def silent_ones(event: Event, kind: str, at: dt.datetime) -> list[FocalPoint] | list[Registration]:
    """List who was written to and has not acted: focal points without an answer or with a list to send, persons who owe their form."""
    if kind == ReminderKind.CONFIRM:
        owing = event.registrations.filter(state__in=[State.NOMINATED, State.RETURNED], invited_at__isnull=False)
        return list(owing.exclude(delegate__email="").for_list().select_related("event").order_by("pk"))
    if kind == ReminderKind.TRAVEL:
        owing = event.registrations.filter(state=State.APPROVED, details_at__isnull=True)
        owing = owing if asks_details(event) else event.registrations.none()
        return list(owing.exclude(delegate__email="").for_list().select_related("event").order_by("pk"))
    delegations = Delegation.objects.filter(event=event).exclude(standing=Standing.HOST)
    if kind == ReminderKind.ANSWER:
        delegations = delegations.filter(answer__in=[Answer.INVITED, Answer.UNDECIDED])
    else:
        delegations = delegations.filter(Q(list_sent_at__isnull=True) | DRAFT_LIST, answer=Answer.COMING)
    known = Q(invited_at__isnull=False) | Q(user__isnull=False)
    found = FocalPoint.objects.live(at).filter(known, event=event, delegation__in=delegations.values("pk"))
    return list(found.select_related("delegation__organisation", "delegation__event", "event").order_by("pk"))


def asks_details(event: Event) -> bool:
    """Say whether an event asks anything in a second form."""
    asks = EventFieldGroup.objects.filter(event=event, phase=FormPhase.SECOND, is_on=True).exists()
    return asks or Question.objects.filter(event=event, phase=FormPhase.SECOND).exists()


def reminded(event: Event, kind: str, deadline: dt.datetime | None) -> dict[str, int]:
    """Count the reminders sent so far for a deadline, by the reference of who got them."""
    if deadline is None:
        return {}
    sent = Reminder.objects.filter(event=event, kind=kind, deadline_at=deadline)
    return dict(sent.order_by().values_list("about").annotate(number=Count("pk")))


def remind_due(at: dt.datetime) -> int:
    """Send the reminders whose moment has come and say how many. For the worker: any number of them may ask, each leaves once."""
    sent = 0
    plans = ReminderPlan.objects.filter(is_on=True, event__state__in=REMINDING_STATES).select_related("event")
    for plan in plans.order_by("event", "pk"):
        if _waiting(plan, at):
            with transaction.atomic():
                plan.event = lock_event(plan.event_id)
                sent += sum(_remind(thing, plan, at, step=step) for thing, step in _waiting(plan, at))
    return sent


def _waiting(plan: ReminderPlan, at: dt.datetime) -> list:
    """Who is to be reminded by the step that has come: written to before it, not reminded in it, and less often than the cap."""
    come, deadline = plan.step_at(at), plan.deadline
    if come is None or deadline is None:
        return []
    step, since = come
    of_deadline = Reminder.objects.filter(event=plan.event_id, kind=plan.kind, deadline_at=deadline)
    done = set(of_deadline.filter(step=step).values_list("about", flat=True))
    so_far = reminded(plan.event, plan.kind, plan.deadline)
    return [
        (thing, step)
        for thing in silent_ones(plan.event, plan.kind, at)
        if str(thing) not in done and so_far.get(str(thing), 0) < plan.most and _written_to_at(thing) <= since
    ]


def _written_to_at(thing: FocalPoint | Registration) -> dt.datetime:
    if isinstance(thing, Registration):
        return thing.submitted_at or thing.invited_at or thing.queued_at
    return thing.invited_at or thing.from_at


def remind_now(event: Event, *, kind: str, things, by: Actor) -> int:
    """Remind some of those who have not acted at once, under the same cap; say how many. Raise `NotAllowed` when nobody may be reminded."""
    now = timezone.now()
    with transaction.atomic():
        locked = lock_event(event.pk)
        check_editing(locked)
        plan = plan_of(locked, kind)
        if plan.deadline is None or plan.deadline <= now:
            raise NotAllowed(_("There is no deadline to come that one could be reminded of."))
        wanted = {str(thing) for thing in things}
        silent = [thing for thing in silent_ones(locked, kind, now) if str(thing) in wanted]
        if not silent:
            raise NotAllowed(_("No reply is outstanding here, or nobody has been contacted yet."))
        sent = [thing for thing in silent if _remind(thing, plan, now, step=None)]
        if not sent:
            raise NotAllowed(_("They have been reminded as often as this event allows."))
        record(by, "reminder.send", event=locked, kind=kind, to=[str(thing) for thing in sent])
    return len(sent)


def remind_person(registration: Registration, *, by: Actor) -> int:
    """Remind a person of their form, as their focal point asks: as `remind_now`, and not twice within an hour."""
    with transaction.atomic():
        event = lock_event(registration.event_id)
        sent = Reminder.objects.filter(event=event, kind=ReminderKind.CONFIRM, about=str(registration))
        if sent.filter(at__gt=timezone.now() - BETWEEN).exists():
            raise NotAllowed(_("A reminder left less than an hour ago. Some mail servers take that long."))
        return remind_now(event, kind=ReminderKind.CONFIRM, things=[registration], by=by)


def _remind(thing, plan: ReminderPlan, at: dt.datetime, *, step: int | None) -> bool:
    """Note and write one reminder, the event being locked; say whether the cap allowed it."""
    if plan.deadline is None:
        return False
    so_far = Reminder.objects.filter(kind=plan.kind, about=str(thing), deadline_at=plan.deadline).count()
    if so_far >= plan.most:
        return False
    sent = Reminder.objects.create(
        event_id=plan.event_id, kind=plan.kind, about=str(thing), deadline_at=plan.deadline, number=so_far + 1, step=step, at=at
    )
    thing.event = plan.event
    is_person = isinstance(thing, Registration)
    bound = {"registration": thing} if is_person else {"focal_point": thing}
    has_account = (thing.delegate.user_id if is_person else thing.user_id) is not None
    secret = "" if has_account else renew_link(plan.event, at=at, **bound)
    emails.reminder(thing, sent, secret, urgency=Urgency.BULK if step is not None else Urgency.PERSONAL)
    return True


def kind_for(delegation: Delegation) -> str:
    """Say what the focal points of a delegation could be reminded of as it stands."""
    return ReminderKind.LIST if delegation.answer == Answer.COMING else ReminderKind.ANSWER


__all__ = [
    "DEADLINES",
    "asks_details",
    "keep_plan",
    "kind_for",
    "plan_of",
    "remind_due",
    "remind_now",
    "remind_person",
    "reminded",
    "silent_ones",
]
