"""Delegates: people known to the system, kept between events."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from conference.lib.fields import PublicIdField
from conference.lib.searching import folded
from delegates.choices import RegistrationState
from delegates.models.registrations import Registration


class DelegateQuerySet(models.QuerySet):
    """Ways to ask for delegates."""

    def former_of(self, delegation):
        """Keep the people of the organisation who took part in an earlier event, agreed to be found again, and are not on the list."""
        event = delegation.event
        mine = Q(delegate=OuterRef("pk"))
        earlier = Registration.objects.filter(mine, state=RegistrationState.APPROVED, event__first_date__lt=event.first_date)
        listed = Registration.objects.active().filter(mine, event=event)
        last = earlier.order_by("-event__first_date", "-pk").values("event")[:1]
        found = self.filter(Exists(earlier), ~Exists(listed), organisation=delegation.organisation_id, may_be_invited_again=True)
        return found.annotate(last_event_id=Subquery(last)).order_by("family_name", "given_name", "pk")

    def known_at(self, event):
        """Keep those with a registration at an event, and those of its delegations' organisations who agreed to be found again."""
        found_again = Q(may_be_invited_again=True, organisation__in=event.delegations.values("organisation"))
        return self.filter(Q(pk__in=event.registrations.values("delegate")) | found_again)

    def alike(self, event) -> list[list["Delegate"]]:
        """List the delegates of one organisation with the same name, accents and capitals aside, of whom one is at the event."""
        shared = self._named_alike(event)
        here = Exists(Registration.objects.filter(event=event, delegate=OuterRef("pk")))
        rows = self.filter(pk__in=[key for keys in shared for key in keys]).select_related("organisation", "user").annotate(is_here=here)
        found = {row.pk: row for row in rows}
        together = [[found[key] for key in keys] for keys in shared]
        # First the record that is likely to stay: of this event, with an account, then the older one.
        fullest = [sorted(people, key=lambda row: (not row.is_here, row.user_id is None, row.pk)) for people in together]
        return [people for people in fullest if any(row.is_here for row in people)]

    def count_alike(self, event) -> int:
        """How many groups `alike` would list, without reading who they are."""
        shared = self._named_alike(event)
        everyone = [key for keys in shared for key in keys]
        here = (
            set(Registration.objects.filter(event=event, delegate__in=everyone).values_list("delegate", flat=True)) if everyone else set()
        )
        return sum(not here.isdisjoint(keys) for keys in shared)

    def _named_alike(self, event) -> list[list[int]]:
        """Give the keys of the people with one name in one organisation, group by group."""
        names = self.known_at(event).order_by("pk").values_list("pk", "organisation", "given_name", "family_name")
        groups: dict[tuple[int, str], list[int]] = {}
        for key, organisation, given_name, family_name in names.iterator():
            groups.setdefault((organisation, folded(f"{given_name} {family_name}")), []).append(key)
        return [keys for keys in groups.values() if len(keys) > 1]


class Delegate(models.Model):
    """A person of one organisation. The address is contact data and not unique: functional mailboxes are shared."""

    public_id = PublicIdField()
    organisation = models.ForeignKey("events.Organisation", models.PROTECT, related_name="delegates")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="delegates")
    given_name = models.CharField(_("given name"), max_length=200, blank=True)
    family_name = models.CharField(_("family name"), max_length=200, blank=True)
    native_name = models.CharField(_("name in its own script"), max_length=200, blank=True)
    badge_name = models.CharField(_("name on the badge"), max_length=200, blank=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    nationalities = models.JSONField(_("nationalities"), default=list, blank=True)
    email = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    function = models.CharField(_("function"), max_length=200, blank=True)
    language = models.CharField(_("language for messages"), max_length=8, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)
    may_be_invited_again = models.BooleanField(_("may be found for later events"), default=False)

    objects = DelegateQuerySet.as_manager()

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
