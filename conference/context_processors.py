"""What every template may use."""

from django.conf import settings
from django.http import HttpRequest


def page(request: HttpRequest) -> dict:
    """Give the languages of the site and its own address."""
    return {"site_languages": settings.LANGUAGES, "site_url": settings.SITE_URL, "is_demo": settings.DEMO}
