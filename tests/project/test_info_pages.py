"""The accessibility statement, the privacy notice, the legal notice and the contact."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from delegates.privacy import FIELD_GROUPS
from delegates.rules import NOTICE_VERSION

PAGES = ["accessibility", "privacy", "legal", "contact"]


@pytest.mark.parametrize("language", ["en", "fr", "nl", "de"])
@pytest.mark.parametrize("name", PAGES)
def test_each_page_is_there_in_each_language(client, name, language):  # without the database: a query would fail
    with override(language):
        address = reverse(name)
    response = client.get(address)
    assert response.status_code == 200
    assert f'<html lang="{language}"' in response.content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_each_page_links_its_four_languages(client, name):
    html = client.get(reverse(name)).content.decode()
    assert [f'hreflang="{code}" href="http://testserver/{code}/{name}/"' in html for code in ("en", "fr", "nl", "de")] == [True] * 4
    assert f'hreflang="x-default" href="http://testserver/{name}/"' in html


def test_legal_notice_forbids_classified_information(client):
    html = client.get(reverse("legal")).content.decode()
    assert "RESTREINT UE/EU RESTRICTED" in html
    assert "national equivalents" in html


def test_legal_notice_names_who_runs_the_site(client, settings):
    settings.OPERATOR = "Coordination Unit of Examples"
    assert "This site is run by Coordination Unit of Examples." in client.get(reverse("legal")).content.decode()


def test_privacy_notice_lists_every_group_of_fields(client):
    html = client.get(reverse("privacy")).content.decode()
    assert [str(group.title) in html for group in FIELD_GROUPS] == [True] * len(FIELD_GROUPS)
    assert NOTICE_VERSION in html


@pytest.mark.parametrize("name", ["accessibility", "privacy", "legal", "contact"])
def test_each_page_gives_an_address_to_write_to(client, name, settings):
    settings.CONTACT_EMAIL = "someone@example.org"
    assert 'href="mailto:someone@example.org"' in client.get(reverse(name)).content.decode()


def test_accessibility_statement_says_standard_feedback_and_enforcement(client):
    html = client.get(reverse("accessibility")).content.decode()
    assert [word in html for word in ("EN 301 549", "2.2", "partially compliant", "BOSA", "Ombudsman")] == [True] * 5
