"""Who acts, where several people read one mailbox: asked after each sign-in, noted in the record as claimed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from conference.lib.claims import Claim, keep_claim
from conference.lib.viewer import Actor
from delegates.actions import share_mailbox
from delegates.forms import WhoActsForm
from delegates.models import Delegate
from delegates.views.pages import METHODS


@require_http_methods(METHODS)
def who_acts(request: HttpRequest) -> HttpResponse:
    """Ask who acts and go on to where they wanted; there is nothing to ask of an address one person reads."""
    if not request.user.is_shared:
        return redirect("my")
    target = request.POST.get("next", request.GET.get("next", ""))
    now = {"who": request.user.claim.reference} if request.user.claim else None
    form = WhoActsForm(request.POST or None, known=_known(request.user), initial=now)
    if request.method == "POST" and form.is_valid():
        keep_claim(request.session, form.claim())
        is_ours = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure())
        return redirect(target if is_ours else "my")
    return render(request, "delegates/who_acts.html", {"form": form, "next": target})


who_acts.before_who_acts = True


def _known(user) -> list[Claim]:
    people = Delegate.objects.filter(user=user).order_by("family_name", "given_name", "pk")
    return [Claim(str(person), person.full_name) for person in people]


@require_http_methods(METHODS)
def shared_mailbox(request: HttpRequest) -> HttpResponse:
    """Let whoever signed in say that several people read this mailbox; only the organisers can say that it is one person's again."""
    if request.user.is_shared:
        return redirect("who_acts")
    if request.method == "POST":
        share_mailbox(request.user, is_shared=True, by=Actor(user=request.user))
        messages.success(request, _("Marked as a mailbox several people read."))
        return redirect("who_acts")
    return render(request, "delegates/shared_mailbox.html")
