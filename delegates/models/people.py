"""Delegates: people known to the system, kept between events."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conference.lib.fields import PublicIdField


class Delegate(models.Model):
    """A person of one organisation. The address is contact data and not unique: functional mailboxes are shared."""

    public_id = PublicIdField()
    organisation = models.ForeignKey("events.Organisation", models.PROTECT, related_name="delegates")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="delegates")
    given_name = models.CharField(_("given name"), max_length=200, blank=True)
    family_name = models.CharField(_("family name"), max_length=200, blank=True)
    native_name = models.CharField(_("name in its own script"), max_length=200, blank=True)
    badge_name = models.CharField(_("name on the badge"), max_length=200, blank=True)
    nationalities = models.JSONField(_("nationalities"), default=list, blank=True)
    email = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    function = models.CharField(_("function"), max_length=200, blank=True)
    language = models.CharField(_("language for messages"), max_length=8, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)
    may_be_invited_again = models.BooleanField(_("may be found for later events"), default=False)

    class Meta:
        verbose_name = _("delegate")
        verbose_name_plural = _("delegates")
        constraints = [models.CheckConstraint(condition=~Q(given_name="", family_name=""), name="delegate_has_a_name")]

    def __str__(self) -> str:
        return f"delegate {self.public_id}"

    @property
    def full_name(self) -> str:
        """Given and family name, exactly as written."""
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def listed_name(self) -> str:
        """The name as lists sort it: family name first."""
        return ", ".join(part for part in (self.family_name, self.given_name) if part)
