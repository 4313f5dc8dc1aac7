"""Acts at the same moment, for tests: a thread for each, with a connection of its own."""

import collections
import threading

from django.db import DatabaseError, connections

from events.rules import NotAllowed

CONNECTIONS = 40  # PostgreSQL allows 100 by default, to everybody together
EXPECTED = (DatabaseError, NotAllowed)


def together(acts, *, connections_at_once=CONNECTIONS, expected=EXPECTED):
    """Do all acts at once, a thread for each and as many connections as the server has for us; give the expected errors by name."""
    acts, errors = list(acts), collections.Counter()
    start, free = threading.Barrier(len(acts)), threading.Semaphore(connections_at_once)

    def work(act):
        start.wait()
        with free:
            try:
                act()
            except expected as error:
                errors[type(error).__name__] += 1
            finally:
                connections.close_all()

    threads = [threading.Thread(target=work, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors
