"""The web server is killed outright while forms arrive: whatever was answered is there afterwards, once, on both databases."""

import http.client
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from delegates.models import Quota, Registration, RegistrationMove
from events.actions import broken_link
from tests.factories import DelegationFactory, FocalPointFactory, UserFactory
from tests.project.test_serve import free_port

pytestmark = pytest.mark.django_db(transaction=True)
FORMS, KILLS, READERS, PATIENCE = 500, (60, 180, 320), 8, 60
TOKEN = "a" * 32


def database_url() -> str:
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    secret = f":{given['PASSWORD']}" if given["PASSWORD"] else ""
    return f"postgres://{given['USER']}{secret}@{given['HOST']}:{given['PORT'] or 5432}/{given['NAME']}"


class Server:
    """Gunicorn as production runs it, in a process group of its own."""

    def __init__(self, program: str):
        self.port, self.program = free_port(), program
        self.start()

    def start(self):
        wanted = os.environ | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "conference.settings"}
        how = ["--worker-class", "gthread", "--workers", "2", "--threads", "8", "--no-control-socket", "--log-level", "critical"]
        command = [sys.executable, "-m", "gunicorn", *how, "--bind", f"127.0.0.1:{self.port}", self.program]
        self.process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=wanted, start_new_session=True)

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Sender:
    """Sends the forms of one focal point, each with its key until it is answered, and notes which were."""

    def __init__(self, server: Server, address: str, cookie: str, hat: str):
        self.server, self.address, self.cookie, self.hat = server, address, cookie, hat
        self.answered: set[str] = set()
        self.lock, self.until = threading.Lock(), time.monotonic() + 4 * PATIENCE

    def send(self, number: int) -> None:
        name = f"Family{number}"
        fields = {"hat": self.hat, "key": f"key{number}", "category": "delegate", "given_name": "Given", "family_name": name}
        fields |= {"email": f"p{number}@example.org", "function": "", "language": "en", "csrfmiddlewaretoken": TOKEN}
        while time.monotonic() < self.until:
            status = self._post(urllib.parse.urlencode(fields))
            if status is None:
                time.sleep(0.1)  # killed: the form is sent again once the server is back
                continue
            assert status == 302, status
            with self.lock:
                self.answered.add(name)
            return

    def _post(self, body: str) -> int | None:
        way = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE)
        headers = {"Cookie": f"{self.cookie}; {settings.CSRF_COOKIE_NAME}={TOKEN}", "Content-Type": "application/x-www-form-urlencoded"}
        try:
            way.request("POST", self.address, body, headers)
            return way.getresponse().status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            way.close()


def killing(program: str, *, forms: int, kills: tuple[int, ...]) -> tuple[list[set[str]], object]:
    """Send the forms while the server is killed after some answers; give what was answered and missing at each kill, and the delegation."""
    delegation, user = DelegationFactory(seats=forms), UserFactory()
    FocalPointFactory(delegation=delegation, user=user)
    client = Client()
    client.force_login(user)
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    address = reverse("delegates:nominate", args=[delegation.event.slug, delegation.public_id])
    server, missing = Server(program), []
    sender = Sender(server, address, cookie, f"focal:{delegation.public_id}")
    try:
        with ThreadPoolExecutor(READERS) as pool:
            sent = [pool.submit(sender.send, number) for number in range(forms)]
            for count in kills:
                while len(sender.answered) < count and not any(one.done() and one.exception() for one in sent):
                    time.sleep(0.002)
                server.kill()
                with sender.lock:
                    answered = set(sender.answered)
                missing.append(answered - set(Registration.objects.values_list("delegate__family_name", flat=True)))
                server.start()
            for one in sent:
                one.result()
    finally:
        server.kill()
    missing.append({f"Family{number}" for number in range(forms)} - sender.answered)
    return missing, delegation


def test_forms_answered_before_the_server_was_killed_are_there_once():
    missing, delegation = killing("conference.wsgi", forms=FORMS, kills=KILLS)
    assert missing == [set()] * (len(KILLS) + 1)
    assert Registration.objects.count() == RegistrationMove.objects.count() == FORMS
    assert Registration.objects.values("delegate__family_name").distinct().count() == FORMS
    assert Quota.objects.get(delegation=delegation).taken == FORMS
    assert broken_link(delegation.event) is None


def test_server_that_answers_before_it_has_written_loses_forms():
    """The control: the same with a program that says yes at once and writes a moment later."""
    missing, _delegation = killing("tests.project.hasty:application", forms=40, kills=(20,))
    assert missing[0] != set()
