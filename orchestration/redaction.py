"""Secrets that must never be read in a log, a file or an exception: known once, masked everywhere."""

import logging
import os
from typing import Any

# tweepy logs whole request headers at DEBUG, the bearer token with them (client.py:78).
SECRETS = (
    "X_BEARER_TOKEN",
    "NEWSAPI_KEY",
    "PULSE_AUTHOR_SALT",
    "PULSE_JWT_KEYS",
    "PULSE_AUTH_DATABASE_URL",
    "PULSE_OIDC_CLIENT_SECRET",
    "PULSE_ALERT_WEBHOOK_URL",
    "PULSE_ALERT_SMTP_PASSWORD",
    "PULSE_METRICS_TOKEN",
)
MASK = "[secret]"
# A shorter one would mask ordinary words.
SHORTEST = 6


def redact(text: str) -> str:
    """`text` without the value of any secret of the environment."""
    for name in SECRETS:
        for value in _forms(os.environ.get(name, "").strip()):
            if len(value) >= SHORTEST:
                text = text.replace(value, MASK)
    return text


def _forms(value: str) -> tuple[str, ...]:
    """The value; of an address its path too, which urllib3 logs by itself and which is what is secret of a webhook."""
    if not value.startswith(("http://", "https://")):
        return (value,)
    path = "/" + value.split("://", 1)[1].partition("/")[2]
    return (value, path)


def keep_secrets_out_of_logs() -> None:
    """Masks secrets in every log record of the process, whichever logger and level. Twice is once.

    A record factory and not a filter: a filter sees only what is logged to its own logger, not to the children.
    """
    factory = logging.getLogRecordFactory()
    if getattr(factory, "masks_secrets", False):
        return

    def masking(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = factory(*args, **kwargs)
        message = record.getMessage()
        if (clean := redact(message)) != message:
            record.msg, record.args = clean, ()
        return record

    masking.masks_secrets = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(masking)
