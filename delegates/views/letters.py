"""The code of a printed invitation letter: whoever types it names an address; opening the page changes nothing."""

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from delegates import actions, rules
from delegates.forms import LetterCodeForm
from delegates.views.pages import METHODS
from events.rules import NotAllowed

EVERYBODY = "everybody"  # the key of the limit all who try share


@login_not_required
@require_http_methods(METHODS)
def letter_code(request: HttpRequest) -> HttpResponse:
    """Take the code of a letter. Every code that cannot be used gets the same answer for the same work, whatever is wrong with it."""
    form = LetterCodeForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, action="letter_code", key=EVERYBODY):
            form.add_error(
                None, _("Too many codes have been tried. Wait ten minutes, then send this again, or call the number in the letter.")
            )
            status = 429
        else:
            try:
                actions.use_letter(**form.cleaned_data)
            except NotAllowed as refusal:
                form.add_error("code", str(refusal))
            else:
                return redirect("delegates:letter_code_sent")
    return render(request, "delegates/letter_code.html", {"form": form}, status=status)


@login_not_required
@require_safe
def letter_code_sent(request: HttpRequest) -> HttpResponse:
    """Say what happens next; the same to everybody."""
    return render(request, "delegates/letter_code_sent.html", {"days": rules.CLAIM_DAYS})
