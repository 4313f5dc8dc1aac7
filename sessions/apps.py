"""The app's configuration."""

from django.apps import AppConfig


class SessionsConfig(AppConfig):
    """The agenda. Its label is `agenda`, because Django's own sign-in sessions have the label `sessions`."""

    name = "sessions"
    label = "agenda"
    default_auto_field = "django.db.models.BigAutoField"
