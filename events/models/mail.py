"""The outbox: every message leaves through a row written in the transaction of the act that caused it."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from conference.lib.fields import PublicIdField, one_of
from events.choices import MailState, Urgency


class MailStopQuerySet(models.QuerySet):
    """Ways to ask for stops."""

    def of(self, event):
        """Keep those that hold back the mail of an event: its own and that of the whole site."""
        return self.filter(models.Q(event=None) | models.Q(event=event))


class MailStop(models.Model):
    """Outgoing mail held back: of one event, or (without one) of the whole site. Codes to sign in leave all the same.

    After a restore even the codes that were waiting then are held: they belong to the time before.
    """

    event = models.OneToOneField("events.Event", models.CASCADE, null=True, blank=True, related_name="mail_stop")
    after_restore = models.BooleanField(default=False)
    since_at = models.DateTimeField(_("since"))
    actor = models.CharField(max_length=40)

    objects = MailStopQuerySet.as_manager()

    class Meta:
        verbose_name = _("stop of the mail")
        verbose_name_plural = _("stops of the mail")
        constraints = [
            models.UniqueConstraint(fields=["after_restore"], condition=models.Q(event=None), name="mail_stop_once_for_the_site"),
            models.CheckConstraint(condition=models.Q(after_restore=False) | models.Q(event=None), name="mail_stop_restores_the_site"),
        ]

    def __str__(self) -> str:
        return f"mail stop {self.pk}"


class OutboxMailQuerySet(models.QuerySet):
    """Ways to ask for messages."""

    def due(self, at: dt.datetime):
        """Keep those to be sent now that no worker holds."""
        free = models.Q(leased_until_at__isnull=True) | models.Q(leased_until_at__lte=at)
        useful = models.Q(expires_at__isnull=True) | models.Q(expires_at__gt=at)
        return self.exclude(_is_stopped()).filter(free, useful, state=MailState.QUEUED, send_after_at__lte=at)

    def stopped(self):
        """Keep those that a stop holds back, of their event or of the whole site."""
        return self.filter(_is_stopped())

    def about(self, things):
        """Keep those about any of some things."""
        return self.filter(about__in=[str(thing) for thing in things])

    def needing_somebody(self):
        """Keep those that failed or came back and that nobody has dealt with."""
        return self.filter(state__in=[MailState.FAILED, MailState.BOUNCED], settled_at__isnull=True)

    def in_state(self, state: str):
        """Keep those in one state."""
        return self.filter(state=state)

    def unsent_since(self, at: dt.datetime):
        """Keep those that were put in before a moment and are still not sent."""
        return self.exclude(_is_stopped()).filter(state=MailState.QUEUED, queued_at__lt=at)


def _is_stopped() -> models.Q:
    """The condition of a message held back by a stop."""
    stops = MailStop.objects.filter(models.Q(event=None) | models.Q(event=models.OuterRef("event")))
    restored = MailStop.objects.filter(after_restore=True, since_at__gte=models.OuterRef("queued_at"))
    is_code = models.Q(urgency=Urgency.CODE)
    return (is_code & models.Exists(restored)) | (~is_code & models.Exists(stops))


class OutboxMail(models.Model):
    """One message to one address. Bodies are sealed, and blanked once sent or expired where they hold a code or a link."""

    public_id = PublicIdField()
    event = models.ForeignKey("events.Event", models.CASCADE, null=True, blank=True, related_name="mails")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    about = models.CharField(_("about"), max_length=80, blank=True)  # the reference of what it concerns: "registration abc…"
    kind = models.CharField(_("kind"), max_length=40)
    to = models.EmailField(_("to"), max_length=254)
    language = models.CharField(_("language"), max_length=8)
    urgency = models.PositiveSmallIntegerField(_("urgency"), choices=Urgency.choices, default=Urgency.PERSONAL)
    subject = models.CharField(_("subject"), max_length=300)
    sealed_text = models.TextField(blank=True)
    sealed_html = models.TextField(blank=True)
    is_secret = models.BooleanField(_("holds a code or link"), default=False)
    reply_to = models.EmailField(max_length=254, blank=True)
    dedup_key = models.CharField(max_length=200, unique=True)
    message_id = models.CharField(max_length=200, unique=True)
    # What the reader must still see when it leaves: sessions by public id, for the registration `reader`. Empty: nothing of the agenda.
    must_see = models.JSONField(default=list, blank=True)
    reader = models.CharField(max_length=10, blank=True)
    state = models.CharField(_("state"), max_length=16, choices=MailState.choices, default=MailState.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    queued_at = models.DateTimeField(_("queued"))
    send_after_at = models.DateTimeField(_("not before"))
    expires_at = models.DateTimeField(_("useless after"), null=True, blank=True)
    leased_until_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    settled_at = models.DateTimeField(_("dealt with"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)

    objects = OutboxMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [one_of("state", MailState, "mail_state_known")]
        indexes = [
            models.Index(fields=["urgency", "id"], condition=models.Q(state="queued"), name="mail_waiting"),
            models.Index(fields=["event", "state"], name="mail_by_event"),
            models.Index(fields=["event", "about"], name="mail_by_thing"),
        ]

    def __str__(self) -> str:
        return f"mail {self.public_id}"


class MessageText(models.Model):
    """An event's own words for one kind of message in one language; without a row the program's own are used."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="message_texts")
    kind = models.CharField(max_length=40)
    language = models.CharField(max_length=8)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"))
    changed_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("text of a message")
        verbose_name_plural = _("texts of messages")
        constraints = [
            models.UniqueConstraint(fields=["event", "kind", "language"], name="message_text_once"),
            models.CheckConstraint(condition=~models.Q(subject="") & ~models.Q(body=""), name="message_text_says_something"),
            # without REGEXP, which only Django's own connections to SQLite know: a backup is made by another
            models.CheckConstraint(
                condition=~models.Q(subject__contains="\n") & ~models.Q(subject__contains="\r"), name="message_text_subject_is_one_line"
            ),
        ]

    def __str__(self) -> str:
        return f"text {self.kind} {self.language}"
