"""Seals everything that is sealed with the newest key of the keys file; afterwards the older keys can be taken out of it."""

from django.core.management.base import BaseCommand, CommandError

from conference.privacy.purge import settle
from conference.privacy.resealing import reseal


class Command(BaseCommand):
    """Works in short transactions while the site runs; stopped and started again, it goes on."""

    help = "Seal everything with the newest key."

    def handle(self, *args, **options):
        """Seal anew; name what no key opens."""
        outcome = reseal()
        settle()
        self.stdout.write(f"Sealed {outcome.resealed} rows with the newest key.")
        if outcome.lost:
            raise CommandError(
                f"No key opens {len(outcome.lost)} rows: {', '.join(outcome.lost[:20])}. Keep the older keys, or find the one missing."
            )
        self.stdout.write("Once every process runs with the new keys file, the older keys can be taken out of it.")
