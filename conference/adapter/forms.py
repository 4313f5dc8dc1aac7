"""The accounts library's forms, with our labels and help, and without its placeholders."""

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django.utils.translation import gettext_lazy as _

LABELS = {
    "login": _("E-mail address"),
    "email": _("E-mail address"),
    "code": _("Code"),
    "name": _("Name of the passkey"),
    "oldpassword": _("Current password"),
    "password": _("Password"),
    "password1": _("New password"),
    "password2": _("Repeat the new password"),
    "passwordless": _("Sign in with it alone"),
}
HELP = {
    "passwordless": _("The passkey then asks for its PIN, face or finger, and neither a code nor a password is needed."),
}


class InOurWords:
    """Gives the fields of a form our words; a field without words of ours fails, so that a new one is noticed."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if not field.widget.is_hidden:
                field.label, field.help_text = LABELS[name], HELP.get(name, "")
            field.widget.attrs.pop("placeholder", None)


class Login(InOurWords, account.LoginForm):
    """Address and password."""


class RequestLoginCode(InOurWords, account.RequestLoginCodeForm):
    """The address a code is sent to."""


class ConfirmLoginCode(InOurWords, account.ConfirmLoginCodeForm):
    """The code that signs in."""


class ConfirmEmailCode(InOurWords, account.ConfirmEmailVerificationCodeForm):
    """The code that confirms an address."""


class ConfirmPasswordResetCode(InOurWords, account.ConfirmPasswordResetCodeForm):
    """The code that lets choose a new password."""


class AddEmail(InOurWords, account.AddEmailForm):
    """One more address."""


class ChangePassword(InOurWords, account.ChangePasswordForm):
    """The old password and a new one."""


class SetPassword(InOurWords, account.SetPasswordForm):
    """A first password."""


class ResetPassword(InOurWords, account.ResetPasswordForm):
    """The address of a forgotten password."""


class ResetPasswordKey(InOurWords, account.ResetPasswordKeyForm):
    """The new password after a forgotten one."""


class Reauthenticate(InOurWords, account.ReauthenticateForm):
    """The password once more."""


class Authenticate(InOurWords, mfa.AuthenticateForm):
    """The code of the second factor."""


class MFAReauthenticate(InOurWords, mfa.ReauthenticateForm):
    """The code of the second factor once more."""


class ActivateTOTP(InOurWords, totp.ActivateTOTPForm):
    """The first code of an authenticator app."""


class AddWebAuthn(InOurWords, webauthn.AddWebAuthnForm):
    """A new passkey; one that signs in alone unless the person says otherwise."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].initial = True


class EditWebAuthn(InOurWords, webauthn.EditWebAuthnForm):
    """The name of a passkey."""
