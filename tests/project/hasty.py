"""A program that answers before it has written, for the control of `test_killed`."""

import io
import threading

from conference.wsgi import application as whole


def application(environ, start_response):
    """Say yes to a form, and hand it to the real program half a second later."""
    later = environ | {"wsgi.input": io.BytesIO(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))}
    threading.Timer(0.5, lambda: list(whole(later, lambda *given: None))).start()
    start_response("302 Found", [("Location", "/"), ("Content-Length", "0")])
    return [b""]
