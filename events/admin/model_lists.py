"""The model lists of the organisers' site, for what is rare: series and organisations. Permissions follow from roles."""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conference.lib.viewer import Actor
from events import actions
from events.choices import StaffRoleName
from events.forms import OrganisationForm
from events.forms.fields import in_every_language
from events.models import StaffRole


def manages_some_event(user) -> bool:
    """Say whether a user is a superuser, or manager of some event."""
    if not user.is_active:
        return False
    return user.is_superuser or StaffRole.objects.live(timezone.now()).held_by(user).filter(role=StaffRoleName.MANAGER).exists()


class ByRole(admin.ModelAdmin):
    """A model list whose permissions follow from roles, never from Django's; nothing is deleted here."""

    actions = None
    ordering = ["pk"]

    def may_see(self, request) -> bool:
        """Say who may open the list; Django asks many times a page, the database once."""
        if not hasattr(request, "manages_some_event"):
            request.manages_some_event = manages_some_event(request.user)
        return request.manages_some_event

    def may_change(self, request) -> bool:
        """Say who may add and change."""
        return self.may_see(request)

    def has_module_permission(self, request) -> bool:
        """Django asks whether to show the list at all."""
        return self.may_see(request)

    def has_view_permission(self, request, obj=None) -> bool:
        """Django asks whether one may look."""
        return self.may_see(request)

    def has_add_permission(self, request) -> bool:
        """Django asks whether one may add."""
        return self.may_change(request)

    def has_change_permission(self, request, obj=None) -> bool:
        """Django asks whether one may change."""
        return self.may_change(request)

    def has_delete_permission(self, request, obj=None) -> bool:
        """Nobody deletes: events refer to these for good."""
        return False

    def log_addition(self, request, obj, message):
        """Nothing: the action records it."""

    def log_change(self, request, obj, message):
        """Nothing: the action records it."""


class OrganisationAdmin(ByRole):
    """Organisations: managers of events and superusers add and change them."""

    form = OrganisationForm
    list_display = ["listed_name", "abbreviation", "kind", "country"]
    list_filter = ["kind"]
    search_fields = [*in_every_language("name"), "abbreviation"]
    ordering = ["country", "pk"]

    @admin.display(description=_("name"))
    def listed_name(self, organisation) -> str:
        """The name in the reader's language."""
        return str(organisation.name)

    def save_model(self, request, obj, form, change):
        """Keep it through the action, which records it."""
        actions.save_organisation(obj, by=Actor(user=request.user, hat="organiser:manager"))


class SeriesAdmin(ByRole):
    """Series: superusers add and change them, managers look."""

    list_display = ["listed_name", "slug", "network"]
    fields = [
        "slug",
        *in_every_language("name"),
        *in_every_language("description"),
        "network",
        "working_language",
    ]
    ordering = ["slug"]

    def may_change(self, request) -> bool:
        """Superusers only."""
        return request.user.is_active and request.user.is_superuser

    @admin.display(description=_("name"))
    def listed_name(self, series) -> str:
        """The name in the reader's language."""
        return str(series.name)

    def save_model(self, request, obj, form, change):
        """Keep it through the action, which records it."""
        actions.save_series(obj, by=Actor(user=request.user, hat="organiser:manager"))
