"""Asking the application as a server does, and the processor's time an act takes: the best of several rounds."""

import dataclasses
import io
import time
from collections.abc import Callable

ROUNDS, ROUND_MS = 7, 50


@dataclasses.dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict
    body: bytes


def ask(server, path: str, **headers: str) -> Answer:
    """One request, through everything a server's request passes."""
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(b""),
        "wsgi.errors": io.StringIO(),
    } | headers
    got = {}
    response = server(environ, lambda status, sent: got.update(status=int(status[:3]), headers=dict(sent)))
    body = b"".join(response)
    response.close()
    return Answer(got["status"], got["headers"], body)


def milliseconds(act: Callable[[], object], times: int = 1) -> float:
    """The processor's time of an act, the best of several rounds; what takes long is done fewer times a round."""
    start = time.process_time()
    act()
    times = max(1, min(times, int(ROUND_MS / 1000 / (time.process_time() - start + 1e-6))))
    found = []
    for _round in range(ROUNDS):
        start = time.process_time()
        for _n in range(times):
            act()
        found.append((time.process_time() - start) * 1000 / times)
    return min(found)
