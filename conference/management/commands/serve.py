"""Runs the demonstration: the web server and the worker that sends mail, stopped together."""

import os
import signal
import subprocess
import sys
import time

from django.conf import settings
from django.core.management.base import BaseCommand

GRACE_SECONDS = 10


class Command(BaseCommand):
    """Starts both, waits, and stops both when one ends or the command is asked to stop."""

    help = "Run the web server and the worker on this machine (the demonstration)."

    def handle(self, *args, **options):
        """Serve at HOST:PORT until SIGINT or SIGTERM; exit 1 when one of the two ended by itself."""
        self.asked_to_stop = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.stop)
        # Their own process groups: Ctrl-C reaches this command only, and it stops them in order.
        children = [subprocess.Popen(command, start_new_session=True) for command in commands()]  # noqa: S603 -- our own commands
        print(f"\nPlenary is at {settings.SITE_URL}/  (Ctrl-C stops it; mail goes into {settings.DATA_DIR / 'mail'})", flush=True)  # noqa: T201 -- what the reader waits for
        try:
            while not self.asked_to_stop and all(child.poll() is None for child in children):
                time.sleep(0.2)
        finally:
            end(children)
        if not self.asked_to_stop:
            sys.exit("Stopped: " + " and ".join(child.args[-1] for child in children if child.returncode not in (0, -signal.SIGTERM)))

    def stop(self, number, frame):
        """Note that somebody asked to stop."""
        self.asked_to_stop = True


def commands() -> list[list[str]]:
    """The two programs: gunicorn with threads, and the worker."""
    address = f"{os.environ.get('HOST', 'localhost')}:{os.environ.get('PORT', '8000')}"
    server = ["--worker-class", "gthread", "--workers", "2", "--threads", "8", "--no-control-socket", "--log-level", "warning"]
    return [
        [sys.executable, "-m", "gunicorn", *server, "--bind", address, "conference.wsgi"],
        [sys.executable, "manage.py", "worker"],
    ]


def end(children: list[subprocess.Popen]) -> None:
    """Ask the programs to end, and after ten seconds make them."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
