"""The app's configuration."""

from django.apps import AppConfig


class DelegatesConfig(AppConfig):
    """The app `delegates`."""

    name = "delegates"
    default_auto_field = "django.db.models.BigAutoField"
