"""The organisers' pages of press releases: write with a preview, publish now or at a moment, correct afterwards."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.lib.words import languages
from events import actions
from events.admin.pages import organisers_page, render_page
from events.forms import CorrectionForm, PressReleaseForm, PublishForm
from events.models import PressRelease
from events.rules import NotAllowed, is_out

SECTION = "press"


@organisers_page("read")
@require_safe
def press(request: HttpRequest) -> HttpResponse:
    """List the event's press releases."""
    at = timezone.now()
    rows = [(release, state_of(release, at)) for release in request.event.press_releases.select_related("event").order_by("-number")]
    context = {"rows": rows, "can_edit": "press" in request.acts}
    return render_page(request, "admin/events/press.html", context, section=SECTION)


def state_of(release: PressRelease, at) -> str:
    """Give where a press release stands: draft, embargo or out."""
    if release.published_at is None:
        return "draft"
    return "out" if is_out(release, at) else "embargo"


@organisers_page("press")
@require_http_methods(["GET", "HEAD", "POST"])
def press_add(request: HttpRequest) -> HttpResponse:
    """Write a new press release."""
    form = PressReleaseForm(request.POST or None, event=request.event)
    if (kept := _kept(request, form)) is not None:
        return redirect("organise:press_release", request.event.slug, kept.public_id)
    context = {"form": form, "release": None, "preview": _preview(request, form)}
    return render_page(request, "admin/events/press_release.html", context, section=SECTION)


@organisers_page("read", write_act="press")
@require_http_methods(["GET", "HEAD", "POST"])
def press_release(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show a press release; until it is out, POST changes it (or, with `preview`, shows how it would look)."""
    release = _load(request, public_id)
    form = PressReleaseForm(request.POST or None, event=request.event, instance=release)
    if _kept(request, form) is not None:
        return redirect("organise:press_release", request.event.slug, release.public_id)
    return _show(request, release, form=form)


@organisers_page("press")
@require_POST
def press_publish(request: HttpRequest, public_id: str) -> HttpResponse:
    """Publish now or at a moment; with `withhold`, take that moment back."""
    release, at = _load(request, public_id), timezone.now()
    if "withhold" in request.POST:
        return _done(request, release, None, actions.withhold_press_release)
    form = PublishForm(request.POST, event=request.event, at=at)
    if form.is_valid():
        return _done(request, release, form, actions.publish_press_release, published_at=form.published_at)
    return _show(request, release, publish=form)


@organisers_page("press")
@require_POST
def press_correct(request: HttpRequest, public_id: str) -> HttpResponse:
    """Add a dated correction."""
    release = _load(request, public_id)
    form = CorrectionForm(request.POST, event=request.event, prefix="correction")
    if form.is_valid():
        return _done(request, release, form, actions.correct_press_release, texts=form.cleaned_data)
    return _show(request, release, correction=form)


def _load(request, public_id) -> PressRelease:
    return get_object_or_404(request.event.press_releases.select_related("event"), public_id=public_id)


def _kept(request, form) -> PressRelease | None:
    """Keep what was sent unless only a preview was asked for; None when nothing was kept."""
    if request.method != "POST" or "preview" in request.POST or not form.is_valid():
        return None
    try:
        release = actions.save_press_release(request.event, form.instance, by=request.actor)
    except NotAllowed as error:
        form.add_error(None, str(error))
        return None
    messages.success(request, _("Kept as number %(number)d.") % {"number": release.number})
    return release


def _done(request, release, form, act, **given) -> HttpResponse:
    try:
        act(release, **given, by=request.actor)
    except NotAllowed as error:
        messages.error(request, str(error))
        return _show(request, release) if form is None else _show(request, release, **{_NAMES[type(form)]: form})
    messages.success(request, _("Done."))
    return redirect("organise:press_release", request.event.slug, release.public_id)


_NAMES = {PublishForm: "publish", CorrectionForm: "correction"}


def _preview(request, form) -> list[dict]:
    """How the text would look, per language that has some; only when asked for."""
    if "preview" not in request.POST:
        return []
    typed = [
        {"language": code, "title": form.data.get(f"title_{code}", ""), "text": form.data.get(f"text_{code}", "")} for code in languages()
    ]
    return [item for item in typed if item["title"] or item["text"]]


def _show(request, release, *, form=None, publish=None, correction=None) -> HttpResponse:
    at = timezone.now()
    state = state_of(release, at)
    form = form or PressReleaseForm(event=request.event, instance=release)
    can_edit = "press" in request.acts
    context = {
        "release": release,
        "state": state,
        "form": form,
        "can_write": can_edit and (state != "out" or form.is_bound),  # what was typed stays in sight
        "can_edit": can_edit,
        "preview": _preview(request, form),
        "publish": publish or PublishForm(event=request.event, at=at, initial={"when": PublishForm.NOW}),
        "correction": correction or CorrectionForm(event=request.event, prefix="correction"),
        "corrections": release.corrections.select_related("event").order_by("at"),
    }
    return render_page(request, "admin/events/press_release.html", context, section=SECTION)
