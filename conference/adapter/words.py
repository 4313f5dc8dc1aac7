"""Our words for what the accounts library says: in mail, on its pages and when it refuses."""

from django.utils.translation import gettext_lazy as _

# Messages that carry a code: what the code is for.
CODES = {
    "login_code": (_("Your code to sign in"), _("Type this code on the page where you asked to sign in:")),
    "password_reset_code": (_("Your code to choose a new password"), _("Type this code on the page where you asked for a new password:")),
    "email_confirmation": (_("Your code to confirm this address"), _("Type this code on the page where you gave this address:")),
    "email_confirmation_signup": (_("Your code to confirm this address"), _("Type this code on the page where you gave this address:")),
}
# Messages that tell what happened to an account.
NOTICES = {
    "email_changed": _("The address of your account was changed."),
    "email_confirm": _("An address of your account was confirmed."),
    "email_deleted": _("An address was removed from your account."),
    "password_changed": _("The password of your account was changed."),
    "password_reset": _("The password of your account was changed."),
    "password_set": _("A password was set for your account."),
    "recovery_codes_generated": _("New recovery codes were made for your account; the old ones no longer work."),
    "totp_activated": _("An authenticator app was added to your account."),
    "totp_deactivated": _("The authenticator app was removed from your account."),
    "webauthn_added": _("A passkey was added to your account."),
    "webauthn_removed": _("A passkey was removed from your account."),
}
# What a page says after an act. The library's other sentences say what the next page shows anyway.
SAID = {
    "account/messages/cannot_delete_primary_email.txt": _("The main address cannot be removed. Make another one the main address first."),
    "account/messages/email_confirmation_failed.txt": _("This address could not be confirmed."),
    "account/messages/email_confirmation_sent.txt": _("A code is on its way to the address."),
    "account/messages/email_deleted.txt": _("The address was removed."),
    "account/messages/password_changed.txt": _("The password was changed."),
    "account/messages/password_set.txt": _("The password was set."),
    "account/messages/primary_email_set.txt": _("This is now the main address."),
    "account/messages/unverified_primary_email.txt": _("Confirm the address before you make it the main one."),
    "mfa/messages/recovery_codes_generated.txt": _("New recovery codes were made."),
    "mfa/messages/totp_activated.txt": _("The authenticator app was added."),
    "mfa/messages/totp_deactivated.txt": _("The authenticator app was removed."),
    "mfa/messages/webauthn_added.txt": _("The passkey was added."),
    "mfa/messages/webauthn_removed.txt": _("The passkey was removed."),
    "usersessions/messages/sessions_logged_out.txt": _("You have been signed out everywhere else."),
}
WRONG_CODE = _("This code is not correct. Check the most recent message and type the code exactly as it appears there.")
# Why something was refused.
REFUSALS = {
    "account_inactive": _("This account is closed."),
    "cannot_remove_primary_email": _("The main address cannot be removed."),
    "duplicate_email": _("This address is in your account already."),
    "email_password_mismatch": _("The address or the password is not right."),
    "email_taken": _("This address cannot be added."),
    "enter_current_password": _("Type the password you have now."),
    "incorrect_code": WRONG_CODE,
    "incorrect_password": _("The password is not right."),
    "max_email_addresses": _("You cannot add more than %d addresses."),
    "rate_limited": _("Too many attempts were made in a short time. Wait a few minutes, then try again."),
    "same_as_current": _("The new one is the same as the old one."),
    "too_many_login_attempts": _("This was tried too often. Wait some minutes, then start again."),
    "unverified_primary_email": _("Confirm the address before you make it the main one."),
}
MFA_REFUSALS = {
    "add_email_blocked": _("The addresses of an account with a second factor cannot be changed. Remove the second factor first."),
    "cannot_delete_authenticator": _("The second factor cannot be removed."),
    "cannot_generate_recovery_codes": _("Recovery codes come with a second factor. Add one first."),
    "incorrect_code": WRONG_CODE,
    "unverified_email": _("Confirm your address before you add a second factor."),
}
