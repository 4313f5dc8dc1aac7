"""The entry for gunicorn."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from conference.lib.warming import warm_up

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference.settings")
application = get_wsgi_application()
warm_up()

# What the program is made of is never garbage. Without this, a page of a thousand rows now and then waits 100 ms for a look at all of it.
gc.collect()
gc.freeze()
