"""Imported spreadsheets: the sealed file while it is needed, and what became of each of its rows."""

import datetime as dt
import json
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conference.lib import tokens
from conference.lib.fields import PublicIdField, one_of
from conference.lib.sealing import Sealer
from delegates.choices import ImportChoice, ImportKind, ImportState, Outcome

WAITING = (ImportState.WAITING, ImportState.QUEUED)  # for the worker
WORKING = (ImportState.READING, ImportState.WRITING)


def new_storage_name() -> str:
    """A random name outside the web root; never the sender's name for the file."""
    return f"imports/{tokens.secret()}"


class SentFileQuerySet(models.QuerySet):
    """Ways to ask for files that were sent to be imported."""

    def to_work_on(self, at: dt.datetime):
        """Keep those that wait for a worker, and those whose worker has not been heard of."""
        return self.filter(Q(state__in=WAITING) | Q(state__in=WORKING, leased_until__lte=at)).order_by("uploaded_at", "pk")

    def over(self, at: dt.datetime):
        """Keep those whose rows and file nobody needs any more."""
        return self.filter(expires_at__lte=at)


class SentFile(models.Model):
    """A file sent for an event to be imported: sealed on disk while it is needed. Without its row nobody can read what is there."""

    public_id = PublicIdField()
    state = models.CharField(_("state"), max_length=16, choices=ImportState.choices, default=ImportState.WAITING)
    file_name = models.CharField(_("name of the file"), max_length=200, blank=True)
    storage_name = models.CharField(max_length=100, default=new_storage_name, editable=False)
    sealed_key = models.TextField(blank=True, editable=False)  # empty once the file is removed
    language = models.CharField(max_length=8, default=settings.LANGUAGE_CODE)  # of the words about it
    counts = models.JSONField(default=dict, blank=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    hat = models.CharField(max_length=80, blank=True)
    uploaded_at = models.DateTimeField(_("sent"))
    finished_at = models.DateTimeField(_("imported"), null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()

    class Meta:
        abstract = True

    @property
    def is_waiting(self) -> bool:
        """Say whether a worker has to do, or is doing, its part."""
        return self.state in (*WAITING, *WORKING)


def keeps_its_file(name: str) -> models.CheckConstraint:
    """Constrain a sent file to have its key until it is done with."""
    over = Q(state__in=[ImportState.DONE, ImportState.FAILED, ImportState.REMOVED])
    return models.CheckConstraint(condition=over | ~Q(sealed_key=""), name=name)


class ImportQuerySet(SentFileQuerySet):
    """Ways to ask for imports."""

    def of_event(self):
        """Keep those of the whole event, not of one delegation."""
        return self.filter(delegation=None)


class Import(SentFile):
    """One spreadsheet sent for an event, or by a focal point for their delegation."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="imports")
    delegation = models.ForeignKey("delegates.Delegation", models.CASCADE, null=True, blank=True, related_name="imports")
    kind = models.CharField(_("kind"), max_length=16, choices=ImportKind.choices)
    choice = models.CharField(_("rows kept"), max_length=8, choices=ImportChoice.choices, blank=True)
    sheet = models.CharField(_("sheet"), max_length=100, blank=True)
    sheets = models.JSONField(default=list, blank=True)
    notes = models.JSONField(default=list, blank=True)
    problems = models.JSONField(default=list, blank=True)  # of the file as a whole
    is_late = models.BooleanField(default=False)  # checked after the deadline: a focal point's rows become requests to the organisers
    unread = models.JSONField(default=list, blank=True)  # headings of columns that were not read
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [
            one_of("kind", ImportKind, "import_kind_known"),
            one_of("state", ImportState, "import_state_known"),
            models.CheckConstraint(condition=Q(delegation=None) | Q(kind=ImportKind.NOMINATIONS), name="import_of_delegation_names_people"),
            keeps_its_file("import_keeps_its_file_while_needed"),
        ]
        indexes = [models.Index(fields=["state", "leased_until"], name="import_by_state")]

    def __str__(self) -> str:
        return f"import {self.public_id}"

    @property
    def good(self) -> int:
        """How many rows have no problem."""
        return sum(count for outcome, count in self.counts.items() if outcome != Outcome.PROBLEM)

    @property
    def bad(self) -> int:
        """How many rows have one."""
        return self.counts.get(Outcome.PROBLEM, 0)


class ImportRow(models.Model):
    """What became, or would become, of one row; its words hold names and are sealed."""

    of = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    sealed = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["of", "number"], name="import_row_once"),
            one_of("outcome", Outcome, "import_row_outcome_known"),
        ]
        indexes = [models.Index(fields=["of", "outcome", "number"], name="import_row_by_outcome")]

    def __str__(self) -> str:
        return f"row {self.number} of import {self.of_id}"

    @property
    def words(self) -> dict[str, Any]:
        """What is said of the row: `name`, `done` (sentences) and `problems` (column, value, words)."""
        return json.loads(Sealer(settings.DATA_KEYS).open(self.sealed))
