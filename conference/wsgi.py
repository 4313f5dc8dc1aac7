"""The entry for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from conference.lib.warming import calm_memory, warm_up

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference.settings")
application = get_wsgi_application()
warm_up()
calm_memory()
