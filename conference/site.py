"""The organisers' site: Django's admin, entered by role, with pages of our own for each event."""

import datetime as dt
from collections.abc import Iterable

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.shortcuts import redirect, resolve_url
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from delegates.choices import RegistrationState, SecurityDecision
from delegates.models import LateRequest, Registration
from events.choices import StaffRoleName
from events.models import Event, OutboxMail, StaffRole
from events.rules import acts_of, phase

OUR_PACKAGES = ("conference", "events", "delegates", "sessions")


class OrganisersSite(admin.AdminSite):
    """Opens to whoever holds a live role at some event, and to superusers; Django's staff flag and permissions are not used."""

    site_header = site_title = _("Plenary, organisers")
    index_title = _("Your events")
    enable_nav_sidebar = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.event_pages: list[URLPattern] = []  # mounted beside Django's pages in `conference.urls`, so that `organise:` needs no prefix
        self.site_pages: list[URLPattern] = []

    def register(self, model_or_iterable, admin_class=None, **options):
        """Take our own lists only. What the accounts library brings (groups, addresses, second factors, sign-ins) nobody edits by hand."""
        models = model_or_iterable if isinstance(model_or_iterable, Iterable) else [model_or_iterable]
        ours = [model for model in models if model.__module__.partition(".")[0] in OUR_PACKAGES]
        super().register(ours, admin_class, **options)

    def add_event_pages(self, *patterns: URLPattern) -> None:
        """Add pages under the address of an event: `path("people/", view, name="people")` becomes `organise:people`."""
        self.event_pages.extend(patterns)

    def add_site_pages(self, *patterns: URLPattern) -> None:
        """Add pages of the organisers' site that belong to no event; they become `admin:<name>`."""
        self.site_pages.extend(patterns)

    def get_urls(self):
        """Put our own pages before Django's."""
        return [*self.site_pages, *super().get_urls()]

    def index(self, request, extra_context=None):
        """Show the events one has a role at, with what needs somebody in each."""
        rows = _events_of(request.user, timezone.now())
        return super().index(request, {"rows": rows, "can_create": request.user.is_superuser} | (extra_context or {}))

    def has_permission(self, request) -> bool:
        """Let in a superuser and anyone with a live role, once they have the second factor the settings ask for.

        Django's admin asks several times a request; the answer is kept on the request.
        """
        if not hasattr(request, "may_organise"):
            request.may_organise = self.is_organiser(request.user) and has_second_factor(request.user)
        return request.may_organise

    @staticmethod
    def is_organiser(user) -> bool:
        """Say whether a user is a superuser or holds a live role at some event."""
        if not user.is_authenticated or not user.is_active:
            return False
        return user.is_superuser or StaffRole.objects.live(timezone.now()).held_by(user).exists()

    @method_decorator(login_not_required)
    def login(self, request, extra_context=None):
        """Send strangers to the one sign-in page, and organisers without a second factor to where they add one."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index"), resolve_url(settings.LOGIN_URL))
        if self.has_permission(request):
            return redirect("admin:index")
        if self.is_organiser(request.user):
            return redirect(reverse("mfa_index") + "?needed=1")
        raise PermissionDenied

    @method_decorator(require_POST)
    def logout(self, request, extra_context=None):
        """Sign out as everywhere else."""
        get_adapter(request).logout(request)
        return redirect("home")

    def password_change(self, request, extra_context=None):
        """Passwords are changed on the account's pages."""
        return redirect("account_change_password")


def _events_of(user, at: dt.datetime) -> list[dict]:
    """The events a user may enter, those to come first, each with one's roles there and what these have to decide. Six queries."""
    roles: dict[int, list[StaffRole]] = {}
    for role in StaffRole.objects.live(at).held_by(user).order_by("pk"):
        roles.setdefault(role.event_id, []).append(role)
    events = Event.objects.for_page() if user.is_superuser else Event.objects.for_page().filter(pk__in=roles)
    submitted = Registration.objects.in_state(RegistrationState.SUBMITTED)
    unclear = submitted.filter(event__security_decides=True, security_decision=SecurityDecision.PENDING)
    waiting = [
        ("to_decide", "registrations", _by_event(submitted)),
        ("to_clear", "security", _by_event(unclear)),
        ("late", "registrations", _by_event(LateRequest.objects.open())),
        ("failed", "mail", _by_event(OutboxMail.objects.needing_somebody())),
    ]
    rows = [
        {
            "event": event,
            "phase": phase(event, at),
            "is_past": event.last_date < event.day_of(at),
            "roles": [role.get_role_display() for role in roles.get(event.pk, [])],
            **{name: counts.get(event.pk, 0) if act in acts else 0 for name, act, counts in waiting},
        }
        for event, acts in ((event, _acts_at(event, roles.get(event.pk, []), user)) for event in events)
    ]
    coming = sorted((row for row in rows if not row["is_past"]), key=lambda row: row["event"].first_date)
    return coming + sorted((row for row in rows if row["is_past"]), key=lambda row: row["event"].first_date, reverse=True)


def _acts_at(event: Event, roles: list[StaffRole], user) -> set[str]:
    """What a user may do at an event; superusers what every role may."""
    return acts_of(StaffRoleName.values if user.is_superuser else [role.role for role in roles], event)


def _by_event(rows) -> dict[int, int]:
    """Count rows by the key of their event."""
    return dict(rows.order_by().values_list("event").annotate(number=Count("pk")))


def has_second_factor(user) -> bool:
    """Say whether a user has the second factor that organisers need; true when the settings ask for none."""
    if not settings.STAFF_MFA_REQUIRED:
        return True
    return is_mfa_enabled(user, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])
