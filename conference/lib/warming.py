"""Loading, before the first request of a process, all that its visitor would else wait for."""

import gc
import pathlib

from django.conf import settings
from django.template.loader import get_template
from django.urls import get_resolver
from django.utils import translation

from conference.lib.collation import sort_key

_MADE_BEFORE_A_LOOK = 50_000  # objects: about two cold agendas of a thousand sessions

FOLDERS = ("layouts", "ui", "events", "sessions")  # of the templates that strangers' pages are made of, besides those of no folder


def warm_up() -> None:
    """Import the addresses with all their pages, load the languages and the table of collation, compile the templates of public pages."""
    list(get_resolver().url_patterns)
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            sort_key(translation.gettext("Plenary"))
    top = pathlib.Path(settings.BASE_DIR) / "templates"
    for path in [*top.glob("*.html"), *(path for name in FOLDERS for path in (top / name).rglob("*.html"))]:
        get_template(str(path.relative_to(top)))


def calm_memory() -> None:
    """Have a process look for garbage seldom, and never among what the program is made of.

    Else a page of a thousand rows looks many times at rows it is still reading, and now and then waits 100 ms for a look at everything.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_MADE_BEFORE_A_LOOK, 20, 20)
