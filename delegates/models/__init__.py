"""Tables about people."""

from delegates.models.delegations import Delegation, FocalPoint, Quota
from delegates.models.invitations import Invitation
from delegates.models.people import Delegate
from delegates.models.registrations import PendingChange, Registration, RegistrationMove

__all__ = ["Delegate", "Delegation", "FocalPoint", "Invitation", "PendingChange", "Quota", "Registration", "RegistrationMove"]
