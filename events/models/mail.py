"""The outbox: every message leaves through a row written in the transaction of the act that caused it."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from conference.lib.fields import PublicIdField, one_of
from events.choices import MailState, Urgency


class OutboxMailQuerySet(models.QuerySet):
    """Ways to ask for messages."""

    def due(self, at: dt.datetime):
        """Keep those to be sent now that no worker holds."""
        free = models.Q(leased_until_at__isnull=True) | models.Q(leased_until_at__lte=at)
        useful = models.Q(expires_at__isnull=True) | models.Q(expires_at__gt=at)
        return self.filter(free, useful, state=MailState.QUEUED, send_after_at__lte=at)

    def in_state(self, state: str):
        """Keep those in one state."""
        return self.filter(state=state)

    def unsent_since(self, at: dt.datetime):
        """Keep those that were put in before a moment and are still not sent."""
        return self.filter(state=MailState.QUEUED, queued_at__lt=at)


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
    state = models.CharField(_("state"), max_length=16, choices=MailState.choices, default=MailState.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    queued_at = models.DateTimeField(_("queued"))
    send_after_at = models.DateTimeField(_("not before"))
    expires_at = models.DateTimeField(_("useless after"), null=True, blank=True)
    leased_until_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)

    objects = OutboxMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [one_of("state", MailState, "mail_state_known")]
        indexes = [
            models.Index(fields=["urgency", "id"], condition=models.Q(state="queued"), name="mail_waiting"),
            models.Index(fields=["event", "state"], name="mail_by_event"),
        ]

    def __str__(self) -> str:
        return f"mail {self.public_id}"
