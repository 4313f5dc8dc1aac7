"""The project's own pages."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["home", "accessibility", "privacy", "legal", "contact"])
def test_public_pages_answer(client, name):
    assert client.get(reverse(name)).status_code == 200
