"""Pages of focal points and delegates."""
