"""Mail of the accounts library, put into the outbox like every other message."""

from django.core.mail.backends.base import BaseEmailBackend


class OutboxBackend(BaseEmailBackend):
    """Placeholder until the outbox is wired."""
