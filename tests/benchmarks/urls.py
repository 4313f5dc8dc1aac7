"""The addresses of the site, and an empty page that passes the same middleware."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import path

from conference.urls import urlpatterns as site


@login_not_required
def empty(request):
    """The least a page can be."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


urlpatterns = [path("en/empty/", empty), *site]
