"""What benchmarks share: lines past the capture of output, the application as a server calls it, one table of figures at the end."""

import dataclasses

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection

from tests.browser.conftest import visitor  # noqa: F401 -- a fixture


@dataclasses.dataclass(frozen=True)
class Figure:
    """Something measured; the goal, if there is one, is the most or the least it should be."""

    what: str
    value: float
    unit: str
    most: float | None = None
    least: float | None = None

    @property
    def is_met(self) -> bool:
        """Say whether it is as good as it should be."""
        return (self.most is None or self.value <= self.most) and (self.least is None or self.value >= self.least)

    @property
    def line(self) -> str:
        """A row of the table."""
        goal = f"at most {self.most:,g}" if self.most is not None else f"at least {self.least:,g}" if self.least is not None else ""
        verdict = "" if not goal else "met" if self.is_met else "MISSED"
        return f"{self.what:58} {self.value:10,.2f} {self.unit:14} {goal:16} {verdict}"


FIGURES = pytest.StashKey[list[Figure]]()


@pytest.fixture
def figure(request):
    """Note a figure for the table at the end: what, how much, unit, and `most` or `least` where there is a goal."""
    noted = request.config.stash.setdefault(FIGURES, [])
    return lambda what, value, unit, **goal: noted.append(Figure(what, value, unit, **goal))


def pytest_terminal_summary(terminalreporter, config):
    """Write the table of all figures, with goals and whether they are met."""
    if noted := config.stash.get(FIGURES, []):
        terminalreporter.section(
            f"what it costs on {connection.vendor}, in time of the processor (for this process) unless a line says otherwise"
        )
        for one in noted:
            terminalreporter.write_line(one.line)


@pytest.fixture
def write(request):
    """Print lines past the capture of output."""
    reporter = request.config.pluginmanager.getplugin("terminalreporter")
    return lambda lines: [reporter.write_line(line) for line in ("", *lines)]


@pytest.fixture(scope="module")
def server():
    """The application as a server calls it, in the connection of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield WSGIHandler()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
