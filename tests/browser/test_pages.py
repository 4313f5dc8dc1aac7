"""Every page in Chromium, wide and narrow: no fault in the console, no request elsewhere, nothing for the accessibility rules to find."""

import pytest

from tests.browser.conftest import axe_findings, overflow
from tests.matrix import ROWS
from tests.personas import ANONYMOUS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Who looks at which pages: each page by those whose view of it differs.
LOOKS_AT = {
    ANONYMOUS: ("events:", "sessions:", "delegates:invitation", "home", "accessibility", "privacy", "legal", "contact", "account_", "api_"),
    "outsider": ("my", "shared_mailbox", "delegates:place_request", "account_", "mfa_", "usersessions_", "events:event", "home"),
    "nominated": ("my", "delegates:", "events:event"),
    "focal": ("my", "delegates:", "sessions:agenda", "sessions:delegation_sign_ups"),
    "EU": ("my", "delegates:", "events:", "sessions:"),
    "protection": ("sessions:agenda", "sessions:my_calendar"),
    "manager": ("organise:", "admin:", "my"),
    "programme editor": (
        "organise:session",
        "organise:tour",
        "organise:chair",
        "organise:turn_screen",
        "organise:sign_ups",
        "organise:screens",
        "organise:speaker",
        "organise:board",
        "organise:board_session",
        "organise:placing",
        "organise:release",
        "organise:dashboard",
    ),
    "security officer": ("organise:person", "organise:people", "organise:dashboard"),
    "press officer": ("organise:press", "organise:dashboard"),
    "observer": ("organise:",),
}


def pages_of(persona: str) -> list[str]:
    """The addresses a persona opens in a browser."""
    return [
        name
        for name, row in ROWS.items()
        if persona in row.opens and row.in_browser and row.status == 200 and not row.only_post and name.startswith(LOOKS_AT[persona])
    ]


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("persona", LOOKS_AT)
def test_pages(visitor, own_world, persona, width):
    page = visitor.page(width=width, cookies=own_world.sign_ins[persona])
    wrong = {}
    for name in pages_of(persona):
        response = page.goto(ROWS[name].url(name, own_world))
        found = [f"status {response.status}"] if response.status != 200 else []
        found += visitor.taken_faults() + overflow(page) + axe_findings(page)
        visitor.taken_faults()  # what the rules' own script does on a page is not the page's fault
        if found:
            wrong[name] = found
    assert wrong == {}, "\n".join(f"{name}: {fault}" for name, faults in wrong.items() for fault in faults)


def test_every_page_is_looked_at():
    seen = {name for persona in LOOKS_AT for name in pages_of(persona)}
    pages = {name for name, row in ROWS.items() if row.opens and row.in_browser and row.status == 200 and not row.only_post}
    assert sorted(pages - seen) == []


@pytest.mark.parametrize("url", ["/en/nowhere/", "/en/events/zq-hidden/", "/fr/events/zq-event/agenda/", "/en/invitation/wrong/"])
def test_other_answers(visitor, own_world, url):
    page = visitor.page()
    page.goto(url)
    assert [fault for fault in visitor.taken_faults() if "404" not in fault] == []
    assert axe_findings(page) + overflow(page) == []


def test_a_fault_is_found(visitor, own_world):
    """The nets of this file catch: an inline script, a request elsewhere, a picture without words, a page too wide."""
    page = visitor.page(width=390)
    page.goto("/en/")
    page.evaluate(
        """() => {
          const add = (tag, facts) => document.querySelector('main').append(Object.assign(document.createElement(tag), facts));
          add('script', {textContent: 'window.leak = 1'});
          add('img', {src: 'http://127.0.0.1:9/picture.png'});
          add('p', {textContent: 'wide', id: 'wide'});
          document.querySelector('#wide').style.width = '900px';
        }"""
    )
    page.wait_for_timeout(300)
    faults = "\n".join(visitor.taken_faults())
    assert any("image-alt" in finding for finding in axe_findings(page))
    assert overflow(page) != []
    assert "Content Security Policy" in faults
    assert "127.0.0.1:9" in faults
