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
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from delegates.models import Quota, Registration, RegistrationDraft, RegistrationMove
from delegates.models.answers import sealed_json
from delegates.rules import NOTICE_VERSION
from events.actions import broken_link
from events.models import OutboxMail
from tests.factories import DelegationFactory, FocalPointFactory, RegistrationFactory, UserFactory
from tests.project.test_serve import free_port

pytestmark = pytest.mark.django_db(transaction=True)
FORMS, KILLS, READERS, PATIENCE = 500, (60, 180, 320), 8, 60
TOKEN = "a" * 32
IDENTITY = {"given_name": ["Ana"], "family_name": ["Silva"], "nationality_1": ["Portugal"], "birth_date": ["1980-02-29"]}


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


class Nominations:
    """One focal point who names people, each by a form with a key of its own."""

    def __init__(self, forms: int):
        self.delegation, user = DelegationFactory(seats=forms), UserFactory()
        FocalPointFactory(delegation=self.delegation, user=user)
        self.event, self.cookie = self.delegation.event, cookie_of(user)
        self.address = reverse("delegates:nominate", args=[self.event.slug, self.delegation.public_id])

    def form(self, number: int) -> tuple[str, str, dict[str, str]]:
        """Give address, cookie and fields of a form."""
        fields = {"hat": f"focal:{self.delegation.public_id}", "key": f"key{number}", "category": "delegate", "given_name": "Given"}
        fields |= {"family_name": str(number), "email": f"p{number}@example.org", "function": "", "language": "en"}
        return self.address, self.cookie, fields

    def arrived(self) -> set[int]:
        """Give the numbers of the forms the database has."""
        return {int(name) for name in Registration.objects.values_list("delegate__family_name", flat=True)}


class OwnForms:
    """People who send their own form, each signed in by themselves, with what they typed step by step before."""

    def __init__(self, forms: int):
        with transaction.atomic():
            delegation = DelegationFactory(seats=forms, event__confirm_by_at=None)
            self.event = delegation.event
            people = [RegistrationFactory(delegation=delegation, user=UserFactory()) for _ in range(forms)]
            self.rows = [(row.public_id, cookie_of(row.delegate.user)) for row in people]
            steps = [{"identity": IDENTITY | {"function": [str(number)]}} for number in range(forms)]
            RegistrationDraft.objects.bulk_create(
                RegistrationDraft(
                    event=self.event, registration=row, phase="first", sealed=sealed_json({"typed": typed}), saved_at=row.queued_at
                )
                for row, typed in zip(people, steps, strict=True)
            )

    def form(self, number: int) -> tuple[str, str, dict[str, str]]:
        """Give address, cookie and fields of a form."""
        public_id, cookie = self.rows[number]
        address = reverse("delegates:register_review", args=[self.event.slug, public_id])
        return address, cookie, {"hat": f"registration:{public_id}", "consent": "participants", "notice_version": NOTICE_VERSION}

    def arrived(self) -> set[int]:
        """Give the numbers of the forms the database has, by what was typed into them."""
        return {int(function) for function in Registration.objects.in_state("submitted").values_list("function", flat=True)}


def cookie_of(user) -> str:
    """Sign a user in; give their cookie."""
    client = Client()
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


class Sender:
    """Sends forms, each until it is answered, and notes which were."""

    def __init__(self, server: Server, world: Nominations | OwnForms):
        self.server, self.world = server, world
        self.answered: set[int] = set()
        self.lock, self.until = threading.Lock(), time.monotonic() + 10 * PATIENCE

    def send(self, number: int) -> None:
        address, cookie, fields = self.world.form(number)
        body = urllib.parse.urlencode(fields | {"csrfmiddlewaretoken": TOKEN})
        while time.monotonic() < self.until:
            status = self._post(address, cookie, body)
            if status is None:
                time.sleep(0.1)  # killed: the form is sent again once the server is back
                continue
            assert status == 302, status
            with self.lock:
                self.answered.add(number)
            return

    def _post(self, address: str, cookie: str, body: str) -> int | None:
        way = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE)
        headers = {"Cookie": f"{cookie}; {settings.CSRF_COOKIE_NAME}={TOKEN}", "Content-Type": "application/x-www-form-urlencoded"}
        try:
            way.request("POST", address, body, headers)
            return way.getresponse().status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            way.close()


def killing(program: str, world: Nominations | OwnForms, *, forms: int, kills: tuple[int, ...]) -> list[set[int]]:
    """Send the forms while the server is killed after some answers; give what was answered and missing at each kill, and what never was."""
    server, missing = Server(program), []
    sender = Sender(server, world)
    try:
        with ThreadPoolExecutor(READERS) as pool:
            sent = [pool.submit(sender.send, number) for number in range(forms)]
            for count in kills:
                while len(sender.answered) < count and not any(one.done() and one.exception() for one in sent):
                    time.sleep(0.002)
                server.kill()
                with sender.lock:
                    answered = set(sender.answered)
                missing.append(answered - world.arrived())
                server.start()
            for one in sent:
                one.result()
    finally:
        server.kill()
    return [*missing, set(range(forms)) - sender.answered]


def test_nominations_answered_before_the_server_was_killed_are_there_once():
    forms, kills = 120, (30, 80)
    world = Nominations(forms)
    assert killing("conference.wsgi", world, forms=forms, kills=kills) == [set()] * (len(kills) + 1)
    assert Registration.objects.count() == RegistrationMove.objects.count() == forms
    assert world.arrived() == set(range(forms))
    assert Quota.objects.get(delegation=world.delegation).taken == forms
    assert broken_link(world.event) is None


def test_own_forms_answered_before_the_server_was_killed_are_there_once():
    world = OwnForms(FORMS)
    assert killing("conference.wsgi", world, forms=FORMS, kills=KILLS) == [set()] * (len(KILLS) + 1)
    assert world.arrived() == set(range(FORMS))
    assert RegistrationMove.objects.filter(to_state="submitted").count() == FORMS
    assert OutboxMail.objects.filter(kind="received").values("to").distinct().count() == OutboxMail.objects.count() == FORMS
    assert broken_link(world.event) is None


@pytest.mark.parametrize("world", [Nominations, OwnForms])
def test_server_that_answers_before_it_has_written_loses_forms(world):
    """The control: the same with a program that says yes at once and writes a moment later."""
    assert killing("tests.project.hasty:application", world(40), forms=40, kills=(20,))[0] != set()
