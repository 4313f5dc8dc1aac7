"""The organisers' pages of sessions."""
