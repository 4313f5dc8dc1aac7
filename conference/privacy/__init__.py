"""Personal data across the apps: where they stand, how long, how they are removed, given to their person, and sealed anew."""
