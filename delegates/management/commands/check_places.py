"""Counts anew how many people hold a place of each quota, and says where the count kept differs."""

from django.core.management.base import BaseCommand, CommandError

from delegates.actions import repair_quota
from delegates.models import Quota


class Command(BaseCommand):
    """Ends with an error when a count is wrong; `--repair` writes the true one, under the event's lock and in its record."""

    help = "Check that every quota counts exactly those who hold a place."

    def add_arguments(self, parser):
        """Take `--repair`."""
        parser.add_argument("--repair", action="store_true", help="write the true counts")

    def handle(self, *args, repair: bool, **options):
        """Say which quotas differ; repair them if asked."""
        wrong = 0
        for quota in Quota.objects.out_of_step().select_related("event").order_by("event", "pk"):
            of = "a delegation" if quota.delegation_id else "the whole"
            self.stdout.write(f"{quota} of {of} at {quota.event.slug}: says {quota.taken}, {quota.used} hold a place of {quota.seats}")
            wrong += not repair or repair_quota(quota) is None
        if wrong:
            raise CommandError(f"Quotas whose count is wrong: {wrong}")
        self.stdout.write("Every quota counts exactly those who hold a place.")
