"""A browser, for what is measured in one."""

from tests.browser.conftest import visitor  # noqa: F401 -- a fixture
