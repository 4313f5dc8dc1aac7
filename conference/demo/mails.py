"""The mail of the coming edition: reasons written once, a text of its own, reminders, messages to many, and what came back."""

from django.utils import timezone

from conference.demo import texts
from conference.lib.bounces import Bounce
from conference.lib.viewer import Actor
from conference.models import User
from delegates.actions import keep_reason
from delegates.actions.circulars import keep_circular, readers_of, seal_of, send_circular
from delegates.actions.reminders import keep_plan, remind_now
from delegates.choices import Answer, Category, CircularTo, ReminderKind
from delegates.choices import RegistrationState as State
from delegates.models import Circular, FocalPoint, ReasonTemplate
from events.actions import keep_text, note_bounce
from events.choices import MailState
from events.models import Event, OutboxMail

PLANS = {ReminderKind.ANSWER: [14, 7, 2], ReminderKind.LIST: [7, 2], ReminderKind.CONFIRM: [14, 7, 2], ReminderKind.TRAVEL: [7, 2]}
REMINDED = ("RO", "PT")
SAID = "smtp; 550 5.1.1 The mailbox is not known here"


def load_mails(event: Event, *, manager: User, colleague: User) -> None:
    """Write the organisers' own words, plan the reminders, write to many, and let one message come back."""
    facts = texts.load("desk")
    first, second = Actor(user=manager, hat="organiser:manager"), Actor(user=colleague, hat="organiser:accreditation")
    for reason in facts["reasons"]:
        keep_reason(event, ReasonTemplate(kind=reason["kind"], **texts.columns("text", reason["text"])), by=second)
    for language, words in facts["approved_text"].items():
        keep_text(event, kind="approved", language=language, by=first, **words)
    _remind(event, by=second)
    _write_to_many(event, facts, by=first)
    _come_back(event)


def _remind(event: Event, *, by: Actor) -> None:
    """Plan reminders before every deadline; two silent delegations were reminded by hand besides."""
    for kind, days in PLANS.items():
        keep_plan(event, kind=kind, is_on=True, days=days, most=4, by=by)
    silent = FocalPoint.objects.filter(event=event, delegation__organisation__country__in=REMINDED)
    remind_now(event, kind=ReminderKind.ANSWER, things=list(silent), by=by)


def _write_to_many(event: Event, facts: dict, *, by: Actor) -> None:
    """One message went to the focal points of the delegations that come; another, to the experts, is still a draft."""
    sent = keep_circular(
        Circular(event=event, to=CircularTo.FOCAL_POINTS, asked={"answer": [Answer.COMING]}, words=facts["circular_sent"]), by=by
    )
    send_circular(sent, seal=seal_of(sent, readers_of(sent, timezone.now())), by=by)
    asked = {"state": [State.APPROVED], "category": [Category.EXPERT, Category.SPEAKER]}
    draft = Circular(event=event, to=CircularTo.PERSONS, asked=asked, words=facts["circular_draft"])
    keep_circular(draft, by=by)


def _come_back(event: Event) -> None:
    """The message to the Canadian focal point left, and its server sent it back."""
    mail = OutboxMail.objects.filter(event=event, kind="circular", to="focal@ca.example.org").first()
    mail = mail or OutboxMail.objects.filter(event=event, to="focal@ca.example.org").order_by("pk").last()
    OutboxMail.objects.filter(pk=mail.pk).update(state=MailState.SENT, sent_at=timezone.now(), attempts=1)
    note_bounce(Bounce(message_id=mail.message_id, addresses=frozenset({mail.to.lower()}), status="5.1.1", said=SAID))
