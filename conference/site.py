"""The organisers' site: Django's admin, entered by role, with pages of our own for each event."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, include, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import StaffRole


class OrganisersSite(admin.AdminSite):
    """Opens to whoever holds a live role at some event, and to superusers; Django's staff flag and permissions are not used."""

    site_header = site_title = _("Plenary, organisers")
    index_title = _("Your events")
    enable_nav_sidebar = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._pages: list[URLPattern] = []

    def add_event_pages(self, *patterns: URLPattern) -> None:
        """Add pages under the address of an event: `path("people/", view, name="people")` becomes `organise:people`."""
        self._pages.extend(patterns)

    def has_permission(self, request) -> bool:
        """Let in a superuser and anyone with a live role."""
        user = request.user
        if not user.is_authenticated or not user.is_active:
            return False
        return user.is_superuser or StaffRole.objects.live(timezone.now()).held_by(user).exists()

    def get_urls(self):
        """Put the pages of an event before Django's own."""
        event_pages = path("at/<slug:slug>/", include((self._pages, "organise")))
        return [event_pages, *super().get_urls()]


def second_factor_required() -> bool:
    """Say whether organisers must have a second factor before they enter."""
    return settings.STAFF_MFA_REQUIRED
