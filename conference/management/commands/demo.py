"""`manage.py demo`: load the demonstration once, and print who may sign in."""

import itertools

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from conference.demo import texts
from conference.demo.affairs import load_affairs
from conference.demo.coming import load_coming
from conference.demo.delegations import make_partners, open_accounts
from conference.demo.desk import load_desk
from conference.demo.mails import load_mails
from conference.demo.meeting import load_meeting
from conference.demo.past import load_brussels, load_hungary, load_series
from conference.demo.people import PASSWORD, make_account
from conference.lib import tokens
from events.choices import StaffRoleName
from events.models import Event, Series, StaffRole

STAFF = {
    StaffRoleName.MANAGER: ("manager@example.org", "Marie Dupont-Janssens"),
    StaffRoleName.PROGRAMME: ("programme@example.org", "Pieter Claes"),
    StaffRoleName.ACCREDITATION: ("accreditation@example.org", "Sofie Maes"),
    StaffRoleName.SECURITY: ("security@example.org", "Karim Benali"),
    StaffRoleName.PRESS: ("press@example.org", "Lotte Schmitz"),
    StaffRoleName.RECEPTION: ("reception@example.org", "Hugo Lambert"),
    StaffRoleName.OBSERVER: ("observer@example.org", "Nele Wouters"),
}
ADMINISTRATOR = ("administrator@example.org", "Administrator")


class Command(BaseCommand):
    """Loads the network's editions of 2024 and one invented coming edition."""

    help = "Load the demonstration (once; a second run changes nothing) and print who may sign in."

    def handle(self, *args, **options):
        """Load everything in one transaction, or nothing when it is there already."""
        if not Series.objects.filter(slug=texts.load("series")["slug"]).exists():
            with transaction.atomic(), tokens.repeatable("plenary"):
                self._load()
        self._print()

    def _load(self) -> None:
        now = timezone.now()
        series = load_series()
        partners = make_partners()
        brussels = load_brussels(series, partners)
        hungary = load_hungary(series, brussels, partners)
        coming = load_coming(series, hungary, partners, now.date())
        make_account(*ADMINISTRATOR, superuser=True)
        staff = {role: make_account(email, name) for role, (email, name) in STAFF.items()}
        manager, colleague, today = staff[StaffRoleName.MANAGER], staff[StaffRoleName.ACCREDITATION], coming.local(now).date()
        load_desk(coming, manager=manager, colleague=colleague, today=today)
        open_accounts(coming)
        load_affairs(coming, security=staff[StaffRoleName.SECURITY])
        load_mails(coming, manager=manager, colleague=colleague)
        meeting = load_meeting(coming, today=today, manager=manager)
        for event, (role, user) in itertools.product((brussels, coming, meeting), staff.items()):
            is_on_duty = role == StaffRoleName.MANAGER and event != brussels
            StaffRole.objects.create(event=event, user=user, role=role, is_duty_organiser=is_on_duty, from_at=now)

    def _print(self) -> None:
        coming = Event.objects.latest("first_date")
        rows = [(role.label, STAFF[role][0]) for role in STAFF] + [("Administrator", ADMINISTRATOR[0])]
        rows += list(_accepted(coming).items())
        width = max(len(str(label)) for label, _ in rows)
        self.stdout.write(f"\n{settings.SITE_URL}/   the public pages")
        self.stdout.write(f"{settings.SITE_URL}/admin/   the organisers' site\n")
        self.stdout.write(f"\nEveryone's password: {PASSWORD}\n")
        for label, email in rows:
            self.stdout.write(f"  {label!s:{width}}  {email}")


def _accepted(event: Event) -> dict[str, str]:
    """Who accepted an invitation at the event: what they are, and their address."""
    people = {}
    for invitation in (
        event.invitations.filter(accepted_at__isnull=False, place_request__isnull=True).select_related("registration").order_by("pk")
    ):
        registration = invitation.registration
        label = f"{registration.get_category_display()} ({registration.get_state_display().lower()})" if registration else "Focal point"
        people[f"{label}, {_state_of(invitation)}"] = invitation.email
    return people


def _state_of(invitation) -> str:
    thing = invitation.registration or invitation.focal_point
    organisation = thing.delegation.organisation
    return organisation.country or organisation.abbreviation
