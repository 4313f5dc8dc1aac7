"""What organisers do on behalf of a delegation or a person, on the strength of a document: each act on a page of its own, then recorded."""

import dataclasses
import json

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from conference.lib.viewer import Actor
from delegates import actions
from delegates.admin.behalf_forms import AnswerForm, ConsentForm, NominationForm, PersonForm, SourceForm
from delegates.admin.delegations import SECTION, load, to_delegation
from delegates.admin.entry import Entry
from delegates.admin.undo import offer_undo
from delegates.choices import Answer, Consent, FileKind
from delegates.choices import RegistrationState as State
from delegates.forms import countries_to_choose
from delegates.models import Registration
from delegates.rules import OFFICER, may_enter_for, may_move, owes_form
from events.admin.pages import organisers_page, render_page
from events.rules import NotAllowed

METHODS = ["GET", "HEAD", "POST"]


def _by(request: HttpRequest, delegation, form) -> Actor:
    """Who acts for whom, from which source; its document is kept first. Call inside the transaction of the act."""
    document, given = "", form.cleaned_data
    if given["document"]:
        kept = actions.keep_file(
            given["document"], event=request.event, kind=FileKind.CORRESPONDENCE, by=request.actor, delegation=delegation
        )
        document = str(kept)
    return dataclasses.replace(request.actor, on_behalf_of=str(delegation), source=given["source"], document=document)


def _page(request, name: str, delegation, form, **context) -> HttpResponse:
    shown = {"delegation": delegation, "form": form, **context}
    return render_page(request, f"admin/delegates/behalf/{name}.html", shown, section=SECTION)


def _attempt(request, delegation, form, act, words: str = ""):
    """Keep the document and act, both or neither; say so and give what came of it. A refusal stands on the form, in its own words."""
    try:
        with transaction.atomic():
            done = act(_by(request, delegation, form))
    except NotAllowed as refusal:
        form.add_error(None, str(refusal))
        return None
    messages.success(request, words or _("Named. The person is now “%(state)s”.") % {"state": done.get_state_display()})
    return done or True


def _load_person(request: HttpRequest, public_id: str) -> Registration:
    registration = get_object_or_404(request.event.registrations.for_list().select_related("event"), public_id=public_id)
    registration.delegation.event = request.event
    return registration


@organisers_page("delegations")
@require_http_methods(METHODS)
def delegation_answer(request: HttpRequest, public_id: str) -> HttpResponse:
    """Record the answer a delegation gave outside the site."""
    delegation = load(request, public_id)
    before = delegation.answer
    initial = {"answer": Answer.COMING if before == Answer.INVITED else before}
    form = AnswerForm(request.POST or None, request.FILES or None, prefix="answer", initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        act = lambda by: actions.answer_invitation(delegation, answer=given["answer"], by=by)  # noqa: E731 -- said once
        if _attempt(request, delegation, form, act, _("The answer is recorded.")):
            if before not in (Answer.INVITED, given["answer"]):
                offer_undo(request, url=request.path, **{"answer-answer": before, "answer-source": given["source"]})
            return to_delegation(delegation)
    return _page(request, "answer", delegation, form)


@organisers_page("delegations")
@require_http_methods(METHODS)
def delegation_nominate(request: HttpRequest, public_id: str) -> HttpResponse:
    """Name a person on behalf of a delegation; above its seats they come on the waiting list."""
    delegation = load(request, public_id)
    form = NominationForm(
        request.POST or None, request.FILES or None, prefix="person", initial={"language": request.event.working_language}
    )
    if request.method == "POST" and form.is_valid():
        name = lambda by: actions.nominate(delegation, **form.person(), by=by, made_by=OFFICER)  # noqa: E731 -- said once
        if _attempt(request, delegation, form, name):
            return to_delegation(delegation, "people")
    return _page(request, "nominate", delegation, form)


@organisers_page("delegations")
@require_http_methods(METHODS)
def delegation_send(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say who of the delegation's list would be written to; then write to them on its behalf."""
    delegation = load(request, public_id)
    people = list(delegation.registrations.waiting_for_list().for_list().order_by("position", "pk"))
    form = SourceForm(request.POST or None, request.FILES or None, prefix="send")
    if request.method == "POST" and form.is_valid():
        words = ngettext("One invitation is on its way.", "%(count)d invitations are on their way.", len(people)) % {"count": len(people)}
        if _attempt(request, delegation, form, lambda by: actions.send_list(delegation, by=by), words):
            return to_delegation(delegation, "people")
    return _page(request, "send", delegation, form, people=people)


@organisers_page("delegations")
@require_http_methods(METHODS)
def person_name(request: HttpRequest, public_id: str) -> HttpResponse:
    """Name the person for whom a seat was kept."""
    registration = _load_person(request, public_id)
    form = PersonForm(request.POST or None, request.FILES or None, prefix="person", initial={"language": request.event.working_language})
    if request.method == "POST" and form.is_valid():
        name = lambda by: actions.name_placeholder(registration, **form.person(), by=by, made_by=OFFICER)  # noqa: E731 -- said once
        if _attempt(request, registration.delegation, form, name, _("The seat has its name. Nobody is written to until the list is sent.")):
            return to_delegation(registration.delegation, "people")
    possible = registration.state == State.PLACEHOLDER
    return _page(request, "person_name", registration.delegation, form, registration=registration, possible=possible)


@organisers_page("delegations")
@require_http_methods(METHODS)
def person_enter(request: HttpRequest, public_id: str) -> HttpResponse:
    """Enter a person's form for them; their consent stays not given unless a signed form gives it."""
    registration = _load_person(request, public_id)
    if not may_enter_for(registration):
        return _page(request, "person_enter", registration.delegation, None, registration=registration, possible=False)
    entry = Entry(registration, request=request, day=request.event.local(timezone.now()).date())
    if not owes_form(registration) and not entry.parts:
        return _page(request, "person_enter", registration.delegation, None, registration=registration, possible=False)
    if request.method == "POST" and entry.is_valid():

        def enter(by: Actor) -> Registration:
            done = actions.enter_data(registration, data=entry.answers(), has_details=entry.has_details, by=by)
            for (kind, key), upload in entry.uploads().items():
                _keep(upload, kind, key, registration, by)
            return done

        is_first = owes_form(registration)
        words = _("Entered. The registration is now in review.") if is_first else _("Entered. The second form is no longer awaited.")
        if _attempt(request, registration.delegation, entry.source, enter, words):
            for words in entry.warnings():
                messages.warning(request, words)
            return to_delegation(registration.delegation, "people")
    context = {
        "registration": registration,
        "possible": True,
        "entry": entry,
        "is_first": owes_form(registration),
        "countries": countries_to_choose(get_language()),
    }
    return _page(request, "person_enter", registration.delegation, entry.source, **context)


def _keep(upload, kind: str, key: str, registration: Registration, by: Actor) -> None:
    if kind == FileKind.PHOTO:
        actions.enter_photo(registration, upload, by=by)
    elif kind == FileKind.IDENTITY_DOCUMENT:
        actions.keep_copy(registration, upload, by=by)
    else:
        actions.keep_file(upload, event=registration.event, kind=kind, key=key, registration=registration, by=by)


@organisers_page("delegations")
@require_http_methods(METHODS)
def person_consent(request: HttpRequest, public_id: str) -> HttpResponse:
    """Record what a form signed by the person says of the list of participants."""
    registration = _load_person(request, public_id)
    initial = {"consent": "" if registration.consent == Consent.NOT_GIVEN else registration.consent}
    form = ConsentForm(request.POST or None, request.FILES or None, prefix="consent", initial=initial)
    if request.method == "POST" and form.is_valid():
        consent = form.cleaned_data["consent"]
        if _attempt(
            request,
            registration.delegation,
            form,
            lambda by: actions.record_consent(registration, consent=consent, by=by),
            _("The consent is recorded."),
        ):
            return to_delegation(registration.delegation, "people")
    possible = registration.delegate_id is not None and not registration.notice_version
    return _page(request, "person_consent", registration.delegation, form, registration=registration, possible=possible)


@organisers_page("delegations")
@require_http_methods(METHODS)
def person_withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say what withdrawing does; then withdraw the person on behalf of the delegation."""
    registration = _load_person(request, public_id)
    form = SourceForm(request.POST or None, request.FILES or None, prefix="withdraw")
    if request.method == "POST" and form.is_valid():
        leave = lambda by: actions.move_registration(registration, to=State.WITHDRAWN, by=by, made_by=OFFICER)  # noqa: E731 -- said once
        if _attempt(
            request,
            registration.delegation,
            form,
            leave,
            _("Withdrawn. If somebody waits, the seat has been offered to the first in line."),
        ):
            if registration.delegate_id and registration.state in (State.NOMINATED,):
                back = reverse("organise:person_decide", args=[request.event.slug, registration.public_id])
                seen = json.dumps(actions.marks_of(_load_person(request, public_id)))
                offer_undo(request, url=back, to=State.NOMINATED.value, seen=seen)
            return to_delegation(registration.delegation, "people")
    possible = may_move(registration, State.WITHDRAWN, made_by=OFFICER)
    return _page(request, "person_withdraw", registration.delegation, form, registration=registration, possible=possible)


@organisers_page("delegations")
@require_http_methods(METHODS)
def person_replace(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put another person in somebody's seat on behalf of the delegation; it cannot be undone, only replaced again."""
    registration = _load_person(request, public_id)
    form = PersonForm(request.POST or None, request.FILES or None, prefix="person", initial={"language": request.event.working_language})
    if request.method == "POST" and form.is_valid():
        replace = lambda by: actions.replace_person(registration, **form.person(), by=by, made_by=OFFICER)  # noqa: E731 -- said once
        if _attempt(request, registration.delegation, form, replace, _("Replaced. The new person has the seat.")):
            return to_delegation(registration.delegation, "people")
    possible = may_move(registration, State.REPLACED, made_by=OFFICER)
    return _page(request, "person_replace", registration.delegation, form, registration=registration, possible=possible)
