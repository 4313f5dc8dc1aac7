"""What was done and what was read: an append-only chain of acts, names sealed apart, and the record of reads."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """One act. Entries of an event (or of the instance) form a chain: each hash covers the one before it."""

    event = models.ForeignKey("events.Event", models.PROTECT, null=True, blank=True, related_name="audit_entries")
    number = models.PositiveBigIntegerField(_("number"))  # place in the chain, from 1
    at = models.DateTimeField(_("when"))
    actor = models.CharField(_("who"), max_length=40)  # a reference; the name is sealed in ActorName
    hat = models.CharField(_("as"), max_length=80, blank=True)
    verb = models.CharField(_("act"), max_length=60)
    target = models.CharField(_("of what"), max_length=80, blank=True)
    details = models.JSONField(_("details"), default=dict, blank=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("act")
        verbose_name_plural = _("acts")
        constraints = [
            models.UniqueConstraint(fields=["event", "number"], condition=models.Q(event__isnull=False), name="audit_one_chain_per_event"),
            models.UniqueConstraint(fields=["number"], condition=models.Q(event__isnull=True), name="audit_one_chain_for_the_instance"),
        ]
        indexes = [models.Index(fields=["event", "target"], name="audit_by_target")]

    def __str__(self) -> str:
        return f"act {self.event_id}/{self.number}"


class ActorName(models.Model):
    """The sealed name behind an actor's reference, kept apart from the chain for its own period."""

    reference = models.CharField(max_length=40, unique=True)
    sealed_name = models.TextField()

    def __str__(self) -> str:
        return self.reference


class ReadRecord(models.Model):
    """Somebody read, downloaded or exported something above CLEAR."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="read_records")
    at = models.DateTimeField(_("when"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    hat = models.CharField(_("as"), max_length=80, blank=True)
    verb = models.CharField(_("act"), max_length=20)  # read, download, export, feed
    target = models.CharField(_("of what"), max_length=80)

    class Meta:
        verbose_name = _("read")
        verbose_name_plural = _("reads")
        indexes = [models.Index(fields=["event", "target", "at"], name="read_by_target")]

    def __str__(self) -> str:
        return f"read {self.pk}"


class IdempotencyKey(models.Model):
    """One form sent once: the key a page gave out, what was sent with it, and the answer it got."""

    actor = models.CharField(max_length=40)
    key = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    answer = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="idempotency_key_once")]
        indexes = [models.Index(fields=["at"], name="idempotency_by_age")]

    def __str__(self) -> str:
        return f"key {self.pk}"
