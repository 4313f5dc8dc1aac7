"""The demonstration's server: web and worker start together and stop together, and nothing stays behind."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from django.conf import settings


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A folder with an empty, migrated database and the collected files."""
    wanted = {"PATH": os.environ["PATH"], "DEMO": "1", "DATA_DIR": str(tmp_path_factory.mktemp("demo")), "PYTHONUNBUFFERED": "1"}
    for command in (["migrate", "--verbosity", "0"], ["createcachetable"], ["collectstatic", "--noinput", "--verbosity", "0"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=settings.BASE_DIR, env=wanted, check=True, capture_output=True)
    return wanted


@pytest.fixture
def environment(prepared):
    """As `make demo` sets it, at a free port."""
    port = free_port()
    return prepared | {"PORT": str(port), "SITE_URL": f"http://localhost:{port}"}


def serve(environment) -> subprocess.Popen:
    command = [sys.executable, "manage.py", "serve"]
    return subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def children(pid: int) -> list[int]:
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False).stdout
    return [int(line) for line in listed.split()]


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until_ready(address: str) -> bytes:
    for _ in range(100):
        try:
            return urllib.request.urlopen(address, timeout=5).read()
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"{address} never answered")


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_serve_starts_both_and_stops_both(environment, asked):
    process = serve(environment)
    assert wait_until_ready(environment["SITE_URL"] + "/healthz") == b"ok"
    started = children(process.pid)
    assert len(started) == 2
    process.send_signal(asked)
    said, _nothing = process.communicate(timeout=30)
    assert process.returncode == 0, said
    assert environment["SITE_URL"] in said
    assert "Traceback" not in said
    assert [pid for pid in started if is_alive(pid)] == []


def test_serve_ends_with_an_error_when_the_port_is_taken(environment):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", int(environment["PORT"])))
        taken.listen()
        process = serve(environment)
        said, _nothing = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Stopped: conference.wsgi" in said
