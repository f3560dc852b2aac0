"""The channels: a log line, a webhook that takes Slack's JSON, e-mail by SMTP. Secrets come from the environment and are said nowhere."""

import email.utils
import logging
import os
import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import requests

from orchestration.alerts.sending import Channel, Outcome
from orchestration.alerts.words import Message, one_line
from orchestration.redaction import keep_secrets_out_of_logs
from orchestration.settings import Settings
from orchestration.sources.x.errors import BadQuery
from orchestration.sources.x.transport import checked_base_url, is_loopback

log = logging.getLogger("pulse.alerts")

WEBHOOK_URL, SMTP_PASSWORD = "PULSE_ALERT_WEBHOOK_URL", "PULSE_ALERT_SMTP_PASSWORD"
# A receiver that is down must not hold up a round for longer.
CONNECT_SECONDS, READ_SECONDS = 5.0, 10.0
LONGEST_ANSWER = 200


@dataclass(frozen=True)
class Log:
    """Always there: what nobody is told elsewhere stands in the log of the process."""

    name: str = "log"
    is_for_people: bool = False

    def send(self, message: Message) -> Outcome:
        log.warning("%s", " ".join(message.whole.split("\n")))
        return Outcome(True, "written to the log")


@dataclass(frozen=True)
class Webhook:
    """`{"text": ...}` by POST. The address is the secret: it stands in no row, log or message."""

    url: str = field(repr=False)
    timeout: tuple[float, float] = (CONNECT_SECONDS, READ_SECONDS)
    name: str = "webhook"
    is_for_people: bool = True

    def send(self, message: Message) -> Outcome:
        try:
            checked_base_url(self.url)
        except (BadQuery, ValueError):
            return Outcome(False, f"The address is none, or would travel in clear. Set {WEBHOOK_URL} to one that begins with https://.")
        try:
            # With no redirect: whoever it leads to would be given the alert. With `mrkdwn` off and escapes, names are no markup.
            answer = requests.post(
                self.url,
                json={"text": slack_text(message.whole), "mrkdwn": False, "alert_id": message.alert_id},
                headers={"Idempotency-Key": message.alert_id},
                timeout=self.timeout,
                allow_redirects=False,
            )
        # The name alone: the message of requests carries the address.
        except (requests.ConnectionError, requests.Timeout) as error:
            return Outcome(False, f"The receiver does not answer ({type(error).__name__}).", heals=True)
        except (requests.RequestException, ValueError) as error:
            return Outcome(False, f"{WEBHOOK_URL} is no address that can be used ({type(error).__name__}). Set it to another.")
        return webhook_outcome(answer.status_code, answer.headers.get("Retry-After"), answer.text[:LONGEST_ANSWER], datetime.now(UTC))


@dataclass(frozen=True)
class Mail:
    """One message to all of `to`, plain text. `password` is a secret."""

    host: str
    port: int
    sender: str
    to: tuple[str, ...]
    security: str = "starttls"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    timeout: float = READ_SECONDS
    name: str = "mail"
    is_for_people: bool = True

    def send(self, message: Message) -> Outcome:
        if self.password and self.security == "none" and not is_loopback(f"smtp://{self.host}"):
            return Outcome(False, "The password would travel in clear. Set PULSE_ALERT_SMTP_SECURITY to starttls or tls.")
        try:
            with self._connected() as server:
                if self.user and self.password:
                    server.login(self.user, self.password)
                server.send_message(self._mail(message))
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            said = ", ".join(map(str, codes))
            return Outcome(False, f"The server takes none of the recipients ({said}).", heals=any(400 <= code < 500 for code in codes))
        except smtplib.SMTPAuthenticationError as error:
            return Outcome(False, f"The server refuses the login ({error.smtp_code}). Set PULSE_ALERT_SMTP_USER and {SMTP_PASSWORD}.")
        except smtplib.SMTPResponseException as error:
            said = one_line(error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else error.smtp_error, LONGEST_ANSWER)
            return Outcome(False, f"The server answered {error.smtp_code}: {said}", heals=400 <= error.smtp_code < 500 or error.smtp_code < 0)
        except smtplib.SMTPNotSupportedError:
            return Outcome(False, "The server offers no STARTTLS or no login. Set PULSE_ALERT_SMTP_SECURITY to what it offers.")
        except (OSError, smtplib.SMTPException) as error:
            return Outcome(False, f"The mail server does not answer ({type(error).__name__}).", heals=True)
        except ValueError as error:
            said = one_line(error, LONGEST_ANSWER)
            return Outcome(False, f"The mail cannot be written ({said}). Look at PULSE_ALERT_MAIL_TO and PULSE_ALERT_MAIL_FROM.")
        return Outcome(True, f"sent to {len(self.to)} {'address' if len(self.to) == 1 else 'addresses'}")

    def _connected(self) -> smtplib.SMTP:
        if self.security == "tls":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=ssl.create_default_context())
        server = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        if self.security == "starttls":
            try:
                server.starttls(context=ssl.create_default_context())
            except BaseException:
                server.close()
                raise
        return server

    def _mail(self, message: Message) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self.sender, ", ".join(self.to), message.subject
        # The same at every try: a mailbox that has it shows it once.
        mail["Message-ID"] = f"<{message.alert_id}@campaign-pulse.invalid>"
        mail["Date"] = email.utils.localtime()
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.whole)
        return mail


def slack_text(text: str) -> str:
    """`&`, `<` and `>` are Slack's control characters: `<!channel>` would ring everybody. https://api.slack.com/reference/surfaces/formatting"""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def webhook_outcome(status: int, retry_after: str | None, body: str, now: datetime) -> Outcome:
    """2xx is sent; 429 and 5xx heal, after Retry-After where it is given (seconds, or a date of HTTP); anything else is final and said."""
    if 200 <= status < 300:
        return Outcome(True, f"answered {status}")
    said = f"The receiver answered {status}: {one_line(body, LONGEST_ANSWER)}".rstrip(": ")
    if status in {408, 425, 429} or status >= 500:
        return Outcome(False, said, heals=True, wait=_asked_wait(retry_after, now))
    return Outcome(False, said)


def configured(settings: Settings) -> dict[str, Channel]:
    """The channels that are set up, by name. The log always is."""
    channels: list[Channel] = [Log()]
    if url := os.environ.get(WEBHOOK_URL, "").strip():
        keep_secrets_out_of_logs()
        channels.append(Webhook(url))
    if settings.alert_smtp_host and settings.alert_recipients:
        keep_secrets_out_of_logs()
        channels.append(
            Mail(
                settings.alert_smtp_host,
                settings.alert_smtp_port,
                settings.alert_mail_from,
                settings.alert_recipients,
                settings.alert_smtp_security,
                settings.alert_smtp_user,
                os.environ.get(SMTP_PASSWORD) or None,
            )
        )
    return {channel.name: channel for channel in channels}


def _asked_wait(retry_after: str | None, now: datetime) -> timedelta | None:
    if not retry_after:
        return None
    if retry_after.strip().isascii() and retry_after.strip().isdigit():
        return timedelta(seconds=min(int(retry_after.strip()[:9]), 10**7))
    try:
        moment = email.utils.parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return max((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now, timedelta(0))
