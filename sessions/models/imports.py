"""Agendas that were sent as files: the sealed file while it is needed, what was chosen for it, and what was said of it."""

import json
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from conference.lib.fields import among, one_of
from conference.lib.sealing import Sealer
from delegates.choices import ImportState
from delegates.models import SentFile, SentFileQuerySet, keeps_its_file
from events.choices import PLAIN_AUDIENCES, Audience
from sessions.choices import Label


class AgendaImport(SentFile):
    """One agenda sent for an event. Its report names sessions nobody else may know of, and is sealed."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="agenda_imports")
    audience = models.CharField(_("audience"), max_length=16, choices=PLAIN_AUDIENCES, default=Audience.ORGANISERS)
    label = models.CharField(_("TLP label"), max_length=16, choices=Label.choices, default=Label.RED)
    texts_in = models.CharField(_("language of the texts"), max_length=8)
    sealed_report = models.TextField(blank=True, editable=False)
    digest = models.CharField(max_length=64, blank=True, editable=False)  # of what was said would be done

    objects = SentFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of an agenda")
        verbose_name_plural = _("imports of agendas")
        constraints = [
            one_of("state", ImportState, "agenda_import_state_known"),
            among("audience", [value for value, _name in PLAIN_AUDIENCES], "agenda_import_audience_known"),
            one_of("label", Label, "agenda_import_label_known"),
            models.CheckConstraint(
                condition=~models.Q(audience=Audience.PUBLIC) | models.Q(label=Label.CLEAR), name="agenda_import_public_is_clear"
            ),
            keeps_its_file("agenda_import_keeps_its_file"),
        ]
        indexes = [models.Index(fields=["state", "leased_until"], name="agenda_import_by_state")]

    def __str__(self) -> str:
        return f"agenda import {self.public_id}"

    @property
    def problems(self) -> int:
        """How much stops it."""
        return self.counts.get("problems", 0)

    @property
    def conflicts(self) -> int:
        """How many of its sessions would have conflicts."""
        return self.counts.get("conflicts", 0)

    @property
    def report(self) -> dict[str, Any]:
        """What is said of it, as `sessions.importers.runs` writes it; empty before and after its time."""
        return json.loads(Sealer(settings.DATA_KEYS).open(self.sealed_report)) if self.sealed_report else {}
