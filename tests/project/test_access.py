"""The access matrix: every address, asked by every persona, answers what the table says and shows only the words it says."""

import re

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from tests.matrix import LOGIN, ROWS, SAME_AS, addresses, body
from tests.personas import ANONYMOUS, PERSONAS, World

pytestmark = pytest.mark.django_db
REFUSALS = {LOGIN, 403, 404, 405}


def answer(response: HttpResponse) -> int | str:
    """The status of a response, or `login` when it sends to the sign-in page."""
    location = response.headers.get("Location", "")
    if response.status_code == 302 and ("/accounts/login/" in location or "/admin/login/" in location) and "next=" in location:
        return LOGIN
    return response.status_code


def ask(client: Client, method: str, url: str, data: dict | None = None) -> HttpResponse:
    """Ask, and undo whatever the answer wrote."""
    with transaction.atomic():
        response = getattr(client, method)(url, data)
        response.text_seen = body(response).decode("utf-8", errors="replace")
        transaction.set_rollback(True)
    return response


def without_row(found) -> list[str]:
    """The addresses that stand in no row."""
    return [address.name for address in found if address.name not in ROWS and address.name not in SAME_AS]


def test_every_address_has_a_row():
    assert without_row(addresses()) == []


def test_every_row_has_an_address():
    names = {address.name for address in addresses()}
    assert sorted((set(ROWS) | set(SAME_AS)) - names) == []


def test_an_address_without_a_row_is_found():
    forgotten = path("events/<slug:slug>/forgotten/", lambda request, slug: HttpResponse("ZqEuSession"), name="forgotten")
    assert without_row(addresses([forgotten])) == ["forgotten"]


@pytest.mark.parametrize("name", ROWS)
def test_get(world: World, name):
    row = ROWS[name]
    url = row.url(name, world)
    wrong = []
    for persona in PERSONAS:
        response = ask(world.client(persona), "get", url)
        if answer(response) not in row.expected(persona):
            wrong.append(f"{persona}: {answer(response)}, not {row.expected(persona)}")
        seen, must = world.seen_in(response.text_seen), row.expected_words(persona)
        if extra := seen - must - (row.may_show if persona in row.opens else set()):
            wrong.append(f"{persona} sees {sorted(extra)}")
        if missing := must - seen:
            wrong.append(f"{persona} does not see {sorted(missing)}")
    assert wrong == [], "\n".join([url, *wrong])


@pytest.mark.parametrize("name", ROWS)
def test_post_by_a_stranger_is_turned_away(world: World, name):
    row = ROWS[name]
    response = ask(world.client(ANONYMOUS), "post", row.url(name, world), row.data)
    if row.anonymous_posts:
        assert response.status_code == row.anonymous_posts
    else:
        assert answer(response) in REFUSALS
    assert world.seen_in(response.text_seen) <= row.expected_words(ANONYMOUS)


@pytest.mark.parametrize("name", ROWS)
def test_post(world: World, name):
    row = ROWS[name]
    url = row.url(name, world)
    wrong = []
    for persona in PERSONAS[1:]:
        response = ask(world.client(persona), "post", url, row.data)
        passed = answer(response) not in REFUSALS
        if row.posts is not None and passed != (persona in row.posts):
            wrong.append(f"{persona}: {answer(response)}")
    assert wrong == [], "\n".join([url, *wrong])


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_change_nothing(world: World, method):
    asked = {name: row for name, row in ROWS.items() if not row.anonymous_posts}  # forms of strangers answer with themselves
    passed = [name for name, row in asked.items() if ask(world.client(ANONYMOUS), method, row.url(name, world)).status_code < 302]
    assert passed == []


def test_hidden_and_absent_things_answer_alike(world: World):
    """The 404 of what one may not see is byte for byte the 404 of what does not exist."""
    pairs = [
        ("/en/events/zq-hidden/", "/en/events/zq-absent/"),
        ("/en/events/zq-hidden/agenda/", "/en/events/zq-absent/agenda/"),
        (f"/en/events/zq-event/sessions/{world.sessions['ZqEuSession'].public_id}/", "/en/events/zq-event/sessions/aaaaaaaaaa/"),
        (f"/en/events/zq-event/sessions/{world.sessions['ZqDraftSession'].public_id}/", "/en/events/zq-event/sessions/aaaaaaaaaa/"),
        (f"/en/events/zq-event/papers/{world.papers['ZqEuPaper'].public_id}/", "/en/events/zq-event/papers/aaaaaaaaaa/"),
    ]
    for hidden, absent in pairs:
        for persona in (ANONYMOUS, "outsider", "focal"):
            first, second = (world.client(persona).get(url) for url in (hidden, absent))
            assert (first.status_code, second.status_code) == (404, 404), (persona, hidden)
            assert without_name(first, hidden) == without_name(second, absent), (persona, hidden)


def without_name(response: HttpResponse, url: str) -> bytes:
    """A page without its own address, which the links to its other languages repeat, and without the token of its forms."""
    page = re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", response.content)
    return page.replace(url.strip("/").removeprefix("en/").encode(), b"")
