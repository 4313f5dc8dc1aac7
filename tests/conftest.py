"""What holds for every test: no network, no unknown template variable, no cache left over, and a plain word on what was left out."""

import faulthandler
import functools
import ipaddress
import os
import pathlib
import shutil
import socket
import sys
import threading

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import transaction
from django.template import engines
from django.test import Client
from django.utils import timezone, translation

from conference.lib import signin

pytest.register_assert_rewrite("tests.delegates.play")


class NetworkForbidden(AssertionError):
    """A test spoke to another machine."""


def _refuse_elsewhere(address) -> None:
    if not isinstance(address, tuple):
        return  # a socket of this machine's file system
    host = address[0]
    if host in ("localhost", ""):
        return
    try:
        is_near = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_near = False
    if not is_near:
        raise NetworkForbidden(f"a test spoke to {host}")


def _guarded(method):
    @functools.wraps(method)
    def guarded(self, address, *args):
        _refuse_elsewhere(address)
        return method(self, address, *args)

    return guarded


@pytest.fixture(scope="session", autouse=True)
def no_network():
    """Let sockets reach this machine only."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        look_up = socket.getaddrinfo

        def near_only(host, *args, **options):
            _refuse_elsewhere((host or "",))
            return look_up(host, *args, **options)

        patch.setattr(socket, "getaddrinfo", near_only)
        yield


class UnknownVariable:
    """Stands where Django puts `string_if_invalid`: a variable a template asks for and nobody gave fails the test.

    Django asks its truth before printing it; a template's own `{% if %}` must keep getting false, as in production.
    """

    foreign = ("/django/contrib/", "/django/forms/", "/allauth/")

    def __bool__(self) -> bool:
        return sys._getframe(1).f_code.co_filename.endswith("django/template/base.py")

    def __contains__(self, part) -> bool:
        return True

    def __mod__(self, variable) -> str:
        template = sys._getframe(1).f_locals["context"].render_context.template
        return self._fail(variable, template.origin.name)

    def __str__(self) -> str:
        return self._fail("a variable whose value could not be had", "?")

    def _fail(self, variable, name: str) -> str:
        if any(folder in name for folder in self.foreign):
            return ""
        raise AssertionError(f"{name}: unknown variable {variable}")


@pytest.fixture(scope="session", autouse=True)
def static_folder():
    """Make the folder of collected files, which a running server never lacks."""
    pathlib.Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(autouse=True)
def unknown_variables_fail():
    """Fail on a template variable that does not exist."""
    engines["django"].engine.string_if_invalid = UnknownVariable()


@pytest.fixture(autouse=True)
def signed_in_now(monkeypatch):
    """Have a test's sign-in note its moment as a real one does, so that the page read next does not."""
    login = Client._login

    def noting(client, user, backend=None):
        login(client, user, backend)
        session = client.session
        signin.begin(session, timezone.now())
        session.save()

    monkeypatch.setattr(Client, "_login", noting)


@pytest.fixture(autouse=True)
def default_language():
    """Start each test in the default language, whatever page another asked for last."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def empty_caches(request, django_db_blocker):
    """Start each test without pages of another; rate limits roll back with the test's transaction, or are cleared."""
    caches["pages"].clear()
    yield
    marker = request.node.get_closest_marker("django_db")
    if {"transactional_db", "live_server"} & set(request.fixturenames) or (marker and marker.kwargs.get("transaction")):
        with django_db_blocker.unblock():
            caches["default"].clear()


@functools.cache
def chromium() -> str:
    """The path of Chromium on this machine, empty when there is none."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next((path for name in names if (path := shutil.which(name))), "")


def pytest_configure(config):
    """Refuse to start when a tool that was demanded is missing."""
    if os.environ.get("REQUIRE_BROWSER") and not chromium():
        raise pytest.UsageError("REQUIRE_BROWSER is set and no Chromium was found; CHROMIUM names one")
    if os.environ.get("REQUIRE_POSTGRESQL") and not os.environ.get("TEST_DATABASE_URL") and not os.environ.get("ON_SQLITE"):
        raise pytest.UsageError("REQUIRE_POSTGRESQL is set and TEST_DATABASE_URL names no database")


STUCK_SECONDS = 600.0  # three times the longest test on a busy machine


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item):
    """End a process whose test is stuck, with where each thread stood; the test counts as failed and the others go on in a new process.

    pytest's own guard is lifted at the first failure and so does not cover the taking down after it.
    """
    keep = os.dup(sys.__stderr__.fileno())  # pytest puts a file in the place of the other
    watch = threading.Timer(STUCK_SECONDS, _give_up, [item.nodeid, keep])
    watch.daemon = True
    watch.start()
    try:
        return (yield)
    finally:
        watch.cancel()
        os.close(keep)


def _give_up(test: str, file: int) -> None:
    os.write(file, f"\nStuck for {STUCK_SECONDS:.0f} seconds: {test}\n".encode())
    faulthandler.dump_traceback(file)
    os._exit(1)


def pytest_collection_modifyitems(items):
    """Skip, with the reason, what this machine cannot run."""
    on_postgresql = "postgresql" in settings.DATABASES["default"]["ENGINE"]
    for item in items:
        if "browser" in item.keywords and not chromium():
            item.add_marker(pytest.mark.skip(reason="Chromium not found; CHROMIUM names one"))
        if "postgresql" in item.keywords and not on_postgresql:
            item.add_marker(pytest.mark.skip(reason="needs PostgreSQL; TEST_DATABASE_URL names a database"))


def pytest_terminal_summary(terminalreporter):
    """Say plainly what was left out."""
    reasons = {report.longrepr[2] for report in terminalreporter.stats.get("skipped", []) if isinstance(report.longrepr, tuple)}
    for reason in sorted(reasons):
        terminalreporter.write_line(f"LEFT OUT: {reason.removeprefix('Skipped: ')}", yellow=True)


def pytest_unconfigure():
    """Remove the folder of this run's database and files."""
    folder = pathlib.Path(settings.DATA_DIR)
    if folder.name.startswith("plenary-tests-"):
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """The personas' world, built once a module; each test runs in a savepoint on top of it (mark it `django_db`)."""
    from tests import personas  # here: models exist only after Django is set up

    with django_db_blocker.unblock(), transaction.atomic():
        yield personas.build()
        transaction.set_rollback(True)
