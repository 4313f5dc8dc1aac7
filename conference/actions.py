"""Acts that cross apps."""

import datetime as dt
import importlib

from allauth.usersessions.models import UserSession
from django.conf import settings

from events.models import IdempotencyKey

KEEP_KEYS = dt.timedelta(hours=48)


def tidy(at: dt.datetime) -> None:
    """Forget what has served: keys of sent forms after 48 hours, and sign-in sessions that have ended."""
    IdempotencyKey.objects.filter(at__lt=at - KEEP_KEYS).delete()
    store = importlib.import_module(settings.SESSION_ENGINE).SessionStore
    store.clear_expired()
    UserSession.objects.exclude(session_key__in=store.get_model_class().objects.values("session_key")).delete()
