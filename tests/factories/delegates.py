"""Delegations with their seats, focal points, delegates, registrations and invitations for tests."""

import factory
from factory.django import DjangoModelFactory

from conference.lib import tokens
from delegates.choices import Category, RegistrationState, Standing
from delegates.models import (
    Delegate,
    Delegation,
    FocalPoint,
    Import,
    Invitation,
    InvitationLetter,
    LateRequest,
    Question,
    QuestionChoice,
    Quota,
    Registration,
    RegistrationMove,
)
from delegates.rules import CATEGORIES, HOLDING
from tests.factories.events import EventFactory, OfEvent, OrganisationFactory, hours_from_now

UNINVITED = (RegistrationState.REQUESTED, RegistrationState.PLACEHOLDER, RegistrationState.WAITLISTED, RegistrationState.OFFERED)


class DelegationFactory(OfEvent):
    """An organisation at an event with six seats; `seats=` says how many."""

    class Meta:
        model = Delegation
        skip_postgeneration_save = True

    event = factory.SubFactory(EventFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    standing = Standing.MEMBER

    @factory.post_generation
    def seats(self, create, extracted, **kwargs):
        Quota.objects.create(event=self.event, delegation=self, seats=6 if extracted is None else extracted)


class FocalPointFactory(OfEvent):
    """A live focal point; with `user=` given its address is the user's."""

    class Meta:
        model = FocalPoint

    _parents = ("delegation",)
    delegation = factory.SubFactory(DelegationFactory)
    event = factory.SelfAttribute("delegation.event")
    user = None
    name = factory.Sequence(lambda n: f"Focal point {n}")
    email = factory.LazyAttributeSequence(lambda focal, n: focal.user.email if focal.user else f"focal{n}@example.org")
    language = "en"
    from_at = factory.LazyFunction(lambda: hours_from_now(-24))


class DelegateFactory(DjangoModelFactory):
    """A person of an organisation, with no user yet."""

    class Meta:
        model = Delegate

    organisation = factory.SubFactory(OrganisationFactory)
    given_name = factory.Sequence(lambda n: f"Given{n}")
    family_name = factory.Sequence(lambda n: f"Family{n}")
    email = factory.Sequence(lambda n: f"delegate{n}@example.org")
    function = factory.Sequence(lambda n: f"Function {n}")
    language = "en"


class RegistrationFactory(OfEvent):
    """A person who holds a seat and was invited to confirm. It counts in the quotas and has its first move; `user=` links the person."""

    class Meta:
        model = Registration
        exclude = ["user"]

    _parents = ("delegation",)
    user = None
    delegation = factory.SubFactory(DelegationFactory)
    event = factory.SelfAttribute("delegation.event")
    delegate = factory.SubFactory(
        DelegateFactory, organisation=factory.SelfAttribute("..delegation.organisation"), user=factory.SelfAttribute("..user")
    )
    category = Category.DELEGATE
    state = RegistrationState.NOMINATED
    queued_at = factory.LazyFunction(lambda: hours_from_now(-24))
    invited_at = factory.LazyAttribute(lambda o: o.queued_at if o.state not in UNINVITED else None)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        registration = super()._create(model_class, *args, **kwargs)
        if registration.state in HOLDING:
            _count(registration)
        RegistrationMove.objects.create(
            event=registration.event,
            registration=registration,
            to_state=registration.state,
            category=registration.category,
            narrowing=registration.narrowing,
            delegation=registration.delegation,
            standing=registration.delegation.standing,
            at=registration.queued_at,
            actor="system",
        )
        return registration


def _count(registration) -> None:
    """Raise `taken` of every quota the registration counts in; written apart from the actions."""
    takes = CATEGORIES[Category(registration.category)]
    for quota in Quota.objects.filter(event=registration.event):
        if quota.delegation_id not in (None, registration.delegation_id) or quota.mode not in ("", registration.mode):
            continue
        whole = takes.capacity if quota.delegation_id is None else takes.seat
        if quota.category == registration.category or (quota.category == "" and whole):
            quota.taken += 1
            quota.save(update_fields=["taken"])


class ImportFactory(OfEvent):
    """A checked list of people whose file nobody can open: for pages that only speak of it."""

    class Meta:
        model = Import

    event = factory.SubFactory(EventFactory)
    kind = "nominations"
    state = "checked"
    file_name = "ZqPeople.csv"
    sealed_key = "a key"
    uploaded_at = factory.LazyFunction(lambda: hours_from_now(-1))
    expires_at = factory.LazyFunction(lambda: hours_from_now(24))


class InvitationFactory(OfEvent):
    """An invitation of a focal point, usable for 60 days; `secret=` sets the secret of its link, `registration=` makes it a person's."""

    class Meta:
        model = Invitation
        exclude = ["secret"]

    secret = factory.LazyFunction(tokens.secret)
    registration = None
    focal_point = factory.Maybe("registration", None, factory.SubFactory(FocalPointFactory))
    event = factory.LazyAttribute(lambda o: (o.focal_point or o.registration).event)
    email = factory.LazyAttribute(lambda o: o.focal_point.email if o.focal_point else o.registration.delegate.email)
    secret_digest = factory.LazyAttribute(lambda o: tokens.digest(o.secret))
    created_at = factory.LazyFunction(lambda: hours_from_now(-1))
    expires_at = factory.LazyFunction(lambda: hours_from_now(60 * 24))


class LateRequestFactory(OfEvent):
    """A late request to name a person that waits for the organisers."""

    class Meta:
        model = LateRequest

    _parents = ("delegation",)
    delegation = factory.SubFactory(DelegationFactory)
    event = factory.SelfAttribute("delegation.event")
    kind = "nominate"
    payload = factory.LazyFunction(
        lambda: {
            "given_name": "Late",
            "family_name": "Comer",
            "email": "late@example.org",
            "function": "Analyst",
            "language": "en",
            "category": "delegate",
        }
    )
    asked_at = factory.LazyFunction(lambda: hours_from_now(-1))


class QuestionFactory(OfEvent):
    """A question of the organisers' own; `choices=` are the English labels of its choices."""

    class Meta:
        model = Question
        skip_postgeneration_save = True

    event = factory.SubFactory(EventFactory)
    kind = "text"
    text_en = factory.Sequence(lambda n: f"Question {n}?")
    position = factory.Sequence(lambda n: n + 1)

    @factory.post_generation
    def choices(self, create, extracted, **kwargs):
        for position, label in enumerate(extracted or [], start=1):
            QuestionChoice.objects.create(question=self, label_en=label, position=position)


class LetterFactory(OfEvent):
    """A printed invitation letter whose code nobody knows."""

    class Meta:
        model = InvitationLetter

    _parents = ("delegation",)
    delegation = factory.SubFactory(DelegationFactory)
    event = factory.SelfAttribute("delegation.event")
    code_digest = factory.LazyFunction(lambda: tokens.digest(tokens.secret()))
    made_at = factory.LazyFunction(lambda: hours_from_now(-2))
    expires_at = factory.LazyFunction(lambda: hours_from_now(48))
