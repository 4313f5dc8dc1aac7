"""The organisers' pages of the ground floor."""
