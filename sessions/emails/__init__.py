"""Messages of the agenda: of sign-ups one by one, and one of each release for each person it concerns."""

from sessions.emails.digest import count_digests, drop_waiting, release_made
from sessions.emails.signups import moved_up, signed_up, taken_out

__all__ = ["count_digests", "drop_waiting", "moved_up", "release_made", "signed_up", "taken_out"]
