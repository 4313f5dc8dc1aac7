"""Registrations: one delegate at one event for one delegation; the thing that is approved, badged and checked in."""

import datetime as dt
from collections import Counter
from functools import reduce
from operator import or_

from django.apps import apps
from django.db import models
from django.db.models import Case, Count, Exists, Min, OuterRef, Q, When
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import gettext_lazy as _

from conference.lib.fields import PublicIdField, one_of
from conference.lib.searching import folded
from delegates.choices import (
    Category,
    Consent,
    FileKind,
    FormPhase,
    Group,
    Missing,
    Mode,
    Narrowing,
    RegistrationState,
    SecurityDecision,
    WeaponDecision,
)
from delegates.rules import ACTIVE, CATEGORY_FIELD, COPY_FIELD, HOLDING, OWN, PHOTO_FIELD, WAITS_BESIDE
from events.rules import EDITED_STATES, PUBLISHED_STATES


class RegistrationQuerySet(models.QuerySet):
    """Ways to ask for registrations."""

    def active(self):
        """Keep those that have not ended."""
        return self.filter(state__in=ACTIVE)

    def holding(self):
        """Keep those that hold a seat."""
        return self.filter(state__in=HOLDING)

    def of_user(self, user):
        """Keep the registrations of one user's delegates that they have been told of; a draft list is its focal point's alone."""
        return self.filter(Q(invited_at__isnull=False) | Q(state__in=OWN), delegate__user=user)

    def in_state(self, state: str):
        """Keep those in one state."""
        return self.filter(state=state)

    def of_category(self, category: str):
        """Keep those of one category."""
        return self.filter(category=category)

    def of_delegation(self, delegation):
        """Keep those of one delegation."""
        return self.filter(delegation=delegation)

    def with_word_elsewhere(self):
        """Annotate `is_known_elsewhere`: another event that still decides has what the person gave."""
        given = Registration.objects.active().filter(submitted_at__isnull=False, event__state__in=EDITED_STATES)
        return self.annotate(is_known_elsewhere=Exists(given.filter(delegate=OuterRef("delegate")).exclude(event=OuterRef("event"))))

    def lacking(self, what: str, *, security_decides: bool):
        """Keep those that still wait for something (`rules.lacking`)."""
        nominated, pending = Q(state=RegistrationState.NOMINATED), Q(security_decision=SecurityDecision.PENDING)
        condition = {
            Missing.NAME: Q(state=RegistrationState.PLACEHOLDER),
            Missing.LIST: nominated & Q(invited_at__isnull=True),
            Missing.CONFIRMATION: Q(state=RegistrationState.RETURNED) | (nominated & Q(invited_at__isnull=False)),
            Missing.SECURITY: Q(state=RegistrationState.SUBMITTED) & pending,
            Missing.CONSENT: Q(state=RegistrationState.APPROVED, consent=Consent.NOT_GIVEN),
        }[Missing(what)]
        return self.none() if what == Missing.SECURITY and not security_decides else self.filter(condition)

    def lacking_any(self, wanted, *, event):
        """Keep those that still wait for one of several things; all when none is wanted."""
        if not wanted:
            return self
        found = [self.lacking(what, security_decides=event.security_decides).values("pk") for what in wanted]
        return self.filter(reduce(or_, (Q(pk__in=keys) for keys in found)))

    def changed_after_approval(self):
        """Keep those with a change that waits for an officer."""
        return self.filter(Exists(PendingChange.objects.filter(registration=OuterRef("pk"), decided_at__isnull=True)))

    def with_wanted_head(self):
        """Annotate `is_wanted_head`: somebody asked that they become the head, and no officer has decided."""
        return self.annotate(is_wanted_head=Exists(PendingChange.objects.open().wanted_heads().filter(registration=OuterRef("pk"))))

    def with_late_form(self):
        """Keep those whose form came after its deadline and waits for an organiser; annotate `late_at`, when it came first."""
        return self.filter(drafts__late_at__isnull=False).annotate(late_at=Min("drafts__late_at"))

    def with_owed_details(self):
        """Annotate `owes_second`: approved, the second form not sent, and the event asks for one."""
        group = apps.get_model("delegates.EventFieldGroup").objects.filter(event=OuterRef("event"), phase=FormPhase.SECOND, is_on=True)
        question = apps.get_model("delegates.Question").objects.filter(event=OuterRef("event"), phase=FormPhase.SECOND)
        owes = Q(state=RegistrationState.APPROVED, details_at__isnull=True) & (Q(Exists(group)) | Q(Exists(question)))
        return self.annotate(owes_second=Case(When(owes, then=True), default=False, output_field=models.BooleanField()))

    def with_first_change(self):
        """Annotate `first_change_at`: since when the longest waiting change after approval waits."""
        return self.annotate(first_change_at=Min("pending_changes__asked_at", filter=Q(pending_changes__decided_at__isnull=True)))

    def own_of(self, viewer):
        """Keep the registration of the person who looks, under the hat they wear."""
        return self.none() if viewer.registration_id is None else self.filter(pk=viewer.registration_id)

    def waiting_for_list(self):
        """Keep the people named, with an address, and not yet written to (`rules.waits_for_list`)."""
        return self.filter(state=RegistrationState.NOMINATED, invited_at__isnull=True).exclude(delegate__email="")

    def with_wait(self):
        """Annotate `waits_since`: the moment the person sent their form, or was named."""
        return self.annotate(waits_since=Coalesce("submitted_at", "queued_at"))

    def to_decide(self):
        """Keep those under review, the longest waiting first."""
        return self.in_state(RegistrationState.SUBMITTED).with_wait().order_by("waits_since", "pk")

    def with_security(self, decision: str):
        """Keep those with one decision of the security officer."""
        return self.filter(security_decision=decision)

    def with_weapon_to_decide(self):
        """Keep those who ask to carry a weapon on which the security officer has not decided."""
        declared = apps.get_model("delegates.GivenGroup").objects.filter(registration=OuterRef("pk"), group=Group.WEAPON)
        return self.holding().filter(Exists(declared), weapon_decision=WeaponDecision.PENDING)

    def before(self, row):
        """Keep those that come before another in the order of `to_decide`."""
        return self.filter(Q(waits_since__lt=row.waits_since) | Q(waits_since=row.waits_since, pk__lt=row.pk))

    def after(self, row):
        """Keep those that come after another in the order of `to_decide`."""
        return self.filter(Q(waits_since__gt=row.waits_since) | Q(waits_since=row.waits_since, pk__gt=row.pk))

    def doubled(self, *, prefetch: bool = False) -> list[list["Registration"]]:
        """List the active registrations whose person another one names too (name and address, whatever their capitals), side by side.

        With `prefetch` they come as for a decision.
        """
        groups: dict[tuple[str, str], list[Registration]] = {}
        rows = self._at_shared_addresses().order_by("queued_at", "pk")
        for row in rows.for_decision() if prefetch else rows.for_list():
            groups.setdefault((folded(row.delegate.full_name), row.address), []).append(row)
        return [rows for rows in groups.values() if len(rows) > 1]

    def count_doubled(self) -> int:
        """How many people `doubled` would list, from their names alone."""
        names = self._at_shared_addresses().order_by().values_list("address", "delegate__given_name", "delegate__family_name")
        found = Counter((folded(f"{given_name} {family_name}".strip()), address) for address, given_name, family_name in names)
        return sum(number > 1 for number in found.values())

    def _at_shared_addresses(self):
        active = self.active().exclude(delegate=None).exclude(delegate__email="").annotate(address=Lower("delegate__email"))
        shared = active.order_by().values("address").annotate(number=Count("pk")).filter(number__gt=1).values("address")
        return active.filter(address__in=shared)

    def born_alike(self) -> list[list["Registration"]]:
        """List the active registrations of several organisations with one name and one birth date: likely one person, two addresses."""
        known = self.active().filter(delegate__birth_date__isnull=False)
        names = known.values_list("pk", "delegate__given_name", "delegate__family_name", "delegate__birth_date")
        groups: dict[tuple[str, dt.date], list[int]] = {}
        for key, given_name, family_name, born in names.order_by("pk"):
            groups.setdefault((folded(f"{given_name} {family_name}"), born), []).append(key)
        shared = [keys for keys in groups.values() if len(keys) > 1]
        found = {row.pk: row for row in self.filter(pk__in=[key for keys in shared for key in keys]).for_list()}
        together = [[found[key] for key in keys] for keys in shared]
        return [rows for rows in together if len({row.delegation_id for row in rows}) > 1]

    def doubles_of(self, registration) -> list["Registration"]:
        """List the other active registrations of the same person (name and address, whatever their capitals) at the same event."""
        delegate = registration.delegate
        if delegate is None or not delegate.email:
            return []
        others = self.active().filter(event=registration.event_id, delegate__email__iexact=delegate.email).exclude(pk=registration.pk)
        same_name = folded(delegate.full_name)
        return [other for other in others.select_related("delegate") if folded(other.delegate.full_name) == same_name]

    def perhaps_named(self, *, delegations, emails, birth_dates, family_names=()):
        """Keep the active ones of these delegations whose person has one of these addresses (or none, for ""), birth dates or family names.

        Family names are compared folded, here and not in the database, which may know the capitals of plain letters alone; they cost
        a look at every name of these delegations. The caller compares the rest.
        """
        listed = self.active().filter(delegation__in=delegations)
        people = Q(address__in={email.lower() for email in emails}) | Q(delegate__birth_date__in=set(birth_dates))
        if families := {folded(name) for name in family_names}:
            names = listed.exclude(delegate=None).values_list("pk", "delegate__family_name").order_by()
            people |= Q(pk__in=[key for key, name in names if folded(name) in families])
        return listed.alias(address=Lower("delegate__email")).filter(people).select_related("delegate").order_by("pk")

    def for_list(self):
        """Join what a list of people shows."""
        return self.select_related("delegate", "delegation__organisation")

    def in_this_order(self, keys) -> list["Registration"]:
        """List the registrations with these keys, in the order of the keys."""
        found = {row.pk: row for row in self.filter(pk__in=list(keys))}
        return [found[key] for key in keys if key in found]

    def for_decision(self):
        """Join what a decision rests on: as for a list, with what the person gave and the files of the person and of the delegation."""
        return self.for_list().prefetch_related("files", "given_groups", "question_answers", "delegation__files")

    def for_my_page(self):
        """Keep those at events whose pages are open to their people, with what a person's own list shows, the active first."""
        shown = self.filter(event__state__in=PUBLISHED_STATES).select_related("event", "delegate", "delegation__organisation")
        return shown.with_owed_details().order_by(Case(When(state__in=ACTIVE, then=0), default=1), "pk")


class Registration(models.Model):
    """One person (or a kept seat without a name) at one event, in one category. `move_registration` alone changes its state."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="registrations")
    delegation = models.ForeignKey("delegates.Delegation", models.PROTECT, related_name="registrations")
    delegate = models.ForeignKey("delegates.Delegate", models.PROTECT, null=True, blank=True, related_name="registrations")
    public_id = PublicIdField()
    category = models.CharField(_("category"), max_length=16, choices=Category.choices, default=Category.DELEGATE)
    mode = models.CharField(_("attendance"), max_length=16, choices=Mode.choices, default=Mode.IN_PERSON)
    moved_online = models.BooleanField(default=False)  # in person, until the event was moved on-line
    state = models.CharField(_("state"), max_length=16, choices=RegistrationState.choices)
    narrowing = models.CharField(_("access"), max_length=16, choices=Narrowing.choices, default=Narrowing.NONE)
    security_decision = models.CharField(
        _("security decision"), max_length=16, choices=SecurityDecision.choices, default=SecurityDecision.PENDING
    )
    weapon_decision = models.CharField(
        _("decision on the weapon"), max_length=16, choices=WeaponDecision.choices, default=WeaponDecision.PENDING
    )  # counts while a weapon is declared
    position = models.PositiveIntegerField(_("position"), default=0)
    reason = models.TextField(_("reason"), blank=True)  # of the last return, refusal or revocation; shown to the person
    # What the person gave for this event.
    function = models.CharField(_("function"), max_length=200, blank=True)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    needs = models.TextField(_("dietary and accessibility needs"), blank=True)
    consent = models.CharField(_("list of participants"), max_length=16, choices=Consent.choices, default=Consent.NOT_GIVEN)
    notice_version = models.CharField(_("privacy notice"), max_length=20, blank=True)
    # Moments.
    queued_at = models.DateTimeField(_("named"))
    invited_at = models.DateTimeField(_("invited to confirm"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    details_at = models.DateTimeField(_("second form sent"), null=True, blank=True)
    offer_expires_at = models.DateTimeField(_("offer ends"), null=True, blank=True)
    lapses = models.PositiveSmallIntegerField(default=0, editable=False)
    source = models.CharField(_("source"), max_length=200, blank=True)  # the document, when an organiser entered it on behalf
    is_known_elsewhere = False  # set by `with_word_elsewhere`

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        constraints = [
            one_of("state", RegistrationState, "registration_state_known"),
            one_of("category", Category, "registration_category_known"),
            one_of("narrowing", Narrowing, "registration_narrowing_known"),
            one_of("mode", Mode, "registration_mode_known"),
            models.CheckConstraint(condition=Q(moved_online=False) | Q(mode=Mode.REMOTE), name="registration_moved_online_is_remote"),
            one_of("weapon_decision", WeaponDecision, "registration_weapon_decision_known"),
            models.CheckConstraint(
                condition=Q(delegate__isnull=False) | Q(state__in=[RegistrationState.PLACEHOLDER, RegistrationState.WITHDRAWN]),
                name="registration_names_somebody",
            ),
            models.UniqueConstraint(
                fields=["event", "delegate"], condition=Q(state__in=ACTIVE), name="registration_one_active_per_delegate"
            ),
            models.UniqueConstraint(
                fields=["delegation"], condition=Q(state__in=ACTIVE, category=Category.HEAD), name="registration_one_head_per_delegation"
            ),
        ]
        indexes = [
            models.Index(fields=["event", "state"], name="registration_by_state"),
            models.Index(fields=["delegation", "state"], name="registration_by_delegation"),
        ]

    def __str__(self) -> str:
        return f"registration {self.public_id}"

    @property
    def is_active(self) -> bool:
        """Say whether it has not ended."""
        return self.state in ACTIVE


class RegistrationMove(models.Model):
    """One step of a registration. `from_at` to the next step's `from_at` is the time the state held."""

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="+")
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="moves")
    from_state = models.CharField(max_length=16, blank=True)
    to_state = models.CharField(max_length=16, choices=RegistrationState.choices)
    # What decided access besides the state, as it was from this moment on.
    category = models.CharField(max_length=16)
    narrowing = models.CharField(max_length=16)
    delegation = models.ForeignKey("delegates.Delegation", models.PROTECT, related_name="+")
    standing = models.CharField(max_length=16)
    at = models.DateTimeField(_("when"))
    actor = models.CharField(_("who"), max_length=40)
    hat = models.CharField(_("as"), max_length=80, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        indexes = [models.Index(fields=["registration", "at"], name="move_by_registration")]

    def __str__(self) -> str:
        return f"step {self.pk}"


def _asked_elsewhere(registration) -> Q:
    approved = Q(registration__state=RegistrationState.APPROVED, event__state__in=EDITED_STATES)
    of_record = Q(registration__delegate=registration.delegate_id, field__in=WAITS_BESIDE)
    return approved & of_record & ~Q(event=registration.event_id)


class PendingChangeQuerySet(models.QuerySet):
    """Ways to ask for changes after approval."""

    def open(self):
        """Keep those no officer has decided."""
        return self.filter(decided_at__isnull=True)

    def of_person_elsewhere(self, registration):
        """Keep those of the same person's record that wait at other events which have approved them and still decide."""
        return self.filter(_asked_elsewhere(registration))

    def of_person(self, registration):
        """Keep those of a registration, and of the same person's record elsewhere."""
        return self.filter(Q(registration=registration) | _asked_elsewhere(registration))

    def of_delegation(self, delegation):
        """Keep those of the people of one delegation."""
        return self.filter(registration__delegation=delegation)

    def wanted_heads(self):
        """Keep those that would make somebody the head."""
        return self.filter(field=CATEGORY_FIELD, value=Category.HEAD)


class PendingChange(models.Model):
    """A change after approval of what was approved; it waits beside until an officer decides.

    `field` is a column of the delegate (days in ISO), a group (`GivenGroup`; the value of a sealed group waits sealed as well), the
    photo, or the category, for which a focal point asks too when it makes somebody the head.
    """

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="pending_changes")
    registration = models.ForeignKey(Registration, models.CASCADE, related_name="pending_changes")
    field = models.CharField(max_length=40)
    value = models.JSONField()
    by_focal_point = models.BooleanField(default=False)  # else the person asks
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    accepted = models.BooleanField(null=True)

    objects = PendingChangeQuerySet.as_manager()
    is_settled = True  # False in hand of whoever just accepted it while another event still has to

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registration", "field"], condition=Q(decided_at__isnull=True), name="pending_change_one_per_field"
            )
        ]

    def __str__(self) -> str:
        return f"change {self.pk}"

    @property
    def label(self) -> object:
        """What it is about, in words that are translated when they are read."""
        if self.field == CATEGORY_FIELD:
            return Registration._meta.get_field("category").verbose_name
        if self.field == PHOTO_FIELD:
            return FileKind.PHOTO.label
        if self.field == COPY_FIELD:
            return FileKind.IDENTITY_DOCUMENT.label
        if self.field in Group.values:
            return Group(self.field).label
        return apps.get_model("delegates.Delegate")._meta.get_field(self.field).verbose_name
