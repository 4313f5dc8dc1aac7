"""Log lines: one JSON object each, with control characters escaped and bearer secrets taken out."""

import datetime as dt
import json
import logging
import re

# What stands in addresses as a secret: invitations and private calendars, also quoted inside another address (`?next=`).
_SECRET = re.compile(r"((?:/|%2F)(?:invitation|calendar)(?:/|%2F))[A-Za-z0-9_-]{20,}", re.IGNORECASE)


def scrubbed(text: str) -> str:
    """Take bearer secrets out of an address or a message."""
    return _SECRET.sub(r"\1…", text)


class WithoutSecrets(logging.Filter):
    """Scrubs the message of every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Replace the message by its scrubbed form; never drop it."""
        record.msg, record.args = scrubbed(record.getMessage()), ()
        return True


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Give time (UTC), level, logger, message and, after an error, the scrubbed traceback."""
        line = {
            "at": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["traceback"] = scrubbed(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=True)
