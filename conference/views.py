"""Pages of the project itself."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process answers."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


@require_safe
def my(request: HttpRequest) -> HttpResponse:
    """The signed-in person's own page."""
    return render(request, "my.html")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without its token."""
    return render(request, "403_csrf.html", status=403)
