"""People: delegations, quotas, delegates, registrations and invitations."""
