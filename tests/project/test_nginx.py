"""The proxy's configuration in the documentation is one that nginx accepts, and it works: addresses, headers, logs without secrets."""

import contextlib
import http.server
import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from typing import ClassVar

import pytest
from django.conf import settings

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
pytestmark = pytest.mark.skipif(not NGINX, reason="nginx not found")


class Echo(http.server.BaseHTTPRequestHandler):
    """Answers with the headers it was given, and notes what it was asked."""

    asked: ClassVar[list[str]] = []

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.do_GET()

    def do_GET(self):
        self.asked.append(self.path)
        body = str(self.headers).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def free_ports(count: int) -> list[int]:
    """So many ports, all different: each probe is held until the last one has its own."""
    with contextlib.ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


@pytest.fixture
def proxy(tmp_path):
    """Nginx with the documented configuration on free ports, before a server that echoes; gives the TLS port."""
    back, plain, tls = free_ports(3)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", back), Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    certificate = ["-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "fullchain.pem")]
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=plenary.example.org"]
    subprocess.run([*request, *certificate], check=True, capture_output=True)
    text = (settings.BASE_DIR / "docs" / "nginx.conf").read_text()
    for old, new in {
        "/etc/ssl/plenary": str(tmp_path),
        "/var/log/nginx": str(tmp_path),
        "127.0.0.1:8000": f"127.0.0.1:{back}",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443": f"listen 127.0.0.1:{tls}",
    }.items():
        text = text.replace(old, new)
    version = tuple(int(part) for part in re.search(r"nginx/(\d+)\.(\d+)", run_nginx("-v").stderr).groups())
    if version < (1, 25):
        text = text.replace("    http2 on;\n", "")  # written otherwise before 1.25.1
    paths = "".join(f"{name}_temp_path {tmp_path / name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (tmp_path / "site.conf").write_text(text)
    user = "user root;" if os.geteuid() == 0 else ""  # else its worker could not keep a body in our folder
    main = f"daemon off; {user} pid {tmp_path / 'pid'}; error_log {tmp_path / 'error.log'}; events {{}}"
    (tmp_path / "nginx.conf").write_text(f"{main} http {{ {paths} include {tmp_path / 'site.conf'}; }}")
    tested = run_nginx("-t", "-c", str(tmp_path / "nginx.conf"))
    assert tested.returncode == 0, tested.stderr
    process = subprocess.Popen([NGINX, "-c", str(tmp_path / "nginx.conf")], stderr=subprocess.DEVNULL)
    wait_for(tls)
    yield tls
    process.terminate()
    process.wait(10)
    server.shutdown()
    server.server_close()


def run_nginx(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([NGINX, *arguments], capture_output=True, text=True, check=False)


def wait_for(port: int) -> None:
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except ConnectionError:
            time.sleep(0.05)
        else:
            return


def get(port: int, path: str, name: str = "plenary.example.org") -> str:
    return send(port, f"GET {path} HTTP/1.1\r\nHost: {name}\r\nX-Forwarded-For: 192.0.2.66\r\nConnection: close\r\n\r\n", name)


def send(port: int, request: str, name: str = "plenary.example.org") -> str:
    """Send these very bytes over TLS and read to the end."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", port), 20) as plain, context.wrap_socket(plain, server_hostname=name) as connection:
        connection.sendall(request.encode("latin-1"))
        answer = b""
        while part := connection.recv(65536):
            answer += part
        return answer.decode()


def test_proxy_tells_the_address_of_the_client_and_not_what_it_claims(proxy):
    answer = get(proxy, "/en/")
    assert "X-Forwarded-For: 127.0.0.1" in answer
    assert "192.0.2.66" not in answer
    assert "X-Forwarded-Proto: https" in answer
    assert "Host: plenary.example.org" in answer


def test_proxy_keeps_secrets_out_of_its_log(proxy, tmp_path):
    get(proxy, "/en/invitation/Secret-Secret-Secret-Secret-Secret/")
    get(proxy, "/calendar/Secret-Secret-Secret-Secret-Secret.ics")
    time.sleep(0.2)
    log = pathlib.Path(tmp_path / "plenary.log").read_text()
    assert "/en/invitation/" in log
    assert "Secret" not in log


def test_proxy_leaves_it_to_the_program_to_refuse_a_photo_of_30_megabytes(proxy):
    size = 30 * 1024**2
    head = f"POST /en/ HTTP/1.1\r\nHost: plenary.example.org\r\nContent-Length: {size}\r\nConnection: close\r\n\r\n"
    answer = send(proxy, head + "x" * size)
    assert answer.startswith("HTTP/1.1 200 ")
    assert f"Content-Length: {size}" in answer


def test_proxy_does_not_answer_to_another_name(proxy):
    with pytest.raises(ssl.SSLError):
        get(proxy, "/en/", name="elsewhere.example.org")


INNER = "GET /en/smuggled/ HTTP/1.1\r\nHost: plenary.example.org\r\nConnection: close\r\n\r\n"
START = "POST /en/ HTTP/1.1\r\nHost: plenary.example.org\r\n"
SMUGGLING = {
    "length and chunks": f"{START}Content-Length: {5 + len(INNER)}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{INNER}",
    "chunks spelt wrong": f"{START}Content-Length: {5 + len(INNER)}\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{INNER}",
    "chunks behind a space": f"{START}Content-Length: 5\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n{INNER}",
    "two lengths": f"{START}Content-Length: 5\r\nContent-Length: {5 + len(INNER)}\r\n\r\n0\r\n\r\n{INNER}",
    "length with a sign": f"{START}Content-Length: +5\r\n\r\n0\r\n\r\n{INNER}",
    "header folded": f"{START}Content-Length: 5\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n{INNER}",
}


@pytest.mark.parametrize("request_bytes", SMUGGLING.values(), ids=SMUGGLING)
def test_no_request_travels_inside_another(proxy, request_bytes):
    """The server behind the proxy answers one request for one sent: a second one hidden in a body never becomes a request of its own."""
    Echo.asked.clear()
    send(proxy, request_bytes)
    assert [path for path in Echo.asked if "smuggled" in path] == []


def test_two_requests_in_a_row_are_seen_as_two(proxy):
    Echo.asked.clear()
    send(proxy, f"GET /en/ HTTP/1.1\r\nHost: plenary.example.org\r\n\r\n{INNER}")
    assert Echo.asked == ["/en/", "/en/smuggled/"]
