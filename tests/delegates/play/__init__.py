"""A game that plays the acts on registrations at random, on the database and on a small model of the domain (`test_play`)."""
