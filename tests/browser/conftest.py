"""Chromium on a running server, with every fault it meets written down."""

import dataclasses

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests import personas
from tests.conftest import chromium

PATIENCE = 30_000  # milliseconds: a machine may run other tests beside; only a failing test ever waits as long
expect.set_options(timeout=PATIENCE)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclasses.dataclass
class Visitor:
    """A browser of one person: pages opened in it note their faults."""

    browser: Browser
    address: str
    faults: list[str] = dataclasses.field(default_factory=list)

    def page(self, *, width: int = 1440, script: bool = True, cookies=None) -> Page:
        """Open a page in a fresh profile, with or without JavaScript, signed in by the cookies of a test client."""
        context = self.browser.new_context(
            base_url=self.address, viewport={"width": width, "height": 900}, java_script_enabled=script, locale="en-GB"
        )
        for name, morsel in (cookies or {}).items():
            context.add_cookies([{"name": name, "value": morsel.value, "url": self.address}])
        page = context.new_page()
        page.on("console", lambda message: self._note(message.type in ("error", "warning"), f"console: {message.text}"))
        page.on("pageerror", lambda error: self._note(True, f"script: {error}"))
        page.on("requestfailed", lambda request: self._note(request.failure != "net::ERR_ABORTED", f"failed: {request.url}"))
        page.on("request", lambda request: self._note(not request.url.startswith((self.address, "data:")), f"elsewhere: {request.url}"))
        page.on("response", lambda response: self._note(response.status >= 400, f"{response.status}: {response.url}"))
        page.set_default_timeout(PATIENCE)
        return page

    def _note(self, is_fault: bool, text: str) -> None:
        if is_fault:
            self.faults.append(text)

    def taken_faults(self) -> list[str]:
        """What went wrong since the last time this was asked."""
        faults, self.faults[:] = list(self.faults), []
        return faults


@pytest.fixture
def visitor(live_server, settings, monkeypatch):
    """A browser at a running server whose mails link to it."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs a loop in this thread
    settings.SITE_URL = live_server.url
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield Visitor(browser, live_server.url)
        browser.close()


@pytest.fixture
def own_world(transactional_db):
    """The personas' world, in a database the running server sees."""
    return personas.build()


def axe_findings(page: Page) -> list[str]:
    """What the accessibility rules (WCAG 2.2 A and AA, and good practice) find on a page, one line a place.

    The page must have JavaScript: without it the rules' own timers never ring, and this never returns.
    """
    results = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]})
    findings = []
    for violation in results.response["violations"]:
        for node in violation["nodes"]:
            reasons = [check["message"] for kind in ("any", "all", "none") for check in node.get(kind, [])]
            findings.append(f"{violation['id']}: {node['html'][:120]} {'; '.join(reasons)[:160]}")
    return findings


# What reaches beyond the right edge though nothing there can be scrolled by itself.
OVERFLOW = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const scrolls = element => { for (let e = element; e; e = e.parentElement)
    if (['auto', 'scroll'].includes(getComputedStyle(e).overflowX)) return true; return false; };
  return [...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > width + 1 && !scrolls(e))
    .slice(0, 3).map(e => e.outerHTML.slice(0, 120)).concat(`${document.documentElement.scrollWidth} of ${width} pixels`);
}"""


def overflow(page: Page) -> list[str]:
    """What makes a page wider than its window."""
    return page.evaluate(OVERFLOW)
