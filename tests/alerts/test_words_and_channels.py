"""What is said, and how each channel takes it: a webhook over HTTP, mail over SMTP, both on this machine."""

import logging
import socket
from datetime import UTC, datetime, timedelta
from email import message_from_string
from urllib.parse import parse_qs, urlsplit

import pytest

from app.text import plain, tag_name
from orchestration.alerts.channels import Log, Mail, Webhook, configured, webhook_outcome
from orchestration.alerts.events import failure_event
from orchestration.alerts.words import Message, message, one_line, page_link
from orchestration.redaction import keep_secrets_out_of_logs, redact
from orchestration.settings import Settings
from tests.alerts.conftest import TOP, event

SITE = "https://pulse.example/site/"
MADE = Message("a1", "Campaign Pulse: Aurora stands out", "Aurora & <!channel>: *412* posts", "https://pulse.example/?campaign=aurora")
NOW = datetime(2026, 3, 15, tzinfo=UTC)


def said(zone="America/New_York", **fields):
    return message("a1", event(**fields), "Aurora Trail", zone, SITE).text


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({}, "Aurora Trail: 412 posts in the hour from Sat 14 Mar 2026, 18:00 (America/New_York), 6.2 times the 66 expected. Coverage 97%."),
        (
            {"hashtag": "trail", "series": "engagement", "grain": "day", "start_at": TOP, "end_at": TOP + timedelta(hours=23), "value": 12_345.0, "expected": 2_000.4},
            "#trail (Aurora Trail): 12,345 likes, replies, quotes and reposts on Sat 14 Mar 2026, 6.2 times the 2,000 expected. Coverage 97%.",
        ),
        (
            {"series": "negative_share", "value": 0.42, "expected": 0.11, "times_expected": 3.8, "coverage": None},
            "Aurora Trail: 42% of the scored posts negative in the hour from Sat 14 Mar 2026, 18:00 (America/New_York), 3.8 times the 11% expected. "
            "Coverage is unknown: nobody counted the posts.",
        ),
        (
            {"expected": 0.0, "times_expected": None, "coverage": 0.33, "hours": 3},
            "Aurora Trail: 412 posts in the hour from Sat 14 Mar 2026, 18:00 (America/New_York), 0 were expected. The event lasts from Sat 14 Mar 2026, 18:00 "
            "to Sat 14 Mar 2026, 21:00. Coverage 33%. What was not captured is not in the figure unless it was counted.",
        ),
    ],
)
def test_an_alert_says_figure_time_in_the_campaigns_zone_expectation_and_coverage(fields, text):
    assert said(**fields) == text


def test_the_link_leads_to_campaign_hashtag_and_the_day_in_the_campaigns_zone():
    made = message("a1", event(datetime(2026, 3, 15, 2, tzinfo=UTC), hashtag="a&b=c"), "Aurora Trail", "America/New_York", SITE)
    assert made.link == "https://pulse.example/site/?campaign=Aurora%20Trail&hashtag=%23a%26b%3Dc&day=2026-03-14" and made.whole.endswith(made.link)


@pytest.mark.parametrize(("hashtag", "name"), [("*", "Aurora"), ("trail", "A & B, " + "long " * 30), ("日本", "<b>")])
def test_the_address_holds_what_the_lists_of_the_page_show(hashtag, name):
    asked = parse_qs(urlsplit(page_link(event(hashtag=hashtag), name, "UTC", SITE)).query)
    assert (asked["campaign"], asked["hashtag"]) == ([plain(name, 60)], [tag_name(hashtag)])


def test_names_from_outside_are_one_line_of_what_can_be_seen():
    assert one_line("a\r\nBcc: x\u202e\x1b[31m\u200bb") == "a Bcc: x[31mb" and len(one_line("x" * 500)) == 80
    made = message("a1", event(hashtag="x\nBcc: all@e.example"), "A\u202eB", "UTC", SITE)
    assert "\n" not in made.subject and "\n" not in made.text and "\u202e" not in made.whole


def test_a_failed_run_is_said_with_job_run_and_cause_and_without_secrets(monkeypatch):
    monkeypatch.setenv("NEWSAPI_KEY", "key-that-nobody-may-read")
    made = message("a1", failure_event("1a2b3c4d-5e6f", "hourly", NOW, "aurora", "It broke:\nkey-that-nobody-may-read"), "n", "UTC", SITE)
    assert made.text == "The job hourly of campaign aurora failed on Sun 15 Mar 2026, 00:00 UTC (run 1a2b3c4d). It broke: [secret]"
    assert made.subject == "Campaign Pulse: hourly failed" and made.link is None
    assert "of campaign" not in message("a1", failure_event("r", "j", NOW, None, None), "n", "UTC", SITE).text


def test_a_webhook_is_given_slacks_json_with_an_id_and_no_markup(receiver):
    assert Webhook(receiver.url).send(MADE).sent
    ((_, headers, body),) = receiver.received
    assert body == {"text": "Aurora &amp; &lt;!channel&gt;: *412* posts\nhttps://pulse.example/?campaign=aurora", "mrkdwn": False, "alert_id": "a1"}
    assert headers["Idempotency-Key"] == "a1" and headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("status", "retry_after", "sent", "heals", "wait"),
    [
        (200, None, True, False, None),
        (204, None, True, False, None),
        (429, "120", False, True, 120),
        (429, "Sun, 15 Mar 2026 00:10:00 GMT", False, True, 600),
        (429, "soon", False, True, None),
        (503, None, False, True, None),
        (500, None, False, True, None),
        (400, None, False, False, None),
        (403, None, False, False, None),
        (404, "120", False, False, None),
        (302, None, False, False, None),
    ],
)
def test_a_limit_and_an_outage_heal_and_a_refusal_is_final(status, retry_after, sent, heals, wait):
    outcome = webhook_outcome(status, retry_after, "no_service", NOW)
    assert (outcome.sent, outcome.heals, outcome.wait) == (sent, heals, wait and timedelta(seconds=wait))
    assert sent or (str(status) in outcome.said and "no_service" in outcome.said)


def test_a_receiver_that_is_away_or_silent_heals_and_ends_in_time():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        away = Webhook(f"http://127.0.0.1:{free.getsockname()[1]}/hook").send(MADE)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        mute = Webhook(f"http://127.0.0.1:{silent.getsockname()[1]}/hook", timeout=(0.5, 0.2)).send(MADE)
    assert away.heals and "ConnectionError" in away.said and mute.heals and "ReadTimeout" in mute.said


def test_a_redirect_is_not_followed(receiver):
    receiver.answers.append((302, {"location": f"{receiver.url}/elsewhere"}))
    outcome = Webhook(receiver.url).send(MADE)
    assert not outcome.sent and not outcome.heals and len(receiver.received) == 1


@pytest.mark.parametrize("url", ["http://hooks.example/secret-path", "hooks.example", "https://", "ftp://127.0.0.1/x", "https://[bad/secret-path"])
def test_an_address_that_cannot_be_used_is_said_without_itself(url):
    outcome = Webhook(url).send(MADE)
    assert not outcome.sent and not outcome.heals and "PULSE_ALERT_WEBHOOK_URL" in outcome.said and "secret-path" not in outcome.said


def test_the_address_of_the_webhook_stands_in_no_log_of_any_level(receiver, monkeypatch, caplog):
    monkeypatch.setenv("PULSE_ALERT_WEBHOOK_URL", receiver.url)
    channels = configured(Settings())
    with caplog.at_level(logging.DEBUG):
        channels["webhook"].send(MADE)
        receiver.answers.append((404, {}))
        refused = channels["webhook"].send(MADE)
        logging.getLogger("somebody.else").warning("it is %s", receiver.url)
    assert "POST" in caplog.text and "a-secret-that-nobody-may-read" not in caplog.text + refused.said
    assert "webhook" not in str(Settings().model_dump()).lower()


def test_a_password_and_a_webhook_are_secrets(monkeypatch):
    monkeypatch.setenv("PULSE_ALERT_SMTP_PASSWORD", "pass word!")
    monkeypatch.setenv("PULSE_ALERT_WEBHOOK_URL", "https://hooks.example/services/T/B/x?y=1")
    assert redact("pass word! at https://hooks.example/services/T/B/x?y=1 or /services/T/B/x?y=1") == "[secret] at [secret] or [secret]"
    keep_secrets_out_of_logs()
    assert "pass word!" not in repr(Mail("h", 25, "a@b", ("c@d",), password="pass word!"))
    assert "services" not in repr(Webhook("https://hooks.example/services/T/B/x"))


def mail(mailbox, **fields):
    return Mail(**({"host": "127.0.0.1", "port": mailbox.port, "sender": "pulse@e.example", "to": ("a@e.example", "b@e.example"), "security": "none"} | fields))


def test_mail_is_plain_text_to_all_with_the_same_id_at_every_try(mailbox):
    for _ in range(2):
        assert mail(mailbox, user="me", password="secret").send(MADE).said == "sent to 2 addresses"
    first, second = (message_from_string(text) for text in mailbox.mails)
    assert first["Message-ID"] == second["Message-ID"] == "<a1@campaign-pulse.invalid>"
    assert (first["Subject"], first["To"], first.get_content_type()) == (MADE.subject, "a@e.example, b@e.example", "text/plain")
    assert first.get_payload().strip().replace("\r\n", "\n") == MADE.whole
    assert [line.split()[0] for line in mailbox.commands].count("AUTH") == 2


@pytest.mark.parametrize(
    ("command", "answer", "heals", "word"),
    [
        ("MAIL", "451 try later", True, "451"),
        ("MAIL", "550 no such sender", False, "550"),
        ("DATA", "452 full", True, "452"),
        ("AUTH", "535 wrong", False, "PULSE_ALERT_SMTP_PASSWORD"),
        ("EHLO", "421 closing", True, "421"),
    ],
)
def test_a_mail_server_that_is_busy_heals_and_one_that_refuses_is_final(mailbox, command, answer, heals, word):
    mailbox.answers[command] = answer
    if command == "EHLO":
        mailbox.answers["HELO"] = answer
    outcome = mail(mailbox, user="me", password="secret").send(MADE)
    assert not outcome.sent and outcome.heals is heals and word in outcome.said and "secret" not in outcome.said


@pytest.mark.parametrize(("code", "heals"), [(450, True), (550, False)])
def test_recipients_that_are_refused_are_counted_by_their_codes(mailbox, code, heals):
    mailbox.answers["RCPT"] = f"{code} no"
    outcome = mail(mailbox, to=("a@e.example",)).send(MADE)
    assert not outcome.sent and outcome.heals is heals and str(code) in outcome.said


def test_a_server_without_starttls_is_given_nothing(mailbox):
    outcome = mail(mailbox, security="starttls", user="me", password="secret").send(MADE)
    assert not outcome.sent and "STARTTLS" in outcome.said and mailbox.mails == [] and not any(line.startswith("AUTH") for line in mailbox.commands)


def test_a_password_never_travels_in_clear_to_another_machine():
    outcome = Mail("mail.example", 25, "a@e.example", ("b@e.example",), "none", "me", "secret").send(MADE)
    assert not outcome.sent and "in clear" in outcome.said


def test_a_mail_server_that_is_away_heals():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        outcome = Mail("127.0.0.1", free.getsockname()[1], "a@e.example", ("b@e.example",), "none").send(MADE)
    assert outcome.heals and "ConnectionRefusedError" in outcome.said


def test_the_log_takes_an_alert_in_one_line(caplog):
    with caplog.at_level(logging.WARNING):
        assert Log().send(MADE).sent
    assert caplog.messages == ["Aurora & <!channel>: *412* posts https://pulse.example/?campaign=aurora"]


def test_what_is_set_up_is_a_channel_and_the_log_always(monkeypatch):
    assert list(configured(Settings())) == ["log"]
    monkeypatch.setenv("PULSE_ALERT_WEBHOOK_URL", "https://hooks.example/x")
    made = configured(Settings(alert_smtp_host="mail.example", alert_mail_to="a@e.example, b@e.example,"))
    assert list(made) == ["log", "webhook", "mail"] and made["mail"].to == ("a@e.example", "b@e.example")
    assert list(configured(Settings(alert_smtp_host="mail.example"))) == ["log", "webhook"]


@pytest.mark.parametrize("wrong", [{"alert_quiet_hours": "22:00-22:00"}, {"alert_quiet_hours": "late"}, {"alert_zone": "Mars/Olympus"}])
def test_a_wrong_setting_is_refused_at_once(wrong):
    with pytest.raises(ValueError, match="ALERT|alert"):
        Settings(**wrong)
