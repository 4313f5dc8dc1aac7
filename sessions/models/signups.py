"""Sign-up for sessions: how many seats a session has, who holds one, and who waits in which order."""

from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from conference.lib.fields import one_of
from sessions.choices import SignUpEnd


class SignUpSheetQuerySet(models.QuerySet):
    """Ways to ask for sheets."""

    def out_of_step(self):
        """Keep those whose count is not what the sign-ups say (`used`): never, unless something wrote past the actions."""
        seated = SignUp.objects.seated().filter(session=OuterRef("session")).order_by().values("session")
        count = seated.annotate(number=Count("pk")).values("number")
        return self.annotate(used=Coalesce(Subquery(count), 0)).exclude(used=F("taken"))


class SignUpSheet(models.Model):
    """That a session takes sign-ups, for how many seats, and from when until when (None: at once; until it begins).

    `taken` is written by the actions of sign-ups only.
    """

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="+")
    session = models.OneToOneField("agenda.Session", models.CASCADE, related_name="sign_up_sheet")
    seats = models.PositiveIntegerField(_("seats"))
    taken = models.PositiveIntegerField(_("taken"), default=0, editable=False)
    opens_at = models.DateTimeField(_("sign-up opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("sign-up closes"), null=True, blank=True)

    objects = SignUpSheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-up sheet")
        verbose_name_plural = _("sign-up sheets")
        constraints = [
            models.CheckConstraint(condition=Q(taken__lte=F("seats")), name="sign_up_sheet_never_exceeded"),
            models.CheckConstraint(condition=Q(seats__gte=1), name="sign_up_sheet_has_seats"),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True) | Q(closes_at__isnull=True) | Q(opens_at__lt=F("closes_at")),
                name="sign_up_sheet_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return f"sign-up sheet {self.pk}"

    @property
    def free(self) -> int:
        """Seats nobody holds."""
        return self.seats - self.taken


class SignUpQuerySet(models.QuerySet):
    """Ways to ask for sign-ups."""

    def live(self):
        """Keep those that have not ended."""
        return self.filter(ended_at__isnull=True)

    def seated(self):
        """Keep those that hold a seat."""
        return self.live().filter(seated_at__isnull=False)

    def waiting(self):
        """Keep those on a waiting list."""
        return self.live().filter(seated_at__isnull=True)

    def of(self, viewer):
        """Keep those of the registration under whose hat one looks."""
        return self.none() if viewer.registration_id is None else self.filter(registration=viewer.registration_id)

    def in_line(self):
        """Order as they signed up."""
        return self.order_by("joined_at", "pk")

    def ahead_of(self, sign_up):
        """Keep those on the waiting list before this one."""
        before = Q(joined_at__lt=sign_up.joined_at) | Q(joined_at=sign_up.joined_at, pk__lt=sign_up.pk)
        return self.waiting().filter(before, session=sign_up.session_id)

    def with_place(self):
        """Annotate `ahead`: how many wait before each that waits."""
        earlier = Q(joined_at__lt=OuterRef("joined_at")) | Q(joined_at=OuterRef("joined_at"), pk__lt=OuterRef("pk"))
        before = SignUp.objects.waiting().filter(earlier, session=OuterRef("session")).order_by().values("session")
        count = before.annotate(number=Count("pk")).values("number")
        return self.annotate(ahead=Coalesce(Subquery(count), 0))

    def waiting_in(self, sessions) -> dict[int, int]:
        """Give how many wait for each of these sessions, by key; those without anybody are left out. One query."""
        counted = self.waiting().filter(session__in=sessions).order_by().values_list("session").annotate(number=Count("pk"))
        return dict(counted)

    def for_list(self):
        """Join what a list of people shows."""
        return self.select_related("registration__delegate", "registration__delegation__organisation")

    def sessions_of(self, registrations):
        """Give the keys of the sessions these registrations are signed up for, with a seat or waiting, by registration. One query."""
        found: dict[int, set[int]] = {}
        for registration, session in self.live().filter(registration__in=registrations).values_list("registration", "session"):
            found.setdefault(registration, set()).add(session)
        return found


class SignUp(models.Model):
    """One registration signed up for one session, from a moment (`joined_at`, its place in the line) until another.

    With `seated_at` it holds a seat since then, without it waits.
    """

    event = models.ForeignKey("events.Event", models.CASCADE, related_name="+")
    session = models.ForeignKey("agenda.Session", models.CASCADE, related_name="sign_ups")
    registration = models.ForeignKey("delegates.Registration", models.CASCADE, related_name="sign_ups")
    joined_at = models.DateTimeField(_("signed up"))
    seated_at = models.DateTimeField(_("has a seat since"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ending = models.CharField(max_length=16, choices=SignUpEnd.choices, default=SignUpEnd.NONE)

    objects = SignUpQuerySet.as_manager()

    ahead: int  # added by `with_place`

    class Meta:
        verbose_name = _("sign-up")
        verbose_name_plural = _("sign-ups")
        constraints = [
            models.UniqueConstraint(fields=["session", "registration"], condition=Q(ended_at__isnull=True), name="sign_up_once"),
            models.CheckConstraint(
                condition=Q(seated_at__isnull=True) | Q(seated_at__gte=F("joined_at")), name="sign_up_seated_after_joining"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("joined_at")), name="sign_up_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ending=SignUpEnd.NONE) | (Q(ended_at__isnull=False) & ~Q(ending=SignUpEnd.NONE)),
                name="sign_up_says_how_it_ended",
            ),
            one_of("ending", SignUpEnd, "sign_up_ending_known"),
        ]
        indexes = [models.Index(fields=["session", "joined_at"], condition=Q(ended_at__isnull=True), name="sign_up_by_line")]

    def __str__(self) -> str:
        return f"sign-up {self.pk}"

    @property
    def is_seated(self) -> bool:
        """Say whether it holds a seat."""
        return self.seated_at is not None
