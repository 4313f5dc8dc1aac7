"""Pages of the project itself: home, the event's page, information, health and errors."""

import datetime as dt
import time

from allauth.account import app_settings as account_settings
from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.stages import LoginByCodeStage
from allauth.account.utils import filter_users_by_email, passthrough_next_redirect_url
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from conference.forms import SettingsForm
from conference.lib import clock, countries, drafts, presidencies
from conference.lib.answers import public_page
from conference.lib.viewer import ANYONE, Actor
from conference.lib.words import filled, languages
from conference.privacy.export import data_of
from conference.privacy.processing import OTHERS
from delegates.actions import ask_erasure, take_back_erasure
from delegates.models import Delegation, PlaceRequest, Registration
from delegates.privacy import FIELD_GROUPS
from delegates.rules import NOTICE_VERSION, check_requesting, next_focal_limit, next_form_limit, request_stage, why_not
from delegates.viewers import viewer_for
from events import rules
from events.choices import DelegationsShown, OrganisationKind
from events.models import Event, OutboxMail, PressRelease, StaffRole
from sessions.api import description

MAIL_MAY_WAIT = dt.timedelta(minutes=15)  # longer than this the worker is not at work
NEWS_SHOWN = 3
STATEMENT_PREPARED_ON = dt.date(2026, 11, 23)  # the accessibility statement; move it when the statement is reviewed


@login_not_required
@public_page
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The events anyone may see: those to come, the soonest first, and those past, the latest first."""
    at = timezone.now()
    listed = [_listed(event, at) for event in Event.objects.public().for_list()]
    coming = sorted((item for item in listed if not item["is_past"]), key=lambda item: item["event"].first_date)
    past = sorted((item for item in listed if item["is_past"]), key=lambda item: item["event"].first_date, reverse=True)
    return render(request, "home.html", {"coming": coming, "past": past, "content_languages": languages()})


def _listed(event: Event, at: dt.datetime) -> dict:
    return {
        "event": event,
        "phase": rules.phase(event, at),
        "is_past": event.last_date < event.day_of(at),
        "places": _places(event, ANYONE),
    }


def _places(event: Event, viewer) -> list:
    seen = [rules.seen_of_venue(venue, viewer) for venue in sorted(event.venues.all(), key=lambda venue: venue.position)]
    return [place for place in seen if place.is_anything]


@login_not_required
@public_page
@require_safe
def event(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of an event: what, when and where it is, who is host and who comes, as far as each audience allows."""
    event, viewer, at = request.event, request.viewer, timezone.now()
    context = {
        "event": event,
        "phase": rules.phase(event, at),
        "is_past": event.last_date < event.day_of(at),
        "places": _places(event, viewer),
        "press_releases": PressRelease.objects.filter(event=event).visible_to(viewer, at).newest_first()[:NEWS_SHOWN],
        "editions": _editions(request),
        "content_languages": filled(event, "title"),
        "may_request": not why_not(check_requesting, event, at),
        **_delegations(event, viewer),
    }
    return render(request, "events/event.html", context)


def _delegations(event: Event, viewer) -> dict:
    """The host, the presidency and the list of delegations, each only for the audience it has."""
    sees_host = event.host_audience in viewer.audiences
    shown = event.delegations_shown if event.delegations_audience in viewer.audiences else DelegationsShown.NONE
    if not sees_host and shown == DelegationsShown.NONE:
        return {"host": None, "presidency": "", "delegations_shown": shown}
    taking_part = list(Delegation.objects.filter(event=event).taking_part().select_related("organisation"))
    host = next((delegation.organisation for delegation in taking_part if delegation.standing == "host"), None) if sees_host else None
    order = rules.organisation_order(event, host_organisation_id=host.pk if host else None)  # a hidden host must not stand first
    organisations = sorted((delegation.organisation for delegation in taking_part), key=order)
    states = list(dict.fromkeys(one.country for one in organisations if one.kind == OrganisationKind.STATE))
    return {
        "host": host,
        "presidency": presidencies.IN_WORDS[host.country] if host and rules.holds_presidency(host, event.first_date) else "",
        "delegations_shown": shown,
        "delegations": organisations,
        "states": states,
        "kosovo_footnote": countries.KOSOVO in states and shown in (DelegationsShown.STATES, DelegationsShown.ORGANISATIONS),
    }


def _editions(request: HttpRequest) -> dict:
    """The edition before and the one after, where this visitor may open their pages."""
    event = request.event
    after = Event.objects.filter(previous=event).first()
    return {name: one for name, one in (("previous", event.previous), ("next", after)) if one and _may_open(request, one)}


def _may_open(request: HttpRequest, event: Event) -> bool:
    return rules.may_see_event(event, ANYONE) or rules.may_see_event(event, viewer_for(request, event))


@login_not_required
@public_page
@require_safe
def information(request: HttpRequest, page: str) -> HttpResponse:
    """The accessibility statement, the privacy notice, the legal notice, the contact."""
    context = {
        "content_languages": languages(),
        "contact_email": settings.CONTACT_EMAIL,
        "operator": settings.OPERATOR,
        "field_groups": FIELD_GROUPS,
        "other_processings": OTHERS,
        "notice_version": NOTICE_VERSION,
        "prepared_on": STATEMENT_PREPARED_ON,
    }
    return render(request, f"{page}.html", context)


@login_not_required
@public_page
@require_safe
def api_description(request: HttpRequest) -> HttpResponse:
    """The JSON API in words: what it answers, what may be asked, made from its own OpenAPI document."""
    schema = description()
    parts = schema["components"]["schemas"]
    calls = [
        {
            "path": path,
            "summary": call.get("description", ""),
            "asked": [
                (one["name"], _kind_of(one["schema"]), one.get("description", "")) for one in call["parameters"] if one["in"] == "query"
            ],
            "answer": _answer_of(call, parts),
        }
        for path, methods in schema["paths"].items()
        for call in methods.values()
    ]
    return render(request, "api.html", {"calls": calls, "openapi": reverse("api:openapi"), "content_languages": languages()})


def _answer_of(call: dict, parts: dict) -> dict:
    """The fields of what a call answers, each with its type and what is said of it."""
    answer = call["responses"][200]["content"]["application/json"]["schema"]
    return {"is_list": "items" in answer, "fields": _fields_of(answer.get("items", answer), parts)}


def _fields_of(part: dict, parts: dict, prefix: str = "") -> list[dict]:
    """The fields of a part as (name, type, words), those of the parts inside it below it: `people[].name`."""
    found = []
    for name, field in parts[part["$ref"].rpartition("/")[2]]["properties"].items():
        found.append({"name": prefix + name, "kind": _kind_of(field), "words": field.get("description", "")})
        if "$ref" in field.get("items", {}):
            found += _fields_of(field["items"], parts, f"{prefix}{name}[].")
    return found


def _kind_of(field: dict) -> str:
    """A type as the documentation writes it: string, date, list of strings."""
    if "anyOf" in field:
        return " | ".join(_kind_of(one) for one in field["anyOf"])
    if "items" in field:
        return "list" if "$ref" in field["items"] else f"list of {_kind_of(field['items'])}"
    if "additionalProperties" in field:
        return "text by language"
    return field.get("format") or field.get("type", "")


@require_safe
def my(request: HttpRequest) -> HttpResponse:
    """What a signed-in person has: registrations, delegations and events they organise, by event, the soonest first, those past last."""
    user, at = request.user, timezone.now()
    parts: dict[Event, dict] = {}
    for name, rows in (
        ("registrations", Registration.objects.of_user(user).for_my_page()),
        ("delegations", Delegation.objects.for_focal_point(user, at).for_my_page()),
        ("requests", PlaceRequest.objects.of_user(user).for_my_page()),
        ("roles", StaffRole.objects.live(at).held_by(user).select_related("event")),
    ):
        for row in rows:
            parts.setdefault(row.event, {"registrations": [], "delegations": [], "requests": [], "roles": []})[name].append(row)
    mine = [{"event": event, "is_past": event.last_date < event.day_of(at), **part} for event, part in parts.items()]
    for item in mine:
        _add_deadlines(item, at)
    mine.sort(key=lambda item: (item["is_past"], item["event"].first_date))
    return render(request, "my.html", {"mine": mine})


def _add_deadlines(item: dict, at: dt.datetime) -> None:
    """Give each registration and each delegation of an event the deadline that comes next for its reader, and the days left."""
    event = item["event"]
    for registration in item["registrations"]:
        registration.deadline = next_form_limit(registration, event, owes_details=registration.owes_second)
    for delegation in item["delegations"]:
        delegation.deadline = next_focal_limit(delegation, event, at)
    for asked in item["requests"]:
        asked.stage = request_stage(asked)
    for thing in (*item["registrations"], *item["delegations"]):
        thing.days_left = clock.days_until(thing.deadline, event.zone, at) if thing.deadline and thing.deadline >= at else None


@require_POST
@login_stage_required(stage=LoginByCodeStage.key, redirect_urlname="account_request_login_code")
def another_code(request: HttpRequest) -> HttpResponse:
    """Send whoever waits for a code another one, as the first was asked for: the same work and limits whether or not the address is known.

    The library's own way of sending again does nothing for unknown addresses, which their visitors could tell by the time it takes.
    """
    process = LoginCodeVerificationProcess.resume(request._login_stage)
    if process is None:
        return redirect("account_request_login_code")
    email = process.state["email"]
    if ratelimit.consume(request, action="request_login_code", key=email.lower()):
        owner = next(iter(filter_users_by_email(email, is_active=True, prefer_verified=True)), None)
        LoginCodeVerificationProcess.initiate(request=request, user=owner, email=email)
        messages.success(request, _("Another code is on its way; the one before no longer works."))
    else:
        messages.error(request, get_adapter().error_messages["rate_limited"])
    return redirect(passthrough_next_redirect_url(request, reverse("account_confirm_login_code"), REDIRECT_FIELD_NAME))


@require_http_methods(["GET", "HEAD", "POST"])
def my_settings(request: HttpRequest) -> HttpResponse:
    """A person's name, language and time zone."""
    user = request.user
    stored = {"name": user.name, "language": user.language or get_language(), "time_zone": user.time_zone}
    form = SettingsForm(request.POST or None, initial=stored)
    if request.method == "POST" and form.is_valid():
        user.choose(**form.cleaned_data)
        messages.success(request, _("Your settings are saved."))
        return redirect("my")
    return render(request, "my_settings.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def my_data(request: HttpRequest) -> HttpResponse:
    """What a person may do with what is held on them: see, correct, take away, and ask that it be erased."""
    mine = Registration.objects.of_user(request.user).select_related("event", "delegate").order_by("-event__first_date", "pk")
    if request.method == "POST":
        registration = get_object_or_404(mine, public_id=request.POST.get("registration", ""))
        by = Actor(user=request.user, hat=f"registration:{registration.public_id}")
        if "take_back" not in request.POST:
            ask_erasure(registration, by=by)
            messages.success(request, _("The organisers see your request and decide on it."))
        elif take_back_erasure(registration, by=by):
            messages.success(request, _("Your request is taken back; your data stay."))
        else:
            messages.warning(request, _("There was nothing to take back: the organisers have decided meanwhile."))
        return redirect("my_data")
    rows = list(mine.prefetch_related("erasure_requests"))
    for row in rows:
        row.asked = max(row.erasure_requests.all(), key=lambda asked: asked.asked_at, default=None)
    return render(request, "my_data.html", {"mine": rows})


@require_POST
@reauthentication_required
def my_data_download(request: HttpRequest) -> HttpResponse:
    """Give a person everything held on them, after asking once more who they are; one with neither password nor key has just signed in."""
    signed_in = max((record["at"] for record in get_authentication_records(request, request.user)), default=0)
    if time.time() - signed_in > account_settings.REAUTHENTICATION_TIMEOUT:
        messages.warning(request, _("To be sure that it is you: sign out, sign in again, and download within five minutes."))
        return redirect("my_data")
    response = HttpResponse(data_of(request.user), content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="plenary-{timezone.now():%Y-%m-%d}.zip"'
    return response


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the language a signed-in person chose for pages whose address carries none, and for mail."""
    language = request.POST.get("language", "")
    if language in languages():
        request.user.choose_language(language)
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return redirect(target if safe else "my")


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that the process answers."""
    return _plain("ok")


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether requests can be served: database, migrations, cache, and a worker that sends mail. No detail for strangers."""
    try:
        ready = _is_migrated() and _cache_works() and not _mail_is_stuck(timezone.now())
    except DatabaseError:
        ready = False
    return _plain("ok") if ready else _plain("not ready", status=503)


def _plain(text: str, status: int = 200) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")


def _is_migrated() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _cache_works() -> bool:
    moment = timezone.now().isoformat()
    cache.set("readyz", moment, 60)
    return cache.get("readyz") == moment


def _mail_is_stuck(at: dt.datetime) -> bool:
    return OutboxMail.objects.unsent_since(at - MAIL_MAY_WAIT).exists()


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without its token; one of ours that shows again what was typed comes back with it, nothing having been done."""
    keeps_typed = request.resolver_match and getattr(request.resolver_match.func, "keeps_typed", False)
    is_from_here = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    if keeps_typed and is_from_here and drafts.keep(request):
        return redirect(request.path)
    return render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Something failed here; the page needs nothing that could fail again."""
    return HttpResponse(render_to_string("500.html", {"page_language": get_language() or settings.LANGUAGE_CODE}), status=500)
