"""The app's configuration."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """The app `events`."""

    name = "events"
    default_auto_field = "django.db.models.BigAutoField"
