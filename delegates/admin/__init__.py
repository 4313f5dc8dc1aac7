"""The organisers' pages of delegates."""
