"""Organisations: the services, ministries, agencies and bodies that send delegations."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from conference.lib import countries
from conference.lib.fields import PublicIdField, one_of
from conference.lib.words import in_language, translated
from events.choices import OrganisationKind
from events.rules import is_eu


class OrganisationQuerySet(models.QuerySet):
    """Ways to ask for organisations."""

    def of_kind(self, kind):
        """Keep the organisations of one kind."""
        return self.filter(kind=kind)

    def eu_on(self, day: dt.date):
        """Keep those that are of the European Union on that day, as `is_eu_on` says of one."""
        state = models.Q(kind=OrganisationKind.STATE, country__in=countries.members_on(day))
        return self.filter(state | models.Q(kind=OrganisationKind.EU))


class Organisation(models.Model):
    """A service, ministry, agency or body; of a state, an EU institution or agency, an international organisation, or other."""

    public_id = PublicIdField()
    name = translated(models.CharField(_("name"), max_length=200, blank=True))
    abbreviation = models.CharField(_("abbreviation"), max_length=40, blank=True)
    kind = models.CharField(_("kind"), max_length=16, choices=OrganisationKind.choices)
    country = models.CharField(_("country"), max_length=2, blank=True, help_text=_("ISO 3166 code; required for a state."))
    # EU institutions in treaty order (Article 13 TEU), then agencies.
    treaty_rank = models.PositiveSmallIntegerField(_("rank among EU bodies"), null=True, blank=True)
    email = models.EmailField(_("functional address"), max_length=254, blank=True)
    invented = models.BooleanField(_("invented for the demonstration"), default=False)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            one_of("kind", OrganisationKind, "organisation_kind_known"),
            models.CheckConstraint(
                condition=~models.Q(kind=OrganisationKind.STATE) | ~models.Q(country=""), name="organisation_of_state_has_country"
            ),
        ]

    def __str__(self) -> str:
        return f"organisation {self.public_id}"

    @property
    def working_language(self) -> str:
        """The language names fall back to when the reader's is empty."""
        return settings.LANGUAGE_CODE

    def name_in(self, language: str) -> str:
        """The name in a language, falling back as public text does."""
        return in_language(self, "name", language, self.working_language)

    def is_eu_on(self, day: dt.date) -> bool:
        """Say whether the organisation is an EU one on that day; for a state it follows from membership, never from a flag."""
        return is_eu(self.kind, self.country, day)
