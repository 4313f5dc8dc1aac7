"""Requests for a place: what somebody asked for themselves, before anybody knows whether it fits a delegation."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from conference.lib.fields import PublicIdField
from delegates.choices import RegistrationState
from events.rules import PUBLISHED_STATES


class PlaceRequestQuerySet(models.QuerySet):
    """Ways to ask for requests."""

    def proved(self):
        """Keep those whose address was shown to be theirs; nobody sees the others."""
        return self.filter(proved_at__isnull=False)

    def unmatched(self):
        """Keep those that wait for an organiser: of no delegation yet, neither refused nor taken back."""
        return self.proved().filter(registration__isnull=True, refused_at__isnull=True, withdrawn_at__isnull=True)

    def with_delegations(self):
        """Keep those that wait for the word of a focal point."""
        return self.proved().filter(registration__state=RegistrationState.REQUESTED)

    def of_user(self, user):
        """Keep the requests of one user."""
        return self.proved().filter(user=user)

    def for_my_page(self):
        """Keep what is still open or of use to its person, with what their own list shows."""
        return (
            self.filter(withdrawn_at__isnull=True, event__state__in=PUBLISHED_STATES).select_related("event", "registration").order_by("pk")
        )

    def for_page(self):
        """Join what the pages of a request show."""
        return self.select_related("event__series", "registration__delegation__organisation")


class PlaceRequest(models.Model):
    """Somebody asks for a place at an event with an organisation they name in their own words."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="place_requests")
    public_id = PublicIdField()
    organisation = models.CharField(_("organisation"), max_length=200)
    given_name = models.CharField(_("given name"), max_length=200, blank=True)
    family_name = models.CharField(_("family name"), max_length=200, blank=True)
    function = models.CharField(_("function"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail address"), max_length=254)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)
    asked_at = models.DateTimeField(_("asked"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="place_requests")
    proved_at = models.DateTimeField(_("address confirmed"), null=True, blank=True)
    registration = models.OneToOneField(
        "delegates.Registration", models.CASCADE, null=True, blank=True, related_name="place_request", verbose_name=_("registration")
    )
    refused_at = models.DateTimeField(_("refused"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    objects = PlaceRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for a place")
        verbose_name_plural = _("requests for a place")
        constraints = [
            models.CheckConstraint(condition=~Q(given_name="", family_name=""), name="place_request_has_a_name"),
            models.CheckConstraint(
                condition=Q(proved_at__isnull=False, user__isnull=False)
                | Q(proved_at__isnull=True, user__isnull=True, registration__isnull=True, refused_at__isnull=True),
                name="place_request_waits_for_proof",
            ),
            models.CheckConstraint(
                condition=Q(proved_at__isnull=True) | Q(proved_at__gte=F("asked_at")), name="place_request_proved_after_asked"
            ),
        ]

    def __str__(self) -> str:
        return f"request {self.public_id}"

    @property
    def full_name(self) -> str:
        """Given and family name, exactly as written."""
        return f"{self.given_name} {self.family_name}".strip()
