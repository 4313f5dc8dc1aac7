"""A GET writes only to the cache, the sign-in session and the record of reads: the connection refuses every other statement."""

import contextlib
import re

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from conference.urls import handler500 as handler500  # the control below is an address list of its own
from conference.urls import urlpatterns as site
from events.models import Series
from tests.matrix import ROWS, body
from tests.personas import PERSONAS, World

pytestmark = pytest.mark.django_db
READS = ("SELECT", "WITH", "EXPLAIN", "PRAGMA", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT", "SET CONSTRAINTS")
WRITE = re.compile(r'(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)
ALLOWED = {"cache", "django_session", "usersessions_usersession", "events_readrecord"}


class WroteOnGet(AssertionError):
    """A GET wrote to the database."""


class Guard:
    """Passes reads and the allowed writes on to the database; refuses and remembers the rest."""

    def __init__(self):
        self.refused: list[str] = []

    def __call__(self, execute, sql, params, many, context):
        statement = sql.strip()
        written = WRITE.match(statement)
        if not statement.upper().startswith(READS) and not (written and written[1] in ALLOWED):
            self.refused.append(statement[:120])
            raise WroteOnGet(statement[:120])
        return execute(sql, params, many, context)


def refused(client: Client, url: str, method: str = "get") -> list[str]:
    """Ask for an address under the guard; give the statements it refused, also those whose refusal a view swallowed."""
    guard = Guard()
    with transaction.atomic():
        with connection.execute_wrapper(guard), contextlib.suppress(WroteOnGet):
            body(getattr(client, method)(url))
        transaction.set_rollback(True)
    return guard.refused


@pytest.mark.parametrize("name", ROWS)
def test_get_and_head_write_nothing(world: World, name):
    url = ROWS[name].url(name, world)
    wrong = {
        (persona, method): found
        for persona in PERSONAS
        for method in ("get", "head")
        if (found := refused(world.client(persona), url, method))
    }
    assert wrong == {}


def writing(request):
    Series.objects.create(slug="written")
    return HttpResponse()


def swallowing(request):
    with contextlib.suppress(WroteOnGet):
        Series.objects.filter(slug="absent").update(slug="written")
    return HttpResponse()


urlpatterns = [*site, path("writing/", writing), path("swallowing/", swallowing)]


@pytest.mark.urls("tests.project.test_get_writes")
@pytest.mark.parametrize(("url", "verb"), [("/writing/", "INSERT"), ("/swallowing/", "UPDATE")])
def test_a_get_that_writes_is_found(world: World, url, verb):
    [statement] = refused(world.client("outsider"), url)
    assert statement.startswith(verb)
    assert refused(world.client("outsider"), "/healthz") == []
