"""Every response carries the strict headers: pages, the organisers' site, errors, redirects, files."""

import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client

from tests.matrix import ROWS, body
from tests.personas import World

pytestmark = pytest.mark.django_db
POLICY = {
    "default-src": {"'none'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
    "img-src": {"'self'"},
    "font-src": {"'self'"},
    "connect-src": {"'self'"},
    "manifest-src": {"'self'"},
    "form-action": {"'self'"},
    "frame-ancestors": {"'none'"},
    "base-uri": {"'none'"},
}
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def faults(response) -> list[str]:
    """What is wrong with the headers of a response."""
    wrong = [f"{name}: {response.headers.get(name)}" for name, value in ALWAYS.items() if response.headers.get(name) != value]
    directives = dict(
        part.strip().split(" ", 1) for part in response.headers.get("Content-Security-Policy", "").split(";") if " " in part.strip()
    )
    policy = {name: set(values.split()) for name, values in directives.items()}
    expected = POLICY | ({"sandbox": policy["sandbox"]} if "sandbox" in policy else {})
    if policy != expected and not (policy.get("default-src") == {"'none'"} and "script-src" not in policy):
        wrong.append(f"policy {policy}")
    if "camera=()" not in response.headers.get("Permissions-Policy", ""):
        wrong.append("Permissions-Policy")
    if "Access-Control-Allow-Origin" in response.headers:
        wrong.append("Access-Control-Allow-Origin")
    cache = response.headers.get("Cache-Control", "")
    if cache != "no-store" and "no-cache" not in cache and "private" not in cache and response.status_code != 304:
        wrong.append(f"Cache-Control: {cache}")
    return wrong


@pytest.mark.parametrize("persona", ["anonymous", "EU", "manager"])
def test_every_address_carries_the_headers(world: World, persona):
    wrong = {}
    for name, row in ROWS.items():
        response = world.client(persona).get(row.url(name, world))
        body(response)
        allowed = {"Referrer-Policy: strict-origin"} if name == "delegates:invitation" else set()  # its address holds a secret
        if found := [fault for fault in faults(response) if fault not in allowed]:
            wrong[name] = found
    assert wrong == {}


@pytest.mark.parametrize("url", ["/en/nowhere/", "/nowhere", "/admin/nowhere/", "/en/events/nowhere/", "/static/nowhere.css"])
def test_missing_pages_carry_the_headers(world: World, url):
    for persona in ("anonymous", "manager"):
        assert faults(world.client(persona).get(url)) == []


def test_broken_pages_carry_the_headers_and_no_detail(world: World, monkeypatch):
    def broken(*args, **options):
        raise RuntimeError("ZqDetail")

    monkeypatch.setattr("conference.middleware.viewer_for", broken)
    client = Client(raise_request_exception=False)
    response = client.get("/en/events/zq-event/")
    assert response.status_code == 500
    assert "ZqDetail" not in response.content.decode()
    assert faults(response) == []


def test_signed_in_pages_are_never_stored(world: World):
    for name in ("my", "delegates:registration", "sessions:agenda", "events:event"):
        assert world.client("EU").get(ROWS[name].url(name, world)).headers["Cache-Control"] == "no-store", name


def test_refused_forms_carry_the_headers(world: World):
    client = Client(enforce_csrf_checks=True)
    response = client.post("/en/accounts/login/", {})
    assert response.status_code == 403
    assert faults(response) == []


def test_signing_out_clears_what_the_browser_kept(world: World):
    client = Client()
    client.force_login(world.users["outsider"])
    response = client.post("/en/accounts/logout/")
    assert response.headers["Clear-Site-Data"] == '"cache", "cookies"'


OVER_HTTPS = """
import django
from django.test import Client
from django.test.utils import setup_test_environment
django.setup()
setup_test_environment()
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("createcachetable")
plain = Client().get("/en/accounts/login/", headers={"host": "plenary.example.org"})
response = Client().get("/en/accounts/login/", secure=True, headers={"host": "plenary.example.org"})
print(plain.status_code, plain.headers["Location"])
print(response.headers["Strict-Transport-Security"])
print(response.cookies["__Host-csrf"].OutputString())
from django.conf import settings
print(settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY, settings.SESSION_COOKIE_SAMESITE)
"""


def test_cookies_and_transport_over_https(tmp_path):
    """As in production: cookies bound to the host, Secure, HttpOnly; two years of HTTPS; plain http is redirected."""
    from conference.lib.sealing import new_key

    (tmp_path / "keys").write_text(new_key())
    (tmp_path / "static").mkdir()
    environment = {
        "DJANGO_SETTINGS_MODULE": "conference.settings",
        "SECRET_KEY": "a secret key that is long enough to be accepted by the settings",
        "DATA_KEYS_FILE": str(tmp_path / "keys"),
        "ALLOWED_HOSTS": "plenary.example.org",
        "SITE_URL": "https://plenary.example.org",
        "DATA_DIR": str(tmp_path),
    }
    collected = subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert collected.stderr == ""
    result = subprocess.run(
        [sys.executable, "-c", OVER_HTTPS], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )
    assert result.stderr == ""
    redirect, transport, csrf, session = result.stdout.strip().splitlines()
    assert redirect == "301 https://plenary.example.org/en/accounts/login/"
    assert transport == "max-age=63072000; includeSubDomains; preload"
    assert {"HttpOnly", "Secure", "SameSite=Lax", "Path=/"} <= {part.strip() for part in csrf.split(";")}
    assert "Domain" not in csrf
    assert session == "__Host-session True True Lax"
