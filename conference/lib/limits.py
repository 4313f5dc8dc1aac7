"""How often one visitor may ask for what costs work, counted in the cache that all processes share."""

import time

from allauth.account.adapter import get_adapter
from allauth.core.internal.ratelimit import truncate_ip
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


def allows(request: HttpRequest, what: str, *, most: int, seconds: int = 60) -> bool:
    """Count one more request of this visitor for `what`; say whether it is among the `most` of the present span of time.

    A visitor is the signed-in user, else the address (of IPv6 the network) as far as trusted proxies tell it. Two requests at
    the very same moment may count as one: this bounds work and guards no secret.
    """
    window, left = divmod(time.time(), seconds)
    key = f"often:{what}:{_visitor(request)}:{int(window)}"
    count = cache.get(key, 0)
    if count < most:
        cache.set(key, count + 1, seconds - left + 1)
    return count < most


def _visitor(request: HttpRequest) -> str:
    if request.user.is_authenticated:
        return f"user:{request.user.pk}"
    try:
        return f"from:{truncate_ip(get_adapter().get_client_ip(request))}"
    except PermissionDenied:  # no address at all, as behind a socket that nobody declared: all of them together
        return "from:"
