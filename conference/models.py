"""People who sign in."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from conference.lib.claims import Claim


class UserManager(BaseUserManager["User"]):
    """Makes users from an e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        """Make a user; without a password only mailed codes and passkeys sign them in. Addresses are kept in small letters."""
        user = self.model(email=email.lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        """Make the user who may do everything in the organisers' site."""
        return self.create_user(email, password, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> "User":
        """Find a user by address, whatever its capitals."""
        return self.get(email__iexact=email)


class User(AbstractBaseUser):
    """One who signs in, by e-mail address. What they may do follows from roles and registrations, never from flags here."""

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=8, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    is_shared = models.BooleanField(_("shared mailbox"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    is_superuser = models.BooleanField(_("superuser"), default=False)
    joined_at = models.DateTimeField(_("joined"), auto_now_add=True)

    claim: Claim | None = None  # of a shared mailbox: who says they act in this request; records note it

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique_ignoring_case")]

    def __str__(self) -> str:
        return f"user {self.pk}"

    @property
    def display_name(self) -> str:
        """The name to show to the user themselves and to colleagues: the given one, else the address."""
        return self.name or self.email

    def choose_language(self, language: str) -> None:
        """Keep the language for mail and for pages whose address carries none."""
        self.language = language
        self.save(update_fields=["language"])

    def choose(self, *, name: str, language: str, time_zone: str) -> None:
        """Keep what a person chose for themselves; an empty time zone shows every time at the place of the event alone."""
        self.name, self.language, self.time_zone = name, language, time_zone
        self.save(update_fields=["name", "language", "time_zone"])

    def share(self, is_shared: bool) -> None:
        """Mark the address as a mailbox several people read, or as one person's again."""
        self.is_shared = is_shared
        self.save(update_fields=["is_shared"])

    # Django's admin asks these; the organisers' site answers by role, only the superuser passes here.
    def has_perm(self, perm, obj=None) -> bool:
        """Permissions of Django are not used: only an active superuser has any."""
        return self.is_active and self.is_superuser

    def has_perms(self, perm_list, obj=None) -> bool:
        """As `has_perm`."""
        return self.is_active and self.is_superuser

    def has_module_perms(self, app_label) -> bool:
        """As `has_perm`."""
        return self.is_active and self.is_superuser
