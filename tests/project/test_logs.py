"""Log lines: one JSON object each, without bearer secrets and without line breaks of others."""

import json
import logging

import pytest

from conference.lib.logs import JsonLines, WithoutSecrets, scrubbed

SECRET = "ZqYkq_GRW0OxSroUEklzh-rIsajpUDdUM95wpAK6fwY"  # fixed: the names of tests must be the same in every process


def line(message, *args, exc_info=None):
    record = logging.LogRecord("test", logging.WARNING, __file__, 1, message, args, exc_info)
    assert WithoutSecrets().filter(record) is True
    return JsonLines().format(record)


@pytest.mark.parametrize(
    "address",
    [
        f"/en/invitation/{SECRET}/",
        f"/calendar/{SECRET}.ics",
        f"GET /fr/invitation/{SECRET}/?a=b HTTP/1.1",
        f"/en/accounts/login/?next=%2Ffr%2Finvitation%2F{SECRET}%2F",
        f"/en/accounts/login/?next=/calendar/{SECRET}.ics",
    ],
)
def test_secrets_of_addresses_are_taken_out(address):
    assert SECRET not in scrubbed(address)
    assert "Zq" not in line("Not Found: %s", address)


def test_other_addresses_stay():
    assert scrubbed("/en/events/brussels-2024/agenda/?day=2024-04-25") == "/en/events/brussels-2024/agenda/?day=2024-04-25"


def test_line_is_one_json_object_in_ascii():
    written = line("a\r\nb %s\x1b", "Łukasz\n{}")
    assert "\n" not in written
    assert written.isascii()
    said = json.loads(written)
    assert (said["message"], said["level"], said["logger"]) == ("a\r\nb Łukasz\n{}\x1b", "WARNING", "test")


def test_traceback_is_scrubbed():
    try:
        raise ValueError(f"/en/invitation/{SECRET}/")
    except ValueError as error:
        written = line("failed", exc_info=(type(error), error, error.__traceback__))
    assert SECRET not in written
    assert "ValueError" in json.loads(written)["traceback"]


@pytest.mark.django_db
def test_log_of_a_wrong_link_holds_no_secret(client, caplog):
    caplog.handler.addFilter(WithoutSecrets())
    client.get(f"/en/invitation/{SECRET}/")
    client.get(f"/en/nothing/invitation/{SECRET}/")
    assert caplog.records
    assert SECRET not in caplog.text
