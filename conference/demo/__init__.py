"""The demonstration: the network's real editions as far as they are public, and one invented coming edition."""
