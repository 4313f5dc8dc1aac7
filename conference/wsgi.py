"""The entry for gunicorn: all that a first visitor would wait for is done before the process takes its first request."""

import gc
import os
import pathlib

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conference.settings")
application = get_wsgi_application()

from django.conf import settings  # noqa: E402 -- needs the line above, like all below
from django.template.loader import get_template  # noqa: E402
from django.urls import get_resolver  # noqa: E402
from django.utils import translation  # noqa: E402

from conference.lib.collation import sort_key  # noqa: E402

READY = ("layouts", "ui", "events", "sessions")  # folders of templates that strangers' pages are made of


def warm_up() -> None:
    """Load the addresses with all their pages, the languages, the table of collation, and compile the templates of public pages."""
    get_resolver().url_patterns  # noqa: B018 -- reading it imports them
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            sort_key(translation.gettext("Plenary"))
    folder = pathlib.Path(settings.TEMPLATES[0]["DIRS"][0])
    for path in [*folder.glob("*.html"), *(path for name in READY for path in (folder / name).rglob("*.html"))]:
        get_template(str(path.relative_to(folder)))


warm_up()

# What the program is made of is never garbage. Without this, a page of a thousand rows now and then waits 100 ms for a look at all of it.
gc.collect()
gc.freeze()
