"""Who could see a thing of an event at a moment, replayed from what was kept at the time."""

from sessions.history.answers import Onlooker, what_could_see, who_could_see, who_could_see_thing
from sessions.history.past import Past
from sessions.history.things import Thing, things_of

__all__ = ["Onlooker", "Past", "Thing", "things_of", "what_could_see", "who_could_see", "who_could_see_thing"]
